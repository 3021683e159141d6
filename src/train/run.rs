//! A whole run of one network: warm-up, epochs, early stopping, fallback, the test set, the report.

use super::calibrate::warm_up;
use super::checkpoint::Checkpoint;
use super::controls::obey;
use super::data_parallel::{WorkerPool, shard_ranges};
use super::epoch::epoch;
use super::host::{Host, YieldPoint};
use super::state::{Plan, RunState};
use super::step_profile::step_times;
use super::trainer::SCORE_BATCH;
use super::{TrainError, score};
use crate::architecture;
use crate::config::{Order, RunConfig, ScoredWeights};
use crate::kernels::profiler;
use crate::run::RunEvent;
use crate::run::report::{Ended, NetworkReport, Note};

/// A trained network and the results of its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The figures.
    pub report: NetworkReport,
    /// Ten probabilities of each test image.
    pub probabilities: Vec<f32>,
    /// The weights that were scored, in the order of [`crate::weights::layout`].
    pub weights: Vec<f32>,
    /// The state at the end of training, from which the run can go on.
    pub checkpoint: Checkpoint,
}

/// Trains one network to its end.
///
/// # Errors
/// [`TrainError`], where there is nothing to fall back to.
pub async fn run(plan: Plan, host: &mut impl Host) -> Result<Trained, TrainError> {
    let notes = side_by_side(&plan.config);
    let mut run = RunState::new(plan, notes);
    start(&mut run, host).await?;
    let (ended, last) = train(&mut run, host).await?;
    let scored = scored_epoch(&mut run, ended);
    host.emit(RunEvent::Scoring { epoch: scored });
    let (report, probabilities, weights) = match finish(&run, ended, scored, host).await {
        Err(error @ (TrainError::Device(_) | TrainError::Disagreement(_))) => {
            fall_back(&mut run, error, Some(&last), host)?;
            let scored = scored_epoch(&mut run, ended);
            finish(&run, ended, scored, host).await?
        }
        other => other?,
    };
    Ok(Trained { report, probabilities, weights, checkpoint: last })
}

/// The note if the run's times are disturbed from its start.
fn side_by_side(config: &RunConfig) -> Vec<Note> {
    let shared = config.order == Order::SideBySide && config.kinds().len() > 1;
    shared.then_some(Note::SideBySide).into_iter().collect()
}

/// Warms up, and takes the checkpoint from which the run goes on.
async fn start(run: &mut RunState, host: &mut impl Host) -> Result<(), TrainError> {
    let begin = host.now();
    if let Err(error) = warm_up(run, host).await {
        fall_back(run, error, None, host)?;
    }
    if let Some(from) = run.plan.from.clone() {
        run.begin_from(&from);
    }
    run.warmup_seconds = host.now() - begin;
    host.emit(RunEvent::Started {
        steps_per_epoch: run.plan.config.steps_per_epoch(),
        workers: run.helpers + 1,
        warmup_seconds: run.warmup_seconds,
        step: run.log.step_losses.len(),
    });
    Ok(())
}

fn fall_back(
    run: &mut RunState,
    error: TrainError,
    good: Option<&Checkpoint>,
    host: &mut impl Host,
) -> Result<(), TrainError> {
    run.fall_back(error, good)?;
    host.emit(RunEvent::FellBack { device: run.device.clone() });
    if let Some(&change) = run.log.rate_changes.last().filter(|change| change.step == run.log.step_losses.len()) {
        host.emit(RunEvent::RateChanged { change });
    }
    Ok(())
}

/// Trains until all epochs are done, early stopping ends it, or the host stops it. Returns why it ended, and the state at the end.
async fn train(run: &mut RunState, host: &mut impl Host) -> Result<(Ended, Checkpoint), TrainError> {
    let patience = run.plan.config.patience;
    let mut good = run.checkpoint().await?;
    while run.log.history.len() < run.epochs() {
        let stopped = match epoch(run, host).await {
            Ok(stopped) => stopped,
            Err(error) => {
                fall_back(run, error, Some(&good), host)?;
                continue;
            }
        };
        match run.checkpoint().await {
            Ok(checkpoint) => good = checkpoint,
            Err(error) => {
                fall_back(run, error, Some(&good), host)?;
                if !stopped {
                    continue;
                }
            }
        }
        // Stopped in the middle of an epoch, there is no new validation loss.
        let early = run.log.sums.done == 0 && watch(run, &mut good, patience);
        host.keep(&good);
        if stopped {
            return Ok((Ended::Stopped, good));
        }
        if early {
            return Ok((Ended::EarlyStopping, good));
        }
        if run.log.history.len() < run.epochs() {
            match obey(run, host, YieldPoint::EpochEnd).await {
                Ok(false) => {}
                Ok(true) => return Ok((Ended::Stopped, good)),
                Err(error) => fall_back(run, error, Some(&good), host)?,
            }
        }
    }
    Ok((Ended::Completed, good))
}

/// Passes the last epoch's validation loss to early stopping. True if the run shall end.
fn watch(run: &mut RunState, good: &mut Checkpoint, patience: usize) -> bool {
    let Some(record) = run.log.history.last() else { return false };
    let wanted = patience > 0 || run.plan.config.weights == ScoredWeights::Best;
    let Some(validation) = record.validation.filter(|_| wanted) else { return false };
    let early = run.early_stopping.observe(record.epoch, validation.loss, good.weights(), patience);
    good.early_stopping = run.early_stopping.clone();
    early
}

/// Restores the weights that are scored: the best epoch's if the run ended early or the config asks for them, else the last ones. Returns
/// their epoch, from 1; 0 if they are from the middle of an epoch.
fn scored_epoch(run: &mut RunState, ended: Ended) -> usize {
    let best = ended == Ended::EarlyStopping || run.plan.config.weights == ScoredWeights::Best;
    match run.early_stopping.best.clone().filter(|_| best) {
        Some(best) => {
            let step = best.epoch * run.plan.config.steps_per_epoch();
            run.trainer.restore(super::OptimizerState::new(best.weights), step);
            best.epoch
        }
        // The run was stopped in the middle of an epoch.
        None if run.log.sums.done > 0 => 0,
        None => run.log.history.len(),
    }
}

/// Scores the network on the test set and makes the report. Returns the report, the probabilities and the scored weights.
async fn finish(
    run: &RunState,
    ended: Ended,
    scored_epoch: usize,
    host: &mut impl Host,
) -> Result<(NetworkReport, Vec<f32>, Vec<f32>), TrainError> {
    let (test, probabilities) = score::test(run, host).await?;
    let weights = run.trainer.weights().await?;
    let latency = vec![score::latency(run, 1, host).await?, score::latency(run, SCORE_BATCH, host).await?];
    let config = &run.plan.config;
    let cost = architecture::of(run.plan.network, config);
    let images = (run.log.step_losses.len() * config.batch) as f64;
    let share = shard_ranges(config.batch, run.helpers + 1)[0].len();
    let mut notes = run.notes.clone();
    match host.pool().replaced() {
        0 => {}
        workers => notes.push(Note::WorkersReplaced { workers }),
    }
    let report = NetworkReport {
        device: run.device.clone(),
        parameters: cost.parameters(),
        macs: cost.macs(),
        weight_bytes: cost.weight_bytes(),
        workers: run.helpers + 1,
        ended,
        training_seconds: run.clock.seconds,
        warmup_seconds: run.warmup_seconds,
        images_per_s: if run.clock.seconds > 0.0 { images / run.clock.seconds } else { 0.0 },
        step_times: step_times(run.plan.network, config, share, &profiler::read(), run.peak),
        history: run.log.history.clone(),
        scored_epoch,
        step_losses: run.log.step_losses.clone(),
        step_seconds: run.log.step_seconds.clone(),
        latency,
        test,
        notes,
        rate_changes: run.log.rate_changes.clone(),
        extra_epochs: run.log.extra_epochs,
    };
    Ok((report, probabilities, weights))
}
