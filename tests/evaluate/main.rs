//! What predictions are worth: figures worked by hand or published. The summary has a module of its own.

mod summary;

use fashion_lab::evaluate::{
    Paired, accuracy, arg_max, calibration, class_reports, confusion, macro_average, paired, percentile, softmax,
    weighted_average, wilson, words,
};
use fashion_lab::fashion_mnist::CLASSES;
use proptest::prelude::*;

fn near(found: f64, expected: f64, by: f64) {
    assert!((found - expected).abs() <= by, "{found} is not {expected}");
}

fn near_pair(found: [f64; 2], expected: [f64; 2], by: f64) {
    near(found[0], expected[0], by);
    near(found[1], expected[1], by);
}

/// scikit-learn's documented example of `classification_report`: classes 0, 1, 2.
const LABELS: [u8; 5] = [0, 1, 2, 2, 2];
const PREDICTIONS: [u8; 5] = [0, 0, 2, 2, 1];

#[test]
fn a_confusion_matrix_has_true_classes_as_rows() {
    let counts = confusion(&LABELS, &PREDICTIONS);
    assert_eq!(counts[0][..3], [1, 0, 0]);
    assert_eq!(counts[1][..3], [1, 0, 0]);
    assert_eq!(counts[2][..3], [0, 1, 2]);
    assert_eq!(counts.iter().flatten().sum::<u32>(), 5);
    near(accuracy(&counts), 0.6, 1e-12);
    near(accuracy(&confusion(&[], &[])), 0.0, 0.0);
    // A class that does not exist is not counted, and does not panic.
    assert_eq!(confusion(&[3, 200], &[10, 3]).iter().flatten().sum::<u32>(), 0);
}

#[test]
fn class_reports_are_those_of_scikit_learn() {
    let reports = class_reports(&confusion(&LABELS, &PREDICTIONS));
    // precision, recall, f1, support as its documentation prints them.
    let expected = [(0.50, 1.00, 0.67, 1), (0.00, 0.00, 0.00, 1), (1.00, 0.67, 0.80, 3)];
    for (report, (precision, recall, f1, support)) in reports.iter().zip(expected) {
        near(report.precision, precision, 0.005);
        near(report.recall, recall, 0.005);
        near(report.f1, f1, 0.005);
        assert_eq!(report.support, support);
    }
    let (plain, weighted) = (macro_average(&reports), weighted_average(&reports));
    for (average, (precision, recall, f1)) in [(plain, (0.50, 0.56, 0.49)), (weighted, (0.70, 0.60, 0.61))] {
        near(average.precision, precision, 0.005);
        near(average.recall, recall, 0.005);
        near(average.f1, f1, 0.005);
    }
}

#[test]
fn shares_of_nothing_are_zero_and_absent_classes_do_not_count() {
    // Class 5 has an image but was never predicted; class 6 was predicted but has no image.
    let reports = class_reports(&confusion(&[5], &[6]));
    assert_eq!((reports[5].precision, reports[5].recall, reports[5].f1), (0.0, 0.0, 0.0));
    assert_eq!((reports[6].precision, reports[6].recall, reports[6].predicted), (0.0, 0.0, 1));
    let perfect = class_reports(&confusion(&[1, 2], &[1, 2]));
    near(macro_average(&perfect).f1, 1.0, 0.0);
    let empty = class_reports(&confusion(&[], &[]));
    near(macro_average(&empty).f1 + weighted_average(&empty).recall, 0.0, 0.0);
}

#[test]
fn wilson_intervals_are_those_of_newcombe_1998() {
    // Newcombe, Statistics in Medicine 17, 857-872, table I, method 3.
    near_pair(wilson(81, 263), [0.2553, 0.3662], 5e-5);
    near_pair(wilson(15, 148), [0.0624, 0.1605], 5e-5);
    near_pair(wilson(0, 20), [0.0, 0.1611], 5e-5);
    near_pair(wilson(1, 29), [0.0061, 0.1718], 5e-5);
    near_pair(wilson(0, 0), [0.0, 1.0], 0.0);
    near(wilson(20, 20)[1], 1.0, 1e-12);
}

#[test]
fn paired_differences_are_the_published_ones() {
    // Bentur et al. 2009 as worked by Fagerland, Lydersen and Laake (2013, 2014): 21 children, 1 and 12 alike, 7 against 1.
    let children = Paired::of_counts(1, 1, 7, 12);
    near(children.p_value, 0.0703, 5e-5);
    near(children.difference, 0.286, 5e-4);
    near_pair(children.interval, [0.026, 0.507], 5e-4);
    // Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10.
    near_pair(Paired::of_counts(36, 2, 12, 0).interval, [0.0569, 0.3404], 5e-5);
    // Armitage and Berry 1994, p. 127, two media for tubercle bacilli; Liddell's exact P.
    near(Paired::of_counts(20, 12, 2, 16).p_value, 0.0129, 5e-5);
}

#[test]
fn predictions_are_paired_by_image() {
    let (labels, a, b) = ([0, 1, 2, 3, 4], [0, 1, 9, 9, 4], [0, 9, 2, 9, 4]);
    let pair = paired(&labels, &a, &b);
    assert_eq!((pair.both_right, pair.only_a, pair.only_b, pair.both_wrong), (2, 1, 1, 1));
    near(pair.p_value, 1.0, 0.0);
    assert!(!pair.is_real());
    let nothing = paired(&[], &[], &[]);
    assert_eq!((nothing.interval, nothing.p_value, nothing.is_real()), ([-1.0, 1.0], 1.0, false));
}

#[test]
fn a_large_comparison_neither_overflows_nor_vanishes() {
    // 2^-1300 is no f64; the normal approximation gives z = 600 / sqrt(1300), p about 4e-62.
    let large = Paired::of_counts(8000, 350, 950, 700);
    assert!(large.p_value > 1e-66 && large.p_value < 1e-60, "{}", large.p_value);
    // Even counts: certainly no difference.
    near(Paired::of_counts(0, 5000, 5000, 0).p_value, 1.0, 1e-9);
}

#[test]
fn calibration_is_as_worked_by_hand() {
    // Three images at confidence 0.55 (one right), one at 0.95 (right), in 10 bins.
    let row = |class: usize, confidence: f32| {
        let mut row = [(1.0 - confidence) / 9.0; CLASSES];
        row[class] = confidence;
        row
    };
    let rows = [row(0, 0.55), row(1, 0.55), row(2, 0.55), row(3, 0.95)].concat();
    let found = calibration(&[0, 9, 9, 3], &rows, 10);
    assert_eq!((found.bins[5].count, found.bins[9].count), (3, 1));
    near(found.bins[5].confidence, 0.55, 1e-6);
    near(found.bins[5].accuracy, 1.0 / 3.0, 1e-12);
    // (3 |0.55 - 1/3| + |0.95 - 1|) / 4, and with signs.
    near(found.expected_error, (3.0 * (0.55 - 1.0 / 3.0) + 0.05) / 4.0, 1e-6);
    near(found.overconfidence, (3.0 * (0.55 - 1.0 / 3.0) - 0.05) / 4.0, 1e-6);
    // A border belongs to the step below; nothing at all is well calibrated.
    assert_eq!(calibration(&[0], &row(0, 0.5), 2).bins[0].count, 1);
    assert_eq!(calibration(&[0], &row(0, 1.0), 2).bins[1].count, 1);
    near(calibration(&[], &[], 10).expected_error, 0.0, 0.0);
}

#[test]
fn the_largest_logit_is_the_prediction() {
    let mut rows = [-3.0_f32; 30];
    rows[7] = -1.0;
    (rows[12], rows[15]) = (2.0, 2.0);
    rows[20..].fill(f32::NAN);
    assert_eq!(arg_max(&rows), [7, 2, 0]);
    softmax(&mut rows[..20]);
    assert_eq!(arg_max(&rows[..20]), [7, 2]);
    near(f64::from(rows[7] / rows[0]), 2_f64.exp(), 1e-5);
}

#[test]
fn a_softmax_of_large_logits_does_not_overflow() {
    let mut row = [0.0_f32; 10];
    (row[0], row[1]) = (3e38, -3e38);
    softmax(&mut row);
    assert_eq!((row[0], row[1]), (1.0, 0.0));
}

#[test]
fn percentiles_lie_between_neighbours() {
    let values = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(percentile(&values, 0.0), Some(1.0));
    assert_eq!(percentile(&values, 0.5), Some(2.5));
    assert_eq!(percentile(&values, 1.0), Some(4.0));
    near(percentile(&values, 0.95).unwrap(), 3.85, 1e-12);
    assert_eq!((percentile(&[], 0.5), percentile(&[7.0], 0.95)), (None, Some(7.0)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn intervals_hold_their_estimate(both in 0..500_usize, only_a in 0..300_usize, only_b in 0..300_usize, neither in 0..300_usize) {
        prop_assume!(both + only_a + only_b + neither > 0);
        let pair = Paired::of_counts(both, only_a, only_b, neither);
        prop_assert!(pair.interval[0] <= pair.difference + 1e-12 && pair.difference <= pair.interval[1] + 1e-12);
        prop_assert!(-1.0 <= pair.interval[0] && pair.interval[1] <= 1.0);
        prop_assert!(pair.p_value > 0.0 && pair.p_value <= 1.0);
        // Turned round, all of it turns round.
        let turned = Paired::of_counts(both, only_b, only_a, neither);
        prop_assert!((turned.interval[0] + pair.interval[1]).abs() < 1e-9 && turned.p_value == pair.p_value);
        let all = both + only_a + only_b + neither;
        let [low, high] = wilson(both, all);
        let share = both as f64 / all as f64;
        prop_assert!(low <= share + 1e-12 && share <= high + 1e-12);
    }

    #[test]
    fn rows_of_probabilities_sum_to_one(logits in proptest::collection::vec(-50.0..50.0_f32, 30)) {
        let mut rows = logits.clone();
        softmax(&mut rows);
        for row in rows.chunks(CLASSES) {
            prop_assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        prop_assert_eq!(arg_max(&rows).len(), 3);
    }
}

#[test]
fn numbers_are_put_as_a_person_reads_them() {
    assert_eq!(words::percent(0.8844), "88.4 %");
    assert_eq!([0.0284, -0.0031, -0.0001].map(words::points), ["2.8", "−0.3", "0.0"]);
    assert_eq!(
        [0.83, 9.96, 41.2, 99.4, 99.6, 500.0, 3599.7, 3900.0].map(words::duration),
        ["0.8 s", "10 s", "41 s", "99 s", "1 min 40 s", "8 min 20 s", "1 h 0 min", "1 h 5 min"]
    );
    assert_eq!(
        [0.0123, 0.123, 1.23, 12.3, 9.99].map(words::milliseconds),
        ["0.012 ms", "0.12 ms", "1.2 ms", "12 ms", "10 ms"]
    );
    assert_eq!([999, 235_146, 2_650_000].map(words::count), ["999", "235,146", "2.65 million"]);
    assert_eq!([1.84, 9.97, 12.4, 134.0, 99.7].map(words::ratio), ["1.8", "10", "12", "130", "100"]);
    let list = |n: usize| words::list(&["a", "b", "c"].map(str::to_owned)[..n]);
    assert_eq!([0, 1, 2, 3].map(list), ["", "a", "a and b", "a, b and c"]);
}
