//! Makes files of a run: from its record and its kept bytes to files with names. What cannot be made is said, and the rest is made. Leaves
//! out: which bytes are handed over (`page::export`), the forms themselves (`export`), and saving (`classifier`).

use super::file::{Content, File};
use super::plots::{Plot, plots};
use crate::export::{
    CheckpointFile, RunFile, config_file, metrics_csv, npz, script_keras, script_numpy, script_pytorch,
};
use crate::fashion_mnist::{CLASSES, TEST_IMAGES};
use crate::protocol::classifier::{ExportForm, ExportOrder, RunBytes, RunPart};
use crate::protocol::floats;
use crate::run::{NetworkProgress, RunRecord, stored};
use crate::weights::{TrainedNetwork, of_checkpoint};
use std::rc::Rc;

const BINARY: &str = "application/octet-stream";
const SCRIPT: &str = "text/x-python";

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Made {
    /// The files.
    pub files: Vec<File>,
    /// What could not be made and why, each as a sentence.
    pub failures: Vec<String>,
}

/// The bytes of a run by what they are. Those without a byte are gone.
struct Kept<'a> {
    parts: &'a [RunPart],
    bytes: &'a [Vec<u8>],
}

impl<'a> Kept<'a> {
    fn get(&self, network: &NetworkProgress, what: RunBytes) -> Option<&'a [u8]> {
        let place = self.parts.iter().position(|part| *part == RunPart { network: network.kind, what })?;
        self.bytes.get(place).map(Vec::as_slice).filter(|bytes| !bytes.is_empty())
    }
}

/// Carries out an order. `bytes` are those of its parts, in their order.
pub fn export(order: &ExportOrder, bytes: &[Vec<u8>]) -> Made {
    let mut made = Made::default();
    let record = match stored::from_json(&order.record) {
        Ok(record) => record,
        Err(error) => {
            made.failures.push(format!("The run cannot be exported: {error}."));
            return made;
        }
    };
    let kept = Kept { parts: &order.parts, bytes };
    let stem = format!("fashion-lab-run-{}", order.number);
    match order.form {
        ExportForm::Weights | ExportForm::Npz => weights(order.form, &record, &kept, &stem, &mut made),
        ExportForm::Config => {
            let text = config_file(&record.config);
            made.files.push(File::new(format!("{stem}-config.json"), "application/json", text));
        }
        ExportForm::Metrics => {
            let text = metrics_csv(&[(&record, &order.label)]);
            made.files.push(File::new(format!("{stem}-metrics.csv"), "text/csv", text));
        }
        ExportForm::PlotsSvg | ExportForm::PlotsPng => pictures(order.form, &record, &stem, &mut made),
        ExportForm::WholeRun => whole_run(record, &kept, &stem, &mut made),
        ExportForm::Keras | ExportForm::Pytorch => {
            for kind in record.networks.iter().map(|network| network.kind) {
                let (text, library) = match order.form {
                    ExportForm::Keras => (script_keras(kind, &record.config), "keras"),
                    _ => (script_pytorch(kind, &record.config), "pytorch"),
                };
                made.files.push(File::new(format!("{stem}-{}-{library}.py", kind.key()), SCRIPT, text));
            }
        }
        ExportForm::Numpy => made.files.push(File::new(format!("{stem}-numpy.py"), SCRIPT, script_numpy())),
    }
    made
}

fn weights(form: ExportForm, record: &RunRecord, kept: &Kept, stem: &str, made: &mut Made) {
    for network in &record.networks {
        let name = format!("{stem}-{}", network.kind.key());
        let file = trained(record, network, kept).and_then(|trained| match form {
            ExportForm::Npz => Ok(File::new(format!("{name}.npz"), BINARY, npz(&trained).map_err(|e| e.to_string())?)),
            _ => {
                let bytes = trained.to_bytes().map_err(|e| e.to_string())?;
                Ok(File::new(format!("{name}.safetensors"), BINARY, bytes))
            }
        });
        match file {
            Ok(file) => made.files.push(file),
            Err(reason) => {
                made.failures.push(format!("The weights of the {} are not exported: {reason}.", network.kind.label()));
            }
        }
    }
}

/// The scored weights of a network, or why they cannot be had.
fn trained(record: &RunRecord, network: &NetworkProgress, kept: &Kept) -> Result<TrainedNetwork, String> {
    let scored = network.scored_checkpoint();
    let checkpoint = scored.and_then(|at| Some((at, kept.get(network, RunBytes::Checkpoint(at.step))?)));
    if let Some((at, bytes)) = checkpoint {
        let mut trained = of_checkpoint(bytes).map_err(|e| e.to_string())?;
        if trained.kind != network.kind {
            return Err("the kept checkpoint is of the other network".to_owned());
        }
        (trained.test, trained.dataset) = (network.test_of(at), record.dataset.name.clone());
        return Ok(trained);
    }
    if let Some(bytes) = kept.get(network, RunBytes::Weights) {
        return TrainedNetwork::read(bytes).map_err(|e| e.to_string());
    }
    Err(match network.step_losses.is_empty() {
        true => "it was not trained".to_owned(),
        false => "the checkpoint with them is not kept any more".to_owned(),
    })
}

fn pictures(form: ExportForm, record: &RunRecord, stem: &str, made: &mut Made) {
    for Plot { name, svg, size } in plots(record) {
        made.files.push(match form {
            ExportForm::PlotsPng => File { name: format!("{stem}-{name}.png"), content: Content::Png { svg, size } },
            _ => File::new(format!("{stem}-{name}.svg"), "image/svg+xml", svg),
        });
    }
    if made.files.is_empty() {
        made.failures.push("There is nothing to plot yet: the run has no finished epoch.".to_owned());
    }
}

/// The whole run with everything that is still there.
fn whole_run(mut record: RunRecord, kept: &Kept, stem: &str, made: &mut Made) {
    let (mut weights, mut checkpoints, mut missing) = (Vec::new(), Vec::new(), 0);
    for network in &record.networks {
        if let Ok(Ok(bytes)) = trained(&record, network, kept).map(|trained| trained.to_bytes()) {
            weights.push((network.kind, bytes));
        }
        for at in &network.checkpoints {
            match kept.get(network, RunBytes::Checkpoint(at.step)).filter(|bytes| bytes.len() as u64 == at.bytes) {
                Some(bytes) => {
                    let (kind, step) = (network.kind, at.step);
                    checkpoints.push(CheckpointFile { kind, step, bytes: bytes.to_vec() });
                }
                None => missing += 1,
            }
        }
    }
    for network in &mut record.networks {
        let answers = kept.get(network, RunBytes::TestAnswers).map(floats);
        network.probabilities = answers.filter(|floats| floats.len() == TEST_IMAGES * CLASSES).map(Rc::new);
        network.has_weights = false;
    }
    match (RunFile { record, weights, checkpoints }).to_bytes() {
        Ok(bytes) => made.files.push(File::new(format!("{stem}.zip"), "application/zip", bytes)),
        Err(error) => {
            made.failures.push(format!("The run cannot be exported as one file: {error}."));
            return;
        }
    }
    if missing > 0 {
        let them = if missing == 1 { "One checkpoint is".to_owned() } else { format!("{missing} checkpoints are") };
        made.failures.push(format!(
            "{them} not in the file of the run: they are not kept any more, or there are too many of them. The scored and the newest ones come first."
        ));
    }
}
