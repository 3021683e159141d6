//! The decisions of the page, without a browser: what all tests share.

mod asked;
mod branch;
mod deleted;
mod epochs;
mod export;
mod form;
mod go_on;
mod kept;
mod loaded;
mod outer;
mod rate;
mod room;
mod runs;
mod workers;

use super::effect::{Effect, Msg};
use super::phase::{DataPhase, EnginePhase};
use super::state::{Environment, State};
use super::storage::{BlobKey, Part, Storage, StoreError};
use super::update::update;
use crate::config::{NetworkKind, RunConfig};
use crate::protocol::{FromEngine, PROTOCOL_VERSION, ToEngine};
use crate::run::report::{Backend, DeviceInfo, Ended, EpochRecord, NetworkReport, Score, TestResult};
use crate::run::{KeptCheckpoint, ModelId, NetworkProgress, Phase, RunEvent, RunRecord, stored};

const ANN: NetworkKind = NetworkKind::Ann;
const CNN: NetworkKind = NetworkKind::Cnn;

/// A page in a test: its state, and everything that it wanted done.
struct Page {
    state: State,
    effects: Vec<Effect>,
}

impl Page {
    /// A page that was just opened at this fragment.
    fn new(fragment: &str) -> Self {
        let environment = Environment {
            host: "browser".to_owned(),
            data_base: "https://lab.test/data/".to_owned(),
            dark: false,
            tab: 1, // At time 0 the first run is run 1, the second one run 1001.
        };
        Self { state: State::new(environment, RunConfig::from_fragment(fragment)), effects: Vec::new() }
    }

    /// With engine, dataset and device.
    fn ready(fragment: &str) -> Self {
        Self::with_device(fragment, Backend::Flex)
    }

    fn with_device(fragment: &str, backend: Backend) -> Self {
        let mut page = Self::new(fragment);
        page.tell(Msg::Compiled(Ok(())));
        page.give_data(1);
        page.give_device(1, backend);
        page
    }

    /// Sends a message and returns its effects.
    fn tell(&mut self, msg: Msg) -> Vec<Effect> {
        let effects = update(&mut self.state, msg);
        self.effects.extend(effects.clone());
        effects
    }

    fn hear(&mut self, worker: u64, message: FromEngine) -> Vec<Effect> {
        self.tell(Msg::Heard(worker, message, Vec::new()))
    }

    /// The worker of this id opens and gets the dataset.
    fn give_data(&mut self, worker: u64) -> Vec<Effect> {
        self.hear(worker, FromEngine::Opened { protocol: PROTOCOL_VERSION });
        let ready = FromEngine::DataReady {
            source: "cache".to_owned(),
            seconds: 0.5,
            dataset: Default::default(),
            ignored: Vec::new(),
        };
        self.tell(Msg::Heard(worker, ready, vec![vec![0; 70_000]]))
    }

    fn give_device(&mut self, worker: u64, backend: Backend) -> Vec<Effect> {
        let device = DeviceInfo { backend, adapter: "adapter".to_owned(), why: "why".to_owned() };
        self.hear(worker, FromEngine::DeviceReady { device })
    }

    /// An event of run 1.
    fn event(&mut self, worker: u64, network: NetworkKind, event: RunEvent) -> Vec<Effect> {
        self.event_of(worker, ModelId { run: 1, network }, event)
    }

    fn event_of(&mut self, worker: u64, model: ModelId, event: RunEvent) -> Vec<Effect> {
        self.hear(worker, FromEngine::Run { model, event })
    }

    /// A checkpoint of run 1 comes.
    fn checkpoint(&mut self, worker: u64, network: NetworkKind, epoch: usize, step: usize) -> Vec<Effect> {
        let model = ModelId { run: 1, network };
        self.tell(Msg::CheckpointCame { worker, model, epoch, step, bytes: 100 })
    }

    /// One network of a run.
    fn network(&self, run: u64, kind: NetworkKind) -> &NetworkProgress {
        self.state.history.get(run).and_then(|run| run.get(kind)).unwrap()
    }

    /// The notices that hold this text.
    fn notices_with(&self, text: &str) -> usize {
        self.state.notices.iter().filter(|notice| notice.contains(text)).count()
    }

    /// The phases of the shown run's networks.
    fn phases(&self) -> Vec<Phase> {
        self.state.run().map(|run| run.networks.iter().map(|n| n.phase).collect()).unwrap_or_default()
    }

    /// The types of all messages for the page around this one, in order.
    fn announced(&self) -> Vec<String> {
        let told = self.effects.iter().filter_map(|e| match e {
            Effect::Announce(told) => Some(told.to_json()),
            _ => None,
        });
        told.map(|json| serde_json::from_str::<serde_json::Value>(&json).unwrap()["type"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// The messages to workers among some effects.
fn sent(effects: &[Effect]) -> Vec<(u64, &ToEngine)> {
    effects.iter().filter_map(|e| if let Effect::Send(id, message) = e { Some((*id, message)) } else { None }).collect()
}

/// The networks that are to be trained because of something, each with its worker.
fn trained_by(effects: &[Effect]) -> Vec<(u64, NetworkKind)> {
    let train = |(id, message): (u64, &ToEngine)| match message {
        ToEngine::Train { model, .. } => Some((id, model.network)),
        _ => None,
    };
    sent(effects).into_iter().filter_map(train).collect()
}

fn started() -> RunEvent {
    RunEvent::Started { steps_per_epoch: 10, workers: 2, warmup_seconds: 0.1, step: 0 }
}

/// The page after a run in which these networks trained some epochs of ten steps each, each with a kept checkpoint.
fn trained(fragment: &str, epochs: usize) -> Page {
    let mut page = Page::ready(fragment);
    page.tell(Msg::Start);
    let id = page.state.run().unwrap().id;
    for network in page.state.run().unwrap().config.kinds().iter().copied() {
        let model = ModelId { run: id, network };
        page.event_of(1, model, started());
        for at in 1..=epochs {
            page.event_of(1, model, progress(10 * at, &[0.5; 10]));
            page.event_of(1, model, epoch(at));
        }
        // What keeping a checkpoint leaves in the record.
        let run = page.state.history.active_mut().unwrap();
        let network = run.networks.iter_mut().find(|n| n.kind == network).unwrap();
        network.checkpoints = (1..=epochs).map(|epoch| KeptCheckpoint { epoch, step: 10 * epoch, bytes: 1 }).collect();
        page.event_of(1, model, finished());
    }
    page
}

/// The messages that go with kept bytes among some effects: the worker, the message and the bytes' key.
fn sent_with(effects: &[Effect]) -> Vec<(u64, &ToEngine, String)> {
    let blob = |effect| match effect {
        &Effect::SendBlob(id, ref message, key) => Some((id, message, key.text())),
        _ => None,
    };
    effects.iter().filter_map(blob).collect()
}

fn progress(step: usize, losses: &[f32]) -> RunEvent {
    let (losses, times) = (losses.to_vec(), losses.to_vec());
    RunEvent::Progress { epoch: 1, step, seconds: 1.0, images_per_s: 100.0, losses, times, accuracy: 0.5 }
}

fn epoch(epoch: usize) -> RunEvent {
    let score = Score { loss: 0.5, accuracy: 0.8 };
    let record = EpochRecord {
        epoch,
        train: score,
        validation: Some(score),
        seconds: epoch as f64,
        learning_rate: 1e-3,
        dead_units: None,
    };
    RunEvent::Epoch { record, confusion: None, watched: None }
}

/// Steps 1 to `steps`, ten an epoch, with the epochs that they end.
fn trained_to(page: &mut Page, worker: u64, network: NetworkKind, steps: usize) {
    page.event(worker, network, started());
    for step in 1..=steps {
        page.event(worker, network, progress(step, &[step as f32]));
        if step % 10 == 0 {
            page.event(worker, network, epoch(step / 10));
            page.checkpoint(worker, network, step / 10, step);
        }
    }
}

/// The key of some bytes of a run.
fn key(run: u64, network: NetworkKind, part: Part) -> BlobKey {
    BlobKey { run, network, part }
}

/// The last record of a run that was to be kept.
fn record_in(effects: &[Effect], run: u64) -> Option<RunRecord> {
    let texts = effects.iter().rev().filter_map(|e| match e {
        Effect::KeepRecord(id, text) if *id == run => Some(text),
        _ => None,
    });
    texts.map(|text| stored::from_json(text).unwrap()).next()
}

/// The text of a kept run of both networks: its id, its phases, its checkpoints by their epochs, ten steps each.
fn kept_run(id: u64, phases: [Phase; 2], epochs: usize) -> String {
    let config = RunConfig::from_fragment("epochs=5").config;
    let mut run = RunRecord::begin(id, config, Default::default(), None, "browser".to_owned());
    run.started_ms = id;
    for (network, phase) in run.networks.iter_mut().zip(phases) {
        network.phase = Phase::Training;
        if phase != Phase::Waiting {
            network.apply(started(), Vec::new());
            for done in 1..=epochs {
                network.apply(progress(done * 10, &[0.5; 10]), Vec::new());
                network.apply(epoch(done), Vec::new());
                network.add_checkpoint(KeptCheckpoint { epoch: done, step: done * 10, bytes: 100 });
            }
        }
        if phase == Phase::Done {
            network.apply(finished(), Vec::new());
        }
        network.phase = phase;
    }
    stored::to_json(&run).unwrap()
}

fn failure(message: &str) -> RunEvent {
    RunEvent::Failed { message: message.to_owned() }
}

fn finished() -> RunEvent {
    RunEvent::Finished {
        report: Box::new(NetworkReport {
            device: DeviceInfo { backend: Backend::Flex, adapter: "adapter".to_owned(), why: "why".to_owned() },
            parameters: 1,
            macs: 1,
            weight_bytes: 4,
            workers: 1,
            ended: Ended::Completed,
            training_seconds: 2.0,
            warmup_seconds: 0.1,
            images_per_s: 100.0,
            step_times: None,
            history: Vec::new(),
            scored_epoch: 1,
            step_losses: Vec::new(),
            step_seconds: Vec::new(),
            latency: Vec::new(),
            test: TestResult {
                accuracy: 0.9,
                interval: [0.8, 0.95],
                loss: 0.3,
                confusion: [[0; 10]; 10],
                predictions: Vec::new(),
            },
            notes: Vec::new(),
            rate_changes: Vec::new(),
            extra_epochs: 0,
        }),
    }
}
