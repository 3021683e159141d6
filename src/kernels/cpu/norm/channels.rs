//! Loops over the channels of pixels, in vectors that stay in registers.

use crate::kernels::cpu::simd::{F32x4, LANES};

/// Repeats a body for 16, 4 or 1 channels from `$c` on, until all are done: with V vectors, or with a single value if
/// not WHOLE. So each pass reads one cache line of a pixel, and the values that belong to its channels stay in
/// registers.
macro_rules! by_channels {
    ($channels:expr, $c:ident, $v:ident, $whole:ident, $body:block) => {{
        let mut $c = 0;
        while $c + 16 <= $channels {
            const $v: usize = 4;
            const $whole: bool = true;
            $body
            $c += 16;
        }
        while $c + $crate::kernels::cpu::simd::LANES <= $channels {
            const $v: usize = 1;
            const $whole: bool = true;
            $body
            $c += $crate::kernels::cpu::simd::LANES;
        }
        while $c < $channels {
            const $v: usize = 1;
            const $whole: bool = false;
            $body
            $c += 1;
        }
    }};
}
pub(super) use by_channels;

/// Loads V vectors, or a single value into all lanes.
/// # Safety
/// `from` must have at least that many values.
#[inline(always)]
pub(super) unsafe fn load<const V: usize, const WHOLE: bool>(from: &[f32]) -> [F32x4; V] {
    debug_assert!(from.len() >= if WHOLE { V * LANES } else { 1 });
    // SAFETY: the caller guarantees it.
    core::array::from_fn(|v| unsafe {
        if WHOLE { F32x4::load(from.as_ptr().add(v * LANES)) } else { F32x4::load_splat(from.as_ptr()) }
    })
}

/// The inverse of [`load`].
/// # Safety
/// `to` must have at least that many values.
#[inline(always)]
pub(super) unsafe fn store<const V: usize, const WHOLE: bool>(values: [F32x4; V], to: &mut [f32]) {
    debug_assert!(to.len() >= if WHOLE { V * LANES } else { 1 });
    for (v, value) in values.into_iter().enumerate() {
        if WHOLE {
            // SAFETY: the caller guarantees it.
            unsafe { value.store(to.as_mut_ptr().add(v * LANES)) };
        } else {
            to[0] = value.to_array()[0];
        }
    }
}
