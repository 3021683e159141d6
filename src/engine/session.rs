//! The state of an engine worker (dataset, devices, the run in training, trained networks) and the answers to the page's messages.
//! Leaves out: receiving messages (`engine`).

use super::dataset::DatasetStore;
use super::device::{self, Devices};
use super::host::{RunControl, WorkerHost};
use super::{failed, host, post, worker};
use crate::config::{BackendChoice, RunConfig};
use crate::data::image;
use crate::fashion_mnist::ImageSet;
use crate::inference::Models;
use crate::protocol::FromEngine;
use crate::run::{ModelId, RunEvent};
use crate::train::{self, Checkpoint, Plan, ValidationAnswers};
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What the worker holds.
#[derive(Default)]
pub(super) struct Session {
    /// The dataset.
    pub(super) dataset: DatasetStore,
    /// The devices.
    devices: RefCell<Devices>,
    /// The run in training.
    run: RefCell<Option<Rc<RunControl>>>,
    /// Trained networks.
    models: RefCell<Models>,
    /// Whether a run or a device choice computes now. A second one does not wait, it is refused.
    busy: Cell<bool>,
    /// The state of this worker if it helps another one.
    pub(super) helping: RefCell<worker::Helping>,
}

impl Session {
    /// Chooses a device and tells which.
    pub(super) async fn choose_device(&self, backend: BackendChoice) {
        if self.busy.replace(true) {
            return failed("the device cannot be changed while a run computes; stop the run first");
        }
        let data = self.dataset.data.borrow().clone();
        match data {
            None => failed("a device is chosen after the dataset is there; load the dataset first"),
            Some(data) => {
                let device = device::choose(&self.devices, backend, data).await;
                post(&FromEngine::DeviceReady { device }, None);
            }
        }
        self.busy.set(false);
    }

    /// Trains one network to its end and keeps it. It begins anew, or goes on from the bytes of a checkpoint.
    pub(super) async fn train(&self, model: ModelId, config: RunConfig, extra_epochs: usize, from: Option<Vec<u8>>) {
        let tell = |event, bytes: Option<&Uint8Array>| post(&FromEngine::Run { model, event }, bytes);
        let refuse = |message: String| tell(RunEvent::Failed { message }, None);
        if self.busy.replace(true) {
            return refuse("another run still computes in this worker; stop it first".to_owned());
        }
        match self.plan(model, config, extra_epochs, from) {
            Err(message) => refuse(message),
            Ok(plan) => {
                let control = Rc::new(RunControl::new(model));
                *self.run.borrow_mut() = Some(control.clone());
                match train::run(plan, &mut WorkerHost::new(control)).await {
                    Ok(trained) => {
                        self.models.borrow_mut().keep(model, Rc::new(trained.checkpoint));
                        let bytes: Vec<u8> = trained.probabilities.iter().flat_map(|p| p.to_le_bytes()).collect();
                        let report = Box::new(trained.report);
                        tell(RunEvent::Finished { report }, Some(&Uint8Array::from(bytes.as_slice())));
                    }
                    Err(error) => refuse(format!("training the {} ended: {error}", model.network.label())),
                }
                *self.run.borrow_mut() = None;
            }
        }
        self.busy.set(false);
    }

    fn plan(
        &self,
        model: ModelId,
        config: RunConfig,
        extra_epochs: usize,
        from: Option<Vec<u8>>,
    ) -> Result<Plan, String> {
        let data = self.dataset.data.borrow().clone();
        let device = self.devices.borrow().chosen();
        let (Some(data), Some(device)) = (data, device) else {
            return Err("training needs the dataset and a device; load the dataset first".to_owned());
        };
        config.validate().map_err(|errors| {
            let said: Vec<_> = errors.iter().map(ToString::to_string).collect();
            said.join("; ")
        })?;
        let from = match from {
            Some(bytes) => {
                let label = model.network.label();
                let checkpoint =
                    Checkpoint::from_bytes(&bytes).map_err(|e| format!("the {label} cannot go on: {e}"))?;
                if checkpoint.network != model.network {
                    return Err(format!("the {label} cannot go on from a checkpoint of the other network"));
                }
                config.may_go_on_from(&checkpoint.config).map_err(|why| format!("the {label} cannot go on: {why}"))?;
                Some(Rc::new(checkpoint))
            }
            None => None,
        };
        let fallback = self.devices.borrow().fallback();
        Ok(Plan { network: model.network, config, data, device, fallback, from, extra_epochs })
    }

    /// Passes a message to its run. If the run is over, the message is dropped: it was sent before the run's last message arrived.
    pub(super) fn control(&self, run: u64, act: impl FnOnce(&RunControl)) {
        if let Some(control) = self.run.borrow().as_ref().filter(|c| c.model.run == run) {
            act(control);
        }
    }

    /// Answers to the validation images of a checkpoint's run, on the CPU, so that a run on a GPU is not disturbed. Messages are let in
    /// between the pieces.
    pub(super) async fn answer(&self, request: u64, checkpoint: Option<Vec<u8>>) {
        let refused = |why: String| failed(format!("the answers of that epoch cannot be computed: {why}"));
        let Some(data) = self.dataset.data.borrow().clone() else {
            return refused("the dataset is missing".to_owned());
        };
        let Some(bytes) = checkpoint else { return refused("the checkpoint is missing".to_owned()) };
        let answers = match Checkpoint::from_bytes(&bytes) {
            Ok(checkpoint) => ValidationAnswers::compute(&checkpoint, data, host::turn_of_events).await,
            Err(error) => return refused(error.to_string()),
        };
        match answers {
            Ok(ValidationAnswers { images, probabilities }) => {
                let bytes: Vec<u8> = probabilities.iter().flat_map(|p| p.to_le_bytes()).collect();
                post(&FromEngine::Answers { request, images }, Some(&Uint8Array::from(bytes.as_slice())));
            }
            Err(error) => refused(error.to_string()),
        }
    }

    /// Sends a trained network's checkpoint.
    pub(super) fn send_model(&self, model: ModelId) {
        let bytes = self.models.borrow().get(model).map(|checkpoint| checkpoint.to_bytes());
        post(&FromEngine::Model { model }, bytes.map(|b| Uint8Array::from(b.as_slice())).as_ref());
    }

    /// Keeps a network that another worker trained.
    pub(super) fn keep_model(&self, model: ModelId, beside: &[Vec<u8>]) {
        match beside.first().map(|bytes| Checkpoint::from_bytes(bytes)) {
            Some(Ok(checkpoint)) => self.models.borrow_mut().keep(model, Rc::new(checkpoint)),
            Some(Err(error)) => failed(format!("the trained {} cannot be kept: {error}", model.network.label())),
            None => failed(format!("the trained {} cannot be kept: its bytes are missing", model.network.label())),
        }
    }

    /// Sends the pixels of images.
    pub(super) fn send_images(&self, request: u64, set: ImageSet, indices: Vec<u32>) {
        let data = self.dataset.data.borrow();
        let Some(data) = data.as_ref() else { return failed("images were asked for before the dataset was there") };
        let count = data.labels(set).len();
        if indices.iter().any(|&i| i as usize >= count) {
            return failed(format!("an image was asked for that does not exist; there are {count}"));
        }
        let images = data.images(set);
        let pixels: Vec<u8> = indices.iter().flat_map(|&i| image(images, i as usize).iter().copied()).collect();
        post(&FromEngine::Images { request, set, indices }, Some(&Uint8Array::from(pixels.as_slice())));
    }
}
