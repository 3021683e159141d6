//! What the host asks for in the middle of a run: another learning rate, one more epoch, a checkpoint; and what the run tells after
//! each epoch.

use super::resume::{outcome, plan, stateful};
use super::*;
use crate::config::{Activation, BackendChoice, Optimizer};

/// Steps of an epoch of [`tiny`].
const STEPS: usize = 9;

fn with_requests(plan: Plan, requests: &[(usize, Control)]) -> (Trained, Script) {
    let mut host = Script::new(None);
    host.requests = requests.to_vec();
    (pollster::block_on(run(plan, &mut host)).unwrap(), host)
}

#[test]
fn a_changed_learning_rate_holds_from_the_next_step_on() {
    let config = RunConfig { schedule: Schedule::Constant, epochs: 3, ..tiny() };
    for kind in NetworkKind::ALL {
        let changed = with_requests(
            plan(kind, &config, Backend::Flex, None),
            &[(5, Control::ScaleLearningRate(0.1)), (11, Control::ScaleLearningRate(3.0))],
        )
        .0;
        let whole = with_requests(plan(kind, &config, Backend::Flex, None), &[]).0;
        let [first, second] = changed.report.rate_changes[..] else { panic!("{:?}", changed.report.rate_changes) };
        assert_eq!((first.step, first.epoch, first.factor), (5, 1, 0.1));
        assert_eq!((second.step, second.epoch), (11, 2));
        assert!((second.factor - 0.3).abs() < 1e-12 && (second.learning_rate - 9e-4).abs() < 1e-12, "{second:?}");
        let rates: Vec<f64> = changed.report.history.iter().map(|record| record.learning_rate).collect();
        assert!((rates[0] - 3e-4).abs() < 1e-12 && (rates[2] - 9e-4).abs() < 1e-12, "{rates:?}");
        // The loss of step 5 (from 0) is that of weights that only the first five steps have changed.
        assert_eq!(changed.report.step_losses[..6], whole.report.step_losses[..6]);
        assert_ne!(changed.report.step_losses[6], whole.report.step_losses[6], "{kind:?}");
    }
}

#[test]
fn one_more_epoch_has_a_tenth_of_the_peak() {
    let config = RunConfig { epochs: 2, ..tiny() };
    // The second one comes in the last epoch that was planned so far.
    let requests = [(3, Control::OneMoreEpoch), (STEPS * 3 - 1, Control::OneMoreEpoch)];
    let (trained, host) = with_requests(plan(NetworkKind::Ann, &config, Backend::Flex, None), &requests);
    assert_eq!((trained.report.history.len(), trained.report.extra_epochs), (4, 2));
    let told: Vec<usize> = host
        .events
        .iter()
        .filter_map(|event| if let RunEvent::Extended { extra_epochs } = event { Some(*extra_epochs) } else { None })
        .collect();
    assert_eq!(told, [1, 2]);
    let rates: Vec<f64> = trained.report.history.iter().map(|record| record.learning_rate).collect();
    assert!(rates[1] < 1e-4, "the cosine ends at zero: {rates:?}");
    assert!((rates[2] - 3e-4).abs() < 1e-12 && (rates[3] - 3e-4).abs() < 1e-12, "{rates:?}");
}

#[test]
fn a_run_with_changes_goes_on_from_every_checkpoint_to_the_bit() {
    let requests = [
        (4, Control::ScaleLearningRate(0.3)),
        (7, Control::OneMoreEpoch),
        (13, Control::Checkpoint),
        (20, Control::ScaleLearningRate(2.0)),
    ];
    for (backend, choice) in [(Backend::Flex, BackendChoice::Auto), (Backend::PlainFlex, BackendChoice::PlainFlex)] {
        for kind in NetworkKind::ALL {
            let config = RunConfig { epochs: 2, backend: choice, patience: 0, ..stateful(kind, Optimizer::AdamW) };
            let (whole, host) = with_requests(plan(kind, &config, backend, None), &requests);
            let steps: Vec<usize> = host.kept.iter().map(Checkpoint::step).collect();
            assert_eq!(
                steps,
                [4, STEPS, 13, 2 * STEPS, 20, 3 * STEPS],
                "{kind:?}: after epochs, changes, and as asked for"
            );
            for from in host.kept {
                let from = Checkpoint::from_bytes(&from.to_bytes()).unwrap();
                let step = from.step();
                let mut rest = plan(kind, &config, backend, Some(from));
                rest.extra_epochs = usize::from(step >= 7);
                // The host counts the steps of the rest alone.
                let later: Vec<_> = requests
                    .iter()
                    .filter(|(at, control)| *at > step && !matches!(control, Control::Checkpoint))
                    .map(|(at, control)| (at - step, *control))
                    .collect();
                let (rest, _) = with_requests(rest, &later);
                assert!(outcome(&rest) == outcome(&whole), "{kind:?} on {backend} from step {step}");
                assert_eq!(
                    rest.report.rate_changes, whole.report.rate_changes,
                    "{kind:?} on {backend} from step {step}"
                );
            }
        }
    }
}

#[test]
fn a_branch_takes_its_own_rate_and_a_fresh_optimiser_if_it_is_another_one() {
    let config = RunConfig { epochs: 2, schedule: Schedule::Constant, ..tiny() };
    let (parent, host) =
        with_requests(plan(NetworkKind::Ann, &config, Backend::Flex, None), &[(4, Control::ScaleLearningRate(0.1))]);
    let from = host.kept.iter().find(|kept| kept.step() == STEPS).unwrap().clone();
    let branch = RunConfig { optimizer: Optimizer::Sgd, learning_rate: 0.05, ..config };
    let (branch, _) = with_requests(plan(NetworkKind::Ann, &branch, Backend::Flex, Some(from)), &[]);
    assert_eq!(branch.report.step_losses[..STEPS + 1], parent.report.step_losses[..STEPS + 1]);
    let reset = branch.report.rate_changes[1];
    assert_eq!((reset.step, reset.factor, reset.learning_rate), (STEPS, 1.0, 0.05));
    assert_eq!(branch.report.history[1].learning_rate, 0.05);
    assert!(branch.report.history[1].train.loss.is_finite());
}

#[test]
fn each_epoch_answers_to_the_same_images_that_are_not_trained_on() {
    let config = RunConfig { epochs: 2, validation: 0.3, ..tiny() };
    let mut host = Script::new(None);
    let trained = pollster::block_on(run(plan(NetworkKind::Cnn, &config, Backend::Flex, None), &mut host)).unwrap();
    let watched: Vec<_> = host
        .events
        .iter()
        .filter_map(|event| if let RunEvent::Epoch { watched, .. } = event { watched.clone() } else { None })
        .collect();
    let [first, second] = &watched[..] else { panic!("{} epochs were watched", watched.len()) };
    assert_eq!(first.images, second.images);
    let data = bars(config.train);
    let classes: Vec<u8> = first.images.iter().map(|&image| data.train_labels[image as usize]).collect();
    assert_eq!(classes, (0..10).flat_map(|class| [class, class]).collect::<Vec<u8>>());
    let split = crate::data::split(&data.train_labels, &config);
    assert!(first.images.iter().all(|image| split.validation.contains(image) && !split.training.contains(image)));
    for row in first.probabilities.chunks_exact(10) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{row:?}");
    }
    assert_ne!(first.probabilities, second.probabilities);
    // The same answers come from the checkpoint.
    let data = bars(config.train);
    let again = pollster::block_on(ValidationAnswers::compute(&trained.checkpoint, data, async || {}));
    let again = again.unwrap();
    assert_eq!(again.images, split.validation);
    let place = again.images.iter().position(|image| *image == second.images[3]).unwrap();
    assert_eq!(again.probabilities[place * 10..place * 10 + 10], second.probabilities[30..40]);
}

#[test]
fn units_that_never_answer_are_counted() {
    let config = RunConfig { epochs: 1, ..tiny() };
    for (kind, all) in [(NetworkKind::Ann, 32), (NetworkKind::Cnn, 8 + 32)] {
        let mut trainer = Trainer::new(kind, &config, bars(config.train), &Device::flex());
        let images: Vec<u32> = (0..40).collect();
        let count = |trainer: &Trainer| {
            pollster::block_on(trainer.dead_units(crate::fashion_mnist::ImageSet::Train, &images)).unwrap().unwrap()
        };
        let [before, of] = count(&trainer);
        assert_eq!(of, all, "{kind:?}");
        // The biases of the first layer stand behind its weights. The first three become very negative.
        let mut weights = pollster::block_on(trainer.weights()).unwrap();
        let first_bias = if kind == NetworkKind::Ann { 784 * 32 } else { 9 * 8 };
        weights[first_bias..first_bias + 3].fill(-1e6);
        trainer.restore(OptimizerState::new(weights), 0);
        let [after, _] = count(&trainer);
        assert!(after >= 3 && after >= before, "{kind:?}: {before} before, {after} after");
    }
    let tanh = RunConfig { ann_activation: Activation::Tanh, ..config };
    let trainer = Trainer::new(NetworkKind::Ann, &tanh, bars(tanh.train), &Device::flex());
    assert_eq!(pollster::block_on(trainer.dead_units(crate::fashion_mnist::ImageSet::Train, &[0, 1])).unwrap(), None);
}

#[test]
fn workers_follow_a_changed_rate() {
    let config = RunConfig { schedule: Schedule::Constant, ..tiny() };
    let batches: Vec<Vec<u32>> = (0..6).map(|b| (b * 20..b * 20 + 20).collect()).collect();
    let batches: Vec<&[u32]> = batches.iter().map(Vec::as_slice).collect();
    let weights = |helpers: usize, factor: f64| {
        let mut pool = ThreadPool::default();
        let mut trainer = Trainer::new(NetworkKind::Ann, &config, bars(config.train), &Device::flex());
        pollster::block_on(async {
            pool.resize(helpers, NetworkKind::Ann, &config).await;
            trainer.train(1, &batches[..2], helpers, &mut pool).await.unwrap();
            trainer.set_rate_factor(factor);
            trainer.train(1, &batches[2..], helpers, &mut pool).await.unwrap();
            trainer.weights().await.unwrap()
        })
    };
    let largest = |a: &[f32], b: &[f32]| a.iter().zip(b).fold(0f32, |m, (a, b)| m.max((a - b).abs()));
    let alone = weights(0, 0.1);
    assert!(largest(&alone, &weights(0, 1.0)) > 3e-3, "the factor changes nothing");
    // Four steps of Adam at 3e-4 move a weight by about 1e-3. Sums in another order may turn the sign of a few tiny gradients.
    let apart = largest(&alone, &weights(1, 0.1));
    assert!(apart < 1e-3, "the helper takes other steps: {apart}");
}
