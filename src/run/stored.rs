//! The form in which a run's record is kept: JSON with a version. Leaves out: where it is kept (`app::store`), and checkpoints and
//! probabilities, which are kept apart from it.

use super::record::RunRecord;
use serde::Serialize;

/// The version of the form; a reader refuses what it does not know.
pub const STORED_VERSION: u32 = 1;

/// Why a kept record cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// It is of another version.
    #[error("it has version {0}, and this page reads version {STORED_VERSION}")]
    Version(u32),
    /// It is no record, or its parts do not fit together.
    #[error("it is damaged: {0}")]
    Damaged(String),
}

#[derive(Serialize)]
struct Writing<'a> {
    version: u32,
    record: &'a RunRecord,
}

/// The record as JSON: `{"version":1,"record":{...}}`.
pub fn to_json(record: &RunRecord) -> Result<String, StoredError> {
    serde_json::to_string(&Writing { version: STORED_VERSION, record }).map_err(damaged)
}

/// Reads a record.
pub fn from_json(text: &str) -> Result<RunRecord, StoredError> {
    let mut value: serde_json::Value = serde_json::from_str(text).map_err(damaged)?;
    let version = value["version"].as_u64().and_then(|version| u32::try_from(version).ok());
    match version {
        Some(STORED_VERSION) => {}
        Some(other) => return Err(StoredError::Version(other)),
        None => return Err(StoredError::Damaged("it has no version".to_owned())),
    }
    // By way of a value, as everything that the page reads, so that its program has the code only once.
    let record = serde_json::from_value(value["record"].take()).map_err(damaged)?;
    check(&record)?;
    Ok(record)
}

fn damaged(error: serde_json::Error) -> StoredError {
    StoredError::Damaged(error.to_string())
}

/// What the page relies on and the types do not say.
fn check(record: &RunRecord) -> Result<(), StoredError> {
    let refuse = |what: &str| Err(StoredError::Damaged(what.to_owned()));
    let kinds: Vec<_> = record.networks.iter().map(|network| network.kind).collect();
    if kinds != record.config.kinds() {
        return refuse("its networks are not those of its config");
    }
    if record.config.validate().is_err() {
        return refuse("its config is not valid");
    }
    for network in &record.networks {
        let epochs = network.epochs.len();
        if network.step_losses.len() != network.step_seconds.len()
            || network.confusions.len() != epochs
            || network.watched.len() != epochs
        {
            return refuse("its curves have different lengths");
        }
        if !network.checkpoints.is_sorted_by_key(|kept| kept.step) {
            return refuse("its checkpoints are not in order");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{NetworkKind, RunConfig};
    use crate::run::report::{EpochRecord, RateChange, Score};
    use crate::run::{KeptCheckpoint, Marks, Parent, Phase};
    use std::rc::Rc;

    fn record() -> RunRecord {
        let mut record =
            RunRecord::begin(1_764_060_000_123_007, RunConfig::default(), Default::default(), None, "browser".into());
        record.started_ms = 1_764_060_000_123;
        record.colour = 5;
        record.parent = Some(Parent { run: 7, epoch: 2 });
        record.marks = Marks { note: "\"quoted\"".to_owned(), starred: true };
        let ann = &mut record.networks[0];
        ann.phase = Phase::Training;
        ann.steps_per_epoch = 2;
        ann.step_losses = Rc::new(vec![2.3, 0.1, f32::MIN_POSITIVE]);
        ann.step_seconds = Rc::new(vec![0.1, 0.2, 0.3]);
        let train = Score { loss: 0.1 + 0.2, accuracy: 1.0 / 3.0 };
        let epoch = EpochRecord {
            epoch: 1,
            train,
            validation: None,
            seconds: 0.2,
            learning_rate: 1e-3,
            dead_units: Some([1, 2]),
        };
        ann.epochs = Rc::new(vec![epoch]);
        ann.confusions = Rc::new(vec![None]);
        ann.watched = Rc::new(vec![None]);
        ann.rate_changes = vec![RateChange { step: 2, epoch: 2, factor: 0.5, learning_rate: 5e-4 }];
        ann.checkpoints =
            vec![KeptCheckpoint { epoch: 1, step: 2, bytes: 9 }, KeptCheckpoint { epoch: 1, step: 3, bytes: 9 }];
        record
    }

    #[test]
    fn a_record_comes_back_as_it_was_to_the_bit() {
        let text = to_json(&record()).unwrap();
        assert!(text.starts_with(r#"{"version":1,"record":{"id":1764060000123007,"#), "{text}");
        let read = from_json(&text).unwrap();
        assert_eq!(read, record());
        let bits = |run: &RunRecord| run.networks[0].step_losses.iter().map(|loss| loss.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read), bits(&record()));
    }

    #[test]
    fn a_loss_that_is_no_number_does_not_make_the_record_unreadable() {
        let mut diverged = record();
        diverged.networks[0].step_losses = Rc::new(vec![2.3, f32::NAN, f32::INFINITY]);
        let read = from_json(&to_json(&diverged).unwrap()).unwrap();
        let losses = &read.networks[0].step_losses;
        assert_eq!(losses[0], 2.3);
        assert!(losses[1].is_nan() && losses[2].is_nan());
    }

    #[test]
    fn another_version_is_refused_before_its_content_is_read() {
        assert_eq!(from_json(r#"{"version":2,"record":"anything"}"#), Err(StoredError::Version(2)));
    }

    #[test]
    fn what_is_damaged_is_refused() {
        let whole = to_json(&record()).unwrap();
        for text in ["", "{}", "[1]", r#"{"version":1}"#, r#"{"version":"1"}"#, &whole[..whole.len() / 2]] {
            assert!(matches!(from_json(text), Err(StoredError::Damaged(_))), "{text}");
        }
        let refused = |change: fn(&mut RunRecord)| {
            let mut record = record();
            change(&mut record);
            from_json(&to_json(&record).unwrap()).is_err()
        };
        assert!(!refused(|_| {}));
        assert!(refused(|run| run.networks.truncate(1)));
        assert!(refused(|run| run.networks[1].kind = NetworkKind::Ann));
        assert!(refused(|run| run.networks[0].step_seconds = Rc::default()));
        assert!(refused(|run| run.networks[0].confusions = Rc::default()));
        assert!(refused(|run| run.networks[0].checkpoints.reverse()));
        assert!(refused(|run| (run.config.train, run.config.batch) = (100, 512)));
    }
}
