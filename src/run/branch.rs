//! A branch: a new run that goes on from an epoch of another run. Its curves begin with those of its parent up to that epoch. Leaves out:
//! which checkpoints there are and who trains it (`page::branch`).

use super::progress::NetworkProgress;
use super::record::{Parent, RunRecord};
use super::report::{DatasetInfo, DeviceInfo};
use crate::config::{NetworkKind, Networks, RunConfig};
use std::rc::Rc;

/// The config of a branch from an epoch (from 1) of `parent`: the fields that must be the parent's are, all others are the form's. It
/// trains at least one epoch.
pub fn branch_config(parent: &RunConfig, form: &RunConfig, epoch: usize) -> RunConfig {
    // `RunConfig::may_go_on_from` names the fields; a test compares the two.
    let parent = parent.clone();
    RunConfig {
        networks: parent.networks,
        train: parent.train,
        validation: parent.validation,
        batch: parent.batch,
        seed: parent.seed,
        ann_hidden: parent.ann_hidden,
        ann_activation: parent.ann_activation,
        ann_batch_norm: parent.ann_batch_norm,
        cnn_channels: parent.cnn_channels,
        cnn_kernel: parent.cnn_kernel,
        cnn_padding: parent.cnn_padding,
        cnn_activation: parent.cnn_activation,
        cnn_batch_norm: parent.cnn_batch_norm,
        cnn_head: parent.cnn_head,
        cnn_dense: parent.cnn_dense,
        epochs: form.epochs.max(epoch + 1),
        ..form.clone()
    }
}

/// The choice that means these networks; `None` for no network.
pub fn networks_of(kinds: &[NetworkKind]) -> Option<Networks> {
    match (kinds.contains(&NetworkKind::Ann), kinds.contains(&NetworkKind::Cnn)) {
        (true, true) => Some(Networks::Both),
        (true, false) => Some(Networks::Ann),
        (false, true) => Some(Networks::Cnn),
        (false, false) => None,
    }
}

impl NetworkProgress {
    /// Whether a checkpoint of the end of this epoch (from 1) is kept.
    pub fn has_checkpoint(&self, epoch: usize) -> bool {
        epoch > 0
            && self.checkpoints.iter().any(|kept| kept.epoch == epoch && kept.step == epoch * self.steps_per_epoch)
    }

    /// The same network as it was before its run trained it: with the epochs that it has from another run, else with none.
    pub fn begun_again(&self) -> Self {
        Self { extra_epochs: self.extra_epochs, inherited: self.inherited, ..self.up_to(self.inherited) }
    }

    /// The same network at the end of an epoch, as it waits to go on from there in another run. That run has no checkpoint yet.
    pub fn up_to(&self, epoch: usize) -> Self {
        let step = epoch * self.steps_per_epoch;
        let mut then = Self {
            workers: self.workers,
            steps_per_epoch: self.steps_per_epoch,
            epoch,
            seconds: epoch.checked_sub(1).and_then(|at| self.epochs.get(at)).map_or(0.0, |epoch| epoch.seconds),
            ..Self::new(self.kind)
        };
        then.step_losses = first(&self.step_losses, step);
        then.step_seconds = first(&self.step_seconds, step);
        then.epochs = first(&self.epochs, epoch);
        then.confusions = first(&self.confusions, epoch);
        then.watched = first(&self.watched, epoch);
        then.rate_changes = self.rate_changes.iter().copied().filter(|change| change.step < step).collect();
        then
    }
}

fn first<T: Clone>(all: &[T], most: usize) -> Rc<Vec<T>> {
    Rc::new(all[..most.min(all.len())].to_vec())
}

impl RunRecord {
    /// Each network that can go on from the end of this epoch (from 1), with the epoch.
    pub fn checkpoints_of(&self, epoch: usize) -> Vec<(NetworkKind, usize)> {
        self.networks.iter().filter(|n| n.has_checkpoint(epoch)).map(|n| (n.kind, epoch)).collect()
    }

    /// Each network that can go on from the end of its last epoch, with that epoch. After early stopping the epochs can differ.
    pub fn last_checkpoints(&self) -> Vec<(NetworkKind, usize)> {
        let last = self.networks.iter().map(|network| (network, network.epochs.len()));
        last.filter(|(network, epoch)| network.has_checkpoint(*epoch)).map(|(n, epoch)| (n.kind, epoch)).collect()
    }

    /// The run whose checkpoint of the end of an epoch this network goes on from, and the epoch; `None` where it began anew.
    pub fn origin(&self, network: NetworkKind) -> Option<Parent> {
        let epoch = self.get(network)?.inherited;
        self.parent.filter(|_| epoch > 0).map(|parent| Parent { epoch, ..parent })
    }

    /// A branch of `parent` that begins now. `from`: each of its networks with the epoch that it goes on from. `config.networks` names the
    /// same networks.
    pub fn branch(
        id: u64,
        config: RunConfig,
        parent: &RunRecord,
        from: &[(NetworkKind, usize)],
        dataset: DatasetInfo,
        device: Option<DeviceInfo>,
        host: String,
    ) -> Self {
        let mut run = Self::begin(id, config, dataset, device, host);
        for network in &mut run.networks {
            let epoch = from.iter().find(|(kind, _)| *kind == network.kind).map(|&(_, epoch)| epoch);
            if let (Some(then), Some(epoch)) = (parent.get(network.kind), epoch) {
                let phase = network.phase;
                *network = NetworkProgress { phase, inherited: epoch, ..then.up_to(epoch) };
            }
        }
        let epoch = from.iter().map(|&(_, epoch)| epoch).max().unwrap_or(0);
        run.parent = Some(Parent { run: parent.id, epoch });
        run
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Activation, FIELDS, FIXED_FIELDS, Head, Padding, Schedule};
    use crate::run::report::{EpochRecord, RateChange, Score};
    use crate::run::{KeptCheckpoint, Phase, Watched};

    /// Every field differs from the default.
    fn other() -> RunConfig {
        let mut config = RunConfig {
            networks: Networks::Ann,
            ann_activation: Activation::Gelu,
            cnn_activation: Activation::Silu,
            cnn_padding: Padding::Same,
            cnn_head: Head::Average,
            schedule: Schedule::Step,
            ..RunConfig::default()
        };
        let values = [
            ("order", "side"),
            ("backend", "flex"),
            ("workers", "3"),
            ("train", "5000"),
            ("validation", "0.25"),
            ("epochs", "3"),
            ("batch", "32"),
            ("seed", "7"),
            ("patience", "4"),
            ("optimizer", "sgd"),
            ("learning_rate", "0.02"),
            ("momentum", "0.5"),
            ("nesterov", "false"),
            ("weight_decay", "0.01"),
            ("label_smoothing", "0.1"),
            ("weights", "best"),
            ("flip", "true"),
            ("shift", "2"),
            ("erase", "0.5"),
            ("ann_hidden", "64"),
            ("ann_dropout", "0.5"),
            ("ann_batch_norm", "true"),
            ("cnn_channels", "8,8"),
            ("cnn_kernel", "5"),
            ("cnn_batch_norm", "true"),
            ("cnn_dropout", "0.5"),
            ("cnn_dense", "64"),
        ];
        values.iter().for_each(|(key, value)| config.set(key, value).unwrap());
        config
    }

    #[test]
    fn a_branch_has_its_parents_network_and_data_and_the_forms_other_settings() {
        let (parent, form) = (RunConfig::default(), other());
        let branch = branch_config(&parent, &form, 2);
        assert_eq!(branch.may_go_on_from(&parent), Ok(()));
        for field in FIELDS {
            let (p, f, b) = (parent.get(field.key), form.get(field.key), branch.get(field.key));
            assert_ne!(p, f, "{}", field.key);
            let fixed = FIXED_FIELDS.contains(&field.key) || field.key == "networks";
            assert_eq!(b, if fixed { p } else { f }, "{}", field.key);
        }
    }

    #[test]
    fn a_branch_trains_at_least_one_epoch() {
        let epochs = |epoch| branch_config(&RunConfig::default(), &other(), epoch).epochs;
        assert_eq!([epochs(1), epochs(2), epochs(3), epochs(9)], [3, 3, 4, 10]);
    }

    #[test]
    fn a_branch_begins_with_its_parents_curves_up_to_the_epoch() {
        let mut parent = RunRecord::begin(5, RunConfig::default(), Default::default(), None, String::new());
        let record = |epoch: usize| EpochRecord {
            epoch,
            train: Score { loss: 1.0 / epoch as f64, accuracy: 0.8 },
            validation: None,
            seconds: 2.0 * epoch as f64,
            learning_rate: 1e-3,
            dead_units: None,
        };
        let change = |step| RateChange { step, epoch: step / 10 + 1, factor: 0.5, learning_rate: 5e-4 };
        parent.networks[1] = NetworkProgress {
            phase: Phase::Done,
            steps_per_epoch: 10,
            epoch: 3,
            seconds: 6.5,
            step_losses: Rc::new((0..30).map(|step| step as f32).collect()),
            step_seconds: Rc::new((0..30).map(|step| step as f32).collect()),
            epochs: Rc::new((1..=3).map(record).collect()),
            confusions: Rc::new((1..=3).map(|epoch| Some([[epoch; 10]; 10])).collect()),
            watched: Rc::new((1..=3).map(|at| Some(Watched { images: vec![at], probabilities: Vec::new() })).collect()),
            rate_changes: vec![change(5), change(20)],
            checkpoints: (1..=3).map(|epoch| KeptCheckpoint { epoch, step: 10 * epoch, bytes: 9 }).collect(),
            scored_epoch: Some(3),
            extra_epochs: 1,
            ..NetworkProgress::new(NetworkKind::Cnn)
        };
        let config = RunConfig { networks: Networks::Cnn, ..RunConfig::default() };
        let from = [(NetworkKind::Cnn, 2)];
        let branch = RunRecord::branch(8, config, &parent, &from, Default::default(), None, String::new());
        assert_eq!((branch.id, branch.parent), (8, Some(Parent { run: 5, epoch: 2 })));
        assert_eq!(branch.origin(NetworkKind::Cnn), branch.parent);
        assert_eq!((branch.origin(NetworkKind::Ann), parent.origin(NetworkKind::Cnn)), (None, None));
        let [cnn] = branch.networks.as_slice() else { panic!("one network") };
        assert_eq!((cnn.kind, cnn.phase, cnn.epoch, cnn.seconds), (NetworkKind::Cnn, Phase::WarmingUp, 2, 4.0));
        assert_eq!((cnn.step_losses.len(), cnn.step_seconds.len(), cnn.step_losses[19]), (20, 20, 19.0));
        assert_eq!(*cnn.epochs, [record(1), record(2)]);
        assert_eq!(*cnn.confusions, [Some([[1; 10]; 10]), Some([[2; 10]; 10])]);
        assert_eq!(cnn.watched.iter().flatten().map(|w| w.images[0]).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(cnn.rate_changes, [change(5)], "the change at the first step of epoch 3 comes after it");
        let further = NetworkProgress { extra_epochs: 2, inherited: 2, ..parent.networks[1].clone() };
        let again = further.begun_again();
        assert_eq!((again.epochs.len(), again.step_losses.len(), again.extra_epochs, again.inherited), (2, 20, 2, 2));
        assert_eq!(parent.networks[1].begun_again().step_losses.len(), 0);
        assert_eq!((cnn.extra_epochs, cnn.scored_epoch, cnn.checkpoints.as_slice()), (0, None, &[][..]));
    }

    #[test]
    fn only_a_checkpoint_of_an_epochs_end_counts() {
        let kept = |epoch, step| KeptCheckpoint { epoch, step, bytes: 1 };
        let checkpoints = vec![kept(1, 10), kept(2, 25)];
        let network = NetworkProgress { steps_per_epoch: 10, checkpoints, ..NetworkProgress::new(NetworkKind::Ann) };
        assert_eq!([0, 1, 2, 3].map(|epoch| network.has_checkpoint(epoch)), [false, true, false, false]);
    }
}
