//! The rows of the comparison's table: what they say, and what they mark as better.

use crate::summary::network;
use fashion_lab::architecture;
use fashion_lab::config::{NetworkKind, RunConfig};
use fashion_lab::evaluate::{Paired, Progress, Row, Side, rows};
use fashion_lab::run::report::{Backend, Ended, Latency, NetworkReport, Note};

fn side(kind: NetworkKind, report: Option<&NetworkReport>) -> Side<'_> {
    let progress = report.map(|report| Progress {
        epochs: &report.history,
        seconds: report.training_seconds,
        images_per_s: report.images_per_s,
        workers: report.workers,
        device: Some(&report.device),
        failed: false,
    });
    Side { cost: architecture::of(kind, &RunConfig::default()), progress, report }
}

fn table(ann: &NetworkReport, cnn: &NetworkReport, judged: Option<&(Paired, Option<[f64; 2]>)>) -> Vec<Row> {
    rows(&[side(NetworkKind::Ann, Some(ann)), side(NetworkKind::Cnn, Some(cnn))], judged)
}

fn row<'a>(rows: &'a [Row], name: &str) -> &'a Row {
    rows.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("there is no row `{name}`"))
}

fn better(rows: &[Row], name: &str) -> Option<usize> {
    row(rows, name).better
}

#[test]
fn before_a_run_only_the_costs_are_known() {
    let rows = rows(&[side(NetworkKind::Ann, None), side(NetworkKind::Cnn, None)], None);
    let names: Vec<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names, ["Parameters", "Multiply-accumulates", "Weights"]);
    assert_eq!(row(&rows, "Parameters").texts[0].0, "235,146");
    assert_eq!((better(&rows, "Parameters"), better(&rows, "Multiply-accumulates")), (Some(1), Some(0)));
}

#[test]
fn one_network_alone_is_never_better() {
    let report = network(vec![]);
    let rows = rows(&[side(NetworkKind::Ann, Some(&report))], None);
    assert!(rows.iter().all(|row| row.better.is_none() && row.texts.len() == 1));
}

#[test]
fn an_accuracy_or_loss_is_better_only_where_it_is_more_than_chance() {
    let (ann, cnn) = (network(vec![]), network(vec![]));
    let of = |paired, loss| {
        let rows = table(&ann, &cnn, Some(&(paired, loss)));
        (better(&rows, "Test accuracy"), better(&rows, "Test loss"))
    };
    let (even, for_b, for_a) = (
        Paired::of_counts(9000, 300, 310, 390),
        Paired::of_counts(8000, 300, 600, 1100),
        Paired::of_counts(8000, 600, 300, 1100),
    );
    // The interval of the loss is of b minus a: below 0 the loss of b is smaller.
    assert_eq!(of(even, Some([-0.01, 0.02])), (None, None));
    assert_eq!(of(for_b, Some([-0.03, -0.01])), (Some(1), Some(1)));
    assert_eq!(of(for_a, Some([0.01, 0.03])), (Some(0), Some(0)));
    assert_eq!(of(for_a, None), (Some(0), None));
}

#[test]
fn a_time_is_better_only_beyond_the_noise_and_on_the_same_machine() {
    let (ann, mut cnn) = (network(vec![]), network(vec![]));
    let of = |cnn: &NetworkReport| {
        let rows = table(&ann, cnn, None);
        (better(&rows, "Training time"), better(&rows, "Training speed"))
    };
    (cnn.training_seconds, cnn.images_per_s) = (21.5, 22_500.0);
    assert_eq!(of(&cnn), (None, None), "less than a factor of 1.1");
    (cnn.training_seconds, cnn.images_per_s) = (30.0, 16_000.0);
    assert_eq!(of(&cnn), (Some(0), Some(0)));
    (cnn.training_seconds, cnn.images_per_s) = (10.0, 48_000.0);
    assert_eq!(of(&cnn), (Some(1), Some(1)));
    let stopped = NetworkReport { ended: Ended::Stopped, ..cnn.clone() };
    assert_eq!(of(&stopped), (None, Some(1)), "the work is not the same, the speed can be compared");
    let disturbed = NetworkReport { notes: vec![Note::WorkersReplaced { workers: 1 }], ..cnn.clone() };
    assert_eq!(of(&disturbed), (None, None));
    cnn.device.backend = Backend::WebGpu;
    assert_eq!(of(&cnn), (None, None));
}

#[test]
fn a_latency_is_better_where_its_slow_passes_beat_the_others_usual_ones() {
    let (ann, mut cnn) = (network(vec![]), network(vec![]));
    let latency = |p50_ms, p95_ms| vec![Latency { batch: 1, repetitions: 100, passes: 1, p50_ms, p95_ms }];
    let name = "Latency of 1 image";
    // The ANN has 0.1 ms and 0.2 ms.
    cnn.latency = latency(0.19, 0.3);
    assert_eq!(better(&table(&ann, &cnn, None), name), None);
    cnn.latency = latency(0.21, 0.3);
    assert_eq!(better(&table(&ann, &cnn, None), name), Some(0));
    cnn.latency = latency(0.05, 0.09);
    assert_eq!(better(&table(&ann, &cnn, None), name), Some(1));
    cnn.latency = vec![];
    let rows = table(&ann, &cnn, None);
    assert_eq!((better(&rows, name), row(&rows, name).texts[1].0.as_str()), (None, "–"));
}

#[test]
fn a_latency_says_of_how_many_passes_it_is_the_mean() {
    let (ann, mut cnn) = (network(vec![]), network(vec![]));
    cnn.latency[0].passes = 1_200;
    let rows = table(&ann, &cnn, None);
    let texts = &row(&rows, "Latency of 1 image").texts;
    assert_eq!(texts[0].1, "0.20 ms");
    assert_eq!(texts[1].1, "0.20 ms; each the mean of 1,200 passes");
}

#[test]
fn the_table_says_which_epoch_is_scored() {
    let (mut ann, mut cnn) = (network(vec![]), network(vec![]));
    ann.scored_epoch = 7;
    let of = |ann: &NetworkReport, cnn: &NetworkReport| row(&table(ann, cnn, None), "Scored epoch").texts.clone();
    let said = |epoch: &str, why: &str| (epoch.to_owned(), why.to_owned());
    assert_eq!(of(&ann, &cnn), [said("7 of 10", "lowest validation loss"), said("10 of 10", "the last")]);
    (ann.scored_epoch, cnn.ended) = (0, Ended::Stopped);
    assert_eq!(of(&ann, &cnn), [said("–", ""), said("10 of 10", "the last before it was stopped")]);
}

#[test]
fn epochs_say_how_training_ended() {
    let (mut ann, mut cnn) = (network(vec![]), network(vec![]));
    (ann.ended, cnn.ended) = (Ended::EarlyStopping, Ended::Stopped);
    let rows = table(&ann, &cnn, None);
    assert_eq!(
        row(&rows, "Epochs").texts.iter().map(|t| t.0.as_str()).collect::<Vec<_>>(),
        ["10, stopped early", "10, stopped"]
    );
    let mut failed = side(NetworkKind::Ann, Some(&ann));
    failed.report = None;
    failed.progress.as_mut().unwrap().failed = true;
    let rows = fashion_lab::evaluate::rows(&[failed], None);
    assert_eq!(row(&rows, "Epochs").texts[0].0, "10, failed");
}
