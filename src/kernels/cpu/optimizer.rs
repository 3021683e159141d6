//! One step of SGD, Adam or AdamW on a flat slice of parameters. Each value is read and written once.
//!
//! The formulas are those of burn 0.22 (`burn-optim`), so a run can change between burn's optimisers and these. Leaves
//! out schedules and gradient clipping: they are the caller's.

use super::simd::{F32x4, LANES};

/// Stochastic gradient descent (Sutskever et al. 2013), in PyTorch's form without dampening.
///
/// g += weight_decay w; v = momentum v + g (at the first step v = g); w -= learning_rate * d, where d is g + momentum v
/// with Nesterov's momentum and v without it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// Learning rate.
    pub learning_rate: f32,
    /// The share of the velocity that remains at each step. 0 for plain gradient descent.
    pub momentum: f32,
    /// Whether to use Nesterov's momentum: one more step of the velocity.
    pub nesterov: bool,
    /// Weight decay. It is added to the gradient.
    pub weight_decay: f32,
}

/// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019).
///
/// g += coupled_decay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w = (1 - learning_rate
/// decoupled_decay) w - learning_rate * m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// Learning rate.
    pub learning_rate: f32,
    /// The share of the first moment that remains at each step.
    pub beta1: f32,
    /// The share of the second moment that remains at each step.
    pub beta2: f32,
    /// Added to the square root of the second moment.
    pub epsilon: f32,
    /// Weight decay that is added to the gradient (Adam's).
    pub coupled_decay: f32,
    /// Weight decay that is subtracted from the weight (AdamW's).
    pub decoupled_decay: f32,
}

impl Adam {
    /// `beta1` of the paper.
    pub const BETA1: f32 = 0.9;
    /// `beta2` of the paper.
    pub const BETA2: f32 = 0.999;
    /// `epsilon` of the paper. burn's default is 1e-5.
    pub const EPSILON: f32 = 1e-8;
}

/// Smaller gradients and moments are set to 0.
///
/// Adam adds 1e-8 to the divisor, so they change a weight by less than its last bit. If they were kept, they would
/// decay to subnormal numbers, and processors are about a hundred times slower on these. Every weight of an inactive
/// unit would get there in about 700 steps. The square of a value above this limit, times 0.001, is still a normal
/// number.
const NEGLIGIBLE: f32 = 1e-15;

/// Sets lanes with |value| < `limit` to 0. A NaN remains.
#[inline(always)]
fn zero_below(value: F32x4, limit: f32) -> F32x4 {
    let size = value.max(F32x4::splat(0.0) - value);
    value.without(F32x4::splat(limit).gt(size))
}

/// Applies `f` to `N` mutable slices and a constant one, four values at a time.
#[inline(always)]
fn update<const N: usize>(g: &[f32], mut state: [&mut [f32]; N], f: impl Fn(F32x4, [F32x4; N]) -> [F32x4; N]) {
    assert!(state.iter().all(|slice| slice.len() == g.len()));
    let whole = g.len() / LANES * LANES;
    for i in (0..whole).step_by(LANES) {
        // SAFETY: i + 4 <= the length of every slice.
        unsafe {
            let mut values = [F32x4::splat(0.0); N];
            for (value, slice) in values.iter_mut().zip(&state) {
                *value = F32x4::load(slice.as_ptr().add(i));
            }
            let values = f(F32x4::load(g.as_ptr().add(i)), values);
            for (value, slice) in values.iter().zip(&mut state) {
                value.store(slice.as_mut_ptr().add(i));
            }
        }
    }
    for i in whole..g.len() {
        let values = f(F32x4::splat(g[i]), core::array::from_fn(|n| F32x4::splat(state[n][i])));
        for (value, slice) in values.iter().zip(&mut state) {
            slice[i] = value.to_array()[0];
        }
    }
}

/// One step of SGD on the parameters `w` with the gradients `g`. Without momentum `velocity` is not used and may be
/// empty. At the `first` step the content of `velocity` is ignored.
pub fn sgd_step(sgd: &Sgd, first: bool, w: &mut [f32], g: &[f32], velocity: &mut [f32]) {
    let [rate, momentum, decay] = [-sgd.learning_rate, sgd.momentum, sgd.weight_decay].map(F32x4::splat);
    if sgd.momentum == 0.0 {
        return update(g, [w], |g, [w]| [w.mul_add(g.mul_add(w, decay), rate)]);
    }
    if first {
        velocity.fill(0.0);
    }
    update(g, [w, velocity], |g, [w, v]| {
        let g = g.mul_add(w, decay);
        // Nothing divides a velocity, so its limit is much smaller: even a small learning rate makes larger values
        // visible.
        let v = zero_below(g.mul_add(v, momentum), NEGLIGIBLE * NEGLIGIBLE);
        [w.mul_add(if sgd.nesterov { g.mul_add(v, momentum) } else { v }, rate), v]
    });
}

/// One step of Adam on the parameters `w` with the gradients `g`. `m` and `v` are the moments, zero before the first
/// step. `step` counts from 1.
pub fn adam_step(adam: &Adam, step: u32, w: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    assert!(step > 0);
    // The bias corrections of both moments are moved out of the loop, with c = sqrt(1 - b2^t): m / (1 - b1^t) /
    // (sqrt(v) / c + e) = (c / (1 - b1^t)) m / (sqrt(v) + c e).
    let c = (1.0 - f64::from(adam.beta2).powf(f64::from(step))).sqrt();
    let factor = c / (1.0 - f64::from(adam.beta1).powf(f64::from(step)));
    let rate = F32x4::splat((-f64::from(adam.learning_rate) * factor) as f32);
    let epsilon = F32x4::splat((f64::from(adam.epsilon) * c) as f32);
    let [beta1, rest1, beta2, rest2] = [adam.beta1, 1.0 - adam.beta1, adam.beta2, 1.0 - adam.beta2].map(F32x4::splat);
    let [coupled, keep] = [adam.coupled_decay, 1.0 - adam.learning_rate * adam.decoupled_decay].map(F32x4::splat);
    update(g, [w, m, v], |g, [w, m, v]| {
        let g = zero_below(g.mul_add(w, coupled), NEGLIGIBLE);
        let m = zero_below((m * beta1).mul_add(g, rest1), NEGLIGIBLE);
        let v = zero_below((v * beta2).mul_add(g * g, rest2), NEGLIGIBLE * NEGLIGIBLE);
        [(w * keep).mul_add(m.div(v.sqrt() + epsilon), rate), m, v]
    });
}

#[cfg(test)]
mod tests {
    use super::super::reference::Lcg;
    use super::*;

    fn adam(coupled_decay: f32, decoupled_decay: f32) -> Adam {
        let (beta1, beta2, epsilon) = (Adam::BETA1, Adam::BETA2, Adam::EPSILON);
        Adam { learning_rate: 1e-3, beta1, beta2, epsilon, coupled_decay, decoupled_decay }
    }

    #[test]
    fn adam_agrees_with_the_paper() {
        for (coupled, decoupled) in [(0.0, 0.0), (0.01, 0.0), (0.0, 0.01)] {
            let adam = adam(coupled, decoupled);
            let mut random = Lcg(1);
            let mut w = random.values(11);
            let (mut m, mut v) = (vec![0.0; 11], vec![0.0; 11]);
            let (mut w64, mut m64, mut v64) =
                (w.iter().map(|&w| f64::from(w)).collect::<Vec<_>>(), [0.0; 11], [0.0; 11]);
            for step in 1..=20 {
                let g = random.values(11);
                adam_step(&adam, step, &mut w, &g, &mut m, &mut v);
                for i in 0..11 {
                    let g = f64::from(g[i]) + f64::from(coupled) * w64[i];
                    m64[i] = 0.9 * m64[i] + 0.1 * g;
                    v64[i] = 0.999 * v64[i] + 0.001 * g * g;
                    let (m_hat, v_hat) =
                        (m64[i] / (1.0 - 0.9f64.powf(step.into())), v64[i] / (1.0 - 0.999f64.powf(step.into())));
                    w64[i] = w64[i] * (1.0 - 1e-3 * f64::from(decoupled)) - 1e-3 * m_hat / (v_hat.sqrt() + 1e-8);
                    // The betas are f32 in the kernel: 0.999 differs by 1e-8, which is 1e-5 of 1 - 0.999.
                    assert!((f64::from(w[i]) - w64[i]).abs() < 1e-6, "step {step}: {} {}", w[i], w64[i]);
                }
            }
        }
    }

    #[test]
    fn moments_of_a_dead_weight_end_at_zero_and_never_as_subnormals() {
        let adam = adam(0.0, 0.0);
        let sgd = Sgd { learning_rate: 0.1, momentum: 0.9, nesterov: false, weight_decay: 0.0 };
        let (mut w, mut m, mut v) = (vec![0.5; 5], vec![0.0; 5], vec![0.0; 5]);
        let (mut of_sgd, mut velocity) = (vec![0.5; 5], vec![0.0; 5]);
        for step in 1..=2000 {
            let g = if step == 1 { [1e-3, -1.0, 1e-9, 1e-20, f32::MIN_POSITIVE] } else { [0.0; 5] };
            adam_step(&adam, step, &mut w, &g, &mut m, &mut v);
            sgd_step(&sgd, step == 1, &mut of_sgd, &g, &mut velocity);
            assert!(
                m.iter().chain(&v).chain(&velocity).all(|x| !x.is_subnormal()),
                "step {step}: {m:?} {v:?} {velocity:?}"
            );
        }
        assert!(m == [0.0; 5] && velocity == [0.0; 5]);
        adam_step(&adam, 2001, &mut w, &[f32::NAN; 5], &mut m, &mut v);
        assert!(m.iter().all(|m| m.is_nan()), "a NaN must remain visible");
    }

    #[test]
    fn sgd_agrees_with_its_formula() {
        for (momentum, nesterov, decay) in
            [(0.0f32, false, 0.0f32), (0.0, false, 0.1), (0.9, false, 0.1), (0.9, true, 0.1)]
        {
            let sgd = Sgd { learning_rate: 0.1, momentum, nesterov, weight_decay: decay };
            let mut random = Lcg(2);
            let mut w = random.values(7);
            let mut v = vec![f32::NAN; 7];
            let (mut w64, mut v64) = (w.iter().map(|&w| f64::from(w)).collect::<Vec<_>>(), [0.0; 7]);
            for step in 0..10 {
                let g = random.values(7);
                sgd_step(&sgd, step == 0, &mut w, &g, &mut v);
                for i in 0..7 {
                    let g = f64::from(g[i]) + f64::from(decay) * w64[i];
                    v64[i] = f64::from(momentum) * v64[i] + g;
                    w64[i] -= 0.1 * if nesterov { g + f64::from(momentum) * v64[i] } else { v64[i] };
                    assert!((f64::from(w[i]) - w64[i]).abs() < 1e-5);
                }
            }
        }
    }
}
