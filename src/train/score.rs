//! Scores a network: on the validation images, on the test set, and by the time of a forward pass.

use super::TrainError;
use super::host::{Host, YieldPoint};
use super::state::RunState;
use super::trainer::{SCORE_BATCH, Trainer};
use crate::data::{Split, normalised_batch};
use crate::evaluate;
use crate::fashion_mnist::{CLASSES, ImageSet};
use crate::run::Watched;
use crate::run::report::{ConfusionCounts, Latency, Score, TestResult};

/// Measurements of each latency. On a slow device there are fewer: after this many seconds, five are enough.
const MEASUREMENTS: usize = 30;
const LATENCY_SECONDS: f64 = 5.0;
/// A measurement takes at least this long, in seconds, and at least so many ticks of the clock. Browsers round their clocks to
/// 0.1 ms and more, so that one short pass would take no time at all.
const MEASUREMENT_SECONDS: f64 = 0.005;
const MEASUREMENT_TICKS: f64 = 10.0;
/// At most this many passes in a measurement.
const MAX_PASSES: usize = 1 << 16;

/// How a network does on the validation images. Everything is `None` where there are none.
#[derive(Default)]
pub(super) struct Validated {
    pub(super) score: Option<Score>,
    pub(super) confusion: Option<ConfusionCounts>,
    pub(super) watched: Option<Watched>,
    /// See [`crate::run::report::EpochRecord::dead_units`].
    pub(super) dead_units: Option<[usize; 2]>,
}

/// Scores the validation images.
pub(super) async fn validate(run: &mut RunState, host: &mut impl Host) -> Result<Validated, TrainError> {
    let images = &run.split.validation;
    if images.is_empty() {
        return Ok(Validated::default());
    }
    let logits = logits(&run.trainer, ImageSet::Train, images, host).await?;
    let labels: Vec<u8> = images.iter().map(|&i| run.plan.data.train_labels[i as usize]).collect();
    let (loss, predictions) = (evaluate::mean_cross_entropy(&logits, &labels), evaluate::arg_max(&logits));
    let confusion = evaluate::confusion(&labels, &predictions);
    Ok(Validated {
        score: Some(Score { loss, accuracy: evaluate::accuracy(&confusion) }),
        confusion: Some(confusion),
        watched: Some(watched(&run.split, &run.plan.data.train_labels, &logits)),
        dead_units: run.trainer.dead_units(ImageSet::Train, images).await?,
    })
}

/// The answers to the images by which a network is watched.
fn watched(split: &Split, labels: &[u8], logits: &[f32]) -> Watched {
    let images = split.watched(labels);
    let places = images.iter().filter_map(|image| split.validation.iter().position(|other| other == image));
    let mut probabilities: Vec<f32> =
        places.flat_map(|place| logits[place * CLASSES..(place + 1) * CLASSES].iter().copied()).collect();
    evaluate::softmax(&mut probabilities);
    Watched { images, probabilities }
}

/// The result on the test set, and the ten probabilities of each of its images.
pub(super) async fn test(run: &RunState, host: &mut impl Host) -> Result<(TestResult, Vec<f32>), TrainError> {
    let labels = &run.plan.data.test_labels;
    let indices: Vec<u32> = (0..labels.len() as u32).collect();
    let mut probabilities = logits(&run.trainer, ImageSet::Test, &indices, host).await?;
    let (loss, predictions) = (evaluate::mean_cross_entropy(&probabilities, labels), evaluate::arg_max(&probabilities));
    evaluate::softmax(&mut probabilities);
    let confusion = evaluate::confusion(labels, &predictions);
    let correct = predictions.iter().zip(labels).filter(|(a, b)| a == b).count();
    let result = TestResult {
        accuracy: evaluate::accuracy(&confusion),
        interval: evaluate::wilson(correct, labels.len()),
        loss,
        confusion,
        predictions,
    };
    Ok((result, probabilities))
}

/// Logits of many images. The host is asked in between.
async fn logits(
    trainer: &Trainer,
    set: ImageSet,
    indices: &[u32],
    host: &mut impl Host,
) -> Result<Vec<f32>, TrainError> {
    let mut all = Vec::with_capacity(indices.len() * CLASSES);
    for part in indices.chunks(SCORE_BATCH) {
        all.extend(trainer.logits(set, part).await?);
        host.poll_control(YieldPoint::Scoring).await;
    }
    Ok(all)
}

/// Times forward passes of a batch, from pixels on the host to logits on the host.
pub(super) async fn latency(run: &RunState, batch: usize, host: &mut impl Host) -> Result<Latency, TrainError> {
    let data = &run.plan.data;
    let indices: Vec<u32> = (0..data.test_labels.len() as u32).cycle().take(batch).collect();
    let pixels = normalised_batch(&data.test_images, &indices);
    run.trainer.forward(pixels.clone(), batch).await?; // compiles
    let shortest = MEASUREMENT_SECONDS.max(MEASUREMENT_TICKS * tick(host));
    let passes = enough_passes(&run.trainer, &pixels, batch, shortest, host).await?;
    let mut times = Vec::with_capacity(MEASUREMENTS);
    let begin = host.now();
    while times.len() < MEASUREMENTS && (times.len() < 5 || host.now() - begin < LATENCY_SECONDS) {
        times.push(measure(&run.trainer, &pixels, batch, passes, host).await? * 1e3 / passes as f64);
        host.poll_control(YieldPoint::Scoring).await;
    }
    times.sort_by(f64::total_cmp);
    Ok(Latency {
        batch,
        repetitions: times.len(),
        passes,
        p50_ms: evaluate::percentile(&times, 0.5).unwrap_or_default(),
        p95_ms: evaluate::percentile(&times, 0.95).unwrap_or_default(),
    })
}

/// How many passes take at least `shortest` seconds.
async fn enough_passes(
    trainer: &Trainer,
    pixels: &[f32],
    batch: usize,
    shortest: f64,
    host: &mut impl Host,
) -> Result<usize, TrainError> {
    // What the last few numbers of passes took.
    let (mut passes, mut before) = (1, [0.0; 4]);
    loop {
        let took = measure(trainer, pixels, batch, passes, host).await?;
        // If sixteen times the passes take no longer by the clock, the clock cannot measure them.
        let stands_still = before.iter().all(|&b| b > 0.0) && took <= before[0];
        if took >= shortest || stands_still || passes >= MAX_PASSES {
            return Ok(passes);
        }
        before = [before[1], before[2], before[3], took];
        passes *= 2;
    }
}

/// Seconds of `passes` forward passes.
async fn measure(
    trainer: &Trainer,
    pixels: &[f32],
    batch: usize,
    passes: usize,
    host: &mut impl Host,
) -> Result<f64, TrainError> {
    let start = host.now();
    for _ in 0..passes {
        trainer.forward(pixels.to_vec(), batch).await?;
    }
    Ok(host.now() - start)
}

/// The smallest step of the host's clock, in seconds; 0 where it is too small to matter.
fn tick(host: &impl Host) -> f64 {
    let start = host.now();
    // If the clock does not move within this many calls, which take some milliseconds, its tick is taken as the default.
    (0..100_000).map(|_| host.now() - start).find(|&passed| passed > 0.0).unwrap_or(MEASUREMENT_SECONDS)
}
