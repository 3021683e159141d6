//! One run: its config, the progress of each network, and the report of the finished networks.

use super::event::RunEvent;
use super::progress::{NetworkProgress, Phase};
use super::report::{DatasetInfo, DeviceInfo, NetworkReports, REPORT_VERSION, RunReport, Software};
use crate::config::{NetworkKind, Networks, Order, RunConfig};
use serde::{Deserialize, Serialize};

/// The run and epoch that a run goes on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The run.
    pub run: u64,
    /// Its epoch, from 1.
    pub epoch: usize,
}

/// What a person adds to a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// A note.
    pub note: String,
    /// A star: its checkpoints are kept when room is short.
    pub starred: bool,
}

/// Colours that tell runs apart.
pub const RUN_COLOURS: usize = 8;

/// A run of one or both networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Names it, also among the runs of other tabs.
    pub id: u64,
    /// When it began, in milliseconds since 1970.
    pub started_ms: u64,
    /// The run that it branched from.
    pub parent: Option<Parent>,
    /// What a person added.
    pub marks: Marks,
    /// Its colour among the runs, 0 to 7. It stays with the run.
    #[serde(default)]
    pub colour: usize,
    /// As it was started. Later changes of the form do not touch it.
    #[serde(deserialize_with = "config_of_value")]
    pub config: RunConfig,
    /// Its networks, in order.
    pub networks: Vec<NetworkProgress>,
    /// The data that it is trained on.
    pub dataset: DatasetInfo,
    /// The device that it began on.
    pub device: Option<DeviceInfo>,
    /// The browser's user agent, or `native`.
    pub host: String,
}

/// Reads a config by way of a JSON value, as [`RunConfig::set`] does. So the page's program has the code for its many fields only once.
fn config_of_value<'de, D: serde::Deserializer<'de>>(from: D) -> Result<RunConfig, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    serde_json::from_value(value).map_err(serde::de::Error::custom)
}

impl RunRecord {
    /// A run that begins now: in turn the first network warms up, side by side both do.
    pub fn begin(id: u64, config: RunConfig, dataset: DatasetInfo, device: Option<DeviceInfo>, host: String) -> Self {
        let mut networks: Vec<_> = config.kinds().iter().map(|&kind| NetworkProgress::new(kind)).collect();
        let at_once = if config.order == Order::SideBySide { networks.len() } else { 1 };
        networks.iter_mut().take(at_once).for_each(|network| network.phase = Phase::WarmingUp);
        Self {
            id,
            started_ms: 0,
            parent: None,
            marks: Marks::default(),
            colour: 0,
            config,
            networks,
            dataset,
            device,
            host,
        }
    }

    /// What had not ended is interrupted: whoever trained it is gone. Returns whether anything is.
    pub fn interrupt(&mut self) -> bool {
        for network in &mut self.networks {
            if network.phase.is_active() {
                network.phase = Phase::Interrupted;
            }
        }
        self.is_interrupted()
    }

    /// Its interrupted networks go on, each from its newest usable checkpoint, or begin anew where there is none. Returns them in order.
    pub fn go_on(&mut self) -> Vec<NetworkKind> {
        let interrupted = self.networks.iter_mut().filter(|n| n.phase == Phase::Interrupted);
        let mut kinds = Vec::new();
        for network in interrupted {
            if network.resumable().is_none() {
                *network = network.begun_again();
            }
            let at_once = self.config.order == Order::SideBySide || kinds.is_empty();
            network.phase = if at_once { Phase::WarmingUp } else { Phase::Waiting };
            kinds.push(network.kind);
        }
        kinds
    }

    /// One network of it.
    pub fn get(&self, kind: NetworkKind) -> Option<&NetworkProgress> {
        self.networks.iter().find(|n| n.kind == kind)
    }

    /// One network of it.
    pub fn get_mut(&mut self, kind: NetworkKind) -> Option<&mut NetworkProgress> {
        self.networks.iter_mut().find(|n| n.kind == kind)
    }

    /// Applies an event of one network. Returns whether the event counted.
    pub fn apply(&mut self, kind: NetworkKind, event: RunEvent, probabilities: Vec<f32>) -> bool {
        let Some(network) = self.networks.iter_mut().find(|n| n.kind == kind) else { return false };
        if matches!(event, RunEvent::Started { .. }) && network.device.is_none() {
            network.device = self.device.clone();
        }
        let counted = network.apply(event, probabilities);
        // In turn: if one network has ended, in whatever way, the next one begins.
        if counted
            && !network.phase.is_active()
            && let Some(next) = self.networks.iter_mut().find(|n| n.phase == Phase::Waiting)
        {
            next.phase = Phase::WarmingUp;
        }
        counted
    }

    /// These networks, which have not ended, begin again from their newest usable checkpoint, or anew where there is none; the first of them
    /// is under way.
    pub fn begin_again(&mut self, kinds: &[NetworkKind]) {
        for network in &mut self.networks {
            if network.phase.is_active() && kinds.contains(&network.kind) {
                if network.resumable().is_none() {
                    *network = network.begun_again();
                }
                let first = kinds.first() == Some(&network.kind);
                network.phase = if first { Phase::WarmingUp } else { Phase::Waiting };
            }
        }
    }

    /// A network that is under way begins anew.
    pub fn begin_anew(&mut self, kind: NetworkKind) {
        if let Some(network) = self.get_mut(kind) {
            *network = network.begun_again();
            network.phase = Phase::WarmingUp;
        }
    }

    /// Leaves out networks that have not begun. If none has begun, all stay.
    pub fn drop_waiting(&mut self) {
        if self.networks.iter().any(|n| n.phase != Phase::Waiting) {
            self.networks.retain(|n| n.phase != Phase::Waiting);
            self.config.networks = match self.networks.as_slice() {
                [only] if only.kind == NetworkKind::Ann => Networks::Ann,
                [_] => Networks::Cnn,
                _ => self.config.networks,
            };
        }
    }

    /// Whether something still computes or is held.
    pub fn is_active(&self) -> bool {
        self.networks.iter().any(|n| n.phase.is_active())
    }

    /// Whether a network was left in its middle.
    pub fn is_interrupted(&self) -> bool {
        self.networks.iter().any(|n| n.phase == Phase::Interrupted)
    }

    /// Whether it is held.
    pub fn is_paused(&self) -> bool {
        self.networks.iter().any(|n| n.phase == Phase::Paused)
    }

    /// Whether nothing is left but scoring.
    pub fn is_scoring(&self) -> bool {
        self.is_active() && self.networks.iter().all(|n| n.phase == Phase::Scoring || !n.phase.is_active())
    }

    /// Whether every network has its report.
    pub fn is_done(&self) -> bool {
        self.networks.iter().all(|n| n.phase == Phase::Done)
    }

    /// The report of what is finished; `None` where no network is.
    pub fn report(&self) -> Option<RunReport> {
        let mut networks = NetworkReports::default();
        for network in &self.networks {
            if let Some(report) = &network.report {
                networks.set(network.kind, (**report).clone());
            }
        }
        let first = networks.ann.as_ref().or(networks.cnn.as_ref())?;
        Some(RunReport {
            version: REPORT_VERSION,
            software: Software::of_this_build(self.host.clone()),
            config: self.config.clone(),
            dataset: self.dataset.clone(),
            device: self.device.clone().unwrap_or_else(|| first.device.clone()),
            networks,
        })
    }
}
