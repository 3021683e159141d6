//! The helper's side of a worker pool: it has its own replica and answers the leader's messages. Leaves out: the leader (`worker_pool`).

use crate::architecture::GradientBucket;
use crate::protocol::wire;
use crate::protocol::worker::{FromWorker, ToWorker};
use crate::train::{OptimizerState, Replica, ReplicaState, Shard, StepOutcome};
use burn::tensor::Device;
use js_sys::{Array, Float32Array, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// An array with these values: `spare` where it fits, because a fresh one costs as much as the copy.
pub(super) fn filled(spare: Option<Float32Array>, values: &[f32]) -> Float32Array {
    match spare.filter(|array| array.length() as usize == values.len()) {
        Some(array) => {
            array.copy_from(values);
            array
        }
        None => Float32Array::from(values),
    }
}

/// What a helper holds.
#[derive(Default)]
pub(super) struct Helping {
    replica: Option<Replica>,
    /// Gradients as they came.
    received: Vec<f32>,
    /// The arrays in which each bucket came, for the next answer.
    spare: [Option<Float32Array>; 2],
}

/// Answers one message of the leader.
pub(super) fn answer(helping: &RefCell<Helping>, message: ToWorker, parts: &Array) {
    let mut helping = helping.borrow_mut();
    let Helping { replica, received, spare } = &mut *helping;
    let floats = |i: u32| Float32Array::from(parts.get(i)).to_vec();
    let bytes = |i: u32| Uint8Array::from(parts.get(i)).to_vec();
    match (message, replica) {
        (ToWorker::Prepare { network, config }, replica) => {
            *replica = Some(Replica::new(network, &config, &Device::flex()));
            post(&FromWorker::Ready, &[]);
        }
        (ToWorker::Restore { step, optimizer_steps, rate_factor }, Some(replica)) => {
            let optimizer =
                OptimizerState { weights: floats(1), first: floats(2), second: floats(3), steps: optimizer_steps };
            replica.restore(ReplicaState { step, rate_factor, optimizer });
        }
        (ToWorker::Compute { first, batch }, Some(replica)) => {
            let outcome = replica.compute_upper(&Shard { first, batch, pixels: bytes(1), labels: bytes(2) });
            send(GradientBucket::Upper, outcome, replica, spare);
            replica.compute_lower();
            send(GradientBucket::Lower, StepOutcome::default(), replica, spare);
        }
        (ToWorker::ApplyGradients { bucket, whole }, Some(replica)) => {
            let gradients = Float32Array::from(parts.get(1));
            received.resize(gradients.length() as usize, 0.0);
            gradients.copy_to(received);
            spare[bucket as usize] = Some(gradients);
            replica.apply_gradients(bucket, received, whole);
        }
        // A leader sends `Prepare` first.
        (_, None) => {}
    }
}

/// Sends one bucket of a shard's gradients.
fn send(bucket: GradientBucket, outcome: StepOutcome, replica: &Replica, spare: &mut [Option<Float32Array>; 2]) {
    let gradients = filled(spare[bucket as usize].take(), replica.gradients(bucket));
    post(&FromWorker::Computed { loss: outcome.loss, correct: outcome.correct }, &[&gradients]);
}

fn post(message: &FromWorker, beside: &[&JsValue]) {
    let (parts, transfer) = wire::pack(message, beside);
    if let Err(e) = super::scope().post_message_with_transfer(&parts, &transfer) {
        web_sys::console::error_1(&e);
    }
}
