//! One epoch, or the rest of it: steps in groups, progress, validation, the epoch's record.

use super::TrainError;
use super::checkpoint::EpochSums;
use super::controls::obey;
use super::host::{Host, YieldPoint};
use super::score::{Validated, validate};
use super::state::RunState;
use crate::data::epoch_order;
use crate::run::RunEvent;
use crate::run::report::{EpochRecord, Note, Score};

/// How long a group of steps may take before the host is asked again, in seconds.
const GROUP_SECONDS: f64 = 0.08;
/// At most this many steps are queued before their losses are read back.
const MAX_GROUP: usize = 32;
/// Seconds between two progress events. Drawing takes processor time, which training then lacks on small machines.
const PROGRESS_EVERY: f64 = 0.4;

/// What the last progress event told.
struct Told {
    steps: usize,
    at: f64,
    seconds: f64,
}

/// Trains to the end of the epoch. True where the host stopped it.
///
/// # Errors
/// What a step or the validation gives.
pub(super) async fn epoch(run: &mut RunState, host: &mut impl Host) -> Result<bool, TrainError> {
    let epoch = run.log.history.len() + 1;
    let config = run.plan.config.clone();
    let order = epoch_order(&run.split.training, config.seed, epoch);
    let batches: Vec<&[u32]> = order.chunks_exact(config.batch).collect();
    let mut told = Told { steps: run.log.step_losses.len(), at: host.now(), seconds: run.clock.seconds };
    let mut stopped = false;
    while run.log.sums.done < batches.len() && !stopped {
        group(run, epoch, &batches, host).await?;
        if host.now() - told.at >= PROGRESS_EVERY || run.log.sums.done == batches.len() {
            host.emit(progress(run, epoch, &told));
            told = Told { steps: run.log.step_losses.len(), at: host.now(), seconds: run.clock.seconds };
        }
        stopped = obey(run, host, YieldPoint::Step).await?;
    }
    if run.log.sums.done < batches.len() {
        // The steps since the last progress are told too, so that the curve ends where the run ends.
        if run.log.step_losses.len() > told.steps {
            host.emit(progress(run, epoch, &told));
        }
        return Ok(true);
    }
    let Validated { score, confusion, watched, dead_units } = validate(run, host).await?;
    let EpochSums { done, loss, correct } = std::mem::take(&mut run.log.sums);
    let record = EpochRecord {
        epoch,
        train: Score { loss: loss / done as f64, accuracy: correct / (done * config.batch) as f64 },
        validation: score,
        seconds: run.clock.seconds,
        learning_rate: run.rate(run.log.step_losses.len().saturating_sub(1)),
        dead_units,
    };
    run.log.history.push(record.clone());
    host.emit(RunEvent::Epoch { record, confusion: confusion.map(Box::new), watched: watched.map(Box::new) });
    Ok(stopped)
}

/// Trains on the next few batches.
async fn group(run: &mut RunState, epoch: usize, batches: &[&[u32]], host: &mut impl Host) -> Result<(), TrainError> {
    let count = match run.clock.pace {
        0.0 => 1,
        pace => ((GROUP_SECONDS / pace) as usize).clamp(1, MAX_GROUP),
    };
    let done = run.log.sums.done;
    let group = &batches[done..batches.len().min(done + count)];
    let start = host.now();
    let outcomes = run.trainer.train(epoch, group, run.helpers, host.pool()).await?;
    let took = host.now() - start;
    let before = run.clock.seconds;
    let lost = run.clock.count(took, group.len());
    if lost > 0.0 {
        run.notes.push(Note::Interrupted { epoch, seconds: lost });
        host.emit(RunEvent::Interrupted { epoch, seconds: lost });
    }
    let pace = (took - lost) / group.len() as f64;
    for (i, outcome) in outcomes.iter().enumerate() {
        run.log.sums.loss += f64::from(outcome.loss);
        run.log.sums.correct += f64::from(outcome.correct);
        run.log.step_losses.push(outcome.loss);
        run.log.step_seconds.push((before + pace * (i + 1) as f64) as f32);
    }
    run.log.sums.done += group.len();
    Ok(())
}

fn progress(run: &RunState, epoch: usize, told: &Told) -> RunEvent {
    let (log, batch) = (&run.log, run.plan.config.batch);
    RunEvent::Progress {
        epoch,
        step: log.step_losses.len(),
        seconds: run.clock.seconds,
        images_per_s: ((log.step_losses.len() - told.steps) * batch) as f64
            / (run.clock.seconds - told.seconds).max(1e-9),
        losses: log.step_losses[told.steps..].to_vec(),
        times: log.step_seconds[told.steps..].to_vec(),
        accuracy: log.sums.correct / (log.sums.done * batch).max(1) as f64,
    }
}
