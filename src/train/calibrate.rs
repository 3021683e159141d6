//! Before the first step: warm-up, and the choice of the number of helpers.

use super::TrainError;
use super::data_parallel::WorkerPool;
use super::host::Host;
use super::state::RunState;
use crate::fashion_mnist::ImageSet;
use crate::kernels::{self, profiler};
use crate::run::report::Backend;

/// Seconds of steps with each number of helpers in calibration, and the fewest groups of steps.
const CALIBRATION: f64 = 0.2;
const GROUPS: usize = 5;
/// Share of a step's time that another helper must gain.
const WORTH: f64 = 0.05;

/// Makes a GPU compile its kernels, touches all memory once, and finds the best number of helpers. The weights are as before afterwards.
///
/// # Errors
/// What the first step or the first logits give.
pub(super) async fn warm_up(run: &mut RunState, host: &mut impl Host) -> Result<(), TrainError> {
    let batch: Vec<u32> = run.split.training.iter().copied().take(run.plan.config.batch).collect();
    run.trainer.train(1, &[&batch], 0, host.pool()).await?;
    run.trainer.logits(ImageSet::Train, &batch[..1]).await?;
    // Helpers use the custom kernels. Sums of another device are not added to theirs.
    if run.device.backend == Backend::Flex {
        run.helpers = calibrate(run, &batch, host).await?;
        run.peak = kernels::peak();
    }
    run.trainer.reset();
    profiler::reset();
    Ok(())
}

/// The number of helpers. If the config names a number and there are processors for it, it is that number. Otherwise helpers are added
/// (up to the config's number, if it names one) as long as one more gains at least [`WORTH`].
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
        run.trainer.train(1, &[batch; 4], helpers, host.pool()).await?; // warm-up of the helper
        let start = host.now();
        let mut times = Vec::new();
        while times.len() < GROUPS || (host.now() - start < CALIBRATION && times.len() < 50) {
            let begin = host.now();
            run.trainer.train(1, &[batch; 4], helpers, host.pool()).await?;
            times.push(host.now() - begin);
        }
        // The median, not the mean: while the browser still compiles or cleans up, one group can take twice as long as the others, and
        // a faster number of helpers would then be given up.
        times.sort_by(f64::total_cmp);
        let pace = times[times.len() / 2];
        if pace > best_pace * (1.0 - WORTH) {
            break;
        }
        (best, best_pace) = (helpers, pace);
    }
    host.pool().resize(best, kind, &config).await;
    Ok(best)
}
