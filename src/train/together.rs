//! Steps of which each worker does its share.

use super::budget::EVERY;
use super::crew::{Crew, add, shares};
use super::replica::{Outcome, Replica};
use super::trainer::Source;
use crate::kernels::stopwatch::{self, Part, time};

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
    if let Some(batch) = batches.first() {
        send(source, epoch, batch, helpers, crew);
    }
    let mut outcomes = Vec::with_capacity(batches.len());
    for (i, batch) in batches.iter().enumerate() {
        if replica.step().is_multiple_of(EVERY) {
            stopwatch::begin();
        }
        let shares = shares(batch.len(), helpers + 1);
        let mut outcome = replica.compute(&source.job(epoch, batch, shares[0].clone()));
        // Between two workers gradients cross on the way: neither waits for the other's before it sends its own.
        let pair = helpers == 1;
        if pair {
            time(Part::Exchange, || crew.conclude(0, &replica.gradients, false));
            // The next share lies ready when the helper has taken its step.
            batches.get(i + 1).into_iter().for_each(|next| send(source, epoch, next, helpers, crew));
        }
        for (helper, range) in shares[1..].iter().enumerate() {
            let start = stopwatch::start();
            let received = crew.receive(helper, &mut replica.gradients).await;
            stopwatch::stop(start, Part::Exchange);
            let theirs = match received {
                Some(theirs) => theirs,
                // It died: its share is done here, so that the step is the same step.
                None => {
                    let mut sum = std::mem::take(&mut replica.gradients);
                    let theirs = replica.compute(&source.job(epoch, batch, range.clone()));
                    add(&mut sum, &replica.gradients);
                    replica.gradients = sum;
                    theirs
                }
            };
            outcome = Outcome { loss: outcome.loss + theirs.loss, right: outcome.right + theirs.right };
        }
        if helpers > 1 {
            time(Part::Exchange, || (0..helpers).for_each(|helper| crew.conclude(helper, &replica.gradients, true)));
            batches.get(i + 1).into_iter().for_each(|next| send(source, epoch, next, helpers, crew));
        }
        replica.advance();
        stopwatch::end();
        outcomes.push(outcome);
    }
    outcomes
}

/// Sends every helper its share of a batch.
fn send(source: &Source, epoch: usize, batch: &[u32], helpers: usize, crew: &mut impl Crew) {
    for (helper, range) in shares(batch.len(), helpers + 1).into_iter().skip(1).enumerate() {
        let job = source.job(epoch, batch, range);
        time(Part::Exchange, || crew.send(helper, job));
    }
}
