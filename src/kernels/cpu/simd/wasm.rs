//! The vectors on WebAssembly: SIMD128, and relaxed SIMD if the build has it.

use core::arch::wasm32::*;
use core::ops::{Add, BitAnd, BitOr, Mul, Sub};

/// Four f32 lanes.
#[derive(Clone, Copy)]
pub struct F32x4(v128);
/// Four u32 lanes; a comparison fills a lane with ones or zeros.
#[derive(Clone, Copy)]
pub struct U32x4(v128);

impl F32x4 {
    /// All lanes `value`.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(f32x4_splat(value))
    }
    /// Lanes in order.
    #[inline(always)]
    pub fn from_array(v: [f32; 4]) -> Self {
        Self(f32x4(v[0], v[1], v[2], v[3]))
    }
    /// Four values from memory.
    /// # Safety
    /// `from` must be valid for reading 4 values.
    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller guarantees the pointer; v128_load needs no alignment.
        Self(unsafe { v128_load(from.cast()) })
    }
    /// One value from memory in all lanes.
    /// # Safety
    /// `from` must be valid for reading 1 value.
    #[inline(always)]
    pub unsafe fn load_splat(from: *const f32) -> Self {
        // SAFETY: the caller guarantees the pointer.
        Self(unsafe { v128_load32_splat(from.cast()) })
    }
    /// Four values to memory.
    /// # Safety
    /// `to` must be valid for writing 4 values.
    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller guarantees the pointer; v128_store needs no alignment.
        unsafe { v128_store(to.cast(), self.0) }
    }
    /// self + a * b
    #[inline(always)]
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return Self(f32x4_relaxed_madd(a.0, b.0, self.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        Self(f32x4_add(self.0, f32x4_mul(a.0, b.0)))
    }
    /// The larger value of each lane. Of two equal values, or if one is a NaN, either.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(f32x4_pmax(self.0, other.0))
    }
    /// self / other
    #[inline(always)]
    pub fn div(self, other: Self) -> Self {
        Self(f32x4_div(self.0, other.0))
    }
    /// The square root.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(f32x4_sqrt(self.0))
    }
    /// self > other
    #[inline(always)]
    pub fn gt(self, other: Self) -> U32x4 {
        U32x4(f32x4_gt(self.0, other.0))
    }
    /// self <= other
    #[inline(always)]
    pub fn le(self, other: Self) -> U32x4 {
        U32x4(f32x4_le(self.0, other.0))
    }
    /// The lanes where `mask` is zeros; 0 elsewhere.
    #[inline(always)]
    pub fn without(self, mask: U32x4) -> Self {
        Self(v128_andnot(self.0, mask.0))
    }
    /// The lanes where `mask` is ones; 0 elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: U32x4) -> Self {
        Self(v128_and(self.0, mask.0))
    }
    /// The lanes in order.
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        [
            f32x4_extract_lane::<0>(self.0),
            f32x4_extract_lane::<1>(self.0),
            f32x4_extract_lane::<2>(self.0),
            f32x4_extract_lane::<3>(self.0),
        ]
    }
    /// Four rows as four columns.
    #[inline(always)]
    pub fn transpose(r: [Self; 4]) -> [Self; 4] {
        let (a, b) = (i32x4_shuffle::<0, 4, 1, 5>(r[0].0, r[1].0), i32x4_shuffle::<2, 6, 3, 7>(r[0].0, r[1].0));
        let (c, d) = (i32x4_shuffle::<0, 4, 1, 5>(r[2].0, r[3].0), i32x4_shuffle::<2, 6, 3, 7>(r[2].0, r[3].0));
        [
            Self(i64x2_shuffle::<0, 2>(a, c)),
            Self(i64x2_shuffle::<1, 3>(a, c)),
            Self(i64x2_shuffle::<0, 2>(b, d)),
            Self(i64x2_shuffle::<1, 3>(b, d)),
        ]
    }
}
impl U32x4 {
    /// All lanes `value`.
    #[inline(always)]
    pub fn splat(value: u32) -> Self {
        Self(u32x4_splat(value))
    }
    /// `a` where self is ones, `b` where it is zeros.
    #[inline(always)]
    pub fn select(self, a: Self, b: Self) -> Self {
        Self(v128_bitselect(a.0, b.0, self.0))
    }
    /// The lanes, each below 128, as four bytes.
    /// # Safety
    /// `to` must be valid for writing 4 bytes.
    #[inline(always)]
    pub unsafe fn store_bytes(self, to: *mut u8) {
        let halves = i16x8_narrow_i32x4(self.0, self.0);
        // SAFETY: the caller guarantees the pointer; the store needs no alignment.
        unsafe { v128_store32_lane::<0>(u8x16_narrow_i16x8(halves, halves), to.cast()) }
    }
    /// Four bytes as lanes.
    /// # Safety
    /// `from` must be valid for reading 4 bytes.
    #[inline(always)]
    pub unsafe fn load_bytes(from: *const u8) -> Self {
        // SAFETY: the caller guarantees the pointer; the load needs no alignment.
        let bytes = unsafe { v128_load32_zero(from.cast()) };
        Self(u32x4_extend_low_u16x8(u16x8_extend_low_u8x16(bytes)))
    }
    /// self == other
    #[inline(always)]
    pub fn eq(self, other: Self) -> Self {
        Self(i32x4_eq(self.0, other.0))
    }
    /// self < other, as signed numbers
    #[inline(always)]
    pub fn lt(self, other: Self) -> Self {
        Self(i32x4_lt(self.0, other.0))
    }
}
macro_rules! operator {
    ($t:ident $trait:ident $f:ident $op:ident) => {
        impl $trait for $t {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self($op(self.0, other.0))
            }
        }
    };
}
operator!(F32x4 Add add f32x4_add);
operator!(F32x4 Sub sub f32x4_sub);
operator!(F32x4 Mul mul f32x4_mul);
operator!(U32x4 BitAnd bitand v128_and);
operator!(U32x4 BitOr bitor v128_or);
