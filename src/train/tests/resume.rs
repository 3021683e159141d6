//! A run that goes on from a checkpoint is the uninterrupted run.

use super::*;
use crate::config::{BackendChoice, Optimizer, ScoredWeights};
use crate::weights::CheckpointError;

/// Everything that has a state between two steps.
pub(super) fn stateful(kind: NetworkKind, optimizer: Optimizer) -> RunConfig {
    RunConfig {
        optimizer,
        learning_rate: if optimizer == Optimizer::Sgd { 0.02 } else { 3e-3 },
        schedule: Schedule::OneCycle,
        weight_decay: 1e-3,
        flip: true,
        shift: 1,
        erase: 0.3,
        ann_dropout: 0.2,
        ann_batch_norm: kind == NetworkKind::Ann,
        cnn_batch_norm: kind == NetworkKind::Cnn,
        weights: ScoredWeights::Best,
        patience: 3,
        ..tiny()
    }
}

pub(super) fn plan(kind: NetworkKind, config: &RunConfig, backend: Backend, from: Option<Checkpoint>) -> Plan {
    let device = match backend {
        Backend::NdArray => reference_cpu(),
        _ => Device::flex(),
    };
    let from = from.map(Rc::new);
    let config = config.clone();
    Plan {
        network: kind,
        data: bars(config.train),
        config,
        device: (device, info(backend)),
        fallback: None,
        from,
        extra_epochs: 0,
    }
}

fn trained(plan: Plan, end: Option<(usize, Control)>) -> Trained {
    pollster::block_on(run(plan, &mut Script::new(end))).unwrap()
}

/// Stops after so many steps.
fn stopped_after(plan: Plan, steps: usize) -> Trained {
    let mut host = Script::new(None);
    host.stop_after = Some(steps);
    pollster::block_on(run(plan, &mut host)).unwrap()
}

/// What does not depend on the clock.
#[derive(PartialEq)]
pub(super) struct Outcome {
    step_losses: Vec<f32>,
    validation: Vec<Option<f64>>,
    weights: Vec<f32>,
    probabilities: Vec<f32>,
    scored_epoch: usize,
}

pub(super) fn outcome(trained: &Trained) -> Outcome {
    let report = &trained.report;
    Outcome {
        step_losses: report.step_losses.clone(),
        validation: report.history.iter().map(|r| r.validation.map(|v| v.loss)).collect(),
        weights: trained.checkpoint.weights().to_vec(),
        probabilities: trained.probabilities.clone(),
        scored_epoch: report.scored_epoch,
    }
}

#[test]
fn a_run_that_goes_on_from_a_checkpoint_is_the_uninterrupted_run_to_the_bit() {
    for kind in NetworkKind::ALL {
        for optimizer in [Optimizer::Sgd, Optimizer::AdamW] {
            let config = stateful(kind, optimizer);
            let whole = trained(plan(kind, &config, Backend::Flex, None), None);
            // At the end of an epoch, in the middle of one, and before the first step.
            for steps in [0, 9, 13] {
                let part = stopped_after(plan(kind, &config, Backend::Flex, None), steps);
                assert_eq!(part.checkpoint.step(), steps.max(1), "{kind:?} {optimizer:?}");
                // The checkpoint goes through its bytes.
                let from = Checkpoint::from_bytes(&part.checkpoint.to_bytes()).unwrap();
                assert!(from == part.checkpoint, "the bytes of a checkpoint are not the checkpoint");
                let rest = trained(plan(kind, &config, Backend::Flex, Some(from)), None);
                assert!(outcome(&rest) == outcome(&whole), "{kind:?} {optimizer:?} after {steps} steps");
            }
        }
    }
}

#[test]
fn burns_own_operations_go_on_to_the_bit_too() {
    for kind in NetworkKind::ALL {
        for optimizer in [Optimizer::Sgd, Optimizer::Adam, Optimizer::AdamW] {
            let config = RunConfig { backend: BackendChoice::PlainFlex, epochs: 2, ..stateful(kind, optimizer) };
            let whole = trained(plan(kind, &config, Backend::PlainFlex, None), None);
            let part = stopped_after(plan(kind, &config, Backend::PlainFlex, None), 11);
            let rest = trained(plan(kind, &config, Backend::PlainFlex, Some(part.checkpoint)), None);
            assert!(outcome(&rest) == outcome(&whole), "{kind:?} {optimizer:?}");
        }
    }
}

#[test]
fn a_checkpoint_of_one_backend_goes_on_on_every_other() {
    for kind in NetworkKind::ALL {
        let config = RunConfig { cnn_channels: vec![4], epochs: 2, ..stateful(kind, Optimizer::Adam) };
        let plain = RunConfig { backend: BackendChoice::PlainFlex, ..config.clone() };
        // NdArray convolves slowly: the ANN is enough for it.
        let mut backends = vec![(Backend::Flex, &config), (Backend::PlainFlex, &plain)];
        backends.extend((kind == NetworkKind::Ann).then_some((Backend::NdArray, &config)));
        let whole = trained(plan(kind, &config, Backend::Flex, None), None);
        for &(first, config) in &backends {
            let part = stopped_after(plan(kind, config, first, None), 9);
            for &(second, config) in &backends {
                let from = Checkpoint { config: config.clone(), ..part.checkpoint.clone() };
                let rest = trained(plan(kind, config, second, Some(from)), None);
                let curves = rest.report.step_losses.iter().zip(&whole.report.step_losses);
                // 32-bit sums in another order over 18 steps. Lost moments would show at once: Adam's first steps are ten times as
                // large as these.
                let largest = curves.fold(0f32, |m, (a, b)| m.max((a - b).abs() / b.abs().max(0.1)));
                assert!(largest < 0.02, "{kind:?} from {first} to {second}: curves differ by {largest}");
            }
        }
    }
}

#[test]
fn the_page_reads_the_weights_of_a_checkpoint_without_the_engine() {
    for kind in NetworkKind::ALL {
        let config = stateful(kind, Optimizer::Adam);
        let checkpoint = stopped_after(plan(kind, &config, Backend::Flex, None), 30).checkpoint;
        assert!(checkpoint.epochs() > 0);
        let bytes = checkpoint.to_bytes();
        let read = crate::weights::of_checkpoint(&bytes).unwrap();
        assert_eq!((read.kind, &read.config, read.weights.as_slice()), (kind, &config, checkpoint.weights()));
        // So many bytes end within the weights, because the header stands before them. The optimiser's state behind them is not read.
        for end in [0, 3, 11, 40, 4 * checkpoint.weights().len()] {
            assert!(crate::weights::of_checkpoint(&bytes[..end]).is_err(), "{end}");
        }
    }
}

#[test]
fn damaged_bytes_are_no_checkpoint() {
    let config = RunConfig { epochs: 1, ..tiny() };
    let bytes = trained(plan(NetworkKind::Ann, &config, Backend::Flex, None), None).checkpoint.to_bytes();
    assert_eq!(Checkpoint::from_bytes(b"").unwrap_err(), CheckpointError::Magic);
    assert_eq!(Checkpoint::from_bytes(b"PK\x03\x04 something else").unwrap_err(), CheckpointError::Magic);
    let mut other = bytes.clone();
    other[4] = 9;
    assert_eq!(Checkpoint::from_bytes(&other).unwrap_err(), CheckpointError::Version(9));
    for length in [4, 8, 12, 40, bytes.len() / 2, bytes.len() - 1] {
        let cut = Checkpoint::from_bytes(&bytes[..length]).unwrap_err();
        assert!(matches!(cut, CheckpointError::Damaged(_)), "{length}: {cut}");
    }
    for place in [9, 100, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(matches!(Checkpoint::from_bytes(&changed), Err(CheckpointError::Damaged(_))), "{place}");
    }
}
