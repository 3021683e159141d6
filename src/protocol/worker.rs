//! The messages between an engine worker that leads a run and one that helps it. Buffers travel beside the text.

use crate::architecture::GradientBucket;
use crate::config::{NetworkKind, RunConfig};
use serde::{Deserialize, Serialize};

/// What a leader asks of a helper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// Be ready for this network. Answers [`FromWorker::Ready`].
    Prepare {
        /// Which network.
        network: NetworkKind,
        /// The run.
        config: RunConfig,
    },
    /// Go on from this state. Beside it: weights, first and second moments.
    Restore {
        /// Steps of the run.
        step: usize,
        /// Steps of the optimiser.
        optimizer_steps: u32,
        /// What the schedule's learning rate is multiplied with.
        rate_factor: f64,
    },
    /// Compute a shard. Beside it: pixels and labels. Answers [`FromWorker::Computed`] twice.
    Compute {
        /// Place of the first image in the whole batch.
        first: usize,
        /// Images of the whole batch.
        batch: usize,
    },
    /// Apply gradients to one bucket of a step. Beside it: the gradients.
    ApplyGradients {
        /// Which bucket.
        bucket: GradientBucket,
        /// Whether they are already reduced over the whole batch; if not, they are added to the helper's own.
        whole: bool,
    },
}

/// What a helper answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromWorker {
    /// It is ready.
    Ready,
    /// One bucket of a shard is done. Beside it: its gradients. Loss and correct answers of the shard come with the upper bucket,
    /// zeros with the lower one.
    Computed {
        /// Sum of the shard's cross-entropies over the size of the whole batch.
        loss: f32,
        /// Correct answers of the shard.
        correct: f32,
    },
}

/// A message to a worker of the engine's program, which can serve a page or help another worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Envelope {
    /// From the page.
    Engine(super::engine::ToEngine),
    /// From the worker that this one helps.
    Worker(ToWorker),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ToEngine;

    #[test]
    fn a_worker_knows_whom_a_message_is_for() {
        let of_page = Envelope::Engine(ToEngine::Pause { run: 3 });
        let text = serde_json::to_string(&of_page).unwrap();
        assert_eq!(text, r#"{"engine":{"pause":{"run":3}}}"#);
        assert_eq!(serde_json::from_str::<Envelope>(&text).unwrap(), of_page);
        let of_leader = Envelope::Worker(ToWorker::ApplyGradients { bucket: GradientBucket::Upper, whole: true });
        let text = serde_json::to_string(&of_leader).unwrap();
        assert_eq!(serde_json::from_str::<Envelope>(&text).unwrap(), of_leader);
        let open = serde_json::to_string(&Envelope::Engine(ToEngine::Open)).unwrap();
        assert_eq!(serde_json::from_str::<Envelope>(&open).unwrap(), Envelope::Engine(ToEngine::Open));
    }
}
