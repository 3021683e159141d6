//! The messages between the page and the program `classifier`, which shows the views "Try it" and "Inside". Both run in the same window
//! and talk by a message port. Bulk bytes travel beside the text.
//!
//! The program works without the page too (`view=classify`), with the networks that ship. So the page only tells what it alone knows: the
//! shown run and its checkpoints, and images of the dataset.

use super::asked::Picture;
use crate::config::{NetworkKind, RunConfig};
use crate::fashion_mnist::ImageSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the page tells the classifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClassifier {
    /// Show this view in this theme.
    Show {
        /// The view's key: `try` or `inside`.
        view: String,
        /// Light or dark.
        dark: bool,
    },
    /// The run whose networks can answer, in place of the one before; `None`: there is none.
    Run {
        /// The run.
        run: Option<ShownRun>,
    },
    /// A network of the shown run. Beside it: the bytes of its checkpoint, or of its file of weights; no bytes if they are gone.
    Network {
        /// Which.
        network: NetworkKind,
        /// The run.
        run: u64,
        /// The checkpoint is of the end of this epoch, from 1; 0 if it is of the middle of one.
        epoch: usize,
    },
    /// Images that were asked for. Beside it: 784 bytes each.
    Images {
        /// Whose numbering.
        set: ImageSet,
        /// Which.
        indices: Vec<u32>,
        /// Their classes.
        labels: Vec<u8>,
    },
    /// Look at this image.
    Look {
        /// Whose numbering.
        set: ImageSet,
        /// Which.
        index: u32,
    },
    /// What do the networks say to this picture? Answers [`FromClassifier::Answered`].
    Classify {
        /// The number of the question.
        ticket: u64,
        /// The asker's own id of the question.
        id: Option<Value>,
        /// The picture.
        picture: Picture,
    },
    /// Make files of a run and save them. Beside it: the bytes of each part, no bytes for one that is gone.
    Export(Box<ExportOrder>),
    /// Open these files. Beside it: the files.
    Import,
}

/// A form in which a run is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportForm {
    /// The scored weights of each network as .safetensors.
    Weights,
    /// The same for NumPy.
    Npz,
    /// The settings, in the form that `lab train --config` reads.
    Config,
    /// The figures of each epoch as CSV.
    Metrics,
    /// Curves and confusion matrices as SVG.
    PlotsSvg,
    /// The same as PNG, with two pixels for each pixel of the SVG.
    PlotsPng,
    /// Everything in one file, which comes in again.
    WholeRun,
    /// A script for Keras, for each network.
    Keras,
    /// A script for PyTorch, for each network.
    Pytorch,
    /// A script for NumPy.
    Numpy,
}

impl ExportForm {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Weights,
        Self::Npz,
        Self::Config,
        Self::Metrics,
        Self::PlotsSvg,
        Self::PlotsPng,
        Self::WholeRun,
        Self::Keras,
        Self::Pytorch,
        Self::Numpy,
    ];
}

/// What is to be exported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportOrder {
    /// In which form.
    pub form: ExportForm,
    /// The run's number on the page, for the names of the files.
    pub number: usize,
    /// What differs in the run, in words.
    pub label: String,
    /// The record, in the form of `run::stored`.
    pub record: String,
    /// What the bytes beside the message are, in their order.
    pub parts: Vec<RunPart>,
}

/// Bytes that belong to a run. In a message it is one number, which costs the page's program less than a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u64", into = "u64")]
pub struct RunPart {
    /// Of which network.
    pub network: NetworkKind,
    /// What of it.
    pub what: RunBytes,
}

impl From<RunPart> for u64 {
    fn from(part: RunPart) -> Self {
        let what = match part.what {
            RunBytes::TestAnswers => 0,
            RunBytes::Weights => 1,
            RunBytes::Checkpoint(step) => step as u64 + 2,
        };
        2 * what + u64::from(part.network == NetworkKind::Cnn)
    }
}

impl From<u64> for RunPart {
    fn from(number: u64) -> Self {
        let what = match number / 2 {
            0 => RunBytes::TestAnswers,
            1 => RunBytes::Weights,
            step => RunBytes::Checkpoint((step - 2) as usize),
        };
        Self { network: if number % 2 == 1 { NetworkKind::Cnn } else { NetworkKind::Ann }, what }
    }
}

/// What bytes of a network are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunBytes {
    /// The checkpoint of this step.
    Checkpoint(usize),
    /// Ten probabilities of each test image, little-endian 32-bit floats.
    TestAnswers,
    /// The scored weights as a .safetensors file.
    Weights,
}

/// The run that the page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRun {
    /// The run.
    pub id: u64,
    /// Its name, for people.
    pub name: String,
    /// Epochs that can be opened, from 1.
    pub epochs: usize,
    /// The one that is open.
    pub open: Option<usize>,
}

/// What the classifier tells the page. Without names of fields, because each of them is a part of the page's program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromClassifier {
    /// It is there.
    Opened,
    /// Send these images of this set, if the dataset is here.
    Want(ImageSet, Vec<u32>),
    /// Show the run as it was after this epoch (from 1); `None`: as it is now.
    OpenEpoch(Option<usize>),
    /// Show the view of this key: `try` or `inside`.
    Show(String),
    /// The answer to a question of this number, as the asker gets it: the message (`embed::Outgoing`) as JSON.
    Answered(u64, String),
    /// Somebody should know this: what happened, and the next step.
    Notice(String),
    /// A file held these settings: put them into the form.
    UseConfig(Box<RunConfig>),
    /// A file held a run: its record in the form of `run::stored`, which was checked whole, and what the bytes beside the message are, in
    /// their order.
    Imported(String, Vec<RunPart>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_back_from_its_number() {
        for network in NetworkKind::ALL {
            for what in
                [RunBytes::TestAnswers, RunBytes::Weights, RunBytes::Checkpoint(0), RunBytes::Checkpoint(843_750)]
            {
                let part = RunPart { network, what };
                assert_eq!(serde_json::from_value::<RunPart>(serde_json::to_value(part).unwrap()).unwrap(), part);
            }
        }
    }
}
