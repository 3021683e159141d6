//! Backends agree with each other.

use super::super::parity::parity_of;
use super::*;

#[test]
fn two_correct_backends_pass_the_parity_check() {
    let largest = pollster::block_on(parity_of(&tiny(), &reference_cpu(), &Device::flex(), bars(200))).unwrap();
    assert!(largest < PARITY_TOLERANCE, "{largest}");
}

#[test]
fn a_device_that_agrees_is_kept_to_the_end() {
    let config = tiny();
    let plan = Plan {
        network: NetworkKind::Ann,
        config: config.clone(),
        data: bars(config.train),
        // Another correct backend stands in for a GPU: each checkpoint compares it with Flex.
        device: (reference_cpu(), info(Backend::WebGpu)),
        fallback: Some((Device::flex(), info(Backend::Flex))),
        from: None,
        extra_epochs: 0,
    };
    let report = pollster::block_on(run(plan, &mut Script::new(None))).unwrap().report;
    assert_eq!(report.device.backend, Backend::WebGpu);
    assert!(report.notes.is_empty());
}

#[test]
fn custom_kernels_train_as_plain_flex_does() {
    use crate::config::{BackendChoice, Optimizer};
    for kind in NetworkKind::ALL {
        for (norm, optimizer) in [(false, Optimizer::Adam), (true, Optimizer::AdamW), (false, Optimizer::Sgd)] {
            let config = RunConfig {
                optimizer,
                weight_decay: 1e-3,
                label_smoothing: 0.1,
                learning_rate: if optimizer == Optimizer::Sgd { 0.02 } else { 1e-3 },
                momentum: 0.9,
                ann_batch_norm: norm,
                cnn_batch_norm: norm,
                ann_dropout: 0.2,
                cnn_channels: vec![4, 5],
                ..tiny()
            };
            let own = train(kind, &config, &mut Script::new(None)).unwrap();
            let plain = RunConfig { backend: BackendChoice::PlainFlex, ..config };
            let plain = train(kind, &plain, &mut Script::new(None)).unwrap();
            let curves = own.step_losses.iter().zip(&plain.step_losses);
            // 36 steps of 32-bit sums in another order: rounding grows along a run, and Adam's first steps are signs of gradients.
            let largest = curves.fold(0f32, |m, (a, b)| m.max((a - b).abs() / b.abs().max(0.1)));
            assert!(largest < 0.02, "{kind:?} {optimizer:?} norm {norm}: curves differ by {largest}");
            assert!((own.test.accuracy - plain.test.accuracy).abs() <= 0.02, "{kind:?} {optimizer:?}");
        }
    }
}
