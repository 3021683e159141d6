//! Compares convolution blocks with their definition in f64, over random shapes.

use super::backward::{conv_backward, conv_block_backward};
use super::forward::{conv_block_forward, conv_forward};
use super::shape::{BlockShape, ConvShape};
use crate::kernels::cpu::reference::{Lcg, conv, conv_gradients, error, relu_pool};
use crate::kernels::cpu::workspace::Workspace;

/// f32 has 24 bits. Sums of a few thousand products have an error of about 1e-6 of their size, Winograd's transforms
/// cost another factor of ten, and the worst of many thousand values is several times the mean.
const TOLERANCE: f64 = 5e-5;

fn check(block: &BlockShape, seed: u64, workspace: &mut Workspace) {
    let (s, mut random) = (&block.conv, Lcg(seed));
    let (x, w, b) = (random.values(s.batch * s.in_image()), random.values(s.weights()), random.values(s.outputs));
    let full = conv(s, &x, &w, &b);
    let (expected, from) = relu_pool(block, &full);
    let (mut y, mut saved) = (vec![f32::NAN; expected.len()], vec![255; block.saved()]);
    conv_block_forward(block, &x, &w, &b, &mut y, &mut saved, workspace);
    assert!(error(&y, &expected) < TOLERANCE, "{block:?}: y {}", error(&y, &expected));

    // If f32 and f64 choose different pixels of a window, the two are nearly equal. That is no error: the gradient goes
    // to the pixel that the kernel chose.
    let dy = random.values(y.len());
    let mut d_full = vec![0.0; full.len()];
    for (i, &dy) in dy.iter().enumerate() {
        let (o, pixel) = (i % s.outputs, i / s.outputs);
        let (px, rest) = (pixel % block.out_width(), pixel / block.out_width());
        let (py, n) = (rest % block.out_height(), rest / block.out_height());
        let code = if saved.is_empty() { 0 } else { usize::from(saved[i]) };
        let place = (code != 4).then(|| {
            let (fy, fx) = if block.pool { (2 * py + code / 2, 2 * px + code % 2) } else { (py, px) };
            ((n * s.out_height() + fy) * s.out_width() + fx) * s.outputs + o
        });
        if place != from[i] {
            let value = |place: Option<usize>| place.map_or(0.0, |place| full[place]);
            assert!((value(place) - value(from[i])).abs() < 1e-4, "{block:?}: pixel chosen for {i}");
        }
        if let Some(place) = place {
            d_full[place] += f64::from(dy);
        }
    }
    let [dx_expected, dw_expected, db_expected] = conv_gradients(s, &x, &w, &d_full);
    for wanted in [true, false] {
        let (mut dx, mut dw, mut db) = (vec![f32::NAN; x.len()], vec![f32::NAN; w.len()], vec![f32::NAN; b.len()]);
        conv_block_backward(block, &x, &w, &dy, &saved, wanted.then_some(&mut dx[..]), &mut dw, &mut db, workspace);
        if wanted {
            assert!(error(&dx, &dx_expected) < TOLERANCE, "{block:?}: dx {}", error(&dx, &dx_expected));
        }
        assert!(error(&dw, &dw_expected) < TOLERANCE, "{block:?}: dw {}", error(&dw, &dw_expected));
        assert!(error(&db, &db_expected) < TOLERANCE, "{block:?}: db {}", error(&db, &db_expected));
    }
}

const FIRST: ConvShape =
    ConvShape { batch: 2, height: 28, width: 28, inputs: 1, outputs: 32, kernel: 3, stride: 1, padding: 0 };
const SECOND: ConvShape =
    ConvShape { batch: 9, height: 13, width: 13, inputs: 32, outputs: 64, kernel: 3, stride: 1, padding: 0 };

#[test]
fn blocks_of_the_reference_network() {
    let mut workspace = Workspace::new();
    for conv in [FIRST, SECOND] {
        for (relu, pool) in [(true, true), (true, false), (false, true), (false, false)] {
            for padding in [0, 1] {
                check(&BlockShape { conv: ConvShape { padding, ..conv }, relu, pool }, 1, &mut workspace);
            }
            check(
                &BlockShape { conv: ConvShape { kernel: 5, padding: 2, batch: 2, ..conv }, relu, pool },
                2,
                &mut workspace,
            );
        }
    }
}

#[test]
fn random_shapes() {
    let mut workspace = Workspace::new();
    for seed in 0..300 {
        let mut random = Lcg(seed * 77 + 5);
        let kernel = [1, 3, 3, 3, 5, 2][random.below(6)];
        let channels = [1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 32, 33];
        let conv = ConvShape {
            batch: 1 + random.below(3),
            height: kernel + random.below(11),
            width: kernel + random.below(11),
            inputs: channels[random.below(12)],
            outputs: channels[random.below(12)],
            kernel,
            stride: 1 + random.below(8) / 6,
            padding: random.below(kernel / 2 + 1),
        };
        check(&BlockShape { conv, relu: random.below(2) == 1, pool: random.below(2) == 1 }, seed, &mut workspace);
    }
}

#[test]
fn nothing_is_left_after_the_pool() {
    let conv = ConvShape { batch: 2, height: 3, width: 5, inputs: 1, outputs: 4, kernel: 3, stride: 1, padding: 0 };
    for inputs in [1, 8] {
        let conv = ConvShape { inputs, ..conv };
        check(&BlockShape { conv, relu: true, pool: true }, 1, &mut Workspace::new());
    }
}

#[test]
fn a_nan_remains_visible() {
    let block = BlockShape { conv: ConvShape { inputs: 8, batch: 1, ..SECOND }, relu: true, pool: true };
    let s = &block.conv;
    let (x, w, b) = (vec![1.0; s.in_image()], vec![f32::NAN; s.weights()], vec![0.0; s.outputs]);
    let (mut y, mut saved) = (vec![0.0; block.out_image()], vec![0; block.saved()]);
    conv_block_forward(&block, &x, &w, &b, &mut y, &mut saved, &mut Workspace::new());
    assert!(y.iter().all(|y| y.is_nan()));
}

#[test]
fn a_workspace_stops_growing() {
    let (mut workspace, block) = (Workspace::new(), BlockShape { conv: SECOND, relu: true, pool: true });
    check(&block, 1, &mut workspace);
    let bytes = workspace.bytes();
    check(&block, 2, &mut workspace);
    assert_eq!(workspace.bytes(), bytes);
}

#[test]
fn gradients_are_finite_differences() {
    let s = ConvShape { batch: 1, height: 6, width: 5, inputs: 4, outputs: 8, kernel: 3, stride: 1, padding: 1 };
    let (mut random, mut workspace) = (Lcg(3), Workspace::new());
    let (mut x, mut w, b) = (random.values(s.in_image()), random.values(s.weights()), random.values(s.outputs));
    let dy = random.values(s.out_image());
    let (mut dx, mut dw, mut db) = (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; b.len()]);
    conv_backward(&s, &x, &w, &dy, Some(&mut dx), &mut dw, &mut db, &mut workspace);
    let mut y = vec![0.0; s.out_image()];
    let mut loss = |x: &[f32], w: &[f32]| {
        conv_forward(&s, x, w, &b, &mut y, &mut workspace);
        y.iter().zip(&dy).map(|(&y, &dy)| f64::from(y) * f64::from(dy)).sum::<f64>()
    };
    // The loss is linear in x and in w, so a large step has no truncation error. Rounding gives about 1e-5.
    let step = 0.5;
    for i in (0..x.len()).step_by(7) {
        let old = x[i];
        x[i] = old + step;
        let up = loss(&x, &w);
        x[i] = old - step;
        let slope = (up - loss(&x, &w)) / f64::from(2.0 * step);
        x[i] = old;
        assert!((slope - f64::from(dx[i])).abs() < 1e-3, "dx[{i}] {} {slope}", dx[i]);
    }
    for i in (0..w.len()).step_by(13) {
        let old = w[i];
        w[i] = old + step;
        let up = loss(&x, &w);
        w[i] = old - step;
        let slope = (up - loss(&x, &w)) / f64::from(2.0 * step);
        w[i] = old;
        assert!((slope - f64::from(dw[i])).abs() < 1e-3, "dw[{i}] {} {slope}", dw[i]);
    }
}
