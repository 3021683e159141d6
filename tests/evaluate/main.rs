//! How good predictions are: figures that were computed by hand or published. Modules of their own test the paragraph, the table and the
//! choice of images. A little more than 300 lines, because these are short tests of one kind.

mod images;
mod summary;
mod table;

use fashion_lab::evaluate::{
    Measure, Paired, accuracy, arg_max, averages_leave_out, calibration, class_reports, confusion, format,
    hardest_class, largest_confusions, macro_average, most_confused, paired, percentile, reads_as_largest, softmax,
    undefined_classes, weighted_average, wilson,
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

fn near_some(found: Option<f64>, expected: f64, by: f64) {
    near(found.expect("the value is defined"), expected, by);
}

#[test]
fn class_reports_are_those_of_scikit_learn() {
    let reports = class_reports(&confusion(&LABELS, &PREDICTIONS));
    // Precision, recall, F1 and support as its documentation prints them, with two decimals.
    let expected = [(0.50, 1.00, 0.67, 1), (0.00, 0.00, 0.00, 1), (1.00, 0.67, 0.80, 3)];
    for (report, (precision, recall, f1, support)) in reports.iter().zip(expected) {
        for (measure, value) in Measure::ALL.into_iter().zip([precision, recall, f1]) {
            near_some(report.get(measure), value, 0.005);
        }
        assert_eq!(report.support, support);
    }
    // Its averages; every one of its three classes was predicted and has images, so none is left out.
    for (measure, plain, weighted) in
        [(Measure::Precision, 0.50, 0.70), (Measure::Recall, 0.56, 0.60), (Measure::F1, 0.49, 0.61)]
    {
        near_some(macro_average(&reports, measure), plain, 0.005);
        near_some(weighted_average(&reports, measure), weighted, 0.005);
        assert_eq!(
            undefined_classes(&reports, measure),
            [3, 4, 5, 6, 7, 8, 9],
            "classes that the example does not have"
        );
    }
}

#[test]
fn the_precision_of_a_class_that_was_never_predicted_is_undefined() {
    // By hand. Class 0: two images, both found, but three predictions. Class 1: one image, never predicted.
    let reports = class_reports(&confusion(&[0, 0, 1], &[0, 0, 0]));
    assert_eq!((reports[1].precision, reports[1].recall, reports[1].f1), (None, Some(0.0), Some(0.0)));
    near_some(reports[0].precision, 2.0 / 3.0, 1e-12);
    near_some(reports[0].f1, 0.8, 1e-12);
    // The macro precision is that of class 0 alone; recall and F1 of class 1 are 0 and count.
    near_some(macro_average(&reports, Measure::Precision), 2.0 / 3.0, 1e-12);
    near_some(macro_average(&reports, Measure::Recall), 0.5, 1e-12);
    near_some(macro_average(&reports, Measure::F1), 0.4, 1e-12);
    near_some(weighted_average(&reports, Measure::Precision), 2.0 / 3.0, 1e-12);
    near_some(weighted_average(&reports, Measure::Recall), 2.0 / 3.0, 1e-12);
    assert_eq!(undefined_classes(&reports, Measure::Precision), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(undefined_classes(&reports, Measure::Recall), [2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn recall_without_images_and_f1_without_either_are_undefined() {
    // Class 5 has an image but was never predicted; class 6 was predicted but has no image.
    let reports = class_reports(&confusion(&[5], &[6]));
    assert_eq!((reports[5].precision, reports[5].recall, reports[5].f1), (None, Some(0.0), Some(0.0)));
    assert_eq!((reports[6].precision, reports[6].recall, reports[6].f1), (Some(0.0), None, Some(0.0)));
    assert_eq!((reports[7].precision, reports[7].recall, reports[7].f1), (None, None, None));
    near_some(macro_average(&class_reports(&confusion(&[1, 2], &[1, 2])), Measure::F1), 1.0, 0.0);
    let empty = class_reports(&confusion(&[], &[]));
    assert_eq!((macro_average(&empty, Measure::F1), weighted_average(&empty, Measure::Recall)), (None, None));
}

#[test]
fn the_page_can_say_which_classes_the_averages_leave_out() {
    let labels: Vec<u8> = (0..10).collect();
    // Every class has one image; class 9 (Ankle boot) is taken for class 7.
    let reports = class_reports(&confusion(&labels, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 7]));
    assert_eq!(
        averages_leave_out("CNN", &reports),
        ["Precision of the CNN: the averages leave out Ankle boot, because the network never predicted it."]
    );
    assert!(averages_leave_out("CNN", &class_reports(&confusion(&labels, &labels))).is_empty());
    let reports = class_reports(&confusion(&labels[..8], &labels[..8]));
    let said = averages_leave_out("ANN", &reports);
    assert_eq!(said.len(), 3);
    assert_eq!(
        said[1],
        "Recall of the ANN: the averages leave out Bag and Ankle boot, because there is no image of them."
    );
}

#[test]
fn the_cell_with_the_most_mistakes_is_found() {
    assert_eq!(
        most_confused(&confusion(&[0, 0, 3, 3, 3], &[0, 0, 1, 2, 2])),
        Some([3, 2]),
        "correct ones do not count"
    );
    assert_eq!(most_confused(&confusion(&[3, 1], &[4, 8])), Some([1, 8]), "the first of equal ones");
    assert_eq!(most_confused(&confusion(&[1, 2], &[1, 2])), None);
}

#[test]
fn the_largest_confusions_come_first() {
    let counts = confusion(&[6, 6, 6, 0, 0, 2, 5], &[0, 0, 6, 6, 6, 4, 5]);
    let all = [([0, 6], 2), ([6, 0], 2), ([2, 4], 1)];
    assert_eq!(largest_confusions(&counts, 9), all, "equal ones in the order of the matrix, correct ones left out");
    assert_eq!(largest_confusions(&counts, 2), all[..2]);
}

#[test]
fn the_hardest_class_has_the_smallest_sum_of_f1() {
    let reports = class_reports(&confusion(&LABELS, &PREDICTIONS));
    assert_eq!(hardest_class(&[reports]), Some(1), "an F1 of 0; the seven undefined ones do not count");
    assert_eq!(
        hardest_class(&[reports, class_reports(&confusion(&[0, 2], &[2, 0]))]),
        Some(0),
        "0.67 + 0 beside 0.8 + 0"
    );
    assert_eq!(hardest_class(&[]), None);
    assert_eq!(hardest_class(&[class_reports(&confusion(&[], &[]))]), None);
}

#[test]
fn a_value_is_larger_only_where_its_digits_show_it() {
    let both = [Some(0.8841), Some(0.8844)];
    assert!(!reads_as_largest(both[1], &both), "both read 88.4");
    let both = [Some(0.8841), Some(0.885)];
    assert_eq!(both.map(|value| reads_as_largest(value, &both)), [false, true]);
    let both = [None, Some(0.5)];
    assert_eq!(both.map(|value| reads_as_largest(value, &both)), [false, false], "an undefined value is not smaller");
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
    assert_eq!((pair.both_correct, pair.only_a, pair.only_b, pair.both_wrong), (2, 1, 1, 1));
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
    // Three images with a confidence of 0.55 (one correct), one with 0.95 (correct), in 10 bins.
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
    // A border belongs to the bin below. Without images the error is 0.
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
        // With a and b exchanged, the signs change.
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
    assert_eq!(format::percent(0.8844), "88.4 %");
    assert_eq!([0.0284, -0.0031, -0.0001].map(format::points), ["2.8", "−0.3", "0.0"]);
    assert_eq!(
        [0.83, 9.96, 41.2, 99.4, 99.6, 500.0, 3599.7, 3900.0].map(format::duration),
        ["0.8 s", "10 s", "41 s", "99 s", "1 min 40 s", "8 min 20 s", "1 h 0 min", "1 h 5 min"]
    );
    assert_eq!(
        [0.0123, 0.123, 1.23, 12.3, 9.99].map(format::milliseconds),
        ["0.012 ms", "0.12 ms", "1.2 ms", "12 ms", "10 ms"]
    );
    assert_eq!([999, 235_146, 2_650_000].map(format::count), ["999", "235,146", "2.65 million"]);
    assert_eq!([1.84, 9.97, 12.4, 134.0, 99.7].map(format::ratio), ["1.8", "10", "12", "130", "100"]);
    assert_eq!(
        [1e-3, 1e-3 / 3.0, 3e-3, 0.02, 0.25, 10.0, 1e-6, 3.3e-7].map(format::rate),
        ["0.001", "0.00033", "0.003", "0.02", "0.25", "10", "1e-6", "3.3e-7"]
    );
    assert_eq!([0.2, 45.4, 99.6, 420.0, 7200.0].map(format::roughly), ["1 s", "45 s", "2 min", "7 min", "2 h"]);
    assert_eq!(format::moment(25, 10, 9, 5), "25 Nov, 09:05");
    assert_eq!([0.2794, 12.0].map(format::loss), ["0.279", "12.000"]);
    assert_eq!([2_904_000, 0].map(format::megabytes), ["2.9 MB", "0.0 MB"]);
    assert_eq!([0.624, 0.004, 1.0].map(format::percentage), ["62", "0", "100"]);
    assert_eq!([7, 1_000, 2_646_858].map(format::whole), ["7", "1,000", "2,646,858"]);
    let list = |n: usize| format::list(&["a", "b", "c"].map(str::to_owned)[..n]);
    assert_eq!([0, 1, 2, 3].map(list), ["", "a", "a and b", "a, b and c"]);
}
