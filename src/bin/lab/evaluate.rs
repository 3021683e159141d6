//! `lab evaluate`: scores a trained network on the test set without burn, and compares the figures with those of a report.

use crate::arguments::Evaluate;
use crate::dataset;
use crate::output::Output;
use fashion_lab::data::Dataset;
use fashion_lab::evaluate::{accuracy, arg_max, confusion, mean_cross_entropy};
use fashion_lab::fashion_mnist::{CLASSES, PIXELS};
use fashion_lab::forward::Forward;
use fashion_lab::run::report::{RunReport, TestResult};
use fashion_lab::weights::TrainedNetwork;
use std::path::Path;

/// Two logits that are closer than this may change places. Training and this program add up the same products of 32-bit floats in
/// another order; a sum of 1,568 products of about 1 then differs by about 1e-5, and some layers stand one behind the other.
const TIE: f32 = 1e-3;
/// The mean loss may differ by this much, in nats. The loss of an image differs at most by twice the error of its logits.
const LOSS: f64 = 2e-4;

/// The figures of a network.
struct Figures {
    loss: f64,
    predictions: Vec<u8>,
    /// The distance between the largest and the second largest logit of each image.
    margins: Vec<f32>,
}

/// Prints the figures, then says whether they are those of the report.
pub fn run(arguments: Evaluate) -> Result<(), String> {
    let output = Output::prepare(arguments.place.out.clone())?;
    let bytes = read(&arguments.weights)?;
    let network = TrainedNetwork::read(&bytes).map_err(|e| format!("{}: {e}", arguments.weights.display()))?;
    let reported = arguments.report.as_deref().map(|path| reported(path, &network)).transpose()?;
    let forward = Forward::new(&network).map_err(|e| e.to_string())?;
    let (dataset, data) = dataset::read(&arguments.place)?;
    let figures = figures(&data, &logits(&forward, &data.test_images));
    let counts = confusion(&data.test_labels, &figures.predictions);
    let printed = serde_json::json!({
        "network": network.kind.key(), "dataset": dataset.name, "images": data.test_labels.len(),
        "accuracy": accuracy(&counts), "loss": figures.loss, "confusion": counts,
    });
    output.write(&serde_json::to_string(&printed).map_err(|e| e.to_string())?)?;
    let wrong = |of: &str, e: String| format!("{} does not give the figures of {of}: {e}", arguments.weights.display());
    let share = figures.near_ties() as f64 / figures.predictions.len().max(1) as f64;
    if let Some([metadata_accuracy, metadata_loss]) = network.test
        && ((metadata_accuracy - accuracy(&counts)).abs() > share + 1e-9 || (metadata_loss - figures.loss).abs() > LOSS)
    {
        return Err(wrong("its metadata", format!("accuracy {metadata_accuracy}, loss {metadata_loss}")));
    }
    match (&reported, &arguments.report) {
        (Some(reported), Some(path)) => {
            compare(reported, &figures, &data.test_labels).map_err(|e| wrong(&path.display().to_string(), e))
        }
        _ => Ok(()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{} cannot be read ({e})", path.display()))
}

/// What a report says of the network.
fn reported(path: &Path, network: &TrainedNetwork) -> Result<TestResult, String> {
    let shown = path.display();
    let report: RunReport = serde_json::from_slice(&read(path)?).map_err(|e| format!("{shown} is no report ({e})"))?;
    let own = report.networks.get(network.kind);
    let own = own.ok_or_else(|| format!("{shown} does not report on the {}; give its report", network.kind.label()))?;
    if report.config != network.config {
        return Err(format!("{shown} is of another config than the weights; give their report"));
    }
    Ok(own.test.clone())
}

/// Ten logits of each image, computed by all processors.
fn logits(forward: &Forward, images: &[u8]) -> Vec<f32> {
    let count = images.len() / PIXELS;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut logits = vec![0.0; count * CLASSES];
    let share = count.div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        for (images, logits) in images.chunks(share * PIXELS).zip(logits.chunks_mut(share * CLASSES)) {
            scope.spawn(move || {
                for (image, row) in images.chunks_exact(PIXELS).zip(logits.chunks_exact_mut(CLASSES)) {
                    row.copy_from_slice(&forward.logits(image));
                }
            });
        }
    });
    logits
}

fn figures(data: &Dataset, logits: &[f32]) -> Figures {
    let margin = |row: &[f32]| {
        let mut row = row.to_vec();
        row.sort_by(|a, b| b.total_cmp(a));
        row[0] - row[1]
    };
    Figures {
        loss: mean_cross_entropy(logits, &data.test_labels),
        predictions: arg_max(logits),
        margins: logits.chunks_exact(CLASSES).map(margin).collect(),
    }
}

impl Figures {
    /// Images whose prediction may differ from that of another program.
    fn near_ties(&self) -> usize {
        self.margins.iter().filter(|margin| **margin < TIE).count()
    }
}

/// Whether the figures are those of the report, but for the order of sums.
fn compare(report: &TestResult, figures: &Figures, labels: &[u8]) -> Result<(), String> {
    if report.predictions.len() != figures.predictions.len() {
        return Err(format!("it has {} predictions", report.predictions.len()));
    }
    let differ = report.predictions.iter().zip(&figures.predictions).enumerate().filter(|(_, (a, b))| a != b);
    let clear: Vec<usize> = differ.map(|(at, _)| at).filter(|&at| figures.margins[at] >= TIE).collect();
    if let Some(first) = clear.first() {
        return Err(format!("{} predictions differ, the first one is that of test image {first}", clear.len()));
    }
    if (report.loss - figures.loss).abs() > LOSS {
        return Err(format!("loss {}", report.loss));
    }
    let told = confusion(labels, &report.predictions);
    if told != report.confusion || (accuracy(&told) - report.accuracy).abs() > 1e-9 {
        return Err("its accuracy and its confusion matrix are not those of its own predictions".to_owned());
    }
    Ok(())
}
