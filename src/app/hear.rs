//! What workers and the store say, as messages for the page. Bytes that the page only keeps are not copied: they lie in
//! [`App::beside`](App) while the page decides. Leaves out: what follows from it (`page`).

use super::App;
use super::store::Answer;
use crate::page::effect;
use crate::protocol::{FromEngine, wire};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use yew::Context;

impl App {
    /// A worker sent a message. The elements of `parts` from 1 on lie beside it.
    pub(super) fn hear(&mut self, ctx: &Context<Self>, id: u64, message: FromEngine, parts: &Array) {
        self.beside = parts.slice(1, parts.length());
        let msg = match message {
            // Megabytes, which the page only keeps, so they are not copied.
            FromEngine::Checkpoint { model, epoch, step } => {
                let bytes = self.beside.get(0).dyn_into().map_or(0, |beside: Uint8Array| beside.byte_length().into());
                effect::Msg::CheckpointCame { worker: id, model, epoch, step, bytes }
            }
            message => {
                let copied = wire::bytes_beside(parts);
                if let FromEngine::Images { set, indices, .. } = &message {
                    self.images.put(*set, indices, copied.first().map(Vec::as_slice).unwrap_or_default());
                    if let Some(classifier) = &mut self.classifier {
                        classifier.send_images(&self.images, &self.state.labels);
                    }
                }
                effect::Msg::Heard(id, message, copied)
            }
        };
        let has_data = matches!(msg, effect::Msg::Heard(_, FromEngine::DataReady { .. }, _));
        self.decide(ctx, msg);
        self.beside = Array::new();
        if let Some(classifier) = self.classifier.as_ref().filter(|_| has_data) {
            classifier.ask(&self.images);
        }
    }

    /// The store answers.
    pub(super) fn take_answer(&mut self, ctx: &Context<Self>, answer: Answer) {
        match answer {
            Answer::Opened(records, live) => self.decide(ctx, effect::Msg::Stored(records, live)),
            Answer::NotKept(run, blob, error) => {
                let (key, bytes) = blob.unzip();
                self.beside = bytes.iter().collect(); // So that they can be kept again, once there is room.
                self.decide(ctx, effect::Msg::NotKept(run, key, error));
                self.beside = Array::new();
            }
            Answer::Read(key, None, bytes)
                if self.classifier.as_mut().is_some_and(|c| c.arrived(key, bytes.as_ref())) => {}
            Answer::Read(key, worker, bytes) => {
                let found = bytes.is_some();
                match (worker, bytes) {
                    (None, Some(bytes)) => self.decide(ctx, effect::Msg::BlobLoaded(key, bytes.to_vec())),
                    (None, None) => {}
                    (Some(id), bytes) => {
                        if let Some(client) = self.clients.get(&id) {
                            client.arrived(key, bytes);
                        }
                    }
                }
                if !found {
                    self.decide(ctx, effect::Msg::BlobMissing(key, worker));
                }
            }
        }
    }
}
