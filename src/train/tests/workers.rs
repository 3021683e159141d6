//! Several workers train as one worker does.

use super::*;
use crate::architecture::GradientBucket;

/// A pool of threads. From some step on, one of its helpers never answers.
struct Dying {
    threads: ThreadPool,
    threads_that_die: usize,
    left: usize,
}

impl WorkerPool for Dying {
    fn max_workers(&self) -> usize {
        3
    }

    fn idle_cores(&self) -> usize {
        3
    }

    fn replaced(&self) -> u32 {
        0
    }

    async fn resize(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.threads.resize(helpers, kind, config).await;
    }

    fn invalidate_replicas(&mut self) {
        self.threads.invalidate_replicas();
    }

    fn needs_replica(&self, helper: usize) -> bool {
        self.threads.needs_replica(helper)
    }

    fn send_state(&mut self, helper: usize, state: &ReplicaState) {
        self.threads.send_state(helper, state);
    }

    fn send(&mut self, helper: usize, shard: Shard) {
        self.threads.send(helper, shard);
    }

    async fn receive(&mut self, helper: usize, half: GradientBucket, sum: &mut [f32]) -> Option<StepOutcome> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 && helper == self.threads_that_die {
            // Its answer is lost.
            self.threads.receive(helper, half, &mut vec![0.0; sum.len()]).await;
            return None;
        }
        self.threads.receive(helper, half, sum).await
    }

    fn apply_gradients(&mut self, helper: usize, half: GradientBucket, gradients: &[f32], whole: bool) {
        self.threads.apply_gradients(helper, half, gradients, whole);
    }
}

#[test]
fn helpers_train_as_one_worker_does_and_a_dead_one_changes_nothing() {
    for kind in NetworkKind::ALL {
        for norm in [false, true] {
            let config = RunConfig {
                ann_dropout: 0.2,
                ann_batch_norm: norm,
                cnn_batch_norm: norm,
                weight_decay: 0.01,
                flip: true,
                shift: 1,
                ..tiny()
            };
            let data = bars(config.train);
            let batches: Vec<Vec<u32>> = (0..6).map(|b| (b * 20..b * 20 + 20).collect()).collect();
            let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
            let train = |helpers: usize, left: usize| {
                let mut pool =
                    Dying { threads: ThreadPool::default(), threads_that_die: helpers.saturating_sub(1), left };
                let mut trainer = Trainer::new(kind, &config, data.clone(), &Device::flex());
                pollster::block_on(async {
                    pool.resize(helpers, kind, &config).await;
                    // Steps before a restore, whose replicas are stale afterwards, and groups of several steps.
                    trainer.train(1, &batches[..2], helpers, &mut pool).await.unwrap();
                    trainer.reset();
                    let mut outcomes = trainer.train(1, &batches[..4], helpers, &mut pool).await.unwrap();
                    outcomes.extend(trainer.train(1, &batches[4..], helpers, &mut pool).await.unwrap());
                    (outcomes, trainer.weights().await.unwrap())
                })
            };
            let alone = train(0, 99);
            for helpers in [1, 2] {
                let together = train(helpers, 99);
                for (a, b) in alone.0.iter().zip(&together.0) {
                    // The same sums in another order; with batch norm each shard has its own statistics.
                    let close = if norm {
                        (a.loss - b.loss).abs() < 0.5
                    } else {
                        (a.loss - b.loss).abs() < 1e-4 && a.correct == b.correct
                    };
                    assert!(close, "{kind:?}, {helpers} helpers, norm {norm}: {a:?} {b:?}");
                }
                assert!(together == train(helpers, 99), "{kind:?}: the same from run to run");
                // The gradients of its upper half are lost, or those of its lower half.
                for answers in [5 * helpers, 6 * helpers] {
                    let with_a_death = train(helpers, answers);
                    // The leader's running statistics also see the shard that it computes again.
                    assert!(
                        together.0 == with_a_death.0 && (norm || together.1 == with_a_death.1),
                        "{kind:?}: the same share"
                    );
                }
            }
        }
    }
}
