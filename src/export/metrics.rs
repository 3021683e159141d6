//! The figures of runs as one table (CSV, RFC 4180): a line for each network and epoch, and one for each test set.

use crate::run::RunRecord;
use crate::run::report::Score;
use std::fmt::Write;

/// The columns.
const HEAD: &str = "run,label,network,part,epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,test_loss,\
                    test_accuracy,seconds,learning_rate\r\n";

/// The table of some runs, each with its label (`run::label`). Losses are mean cross-entropies in nats, accuracies shares from 0 to 1,
/// seconds those of training since the start of the run. In the column `part` stands `epoch`, or `test` for the figures of the test set,
/// which stand beside the scored epoch. Every figure is written so that it reads back as the same 64-bit number; what is not known is
/// empty.
pub fn metrics_csv(runs: &[(&RunRecord, &str)]) -> String {
    let mut table = HEAD.to_owned();
    for (record, label) in runs {
        for network in &record.networks {
            let start = format!("{},{},{}", record.id, quoted(label), network.kind.key());
            for epoch in network.epochs.iter() {
                let (train, validation) = (score(Some(epoch.train)), score(epoch.validation));
                let (seconds, rate) = (epoch.seconds, epoch.learning_rate);
                // Writing to a text cannot fail.
                let _ = write!(table, "{start},epoch,{},{train},{validation},,,{seconds},{rate}\r\n", epoch.epoch);
            }
            if let Some(report) = &network.report {
                // Weights from the middle of an epoch have none.
                let epoch = Some(report.scored_epoch).filter(|&epoch| epoch > 0);
                let epoch = epoch.map(|epoch| epoch.to_string()).unwrap_or_default();
                let test = score(Some(Score { loss: report.test.loss, accuracy: report.test.accuracy }));
                let _ = write!(table, "{start},test,{epoch},,,,,{test},{},\r\n", report.training_seconds);
            }
        }
    }
    table
}

/// Loss and accuracy as two cells.
fn score(score: Option<Score>) -> String {
    score.map_or_else(|| ",".to_owned(), |score| format!("{},{}", score.loss, score.accuracy))
}

/// A text as a cell.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
