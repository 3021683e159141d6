//! Steps of which each worker does its share.
//!
//! Gradients travel in two halves, and what is known early travels early: while the lower layers' gradients are computed the upper
//! layers' are on their way, and while the lower layers' are on their way the upper layers' step is taken.

use super::budget::EVERY;
use super::crew::{Crew, Job, add, shares};
use super::replica::{Outcome, Replica};
use super::trainer::Source;
use crate::kernels::profiler::{self, Part, time};
use crate::model::Half;

/// Trains on each batch in turn; with `helpers` each batch is shared with so many.
pub(super) async fn together(
    replica: &mut Replica,
    source: &Source,
    epoch: usize,
    batches: &[&[u32]],
    helpers: usize,
    crew: &mut impl Crew,
) -> Vec<Outcome> {
    for helper in 0..helpers {
        if crew.is_new(helper) {
            crew.bring_up(helper, replica.state());
        }
    }
    let own = |batch: &[u32]| source.job(epoch, batch, shares(batch.len(), helpers + 1)[0].clone());
    let mut job = Job::default();
    if let Some(batch) = batches.first() {
        send(source, epoch, batch, helpers, crew);
        job = own(batch);
    }
    // Between two workers gradients cross on the way: neither waits for the other's before it sends its own.
    let pair = helpers == 1;
    let mut outcomes = Vec::with_capacity(batches.len());
    for (i, batch) in batches.iter().enumerate() {
        if replica.step().is_multiple_of(EVERY) {
            profiler::begin_step();
        }
        let next = batches.get(i + 1);
        let mut outcome = replica.compute_upper(&job);
        if pair {
            time(Part::Exchange, || crew.conclude(0, Half::Upper, replica.gradients(Half::Upper), false));
        }
        replica.compute_lower();
        if pair {
            time(Part::Exchange, || crew.conclude(0, Half::Lower, replica.gradients(Half::Lower), false));
            // The next share lies ready when the helper has taken its step.
            next.into_iter().for_each(|next| send(source, epoch, next, helpers, crew));
        }
        next.into_iter().for_each(|next| job = own(next));
        let shares = shares(batch.len(), helpers + 1);
        // What helpers that died should have done.
        let mut redone: Vec<Option<(Outcome, Vec<f32>)>> = vec![None; helpers];
        for half in Half::ALL {
            let range = replica.range(half);
            for (helper, share) in shares[1..].iter().enumerate() {
                let start = profiler::start();
                let received = crew.receive(helper, half, &mut replica.gradients[range.clone()]).await;
                profiler::stop(start, Part::Exchange);
                outcome = match received {
                    Some(theirs) => outcome + theirs,
                    // Its share is done here, so that the step is the same step.
                    None => {
                        let redone = &mut redone[helper];
                        let (theirs, gradients) = match redone {
                            Some(redone) => redone,
                            None => redone.insert(redo(replica, &source.job(epoch, batch, share.clone()))),
                        };
                        add(&mut replica.gradients[range.clone()], &gradients[range.clone()]);
                        if half == Half::Upper { outcome + *theirs } else { outcome }
                    }
                };
            }
            if helpers > 1 {
                time(Part::Exchange, || {
                    (0..helpers).for_each(|helper| crew.conclude(helper, half, replica.gradients(half), true));
                });
            }
            if helpers > 1 && half == Half::Lower {
                next.into_iter().for_each(|next| send(source, epoch, next, helpers, crew));
            }
            replica.advance(half);
        }
        profiler::end_step();
        outcomes.push(outcome);
    }
    outcomes
}

/// Computes another worker's share; the gradients that the replica has are kept.
fn redo(replica: &mut Replica, job: &Job) -> (Outcome, Vec<f32>) {
    let kept = replica.gradients.clone();
    let outcome = replica.compute(job);
    (outcome, std::mem::replace(&mut replica.gradients, kept))
}

/// Sends every helper its share of a batch.
fn send(source: &Source, epoch: usize, batch: &[u32], helpers: usize, crew: &mut impl Crew) {
    for (helper, range) in shares(batch.len(), helpers + 1).into_iter().skip(1).enumerate() {
        let job = source.job(epoch, batch, range);
        time(Part::Exchange, || crew.send(helper, job));
    }
}
