//! Which test images are shown, and in which order.

use fashion_lab::evaluate::{Answers, Filter, Outcome, filtered, first_of_each_class, of_cell, of_outcome, outcomes};
use fashion_lab::fashion_mnist::CLASSES;

/// Rows with this confidence in each prediction.
fn rows(predictions: &[u8], confidences: &[f32]) -> Vec<f32> {
    let row = |(&class, &confidence): (&u8, &f32)| {
        let mut row = [(1.0 - confidence) / 9.0; CLASSES];
        row[usize::from(class)] = confidence;
        row
    };
    predictions.iter().zip(confidences).flat_map(row).collect()
}

const LABELS: [u8; 6] = [0, 0, 1, 1, 2, 2];
const PREDICTIONS: [u8; 6] = [0, 1, 0, 1, 1, 1];
const CONFIDENCES: [f32; 6] = [0.9, 0.5, 0.8, 0.6, 0.95, 0.7];

#[test]
fn each_filter_shows_its_images_in_its_order() {
    let probabilities = rows(&PREDICTIONS, &CONFIDENCES);
    let answers = Answers { predictions: &PREDICTIONS, probabilities: &probabilities };
    let of = |filter, class| filtered(&LABELS, answers, filter, class);
    assert_eq!(of(Filter::ConfidentWrong, None), [4, 2, 5, 1]);
    assert_eq!(of(Filter::Wrong, None), [1, 2, 4, 5]);
    assert_eq!(of(Filter::Correct, None), [0, 3]);
    assert_eq!(of(Filter::LeastConfident, None), [1, 3, 5, 2, 0, 4]);
    assert_eq!(of(Filter::All, None), [0, 1, 2, 3, 4, 5]);
    assert_eq!(of(Filter::ConfidentWrong, Some(2)), [4, 5]);
    assert_eq!(of(Filter::Correct, Some(2)), [0_u32; 0]);
}

#[test]
fn images_of_equal_confidence_keep_the_order_of_the_test_set() {
    let probabilities = rows(&[1; 6], &[0.5; 6]);
    let answers = Answers { predictions: &[1; 6], probabilities: &probabilities };
    assert_eq!(filtered(&[0; 6], answers, Filter::ConfidentWrong, None), [0, 1, 2, 3, 4, 5]);
    assert_eq!(filtered(&[0; 6], answers, Filter::LeastConfident, None), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_cell_opens_its_own_images() {
    let probabilities = rows(&PREDICTIONS, &CONFIDENCES);
    let answers = Answers { predictions: &PREDICTIONS, probabilities: &probabilities };
    assert_eq!(of_cell(&LABELS, answers, [2, 1]), [4, 5]);
    assert_eq!(of_cell(&LABELS, answers, [0, 1]), [1]);
    assert_eq!(of_cell(&LABELS, answers, [1, 2]), [0_u32; 0], "rows are true classes");
}

#[test]
fn each_class_shows_its_first_image() {
    assert_eq!(first_of_each_class(&[3, 1, 3, 0, 1]), [3, 1, 0]);
    assert_eq!(first_of_each_class(&[]), [0_u32; 0]);
}

#[test]
fn disagreements_are_sorted_by_the_confidence_of_who_is_wrong() {
    let labels = [0, 0, 0, 0, 0, 0];
    let (a, b) = ([0, 1, 1, 1, 2, 1], [0, 0, 0, 2, 1, 1]);
    let of_a = rows(&a, &[0.9, 0.6, 0.8, 0.5, 0.9, 0.7]);
    let of_b = rows(&b, &[0.9, 0.99, 0.3, 0.5, 0.6, 0.7]);
    let a = Answers { predictions: &a, probabilities: &of_a };
    let b = Answers { predictions: &b, probabilities: &of_b };
    let all = outcomes(&labels, a, b);
    assert_eq!(
        all,
        [
            Outcome::BothCorrect,
            Outcome::OnlyB,
            Outcome::OnlyB,
            Outcome::BothWrongApart,
            Outcome::BothWrongApart,
            Outcome::BothWrongAlike
        ]
    );
    assert_eq!(of_outcome(&all, Outcome::OnlyB, a, b), [2, 1], "the confidence of a counts, which is wrong");
    assert_eq!(of_outcome(&all, Outcome::BothWrongApart, a, b), [4, 3], "both count: 1.5 before 1.0");
    let turned = outcomes(&labels, b, a);
    assert_eq!(of_outcome(&turned, Outcome::OnlyA, b, a), [2, 1]);
}

#[test]
fn answers_that_are_missing_do_not_panic() {
    let answers = Answers { predictions: &[200], probabilities: &[0.5; 3] };
    assert_eq!((answers.prediction(0), answers.prediction(7), answers.confidence(0)), (9, 0, 0.0));
    assert_eq!(filtered(&LABELS, answers, Filter::ConfidentWrong, None).len(), 5);
    assert_eq!(outcomes(&LABELS, answers, answers).len(), 6);
}
