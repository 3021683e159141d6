//! Steps that several workers take together: each computes its shard, and the gradients are summed over all of them.
//!
//! Gradients travel in two buckets, and each is sent as early as possible. While the lower layers' gradients are computed, the upper
//! layers' are on their way. While the lower layers' are on their way, the step of the upper layers is taken.

use super::pool::WorkerPool;
use super::replica::Replica;
use super::shard::{Shard, StepOutcome, accumulate, shard_ranges};
use crate::architecture::GradientBucket;
use crate::kernels::profiler::{self, Part, time};
use crate::train::batches::BatchLoader;
use crate::train::step_profile::EVERY;

/// Trains on each batch in turn; with `helpers` each batch is shared with so many.
pub(in crate::train) async fn all_reduce_steps(
    replica: &mut Replica,
    loader: &BatchLoader,
    epoch: usize,
    batches: &[&[u32]],
    helpers: usize,
    pool: &mut impl WorkerPool,
) -> Vec<StepOutcome> {
    for helper in 0..helpers {
        if pool.needs_replica(helper) {
            pool.send_state(helper, replica.state());
        }
    }
    let own = |batch: &[u32]| loader.shard(epoch, batch, shard_ranges(batch.len(), helpers + 1)[0].clone());
    let mut shard = Shard::default();
    if let Some(batch) = batches.first() {
        send(loader, epoch, batch, helpers, pool);
        shard = own(batch);
    }
    // Between two workers gradients cross on the way: neither waits for the other's before it sends its own.
    let pair = helpers == 1;
    let mut outcomes = Vec::with_capacity(batches.len());
    for (i, batch) in batches.iter().enumerate() {
        if replica.step().is_multiple_of(EVERY) {
            profiler::begin_step();
        }
        let next = batches.get(i + 1);
        let mut outcome = replica.compute_upper(&shard);
        if pair {
            exchange(pool, replica, GradientBucket::Upper, 1, false);
        }
        replica.compute_lower();
        if pair {
            exchange(pool, replica, GradientBucket::Lower, 1, false);
            // The next shard lies ready when the helper has taken its step.
            next.into_iter().for_each(|next| send(loader, epoch, next, helpers, pool));
        }
        next.into_iter().for_each(|next| shard = own(next));
        let ranges = shard_ranges(batch.len(), helpers + 1);
        // Shards of helpers that died, computed here.
        let mut redone: Vec<Option<(StepOutcome, Vec<f32>)>> = vec![None; helpers];
        for bucket in GradientBucket::ALL {
            let places = replica.range(bucket);
            for (helper, range) in ranges[1..].iter().enumerate() {
                let start = profiler::start();
                let received = pool.receive(helper, bucket, &mut replica.gradients[places.clone()]).await;
                profiler::stop(start, Part::Exchange);
                outcome = match received {
                    Some(theirs) => outcome + theirs,
                    // The leader computes the shard, so that the step stays the same step.
                    None => {
                        let (theirs, gradients) = match &mut redone[helper] {
                            Some(redone) => redone,
                            none => none.insert(redo(replica, &loader.shard(epoch, batch, range.clone()))),
                        };
                        accumulate(&mut replica.gradients[places.clone()], &gradients[places.clone()]);
                        if bucket == GradientBucket::Upper { outcome + *theirs } else { outcome }
                    }
                };
            }
            if helpers > 1 {
                exchange(pool, replica, bucket, helpers, true);
            }
            if helpers > 1 && bucket == GradientBucket::Lower {
                next.into_iter().for_each(|next| send(loader, epoch, next, helpers, pool));
            }
            replica.advance(bucket);
        }
        profiler::end_step();
        outcomes.push(outcome);
    }
    outcomes
}

/// Sends one bucket of the leader's gradients to each helper: the sum if `whole`, else the leader's own.
fn exchange(pool: &mut impl WorkerPool, replica: &Replica, bucket: GradientBucket, helpers: usize, whole: bool) {
    time(Part::Exchange, || {
        (0..helpers).for_each(|helper| pool.apply_gradients(helper, bucket, replica.gradients(bucket), whole));
    });
}

/// Computes another worker's shard. The gradients that the replica has are kept.
fn redo(replica: &mut Replica, shard: &Shard) -> (StepOutcome, Vec<f32>) {
    let kept = replica.gradients.clone();
    let outcome = replica.compute(shard);
    (outcome, std::mem::replace(&mut replica.gradients, kept))
}

/// Sends every helper its shard of a batch.
fn send(loader: &BatchLoader, epoch: usize, batch: &[u32], helpers: usize, pool: &mut impl WorkerPool) {
    for (helper, range) in shard_ranges(batch.len(), helpers + 1).into_iter().skip(1).enumerate() {
        let shard = loader.shard(epoch, batch, range);
        time(Part::Exchange, || pool.send(helper, shard));
    }
}
