//! How fast this thread can multiply and add at best: what the kernels are measured by.

use super::cpu::simd::{F32x4, LANES};
use std::hint::black_box;
use web_time::{Duration, Instant};

/// Vectors that are computed independently of each other: enough to fill two units of six cycles' latency, few enough for sixteen registers.
const CHAINS: usize = 12;
/// Rounds of a call: a browser puts optimised code in place between calls, not within one.
const ROUNDS: usize = 1_000;

#[inline(never)]
fn rounds(values: &mut [F32x4; CHAINS], factor: F32x4, addend: F32x4) {
    let mut v = *values;
    for _ in 0..ROUNDS {
        for value in &mut v {
            *value = addend.mul_add(*value, factor);
        }
    }
    *values = v;
}

/// Floating-point operations a second of multiplications and additions on values in registers, a pair counting as two; the best of
/// what is seen in some 30 milliseconds.
pub fn peak() -> f64 {
    let (factor, addend) = (F32x4::splat(black_box(0.999)), F32x4::splat(black_box(0.001)));
    // They stay near 1: no infinities and no subnormal numbers.
    let mut values = [F32x4::splat(black_box(1.0)); CHAINS];
    let mut best = 0.0f64;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(30) {
        let start = Instant::now();
        let mut done = 0;
        // A browser's clock moves in steps of 0.1 ms: one of those is too coarse a measure.
        while done == 0 || start.elapsed() < Duration::from_millis(3) {
            rounds(&mut values, factor, addend);
            done += ROUNDS;
        }
        let operations = (2 * LANES * CHAINS * done) as f64;
        best = best.max(operations / start.elapsed().as_secs_f64());
    }
    black_box(values.map(F32x4::to_array));
    best
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_thread_computes_and_no_thread_computes_this_fast() {
        // Between a machine of 1990 and 64 operations a cycle at 10 GHz.
        assert!((1e6..1e12).contains(&super::peak()));
    }
}
