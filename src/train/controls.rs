//! Does what the host asks for between two steps. Leaves out: how the host gets to know it.

use super::TrainError;
use super::host::{Host, YieldPoint};
use super::state::RunState;
use crate::run::{Control, RunEvent};

/// Asks the host, and does what it wants until it says to go on. True if training shall end.
///
/// # Errors
/// What a checkpoint gives.
pub(super) async fn obey(run: &mut RunState, host: &mut impl Host, point: YieldPoint) -> Result<bool, TrainError> {
    loop {
        match host.poll_control(point).await {
            Control::Go => return Ok(false),
            Control::Stop => return Ok(true),
            Control::Checkpoint => {
                let checkpoint = run.checkpoint().await?;
                host.keep(&checkpoint);
            }
            Control::ScaleLearningRate(factor) => {
                let change = run.scale_rate(factor);
                host.emit(RunEvent::RateChanged { change });
                // A run that goes on after a crash must not go back behind it.
                let checkpoint = run.checkpoint().await?;
                host.keep(&checkpoint);
            }
            Control::OneMoreEpoch => {
                run.log.extra_epochs += 1;
                host.emit(RunEvent::Extended { extra_epochs: run.log.extra_epochs });
            }
        }
    }
}
