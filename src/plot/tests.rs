//! Draws every plot into an SVG, as the page draws it onto a canvas, and reads what is there.
#![cfg(feature = "svg")]

mod confusion;
mod learning;

use super::*;
use crate::config::NetworkKind;
use crate::evaluate::{Calibration, CalibrationBin};
use crate::fashion_mnist::CLASS_NAMES;
use crate::run::report::ConfusionCounts;
use plotters::backend::SVGBackend;

const LIGHT: Theme = Theme { dark: false };
const SIZE: [f64; 2] = [420.0, 260.0];

/// The picture as SVG text. With `PLOT_OUT` set to a folder it is also written there, to be looked at.
fn svg(name: &str, picture: &Picture, [width, height]: [f64; 2], theme: Theme) -> String {
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (width as u32, height as u32));
        let mut ground = Picture::default();
        ground.rect([0.0; 2], [width, height], theme.surface());
        ground.marks.extend_from_slice(&picture.marks);
        ground.paint(&mut backend, 1.0).unwrap();
    }
    if let Ok(folder) = std::env::var("PLOT_OUT") {
        std::fs::write(format!("{folder}/{name}.svg"), &text).unwrap();
    }
    text
}

/// Every point of every mark lies inside the picture.
fn assert_inside(picture: &Picture, [width, height]: [f64; 2]) {
    for mark in &picture.marks {
        let points = match mark {
            Mark::Line { points, .. } | Mark::Area { points, .. } => points.clone(),
            Mark::Rect { from, to, .. } => vec![*from, *to],
            Mark::Disc { centre, .. } => vec![*centre],
            Mark::Text { at, .. } => vec![*at],
        };
        for [x, y] in points {
            assert!(x.is_finite() && y.is_finite(), "{mark:?}");
            assert!((0.0..=width + 1.0).contains(&x) && (0.0..=height + 1.0).contains(&y), "[{x}, {y}] of {mark:?}");
        }
    }
}

fn curve(network: NetworkKind, stroke: Stroke, values: &[f64], end: Option<&str>) -> Curve {
    let points = values.iter().enumerate().map(|(i, v)| [i as f64 + 1.0, *v]).collect();
    Curve { network, stroke, points, end: end.map(str::to_owned), mark: None, run: None }
}

fn accuracies() -> Curves {
    let (ann, cnn) = (NetworkKind::Ann, NetworkKind::Cnn);
    Curves {
        curves: vec![
            curve(ann, Stroke::Dashed, &[0.81, 0.86, 0.875, 0.883, 0.89, 0.897], None),
            curve(cnn, Stroke::Dashed, &[0.84, 0.89, 0.905, 0.914, 0.92, 0.928], None),
            curve(ann, Stroke::Solid, &[0.85, 0.864, 0.872, 0.876, 0.88, 0.882], Some("ANN 88.2 %")),
            curve(cnn, Stroke::Solid, &[0.876, 0.893, 0.903, 0.905, 0.908, 0.913], Some("CNN 91.3 %")),
        ],
        x_title: "Epoch".to_owned(),
        x_max: 10.0,
        x_least: 0.0,
        y_title: "Accuracy".to_owned(),
        values: Values::Shares,
        legend: Some([(Stroke::Solid, "validation"), (Stroke::Dashed, "training")]),
        changes: Vec::new(),
        empty: "Nothing is trained yet",
    }
}

/// A loss that falls as training losses do, with noise that is always the same.
fn losses(steps: usize) -> Vec<f32> {
    let mut noise = 1_u32;
    let step = |i: usize| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let shake = (noise >> 8) as f32 / (1 << 24) as f32 - 0.5;
        0.25 + 2.0 * (-(i as f32) / 120.0).exp() + 0.25 * shake
    };
    (0..steps).map(step).collect()
}

fn step_losses() -> Curves {
    let mut curves = Vec::new();
    for (network, steps) in [(NetworkKind::Ann, 9_000), (NetworkKind::Cnn, 4_000)] {
        let trace = Trace::new(&losses(steps), Steps::Epochs(900), 10.0, 340, 90.0);
        let end = Some(format!("{} {:.3}", network.label(), trace.smooth.last().unwrap()[1]));
        let stroke = if trace.band { Stroke::Band } else { Stroke::Faint };
        curves.push(Curve { network, stroke, points: trace.raw, end: None, mark: None, run: None });
        curves.push(Curve { network, stroke: Stroke::Solid, points: trace.smooth, end, mark: None, run: None });
    }
    Curves {
        curves,
        x_title: "Epoch".to_owned(),
        x_max: 10.0,
        x_least: 0.0,
        y_title: "Training loss, nats".to_owned(),
        values: Values::Ratios,
        legend: Some([(Stroke::Solid, "smoothed"), (Stroke::Faint, "each step")]),
        changes: Vec::new(),
        empty: "Nothing is trained yet",
    }
}

fn counts() -> ConfusionCounts {
    let mut counts = [[0; 10]; 10];
    for (class, row) in counts.iter_mut().enumerate() {
        row[class] = 900 - 20 * class as u32;
        row[(class + 3) % 10] = 8 * class as u32;
        row[(class + 1) % 10] = 100 - row[(class + 3) % 10] + 20 * class as u32;
    }
    counts[6] = [112, 0, 60, 25, 71, 0, 722, 0, 10, 0];
    counts
}

#[test]
fn curves_say_what_they_show() {
    let plot = accuracies();
    for (theme, name) in [(LIGHT, "accuracy"), (Theme { dark: true }, "accuracy-dark")] {
        let picture = curves(&plot, SIZE, Some(3.2), theme);
        assert_inside(&picture, SIZE);
        let text = svg(name, &picture, SIZE, theme);
        for label in ["Epoch", "Accuracy", "ANN 88.2 %", "CNN 91.3 %", "validation", "training", "80 %", "90 %", "10"] {
            assert!(text.contains(&format!("\n{label}\n")), "{label} is missing in {text}");
        }
    }
    let phone = [320.0, 220.0];
    let picture = curves(&plot, phone, None, LIGHT);
    assert_inside(&picture, phone);
    svg("accuracy-phone", &picture, phone, LIGHT);
}

#[test]
fn points_stand_where_the_axes_say() {
    let plot = accuracies();
    let (axes, picture) = (plot.axes(SIZE[0], SIZE[1]), curves(&plot, SIZE, None, LIGHT));
    let expected: Vec<_> = plot.curves[3].points.iter().map(|p| axes.place(*p)).collect();
    let drawn = picture.marks.iter().any(|mark| matches!(mark, Mark::Line { points, .. } if *points == expected));
    assert!(drawn, "the CNN's validation accuracy is one line through its points");
    assert_eq!(axes.place([0.0, axes.y.min]), [axes.left, axes.bottom]);
    assert!((axes.x_at(axes.place([3.0, 0.9])[0]).unwrap() - 3.0).abs() < 1e-9);
}

#[test]
fn thousands_of_steps_are_a_few_marks() {
    let plot = step_losses();
    let picture = curves(&plot, SIZE, Some(2.5), LIGHT);
    assert_inside(&picture, SIZE);
    let text = svg("steps", &picture, SIZE, LIGHT);
    assert!(text.len() < 60_000, "{}", text.len());
    assert!(text.contains("Training loss, nats") && text.contains("each step"));
}

#[test]
fn nothing_is_drawn_of_nothing_but_the_frame() {
    let plot = Curves { curves: Vec::new(), ..accuracies() };
    let picture = curves(&plot, SIZE, Some(1.0), LIGHT);
    assert_inside(&picture, SIZE);
    assert!(svg("empty", &picture, SIZE, LIGHT).contains("Nothing is trained yet"));
    assert!(!picture.marks.iter().any(|mark| matches!(mark, Mark::Line { .. } | Mark::Disc { .. })));
}

#[test]
fn losses_that_are_no_numbers_are_not_drawn() {
    let values = [2.0, f64::NAN, 1.0, f64::INFINITY, f64::NEG_INFINITY, 0.5, f64::NAN];
    let mut plot = step_losses();
    plot.curves = vec![
        curve(NetworkKind::Ann, Stroke::Solid, &values, Some("ANN 0.500")),
        curve(NetworkKind::Ann, Stroke::Dashed, &values, None),
        curve(NetworkKind::Cnn, Stroke::Solid, &[f64::NAN; 4], Some("CNN")),
        curve(NetworkKind::Cnn, Stroke::Faint, &[1e30, -5.0], None),
    ];
    plot.values = Values::FromZero;
    let picture = curves(&plot, SIZE, Some(7.0), LIGHT);
    assert_inside(&picture, SIZE);
    let text = svg("diverged", &picture, SIZE, LIGHT);
    assert!(text.contains("ANN 0.500") && !text.contains("NaN") && !text.contains("CNN"));
    assert_eq!(plot.axes(SIZE[0], SIZE[1]).y.max, 2.0, "a faint curve does not stretch the axis");
}

#[test]
fn a_small_area_is_survived_by_every_plot() {
    for size in [[1.0, 1.0], [60.0, 30.0], [0.0, 0.0]] {
        for plot in [accuracies(), step_losses()] {
            curves(&plot, size, Some(1.0), LIGHT);
        }
        let matrix = Matrix { counts: &counts(), shares: true, ceiling: 0.1, hover: Some([9, 9]) };
        confusion(&matrix, MatrixLayout::new(size[0], size[1]), LIGHT);
        dots(&f1(), size, Some(0), LIGHT);
        reliability(&calibrations(), size, Some(0), LIGHT);
    }
}

fn f1() -> Dots {
    let row = |(class, name): (usize, &&str)| {
        let ann = Dot { network: NetworkKind::Ann, value: 0.97 - 0.03 * class as f64, interval: None };
        DotRow {
            name: (*name).to_owned(),
            dots: vec![ann, Dot { network: NetworkKind::Cnn, value: ann.value + 0.02, ..ann }],
        }
    };
    Dots { rows: CLASS_NAMES.iter().enumerate().map(row).collect(), title: "F1".to_owned() }
}

#[test]
fn rows_of_dots_name_their_rows_and_are_found_again() {
    let size = [420.0, 284.0];
    let plot = f1();
    let picture = dots(&plot, size, Some(2), LIGHT);
    assert_inside(&picture, size);
    let text = svg("f1", &picture, size, LIGHT);
    assert!(CLASS_NAMES.iter().all(|name| text.contains(name)));
    let layout = plot.layout(size[0], size[1]);
    assert_eq!(layout.row_at(layout.top + 2.5 * layout.row), Some(2));
    assert_eq!((layout.row_at(0.0), layout.row_at(size[1])), (None, None));
    let empty = dots(&Dots::default(), size, None, LIGHT);
    assert_inside(&empty, size);
}

#[test]
fn an_interval_is_a_band_around_its_dot() {
    let row = |network: NetworkKind, value: f64| DotRow {
        name: network.label().to_owned(),
        dots: vec![Dot { network, value, interval: Some([value - 0.006, value + 0.006]) }],
    };
    let plot = Dots {
        rows: vec![row(NetworkKind::Ann, 0.884), row(NetworkKind::Cnn, 0.912)],
        title: "Test accuracy with 95 % interval".to_owned(),
    };
    let size = [420.0, 120.0];
    let picture = dots(&plot, size, None, LIGHT);
    assert_inside(&picture, size);
    svg("intervals", &picture, size, LIGHT);
    let layout = plot.layout(size[0], size[1]);
    assert!(layout.axis.min <= 0.878 && layout.axis.max >= 0.918, "the axis holds the intervals");
}

fn calibrations() -> Reliability {
    let of = |over: f64| {
        let bin = |i: usize| {
            let confidence = (i as f64 + 0.5) / 10.0;
            CalibrationBin { count: if i == 0 { 3 } else { 50 * i as u32 }, confidence, accuracy: confidence - over }
        };
        Calibration { bins: (0..10).map(bin).collect(), expected_error: over, overconfidence: over }
    };
    Reliability { networks: vec![(NetworkKind::Ann, of(0.02)), (NetworkKind::Cnn, of(0.08))] }
}

#[test]
fn the_reliability_diagram_leaves_rare_bins_out() {
    let (size, plot) = ([340.0, 340.0], calibrations());
    let picture = reliability(&plot, size, Some(9), LIGHT);
    assert_inside(&picture, size);
    svg("reliability", &picture, size, LIGHT);
    let discs = picture.marks.iter().filter(|mark| matches!(mark, Mark::Disc { .. })).count();
    assert_eq!(discs, 2 * 9, "the bin of three images is not drawn");
    assert_eq!((plot.bin_at(0.0), plot.bin_at(0.95), plot.bin_at(1.0)), (Some(0), Some(9), Some(9)));
    assert_eq!(Reliability::default().bin_at(0.5), None);
}

#[test]
fn dashes_are_as_long_as_their_line() {
    let mut picture = Picture::default();
    picture.dashed([[0.0, 0.0], [30.0, 0.0], [30.0, 40.0]], LIGHT.text(), 1.0, 5.0);
    let lengths = picture.marks.iter().map(|mark| match mark {
        Mark::Line { points, .. } => {
            points.windows(2).map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1])).sum::<f64>()
        }
        _ => 0.0,
    });
    // 70 pixels hold seven dashes of 5 with gaps of 4, and another 5 and 2 of the next.
    let lengths: Vec<f64> = lengths.collect();
    assert_eq!(lengths.len(), 8);
    assert!(lengths.iter().all(|l| (l - 5.0).abs() < 1e-9), "{lengths:?}");
}

#[test]
fn everything_grows_with_the_scale() {
    let picture = curves(&accuracies(), SIZE, None, LIGHT);
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (1260, 780));
        picture.paint(&mut backend, 3.0).unwrap();
    }
    let axes = accuracies().axes(SIZE[0], SIZE[1]);
    assert!(text.contains(&format!("y=\"{}\"", (3.0 * axes.bottom).round())));
    assert!(text.contains("stroke-width=\"6\""), "a line of two pixels is six wide");
}
