//! The page's whole state and the pure reducer that moves it: no DOM, no yew, no clock.
//!
//! A message that belongs to another run than the present one changes nothing. What failed never takes away what was there.

use crate::config::{NetworkKind, Order, RunConfig};
use crate::protocol::{FileFailure, FromEngine};
use crate::report::{
    ConfusionCounts, DatasetInfo, DeviceInfo, EpochRecord, NetworkReport, NetworkReports, REPORT_VERSION, RunReport,
    Software,
};
use std::rc::Rc;

/// Where the engine's program is on its way.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum EnginePhase {
    /// Its bytes are coming.
    #[default]
    Waiting,
    /// Bytes so far and in all; 0 in all where unknown.
    Loading(u64, u64),
    /// The worker runs.
    Ready,
    /// It cannot be had, or broke down: what happened and the next step.
    Failed(String),
}

/// Where the dataset is on its way.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum DataPhase {
    /// Not asked for yet.
    #[default]
    Waiting,
    /// Bytes so far, in all (0 where unknown), and where from.
    Loading(u64, u64, String),
    /// Checked and there: where from, and seconds.
    Ready(String, f64),
    /// Each file that failed.
    Failed(Vec<FileFailure>),
}

/// Where one network is in its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// The engine compiles and calibrates.
    WarmingUp,
    /// Steps are done.
    Training,
    /// Held between two steps.
    Paused,
    /// The test set is being scored.
    Scoring,
    /// The report is there.
    Done,
    /// It ended without a report.
    Failed,
}

impl Phase {
    /// The word for it, as the page and its tests read it.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Waiting => "waiting",
            Phase::WarmingUp => "warming-up",
            Phase::Training => "training",
            Phase::Paused => "paused",
            Phase::Scoring => "scoring",
            Phase::Done => "done",
            Phase::Failed => "failed",
        }
    }

    /// Whether something is still to come.
    pub fn is_active(self) -> bool {
        !matches!(self, Phase::Done | Phase::Failed)
    }
}

/// One network of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkRun {
    /// Which.
    pub kind: NetworkKind,
    /// Where it is.
    pub phase: Phase,
    /// What computes it, once known.
    pub device: Option<DeviceInfo>,
    /// CPU workers that share each batch.
    pub workers: usize,
    /// Steps of an epoch; 0 before it started.
    pub steps_per_epoch: usize,
    /// The epoch that runs, from 1.
    pub epoch: usize,
    /// Training seconds.
    pub seconds: f64,
    /// Training images a second, just now.
    pub images_per_s: f64,
    /// Share of right answers in this epoch, on training batches.
    pub running_accuracy: f64,
    /// Training loss of each step.
    pub step_losses: Rc<Vec<f32>>,
    /// Training seconds at the end of each step.
    pub step_seconds: Rc<Vec<f32>>,
    /// Each finished epoch.
    pub epochs: Rc<Vec<EpochRecord>>,
    /// Counts on the validation images after the last epoch.
    pub validation: Option<ConfusionCounts>,
    /// What came of it.
    pub report: Option<Rc<NetworkReport>>,
    /// Ten probabilities of each test image.
    pub probabilities: Option<Rc<Vec<f32>>>,
}

impl NetworkRun {
    fn new(kind: NetworkKind) -> Self {
        Self {
            kind,
            phase: Phase::Waiting,
            device: None,
            workers: 1,
            steps_per_epoch: 0,
            epoch: 0,
            seconds: 0.0,
            images_per_s: 0.0,
            running_accuracy: 0.0,
            step_losses: Rc::default(),
            step_seconds: Rc::default(),
            epochs: Rc::default(),
            validation: None,
            report: None,
            probabilities: None,
        }
    }

    /// Share of all steps that are done, 0 to 1.
    pub fn share_done(&self, config: &RunConfig) -> f64 {
        match self.phase {
            Phase::Done => 1.0,
            _ => self.step_losses.len() as f64 / (self.steps_per_epoch * config.epochs).max(1) as f64,
        }
    }

    /// Seconds of training that are left, judged by the speed so far.
    pub fn seconds_left(&self, config: &RunConfig) -> Option<f64> {
        let done = self.share_done(config);
        (done > 0.0 && self.phase.is_active()).then(|| self.seconds * (1.0 - done) / done)
    }

    /// The confusion matrix to show, and whether it is the test set's.
    pub fn confusion(&self) -> Option<(&ConfusionCounts, bool)> {
        match &self.report {
            Some(report) => Some((&report.test.confusion, true)),
            None => self.validation.as_ref().map(|counts| (counts, false)),
        }
    }
}

/// A run of one or both networks.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Names it.
    pub id: u64,
    /// As it was started; later changes of the form do not touch it.
    pub config: RunConfig,
    /// Its networks, in order.
    pub networks: Vec<NetworkRun>,
    /// The device that it began on.
    pub device: Option<DeviceInfo>,
    /// The browser.
    pub host: String,
}

impl Run {
    /// One network of it.
    pub fn get(&self, kind: NetworkKind) -> Option<&NetworkRun> {
        self.networks.iter().find(|n| n.kind == kind)
    }

    /// Whether something still computes or is held.
    pub fn is_active(&self) -> bool {
        self.networks.iter().any(|n| n.phase.is_active())
    }

    /// Whether it is held.
    pub fn is_paused(&self) -> bool {
        self.networks.iter().any(|n| n.phase == Phase::Paused)
    }

    /// The report of the whole run, once every network has its own.
    pub fn report(&self) -> Option<RunReport> {
        let mut networks = NetworkReports::default();
        for network in &self.networks {
            networks.set(network.kind, network.report.as_deref()?.clone());
        }
        Some(RunReport {
            version: REPORT_VERSION,
            software: Software::of_this_build(self.host.clone()),
            config: self.config.clone(),
            dataset: DatasetInfo::default(),
            device: self.device.clone()?,
            networks,
        })
    }
}

/// Everything that the page shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The form; always holds valid values field by field.
    pub config: RunConfig,
    /// What somebody should know, the newest last.
    pub notices: Vec<String>,
    /// The engine's program.
    pub engine: EnginePhase,
    /// The dataset.
    pub data: DataPhase,
    /// Training labels, then test labels.
    pub labels: Rc<Vec<u8>>,
    /// The device that was chosen.
    pub device: Option<DeviceInfo>,
    /// Whether a device is being chosen.
    pub choosing: bool,
    /// The present run, or the last one.
    pub run: Option<Run>,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // One is made a few times a second and dropped at once.
pub enum Action {
    /// The form has a new config.
    Configure(RunConfig),
    /// Somebody should know this.
    Notice(String),
    /// A notice was read.
    Dismiss(usize),
    /// The engine's program came further.
    Engine(EnginePhase),
    /// The dataset is asked for again.
    DataAsked,
    /// A device is asked for.
    DeviceAsked,
    /// A run begins; the text is the browser's name.
    Start(u64, String),
    /// The run is dropped.
    Discard,
    /// An engine said something, with bytes beside it.
    Told(FromEngine, Vec<u8>),
}

impl State {
    /// The labels of the test set.
    pub fn test_labels(&self) -> &[u8] {
        self.labels.get(crate::fashion_mnist::TRAIN_IMAGES..).unwrap_or(&[])
    }

    /// Whether everything is there that a run needs, the device aside.
    pub fn can_start(&self) -> bool {
        self.engine == EnginePhase::Ready
            && matches!(self.data, DataPhase::Ready(..))
            && self.config.validate().is_ok()
            && !self.run.as_ref().is_some_and(Run::is_active)
    }

    /// One word for what the page does.
    pub fn phase(&self) -> &'static str {
        match (&self.engine, &self.data, &self.run) {
            (EnginePhase::Failed(_), ..) => "engine-failed",
            (_, DataPhase::Failed(_), None) => "data-failed",
            (_, _, Some(run)) if run.is_paused() => "paused",
            (_, _, Some(run)) if run.is_active() => "training",
            (_, _, Some(run)) if run.networks.iter().all(|n| n.phase == Phase::Done) => "done",
            (_, _, Some(_)) => "failed",
            (EnginePhase::Ready, DataPhase::Ready(..), None) => "ready",
            _ => "loading",
        }
    }

    /// The state after something happened.
    pub fn after(mut self, action: Action) -> Self {
        match action {
            Action::Configure(config) => self.config = config,
            Action::Notice(text) => self.notice(text),
            Action::Dismiss(at) => {
                if at < self.notices.len() {
                    self.notices.remove(at);
                }
            }
            Action::Engine(phase) => self.engine = phase,
            Action::DataAsked => self.data = DataPhase::Loading(0, 0, String::new()),
            Action::DeviceAsked => self.choosing = true,
            Action::Start(id, host) => {
                let mut networks: Vec<_> = self.config.kinds().iter().map(|&kind| NetworkRun::new(kind)).collect();
                let side_by_side = self.config.order == Order::SideBySide;
                for (i, network) in networks.iter_mut().enumerate() {
                    if i == 0 || side_by_side {
                        network.phase = Phase::WarmingUp;
                    }
                }
                self.run = Some(Run { id, config: self.config.clone(), networks, device: self.device.clone(), host });
            }
            Action::Discard => self.run = None,
            Action::Told(message, bytes) => self.told(message, bytes),
        }
        self
    }

    fn notice(&mut self, text: String) {
        self.notices.retain(|n| *n != text);
        self.notices.push(text);
        if self.notices.len() > 5 {
            self.notices.remove(0);
        }
    }

    fn network(&mut self, run: u64, kind: NetworkKind) -> Option<&mut NetworkRun> {
        self.run.as_mut().filter(|r| r.id == run)?.networks.iter_mut().find(|n| n.kind == kind)
    }

    fn told(&mut self, message: FromEngine, bytes: Vec<u8>) {
        match message {
            FromEngine::Opened { .. } => self.engine = EnginePhase::Ready,
            FromEngine::DataProgress { received, total, source, .. } => {
                if !matches!(self.data, DataPhase::Ready(..)) {
                    self.data = DataPhase::Loading(received, total, source);
                }
            }
            FromEngine::DataReady { source, seconds, .. } => {
                if !matches!(self.data, DataPhase::Ready(..)) {
                    self.data = DataPhase::Ready(source, seconds);
                    self.labels = Rc::new(bytes);
                }
            }
            FromEngine::DataFailed { failures } => self.data = DataPhase::Failed(failures),
            FromEngine::DeviceReady { device } => {
                self.choosing = false;
                if let Some(run) = self.run.as_mut().filter(|r| r.is_active()) {
                    run.device.get_or_insert_with(|| device.clone());
                }
                self.device = Some(device);
            }
            FromEngine::Started { run, network, steps_per_epoch, workers, .. } => {
                let device = self.device.clone();
                if let Some(n) = self.network(run, network) {
                    n.phase = Phase::Training;
                    n.steps_per_epoch = steps_per_epoch;
                    n.workers = workers;
                    n.epoch = 1;
                    n.device = n.device.take().or(device);
                }
            }
            FromEngine::Progress { run, network, epoch, step, seconds, images_per_s, losses, times, accuracy } => {
                if let Some(n) = self.network(run, network) {
                    n.phase = Phase::Training;
                    let before = step.saturating_sub(losses.len());
                    let all = Rc::make_mut(&mut n.step_losses);
                    all.truncate(before); // A run that fell back repeats steps.
                    all.extend(losses);
                    let all = Rc::make_mut(&mut n.step_seconds);
                    all.truncate(before);
                    all.extend(times);
                    (n.epoch, n.seconds, n.images_per_s, n.running_accuracy) = (epoch, seconds, images_per_s, accuracy);
                }
            }
            FromEngine::Epoch { run, network, record, confusion } => {
                if let Some(n) = self.network(run, network) {
                    let epochs = Rc::make_mut(&mut n.epochs);
                    epochs.truncate(record.epoch - 1);
                    n.seconds = record.seconds;
                    epochs.push(record);
                    n.validation = confusion;
                }
            }
            FromEngine::Paused { run, network } => {
                if let Some(n) = self.network(run, network) {
                    n.phase = Phase::Paused;
                }
            }
            FromEngine::FellBack { run, network, device } => {
                if let Some(n) = self.network(run, network) {
                    let text = format!("{}: {}", network.label(), device.why);
                    n.device = Some(device);
                    self.notice(text);
                }
            }
            FromEngine::Scoring { run, network } => {
                if let Some(n) = self.network(run, network) {
                    n.phase = Phase::Scoring;
                }
            }
            FromEngine::Finished { run, network, report } => {
                if let Some(n) = self.network(run, network) {
                    n.phase = Phase::Done;
                    n.seconds = report.training_seconds;
                    n.device = Some(report.device.clone());
                    n.probabilities = Some(Rc::new(
                        bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
                    ));
                    n.report = Some(Rc::new(*report));
                    // In turn: the next one is under way.
                    if let Some(run) = self.run.as_mut()
                        && let Some(next) = run.networks.iter_mut().find(|n| n.phase == Phase::Waiting)
                    {
                        next.phase = Phase::WarmingUp;
                    }
                }
            }
            FromEngine::Failed { run: Some(run), message } => {
                if self.run.as_ref().is_some_and(|r| r.id == run) {
                    self.fail_run();
                    self.notice(message);
                }
            }
            FromEngine::Failed { run: None, message } => self.notice(message),
            FromEngine::Crashed { message } => {
                self.fail_run();
                self.choosing = false;
                self.engine = EnginePhase::Failed(message);
            }
            FromEngine::Images { .. } => {}
        }
    }

    fn fail_run(&mut self) {
        for network in self.run.iter_mut().flat_map(|r| &mut r.networks) {
            if network.phase.is_active() {
                network.phase = Phase::Failed;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> State {
        let opened = FromEngine::Opened { protocol: 1 };
        let data = FromEngine::DataReady {
            source: "cache".to_owned(),
            seconds: 1.0,
            dataset: Default::default(),
            ignored: Vec::new(),
        };
        State::default().after(Action::Told(opened, vec![])).after(Action::Told(data, vec![0; 70_000]))
    }

    fn progress(run: u64, step: usize, losses: &[f32]) -> Action {
        let (network, seconds, images_per_s, accuracy) = (NetworkKind::Ann, 1.0, 100.0, 0.5);
        let (losses, times) = (losses.to_vec(), losses.to_vec());
        let message =
            FromEngine::Progress { run, network, epoch: 1, step, seconds, images_per_s, losses, times, accuracy };
        Action::Told(message, vec![])
    }

    fn started() -> State {
        let begun = FromEngine::Started {
            run: 7,
            network: NetworkKind::Ann,
            steps_per_epoch: 10,
            workers: 2,
            warmup_seconds: 0.1,
        };
        ready().after(Action::Start(7, "browser".to_owned())).after(Action::Told(begun, vec![]))
    }

    #[test]
    fn a_run_can_start_only_with_engine_data_and_a_valid_config() {
        assert!(!State::default().can_start());
        assert!(ready().can_start());
        let starved = RunConfig { train: 100, batch: 512, ..RunConfig::default() };
        assert!(!ready().after(Action::Configure(starved)).can_start());
        assert!(!started().can_start());
        assert_eq!([State::default().phase(), ready().phase(), started().phase()], ["loading", "ready", "training"]);
    }

    #[test]
    fn messages_of_another_run_change_nothing() {
        let state = started();
        assert_eq!(state.clone().after(progress(6, 2, &[1.0, 2.0])), state);
        let moved = state.after(progress(7, 2, &[1.0, 2.0]));
        assert_eq!(*moved.run.unwrap().networks[0].step_losses, [1.0, 2.0]);
    }

    #[test]
    fn steps_that_are_repeated_after_a_fallback_are_not_shown_twice() {
        let state = started().after(progress(7, 3, &[3.0, 2.0, 1.0])).after(progress(7, 2, &[9.0]));
        assert_eq!(*state.run.unwrap().networks[0].step_losses, [3.0, 9.0]);
    }

    #[test]
    fn the_networks_of_a_run_in_turn_wait_for_each_other() {
        let run = started().run.unwrap();
        assert_eq!((run.networks[0].phase, run.networks[1].phase), (Phase::Training, Phase::Waiting));
        let side = RunConfig { order: Order::SideBySide, ..RunConfig::default() };
        let state = ready().after(Action::Configure(side)).after(Action::Start(8, String::new()));
        assert!(state.run.unwrap().networks.iter().all(|n| n.phase == Phase::WarmingUp));
    }

    #[test]
    fn a_crash_fails_the_run_and_keeps_the_curves() {
        let state = started().after(progress(7, 1, &[1.0]));
        let state = state.after(Action::Told(FromEngine::Crashed { message: "out of memory".to_owned() }, vec![]));
        assert_eq!(state.phase(), "engine-failed");
        let network = &state.run.unwrap().networks[0];
        assert_eq!((network.phase, network.step_losses.len()), (Phase::Failed, 1));
    }

    #[test]
    fn a_paused_run_is_active_and_says_so() {
        let paused = FromEngine::Paused { run: 7, network: NetworkKind::Ann };
        let state = started().after(Action::Told(paused, vec![]));
        assert_eq!(state.phase(), "paused");
        assert!(state.run.unwrap().is_active());
    }
}
