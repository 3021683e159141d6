//! What a network's curves say to somebody who knows them: overfitting, a loss that is stuck, a learning rate that is too high, dead
//! units. Careful: where the curves leave a doubt there is no hint. Leaves out: the sentences (`app::texts`).

use super::progress::NetworkProgress;
use super::record::RunRecord;
use super::report::EpochRecord;
use crate::config::NetworkKind;

/// At most this many hints of a run are shown.
const MOST: usize = 3;
/// The loss of a network that gives each of the ten classes the same probability, in nats: ln 10.
const LOSS_OF_CHANCE: f64 = std::f64::consts::LN_10;
/// Epochs without a lower validation loss, before it counts as rising.
const RISING_EPOCHS: usize = 3;
/// By how much, relative to its lowest value, a loss must move before it counts.
const CLEARLY: f64 = 0.03;
/// Steps over which step losses are averaged, because one batch's loss says little.
const WINDOW: usize = 20;
/// The share of dead units that is worth a hint.
const MANY_DEAD: f64 = 0.2;

/// What is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// The training loss jumped up, or is no number any more.
    RateTooHigh,
    /// The training loss is that of chance, or no lower than after the first epoch.
    LossStuck,
    /// The validation loss has been rising since the hint's epoch, while the training loss falls.
    Overfitting,
    /// So many percent of the hidden units are never active on the validation images.
    DeadUnits(usize),
}

/// A hint about one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// Which network.
    pub network: NetworkKind,
    /// The epoch, from 1, in which it began or was seen.
    pub epoch: usize,
    /// What is seen.
    pub kind: HintKind,
}

/// The hints of a run that are shown, the most urgent ones of each network first.
pub fn hints_of(run: &RunRecord) -> Vec<Hint> {
    let mut hints: Vec<Hint> = run.networks.iter().flat_map(hints).collect();
    hints.truncate(MOST);
    hints
}

/// What a network's curves say, the most urgent first.
pub fn hints(network: &NetworkProgress) -> Vec<Hint> {
    let epochs = network.epochs.as_slice();
    let jumped = jumped(network).map(|epoch| (epoch, HintKind::RateTooHigh));
    // After a jump the loss is often that of chance. One cause, one hint.
    let stuck = if jumped.is_none() { stuck(epochs).map(|epoch| (epoch, HintKind::LossStuck)) } else { None };
    let overfitting = overfitting(epochs).map(|epoch| (epoch, HintKind::Overfitting));
    let found = [jumped, stuck, overfitting, dead(epochs)].into_iter().flatten();
    found.map(|(epoch, kind)| Hint { network: network.kind, epoch, kind }).collect()
}

/// The epoch in which the loss jumped up, as long as it stays up.
fn jumped(network: &NetworkProgress) -> Option<usize> {
    let (losses, steps) = (network.step_losses.as_slice(), network.steps_per_epoch.max(1));
    if let Some(at) = losses.iter().position(|loss| !loss.is_finite()) {
        return Some(at / steps + 1);
    }
    let windows: Vec<f64> = losses.rchunks_exact(WINDOW).rev().map(mean).collect();
    let (last, before) = windows.split_last()?;
    let best = before.iter().copied().min_by(f64::total_cmp)?;
    let high = |loss: &f64| *loss > 2.0 * best && *loss > best + 0.5;
    let since = windows.iter().rev().take_while(|loss| high(loss)).count();
    let first_step = losses.len() - since * WINDOW;
    high(last).then_some(first_step / steps + 1)
}

fn mean(losses: &[f32]) -> f64 {
    losses.iter().map(|&loss| f64::from(loss)).sum::<f64>() / losses.len() as f64
}

/// The last epoch, if the network has not learnt anything so far, or nothing since its first epoch. The accuracy counts too, because label
/// smoothing keeps the loss high.
fn stuck(epochs: &[EpochRecord]) -> Option<usize> {
    let (first, last) = (epochs.first()?, epochs.last()?);
    let chance = (last.train.loss - LOSS_OF_CHANCE).abs() < 0.1 && last.train.accuracy < 0.2;
    let no_better = epochs.len() >= 3
        && last.train.loss > (1.0 - CLEARLY) * first.train.loss
        && last.train.accuracy < 0.6
        && last.train.accuracy < first.train.accuracy + CLEARLY;
    (chance || no_better).then_some(last.epoch)
}

/// The epoch with the lowest validation loss, if that loss has clearly risen since, and the training loss has clearly fallen.
fn overfitting(epochs: &[EpochRecord]) -> Option<usize> {
    let losses: Vec<f64> =
        epochs.iter().map(|epoch| epoch.validation.map(|score| score.loss)).collect::<Option<_>>()?;
    let best = (0..losses.len()).min_by(|&a, &b| losses[a].total_cmp(&losses[b]))?;
    let rising = &losses[best + 1..];
    let clearly_higher = rising.len() >= RISING_EPOCHS
        && rising[rising.len() - 2..].iter().all(|loss| *loss > (1.0 + CLEARLY) * losses[best]);
    let (then, now) = (epochs[best].train.loss, epochs.last()?.train.loss);
    (clearly_higher && now < (1.0 - CLEARLY) * then).then_some(epochs[best].epoch)
}

/// The share of dead units after the last epoch, if it is high.
fn dead(epochs: &[EpochRecord]) -> Option<(usize, HintKind)> {
    let last = epochs.last()?;
    let [dead, all] = last.dead_units?;
    let share = dead as f64 / all.max(1) as f64;
    (share > MANY_DEAD).then(|| (last.epoch, HintKind::DeadUnits((100.0 * share).round() as usize)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RunConfig;
    use crate::run::report::Score;
    use std::rc::Rc;

    /// Epochs with these training and validation losses; the accuracy is that of a network that learns.
    fn network(losses: &[(f64, f64)]) -> NetworkProgress {
        let score = |loss: f64| Score { loss, accuracy: (1.0 - 0.4 * loss).max(0.1) };
        let record = |(at, &(train, validation)): (usize, &(f64, f64))| EpochRecord {
            epoch: at + 1,
            train: score(train),
            validation: Some(score(validation)),
            seconds: 0.0,
            learning_rate: 1e-3,
            dead_units: None,
        };
        let epochs = Rc::new(losses.iter().enumerate().map(record).collect());
        NetworkProgress { epochs, steps_per_epoch: 100, ..NetworkProgress::new(NetworkKind::Cnn) }
    }

    fn kinds(network: &NetworkProgress) -> Vec<(usize, HintKind)> {
        hints(network).iter().map(|hint| (hint.epoch, hint.kind)).collect()
    }

    const GOOD: &[(f64, f64)] = &[(0.6, 0.45), (0.4, 0.38), (0.34, 0.33), (0.3, 0.31), (0.27, 0.3), (0.25, 0.3)];

    #[test]
    fn curves_of_a_good_run_give_no_hint() {
        for epochs in 0..=GOOD.len() {
            assert_eq!(kinds(&network(&GOOD[..epochs])), [], "after {epochs} epochs");
        }
    }

    #[test]
    fn a_validation_loss_that_rises_while_the_training_loss_falls_is_overfitting() {
        let rises = [(0.5, 0.4), (0.35, 0.33), (0.28, 0.31), (0.22, 0.325), (0.17, 0.34), (0.12, 0.37), (0.08, 0.42)];
        assert_eq!(kinds(&network(&rises)), [(3, HintKind::Overfitting)]);
        assert_eq!(kinds(&network(&rises[..5])), [], "two epochs may be chance");
        let both_rise: Vec<_> = rises.iter().enumerate().map(|(at, l)| (if at > 2 { 0.3 } else { l.0 }, l.1)).collect();
        assert_eq!(kinds(&network(&both_rise)), [], "the training loss does not fall");
        let flat: Vec<_> = rises.iter().map(|l| (l.0, l.1.min(0.315))).collect();
        assert_eq!(kinds(&network(&flat)), [], "the validation loss is only no lower");
        let comes_back: Vec<_> = rises.iter().copied().chain([(0.06, 0.312)]).collect();
        assert_eq!(kinds(&network(&comes_back)), []);
        let mut unvalidated = network(&rises);
        Rc::make_mut(&mut unvalidated.epochs)[2].validation = None;
        assert_eq!(kinds(&unvalidated), []);
    }

    #[test]
    fn a_loss_of_chance_or_one_that_never_falls_is_stuck() {
        assert_eq!(kinds(&network(&[(2.31, 2.303)])), [(1, HintKind::LossStuck)]);
        assert_eq!(kinds(&network(&[(2.1, 1.8)])), [], "it learns slowly");
        let never = [(1.6, 1.6), (1.59, 1.6), (1.6, 1.59)];
        assert_eq!(kinds(&network(&never)), [(3, HintKind::LossStuck)]);
        assert_eq!(kinds(&network(&never[..2])), []);
        // Label smoothing: a high loss, and answers that are right.
        let mut smoothed = network(&[(2.25, 1.0), (2.24, 1.0), (2.23, 1.0)]);
        Rc::make_mut(&mut smoothed.epochs).iter_mut().for_each(|epoch| epoch.train.accuracy = 0.88);
        assert_eq!(kinds(&smoothed), []);
    }

    #[test]
    fn a_loss_that_jumps_up_and_stays_there_shows_a_rate_that_is_too_high() {
        let steps = |losses: Vec<f32>| NetworkProgress { step_losses: Rc::new(losses), ..network(GOOD) };
        let falls = |steps: usize| (0..steps).map(|step| 0.3 + 2.0 / (1.0 + step as f32 / 10.0)).collect::<Vec<f32>>();
        assert_eq!(kinds(&steps(falls(400))), []);
        let mut jumps = falls(250);
        jumps.extend([1.9; 40]);
        assert_eq!(kinds(&steps(jumps.clone())), [(3, HintKind::RateTooHigh)]);
        jumps.extend([0.4; 40]);
        assert_eq!(kinds(&steps(jumps)), [], "it has come back");
        let mut one = falls(250);
        one[240] = 8.0;
        assert_eq!(kinds(&steps(one)), [], "one bad batch is none");
        let mut lost = falls(150);
        lost.push(f32::NAN);
        assert_eq!(kinds(&steps(lost)), [(2, HintKind::RateTooHigh)]);
        // The loss of chance afterwards has the same cause.
        let chance = steps([falls(100), vec![2.3; 200]].concat());
        let chance = NetworkProgress { epochs: network(&[(0.6, 0.6), (2.3, 2.3)]).epochs, ..chance };
        assert_eq!(kinds(&chance), [(2, HintKind::RateTooHigh)]);
    }

    #[test]
    fn many_dead_units_are_named_with_their_share() {
        let with = |dead| {
            let mut network = network(GOOD);
            Rc::make_mut(&mut network.epochs).last_mut().unwrap().dead_units = Some([dead, 384]);
            network
        };
        assert_eq!(kinds(&with(76)), []);
        assert_eq!(kinds(&with(130)), [(6, HintKind::DeadUnits(34))]);
    }

    #[test]
    fn a_run_shows_at_most_three_hints_the_most_urgent_first() {
        let mut run = RunRecord::begin(1, RunConfig::default(), Default::default(), None, String::new());
        for at in 0..2 {
            let mut network = network(&[(2.3, 2.3)]);
            Rc::make_mut(&mut network.epochs)[0].dead_units = Some([384, 384]);
            run.networks[at] = NetworkProgress { kind: NetworkKind::ALL[at], ..network };
        }
        let shown: Vec<_> = hints_of(&run).iter().map(|hint| (hint.network, hint.kind)).collect();
        let (ann, cnn, dead) = (NetworkKind::Ann, NetworkKind::Cnn, HintKind::DeadUnits(100));
        assert_eq!(shown, [(ann, HintKind::LossStuck), (ann, dead), (cnn, HintKind::LossStuck)]);
    }
}
