//! The confusion matrix: what it says, and which cell a pointer is on.

use super::*;
use crate::plot::confusion;

#[test]
fn the_confusion_matrix_says_its_classes_and_counts() {
    let counts = counts();
    let ceiling = largest_error(&counts);
    for (width, shares, dark, name) in [
        (520.0, false, false, "confusion"),
        (520.0, true, true, "confusion-dark"),
        (358.0, true, false, "confusion-phone"),
        (250.0, false, false, "confusion-small"),
    ] {
        let (height, theme) = (MatrixLayout::height(width), Theme { dark });
        let matrix = Matrix { counts: &counts, shares, ceiling, hover: Some([6, 0]) };
        let picture = confusion(&matrix, MatrixLayout::new(width, height), theme);
        assert_inside(&picture, [width, height]);
        let text = svg(name, &picture, [width, height], theme);
        for class in CLASS_NAMES {
            assert_eq!(text.matches(&format!("\n{class}\n")).count(), 2, "{class} down and across");
        }
        let number = if shares { "11.2" } else { "112" };
        assert_eq!(text.contains(&format!("\n{number}\n")), width > 300.0, "numbers where they fit");
        assert!(text.contains("Share of a true class"));
    }
}

#[test]
fn a_point_leads_to_its_cell() {
    let layout = MatrixLayout::new(520.0, 600.0);
    let (cell, left, top) = (layout.cell, layout.left, layout.top);
    assert_eq!(layout.cell_at(left + 0.5, top + 0.5), Some([0, 0]));
    assert_eq!(layout.cell_at(left + 3.5 * cell, top + 6.5 * cell), Some([6, 3]), "down is the true class");
    assert_eq!(layout.cell_at(left + 10.0 * cell - 0.1, top + 10.0 * cell - 0.1), Some([9, 9]));
    for (x, y) in [(left - 1.0, top), (left, top - 1.0), (left + 10.0 * cell, top), (left, top + 10.0 * cell)] {
        assert_eq!(layout.cell_at(x, y), None);
    }
    assert_eq!(layout.cell_at(f64::NAN, top), None);
}

#[test]
fn the_largest_error_leaves_correct_answers_out() {
    assert!((largest_error(&counts()) - 0.198_8).abs() < 0.1);
    assert_eq!(largest_error(&[[0; 10]; 10]), 0.0);
    let mut counts = [[0; 10]; 10];
    counts[2][2] = 6;
    counts[2][4] = 2;
    assert_eq!(largest_error(&counts), 0.25);
}
