//! The helper's side of a crew: it answers its leader's messages with a replica of its own.

use crate::config::{NetworkKind, RunConfig};
use crate::model::Half;
use crate::train::{Descent, Job, Outcome, Replica, State};
use burn::tensor::Device;
use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// What a leader asks of a helper.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToHelper {
    /// Be ready for this network.
    Help { network: NetworkKind, config: RunConfig },
    /// Go on from this state; beside it weights and both moments.
    Take { step: usize, steps: u32 },
    /// Compute a share; beside it pixels and labels.
    Compute { first: usize, batch: usize },
    /// Take one half of the step; beside it gradients.
    Conclude { half: Half, whole: bool },
}

/// What a helper answers.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromHelper {
    /// It is ready.
    Helping,
    /// Half of a share is done; beside it its gradients. What came of the share comes with the upper half, zeros with the lower.
    Computed { loss: f32, right: f32 },
}

pub(super) fn parts(message: &impl Serialize, buffers: &[&Object]) -> (Array, Array) {
    let text = serde_json::to_string(message).unwrap_or_default(); // Plain values are always written.
    let (parts, transfer) = (Array::of1(&text.into()), Array::new());
    for buffer in buffers {
        parts.push(buffer);
        // Each is a typed array of its own buffer, which is handed over.
        transfer.push(&Reflect::get(buffer, &"buffer".into()).unwrap_or(JsValue::UNDEFINED));
    }
    (parts, transfer)
}

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
    sum: Vec<f32>,
    /// The arrays in which each half came, for the next answer.
    spare: [Option<Float32Array>; 2],
}

/// Answers one message of the leader.
pub(super) fn help(state: &RefCell<Helping>, message: ToHelper, beside: &Array) {
    let mut helping = state.borrow_mut();
    let Helping { replica, sum, spare } = &mut *helping;
    match (message, replica) {
        (ToHelper::Help { network, config }, replica) => {
            *replica = Some(Replica::new(network, &config, &Device::flex()));
            answer(&FromHelper::Helping, &[]);
        }
        (ToHelper::Take { step, steps }, Some(replica)) => {
            let floats = |i: u32| Float32Array::from(beside.get(i)).to_vec();
            let descent = Descent { weights: floats(1), first: floats(2), second: floats(3), steps };
            replica.take(State { step, descent });
        }
        (ToHelper::Compute { first, batch }, Some(replica)) => {
            let bytes = |i: u32| Uint8Array::from(beside.get(i)).to_vec();
            let mut send = |half: Half, Outcome { loss, right }, replica: &Replica| {
                let gradients = filled(spare[half as usize].take(), replica.gradients(half));
                answer(&FromHelper::Computed { loss, right }, &[&gradients]);
            };
            let outcome = replica.compute_upper(&Job { first, batch, pixels: bytes(1), labels: bytes(2) });
            send(Half::Upper, outcome, replica);
            replica.compute_lower();
            send(Half::Lower, Outcome::default(), replica);
        }
        (ToHelper::Conclude { half, whole }, Some(replica)) => {
            let gradients = Float32Array::from(beside.get(1));
            sum.resize(gradients.length() as usize, 0.0);
            gradients.copy_to(sum);
            spare[half as usize] = Some(gradients);
            replica.conclude(half, sum, whole);
        }
        // A leader sends `Help` first.
        (_, None) => {}
    }
}

fn answer(message: &FromHelper, buffers: &[&Object]) {
    let (parts, transfer) = parts(message, buffers);
    if let Err(e) = super::scope().post_message_with_transfer(&parts, &transfer) {
        web_sys::console::error_1(&e);
    }
}
