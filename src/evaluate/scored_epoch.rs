//! Says in words which epoch's weights were scored on the test set. Leaves out: how that epoch is chosen (`train`).

use crate::run::report::{Ended, NetworkReport};

/// What is known of the weights that were scored.
enum Scored {
    /// The report does not say, or no epoch ended.
    Unknown,
    /// Training ended with these weights.
    Last,
    /// The weights of an earlier epoch: the one with the lowest validation loss.
    Best,
}

fn scored(report: &NetworkReport) -> Scored {
    match report.scored_epoch {
        0 => Scored::Unknown,
        epoch if epoch < report.history.len() => Scored::Best,
        _ => Scored::Last,
    }
}

/// The epoch and the reason, for a cell of a table: `7 of 10` and `lowest validation loss`. `None` where it is not known.
pub fn scored_epoch_cell(report: &NetworkReport) -> Option<(String, &'static str)> {
    let why = match (scored(report), report.ended) {
        (Scored::Unknown, _) => return None,
        (Scored::Best, _) => "lowest validation loss",
        (Scored::Last, Ended::Stopped) => "the last before it was stopped",
        (Scored::Last, _) => "the last",
    };
    Some((format!("{} of {}", report.scored_epoch, report.history.len()), why))
}

/// The same as a sentence about a network of this name; `None` where it is not known.
pub fn scored_epoch_sentence(name: &str, report: &NetworkReport) -> Option<String> {
    let (epoch, all) = (report.scored_epoch, report.history.len());
    match scored(report) {
        Scored::Unknown => None,
        Scored::Last => Some(format!("The {name} is scored with the weights of its last epoch, {epoch}.")),
        Scored::Best => Some(format!(
            "The {name} is scored with the weights of epoch {epoch} of {all}, which had the lowest validation loss."
        )),
    }
}
