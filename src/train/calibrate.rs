//! Before the first step: warm-up, and how many helpers are worth their while.

use super::TrainError;
use super::data_parallel::WorkerPool;
use super::host::Host;
use super::state::RunState;
use crate::fashion_mnist::ImageSet;
use crate::kernels::{self, profiler};
use crate::run::report::Backend;

/// Seconds of steps with each number of helpers in calibration.
const CALIBRATION: f64 = 0.15;
/// Share of a step's time that another helper must gain.
const WORTH: f64 = 0.05;

/// Compiles what a GPU compiles lazily, touches all memory once, and finds out how many helpers are worth their while. Nothing of it
/// stays in the weights.
///
/// # Errors
/// What the first step or the first logits give.
pub(super) async fn warm_up(run: &mut RunState, host: &mut impl Host) -> Result<(), TrainError> {
    let batch: Vec<u32> = run.split.training.iter().copied().take(run.plan.config.batch).collect();
    run.trainer.train(1, &[&batch], 0, host.pool()).await?;
    run.trainer.logits(ImageSet::Train, &batch[..1]).await?;
    // Helpers have this project's own kernels; another device's sums are not mixed with theirs.
    if run.device.backend == Backend::Flex {
        run.helpers = calibrate(run, &batch, host).await?;
        run.peak = kernels::peak();
    }
    run.trainer.reset();
    profiler::reset();
    Ok(())
}

/// The number of helpers that trains fastest, or the config's where it names one and there are processors for it; of more than
/// those, what gains. Adding stops where another helper gains less than [`WORTH`].
async fn calibrate(run: &mut RunState, batch: &[u32], host: &mut impl Host) -> Result<usize, TrainError> {
    let (kind, config) = (run.plan.network, run.plan.config.clone());
    let idle = host.pool().idle_cores();
    let most = batch.len().saturating_sub(1);
    let asked = config.workers.checked_sub(1).map(|helpers| helpers.min(host.pool().max_workers()).min(most));
    if let Some(helpers) = asked.filter(|&helpers| helpers <= idle) {
        host.pool().resize(helpers, kind, &config).await;
        return Ok(helpers);
    }
    let (mut best, mut best_pace) = (0, f64::INFINITY);
    for helpers in 0..=asked.unwrap_or(idle).min(most) {
        host.pool().resize(helpers, kind, &config).await;
        run.trainer.train(1, &[batch; 4], helpers, host.pool()).await?; // the helper's own warm-up
        let start = host.now();
        let mut groups = 0;
        while groups < 2 || (host.now() - start < CALIBRATION && groups < 50) {
            run.trainer.train(1, &[batch; 4], helpers, host.pool()).await?;
            groups += 1;
        }
        let pace = (host.now() - start) / f64::from(groups);
        if pace > best_pace * (1.0 - WORTH) {
            break;
        }
        (best, best_pace) = (helpers, pace);
    }
    host.pool().resize(best, kind, &config).await;
    Ok(best)
}
