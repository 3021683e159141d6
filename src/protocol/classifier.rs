//! The messages between the page and the program `classifier`, which shows the views "Try it" and "Inside". Both run in the same window
//! and talk by a message port. Bulk bytes travel beside the text.
//!
//! The program works without the page too (`view=classify`), with the networks that ship. So the page only tells what it alone knows: the
//! shown run and its checkpoints, and images of the dataset.

use super::asked::Picture;
use crate::config::NetworkKind;
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
    /// A network of the shown run. Beside it: the bytes of its checkpoint.
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

/// What the classifier tells the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromClassifier {
    /// It is there.
    Opened,
    /// Send these images, if the dataset is here.
    Want {
        /// Whose numbering.
        set: ImageSet,
        /// Which.
        indices: Vec<u32>,
    },
    /// Show the run as it was after this epoch (from 1); `None`: as it is now.
    OpenEpoch {
        /// The epoch.
        epoch: Option<usize>,
    },
    /// Show this view.
    Show {
        /// The view's key: `try` or `inside`.
        view: String,
    },
    /// The answer to a question, as the asker gets it.
    Answered {
        /// The number of the question.
        ticket: u64,
        /// The message (`embed::Outgoing`) as JSON.
        json: String,
    },
}
