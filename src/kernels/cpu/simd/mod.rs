//! Vectors of four f32, and the results of their comparisons. Only this folder depends on the machine.
//!
//! WebAssembly uses its 128-bit SIMD. x86-64 uses SSE2 (or its VEX forms and FMA, if the build allows them). Every
//! other machine uses plain arrays. [`F32x4::mul_add`] is one fused instruction if the target has one (`relaxed-simd`
//! on WebAssembly, `fma` on x86-64), and otherwise a multiplication and an addition. So the last bit of a result may
//! differ between builds, but never between runs of one build. Holds only what the kernels use.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::{F32x4, U32x4};
#[cfg(target_arch = "x86_64")]
pub use x86::{F32x4, U32x4};

#[cfg(not(any(all(target_arch = "wasm32", target_feature = "simd128"), target_arch = "x86_64")))]
pub use arrays::{F32x4, U32x4};

/// Lanes of a vector.
pub const LANES: usize = 4;

/// The name of the instructions that this build uses, for reports.
pub const NAME: &str = if cfg!(all(target_arch = "wasm32", target_feature = "relaxed-simd")) {
    "relaxed SIMD"
} else if cfg!(all(target_arch = "wasm32", target_feature = "simd128")) {
    "SIMD128"
} else if cfg!(all(target_arch = "x86_64", target_feature = "fma")) {
    "128-bit FMA"
} else if cfg!(target_arch = "x86_64") {
    "SSE2"
} else {
    "scalar"
};

#[cfg(any(test, not(any(all(target_arch = "wasm32", target_feature = "simd128"), target_arch = "x86_64"))))]
#[cfg_attr(test, allow(dead_code))]
mod arrays;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(target_arch = "x86_64")]
mod x86;
