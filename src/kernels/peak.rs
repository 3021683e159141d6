//! The highest speed at which this thread can multiply and add. The speed of the kernels is given as a share of it.

use super::cpu::simd::{F32x4, LANES};
use std::hint::black_box;
use web_time::{Duration, Instant};

/// Vectors that are computed independently of each other. They are enough to fill two units with a latency of six
/// cycles, and few enough for sixteen registers.
const CHAINS: usize = 12;
/// Rounds of one call. A browser replaces code by optimised code between calls, not within a call, so one call must be
/// short.
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

/// Floating-point operations per second on values in registers. A multiplication with its addition counts as two
/// operations. The result is the best of several measurements, which take about 30 milliseconds together.
pub fn peak() -> f64 {
    let (factor, addend) = (F32x4::splat(black_box(0.999)), F32x4::splat(black_box(0.001)));
    // The values stay near 1, so there are no infinities and no subnormal numbers.
    let mut values = [F32x4::splat(black_box(1.0)); CHAINS];
    let mut best = 0.0f64;
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(30) {
        let start = Instant::now();
        let mut done = 0;
        // A browser's clock moves in steps of 0.1 ms. One step would be too coarse, so each measurement takes 3 ms.
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
        // The lower bound is a machine of 1990, the upper bound 64 operations per cycle at 10 GHz.
        assert!((1e6..1e12).contains(&super::peak()));
    }
}
