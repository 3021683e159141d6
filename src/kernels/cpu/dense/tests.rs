//! Compares dense layers with their definition in f64.

use super::backward::dense_backward;
use super::forward::dense_forward;
use super::shape::DenseShape;
use crate::kernels::cpu::reference::{Lcg, error};
use crate::kernels::cpu::workspace::Workspace;

/// The error of f32 sums of at most a few thousand products, as in the tests of convolutions.
const TOLERANCE: f64 = 2e-5;

fn check(s: &DenseShape, seed: u64, workspace: &mut Workspace) {
    let mut random = Lcg(seed);
    let mut x = random.values(s.batch * s.inputs);
    x.iter_mut().for_each(|x| *x = if *x < 0.0 { s.background } else { *x });
    let (w, b, dy) =
        (random.values(s.inputs * s.outputs), random.values(s.outputs), random.values(s.batch * s.outputs));
    let at = |v: &[f32], i: usize| f64::from(v[i]);
    let mut expected: Vec<f64> = (0..dy.len()).map(|i| at(&b, i % s.outputs)).collect();
    for (i, y) in expected.iter_mut().enumerate() {
        let (n, o) = (i / s.outputs, i % s.outputs);
        *y += (0..s.inputs).map(|i| at(&x, n * s.inputs + i) * at(&w, i * s.outputs + o)).sum::<f64>();
        *y = if s.relu { y.max(0.0) } else { *y };
    }
    let mut y = vec![f32::NAN; dy.len()];
    dense_forward(s, &x, &w, &b, &mut y, workspace);
    assert!(error(&y, &expected) < TOLERANCE, "{s:?}: y {}", error(&y, &expected));

    let (mut dx_expected, mut dw_expected, mut db_expected) =
        (vec![0.0; x.len()], vec![0.0; w.len()], vec![0.0; b.len()]);
    for (i, &dy) in dy.iter().enumerate() {
        if s.relu && y[i] <= 0.0 {
            continue;
        }
        let (n, o, dy) = (i / s.outputs, i % s.outputs, f64::from(dy));
        db_expected[o] += dy;
        for i in 0..s.inputs {
            dx_expected[n * s.inputs + i] += dy * at(&w, i * s.outputs + o);
            dw_expected[i * s.outputs + o] += dy * at(&x, n * s.inputs + i);
        }
    }
    let (mut dx, mut dw, mut db) = (vec![f32::NAN; x.len()], vec![f32::NAN; w.len()], vec![f32::NAN; b.len()]);
    dense_backward(s, &x, &w, &y, &dy, Some(&mut dx), &mut dw, &mut db, workspace);
    for (name, got, expected) in [("dx", &dx, &dx_expected), ("dw", &dw, &dw_expected), ("db", &db, &db_expected)] {
        assert!(error(got, expected) < TOLERANCE, "{s:?}: {name} {}", error(got, expected));
    }
}

#[test]
fn agrees_with_the_definition() {
    let mut workspace = Workspace::new();
    for (batch, inputs, outputs) in [(128, 784, 256), (64, 1600, 128), (64, 128, 10), (1, 5, 3)] {
        check(&DenseShape { batch, inputs, outputs, relu: true, background: -0.81 }, 1, &mut workspace);
    }
    for seed in 0..60 {
        let mut random = Lcg(seed * 31 + 7);
        let (batch, inputs, outputs) = (1 + random.below(9), 1 + random.below(300), 1 + random.below(120));
        let background = if random.below(2) == 0 { 0.0 } else { random.value() };
        check(&DenseShape { batch, inputs, outputs, relu: random.below(2) == 0, background }, seed, &mut workspace);
    }
}
