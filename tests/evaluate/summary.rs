//! The branches of the paragraph that compares two networks.

use fashion_lab::evaluate::summary;
use fashion_lab::fashion_mnist::CLASSES;
use fashion_lab::run::report::{
    Backend, DeviceInfo, Ended, EpochRecord, Latency, NetworkReport, Note, Score, TestResult,
};

/// A network's report of ten epochs on one CPU thread, with these predictions.
pub fn network(predictions: Vec<u8>) -> NetworkReport {
    let score = Score { loss: 0.3, accuracy: 0.9 };
    let epoch = |epoch| EpochRecord {
        epoch,
        train: score,
        validation: None,
        seconds: epoch as f64,
        learning_rate: 1e-3,
        dead_units: None,
    };
    NetworkReport {
        device: DeviceInfo { backend: Backend::Flex, adapter: "wasm, SIMD128".into(), why: "it was asked for".into() },
        parameters: 235_146,
        macs: 234_752,
        weight_bytes: 940_584,
        workers: 1,
        ended: Ended::Completed,
        training_seconds: 20.0,
        warmup_seconds: 0.1,
        images_per_s: 24_000.0,
        history: (1..=10).map(epoch).collect(),
        scored_epoch: 10,
        step_losses: vec![],
        step_seconds: vec![],
        step_times: None,
        latency: vec![Latency { batch: 1, repetitions: 100, passes: 1, p50_ms: 0.1, p95_ms: 0.2 }],
        test: TestResult {
            accuracy: 0.0,
            interval: [0.0, 1.0],
            loss: 0.3,
            confusion: [[0; CLASSES]; CLASSES],
            predictions,
        },
        notes: vec![],
        rate_changes: vec![],
        extra_epochs: 0,
    }
}

/// The costs of a CNN beside that ANN.
fn costly(predictions: Vec<u8>) -> NetworkReport {
    let mut report = network(predictions);
    report.parameters = 225_034;
    report.macs = 2_631_008;
    report.training_seconds = 402.0;
    report.latency[0].p50_ms = 0.9;
    report
}

/// 1,000 test images, a hundred a class.
fn labels() -> Vec<u8> {
    (0..1000).map(|i| (i % 10) as u8).collect()
}

/// Predictions of which the first `wrong` of each class, one number a class, are wrong.
fn wrong(wrong: [usize; CLASSES]) -> Vec<u8> {
    let predict = |i: usize| if i / 10 < wrong[i % 10] { (i + 1) % 10 } else { i % 10 };
    (0..1000).map(|i| predict(i) as u8).collect()
}

fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

fn lacks(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "`{part}` is in:\n{text}");
    }
}

#[test]
fn a_better_cnn_is_called_better_with_its_cost_and_its_classes() {
    let ann = network(wrong([15, 2, 20, 10, 20, 4, 43, 4, 3, 3]));
    let cnn = costly(wrong([13, 2, 14, 9, 14, 2, 27, 4, 2, 3]));
    let text = summary(&ann, &cnn, &labels(), None);
    holds(
        &text,
        &[
            "The CNN is the more accurate of the two: it classifies 91.0 % of the 1,000 test images correctly, the ANN 87.6 %. The difference is 3.4 percentage points (95 % interval",
            "took 20 times as long to train (6 min 42 s against 20 s)",
            "has about as many parameters (225,034 against 235,146)",
            "needs 11 times as many multiply-accumulates for one image (2.63 million against 234,752)",
            "and takes 9.0 times as long for one image (0.90 ms against 0.10 ms).",
            "The CNN gains most on Shirt (73 % correct instead of 57 %)",
        ],
    );
    // Six of a hundred more is too little for a class of its own once ten classes are looked at.
    lacks(&text, &["no real difference", "Pullover", "cannot be compared", "confidence"]);
}

#[test]
fn a_better_ann_is_called_better_and_cheaper() {
    let ann = network(wrong([5; CLASSES]));
    let cnn = costly(wrong([9; CLASSES]));
    let text = summary(&ann, &cnn, &labels(), None);
    holds(
        &text,
        &[
            "The ANN is the more accurate of the two: it classifies 95.0 %",
            "The difference is 4.0 percentage points (95 % interval 2.",
            "The ANN trained 20 times as fast (20 s against 6 min 42 s)",
            "needs fewer multiply-accumulates",
            "takes less time for one image",
            "spread over the classes: no single class",
        ],
    );
    lacks(&text, &["−"]);
}

#[test]
fn an_interval_that_includes_zero_is_no_real_difference() {
    let ann = network(wrong([12, 2, 20, 10, 20, 4, 43, 4, 3, 3]));
    let mut cnn = network(wrong([11, 2, 20, 10, 20, 4, 43, 4, 3, 3]));
    cnn.training_seconds = 21.0;
    let text = summary(&ann, &cnn, &labels(), None);
    holds(
        &text,
        &[
            "There is no real difference in accuracy: the CNN classifies 88.0 % of the 1,000 test images correctly and the ANN 87.9 %",
            "percentage points, includes zero.",
            "took about as long to train (21 s against 20 s)",
            "needs about as many multiply-accumulates for one image (234,752 each)",
            "No single class shows a real difference either.",
        ],
    );
    lacks(&text, &["more accurate", "gains most"]);
}

#[test]
fn classes_on_which_the_two_differ_are_told_apart() {
    let ann = network(wrong([30, 0, 0, 0, 0, 0, 10, 0, 0, 0]));
    let cnn = costly(wrong([10, 0, 0, 0, 0, 0, 30, 0, 0, 0]));
    let text = summary(&ann, &cnn, &labels(), None);
    holds(
        &text,
        &[
            "no real difference in accuracy",
            "the CNN is ahead on T-shirt/top (90 % correct instead of 70 %), the ANN on Shirt (90 % correct instead of 70 %).",
        ],
    );
    let better = costly(wrong([5, 0, 0, 0, 0, 0, 25, 0, 0, 0]));
    let behind = network(wrong([60, 0, 0, 0, 0, 0, 10, 0, 0, 0]));
    let text = summary(&behind, &better, &labels(), None);
    holds(
        &text,
        &["The CNN gains most on T-shirt/top (95 % correct instead of 40 %), but the ANN is ahead on Shirt (90 %"],
    );
}

#[test]
fn times_that_do_not_compare_are_given_without_a_ratio_and_with_the_reason() {
    let ann = network(wrong([12; CLASSES]));
    let mut cnn = costly(wrong([8; CLASSES]));
    cnn.device = DeviceInfo { backend: Backend::WebGpu, adapter: "Some GPU".into(), why: "it agreed".into() };
    let text = summary(&ann, &cnn, &labels(), None);
    holds(
        &text,
        &[
            "spent 6 min 42 s against 20 s in training",
            "takes 0.90 ms against 0.10 ms for one image",
            "cannot be compared directly: the CNN ran on webgpu (Some GPU) and the ANN ran on flex (wasm, SIMD128).",
        ],
    );
    lacks(&text, &["times as long"]);

    let mut early = costly(wrong([8; CLASSES]));
    early.ended = Ended::EarlyStopping;
    early.history.truncate(7);
    let text = summary(&ann, &early, &labels(), None);
    holds(
        &text,
        &[
            "the CNN stopped early after 7 epochs because its validation loss no longer fell, while the ANN trained for all of its 10 epochs.",
            "times as long for one image",
        ],
    );
    lacks(&text, &["times as long to train"]);

    let mut stopped = costly(wrong([8; CLASSES]));
    stopped.ended = Ended::Stopped;
    stopped.history.truncate(1);
    holds(&summary(&ann, &stopped, &labels(), None), &["the CNN was stopped after 1 epoch, while"]);

    let mut shared = costly(wrong([8; CLASSES]));
    shared.workers = 2;
    shared.notes.push(Note::FellBack { why: "The GPU was lost.".into() });
    let text = summary(&ann, &shared, &labels(), None);
    holds(
        &text,
        &["with 2 workers", "with 1 worker", ": something interrupted the training of the CNN (see the notes)."],
    );
}

#[test]
fn the_paragraph_says_which_epoch_is_scored() {
    let (ann, mut cnn) = (network(wrong([12; CLASSES])), costly(wrong([8; CLASSES])));
    holds(&summary(&ann, &cnn, &labels(), None), &["Both are scored with the weights of their last epoch."]);
    cnn.scored_epoch = 7;
    holds(
        &summary(&ann, &cnn, &labels(), None),
        &[
            "The CNN is scored with the weights of epoch 7 of 10, which had the lowest validation loss.",
            "The ANN is scored with the weights of its last epoch, 10.",
        ],
    );
    // A report of an older version does not say it.
    cnn.scored_epoch = 0;
    let text = summary(&ann, &cnn, &labels(), None);
    lacks(&text, &["The CNN is scored", "Both are scored"]);
    holds(&text, &["The ANN is scored with the weights of its last epoch, 10."]);
}

/// Probabilities with this confidence in each prediction.
fn sure(predictions: &[u8], confidence: f32) -> Vec<f32> {
    let row = |&class: &u8| {
        let mut row = [(1.0 - confidence) / 9.0; CLASSES];
        row[usize::from(class)] = confidence;
        row
    };
    predictions.iter().flat_map(row).collect()
}

#[test]
fn probabilities_that_mean_what_they_say_are_praised() {
    let (ann, cnn) = (network(wrong([12; CLASSES])), costly(wrong([8; CLASSES])));
    let of = |a, c| {
        let (a, c) = (sure(&ann.test.predictions, a), sure(&cnn.test.predictions, c));
        summary(&ann, &cnn, &labels(), Some((&a, &c)))
    };
    holds(
        &of(0.89, 0.99),
        &[
            "The probabilities of the ANN are more reliable: on average its confidence is 1.0 percentage points away from its accuracy. For the CNN it is 7.0: it is over-confident.",
        ],
    );
    holds(&of(0.6, 0.92), &["probabilities of the CNN are more reliable", "it is 28.0: it is not confident enough."]);
    holds(
        &of(0.90, 0.94),
        &["about equally reliable: on average the confidence of the ANN is 2.0 percentage points away"],
    );
    // Probabilities of another set of images say nothing.
    lacks(&summary(&ann, &cnn, &labels(), Some((&[0.1; 10], &[0.1; 10]))), &["confidence"]);
}

#[test]
fn networks_that_were_not_scored_alike_are_not_compared() {
    let (ann, cnn) = (network(wrong([12; CLASSES])), costly(vec![]));
    holds(&summary(&ann, &cnn, &labels(), None), &["cannot be compared"]);
    holds(&summary(&cnn, &cnn, &[], None), &["cannot be compared"]);
}
