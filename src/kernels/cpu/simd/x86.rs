//! The vectors on x86-64: SSE2, and FMA if the build has it.

use core::arch::x86_64::*;
use core::ops::{Add, BitAnd, BitOr, Mul, Sub};

/// Four f32 lanes.
#[derive(Clone, Copy)]
pub struct F32x4(__m128);
/// Four u32 lanes; a comparison fills a lane with ones or zeros.
#[derive(Clone, Copy)]
pub struct U32x4(__m128i);

// SAFETY of every block here: SSE2 is part of x86-64, and FMA is used only if the build has it. The caller guarantees
// the pointers. Every load and store is unaligned.
impl F32x4 {
    /// All lanes `value`.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        Self(unsafe { _mm_set1_ps(value) })
    }
    /// Lanes in order.
    #[inline(always)]
    pub fn from_array(v: [f32; 4]) -> Self {
        Self(unsafe { _mm_setr_ps(v[0], v[1], v[2], v[3]) })
    }
    /// Four values from memory.
    /// # Safety
    /// `from` must be valid for reading 4 values.
    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { _mm_loadu_ps(from) })
    }
    /// One value from memory in all lanes.
    /// # Safety
    /// `from` must be valid for reading 1 value.
    #[inline(always)]
    pub unsafe fn load_splat(from: *const f32) -> Self {
        Self(unsafe { _mm_set1_ps(*from) })
    }
    /// Four values to memory.
    /// # Safety
    /// `to` must be valid for writing 4 values.
    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        unsafe { _mm_storeu_ps(to, self.0) }
    }
    /// self + a * b
    #[inline(always)]
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        #[cfg(target_feature = "fma")]
        return Self(unsafe { _mm_fmadd_ps(a.0, b.0, self.0) });
        #[cfg(not(target_feature = "fma"))]
        Self(unsafe { _mm_add_ps(self.0, _mm_mul_ps(a.0, b.0)) })
    }
    /// The larger value of each lane. Of two equal values, or if one is a NaN, either.
    #[inline(always)]
    pub fn max(self, other: Self) -> Self {
        Self(unsafe { _mm_max_ps(self.0, other.0) })
    }
    /// self / other
    #[inline(always)]
    pub fn div(self, other: Self) -> Self {
        Self(unsafe { _mm_div_ps(self.0, other.0) })
    }
    /// The square root.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self(unsafe { _mm_sqrt_ps(self.0) })
    }
    /// self > other
    #[inline(always)]
    pub fn gt(self, other: Self) -> U32x4 {
        U32x4(unsafe { _mm_castps_si128(_mm_cmpgt_ps(self.0, other.0)) })
    }
    /// self <= other
    #[inline(always)]
    pub fn le(self, other: Self) -> U32x4 {
        U32x4(unsafe { _mm_castps_si128(_mm_cmple_ps(self.0, other.0)) })
    }
    /// The lanes where `mask` is zeros; 0 elsewhere.
    #[inline(always)]
    pub fn without(self, mask: U32x4) -> Self {
        Self(unsafe { _mm_andnot_ps(_mm_castsi128_ps(mask.0), self.0) })
    }
    /// The lanes where `mask` is ones; 0 elsewhere.
    #[inline(always)]
    pub fn keep(self, mask: U32x4) -> Self {
        Self(unsafe { _mm_and_ps(self.0, _mm_castsi128_ps(mask.0)) })
    }
    /// The lanes in order.
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        let mut lanes = [0.0; 4];
        unsafe { _mm_storeu_ps(lanes.as_mut_ptr(), self.0) };
        lanes
    }
    /// Four rows as four columns.
    #[inline(always)]
    pub fn transpose(r: [Self; 4]) -> [Self; 4] {
        let [mut a, mut b, mut c, mut d] = r.map(|row| row.0);
        unsafe { _MM_TRANSPOSE4_PS(&mut a, &mut b, &mut c, &mut d) };
        [Self(a), Self(b), Self(c), Self(d)]
    }
}
impl U32x4 {
    /// All lanes `value`.
    #[inline(always)]
    pub fn splat(value: u32) -> Self {
        Self(unsafe { _mm_set1_epi32(value.cast_signed()) })
    }
    /// `a` where self is ones, `b` where it is zeros.
    #[inline(always)]
    pub fn select(self, a: Self, b: Self) -> Self {
        Self(unsafe { _mm_or_si128(_mm_and_si128(self.0, a.0), _mm_andnot_si128(self.0, b.0)) })
    }
    /// The lanes, each below 128, as four bytes.
    /// # Safety
    /// `to` must be valid for writing 4 bytes.
    #[inline(always)]
    pub unsafe fn store_bytes(self, to: *mut u8) {
        unsafe {
            let halves = _mm_packs_epi32(self.0, self.0);
            to.cast::<i32>().write_unaligned(_mm_cvtsi128_si32(_mm_packus_epi16(halves, halves)));
        }
    }
    /// Four bytes as lanes.
    /// # Safety
    /// `from` must be valid for reading 4 bytes.
    #[inline(always)]
    pub unsafe fn load_bytes(from: *const u8) -> Self {
        unsafe {
            let bytes = _mm_cvtsi32_si128(from.cast::<i32>().read_unaligned());
            let zero = _mm_setzero_si128();
            Self(_mm_unpacklo_epi16(_mm_unpacklo_epi8(bytes, zero), zero))
        }
    }
    /// self == other
    #[inline(always)]
    pub fn eq(self, other: Self) -> Self {
        Self(unsafe { _mm_cmpeq_epi32(self.0, other.0) })
    }
    /// self < other, as signed numbers
    #[inline(always)]
    pub fn lt(self, other: Self) -> Self {
        Self(unsafe { _mm_cmplt_epi32(self.0, other.0) })
    }
}
macro_rules! operator {
    ($t:ident $trait:ident $f:ident $op:ident) => {
        impl $trait for $t {
            type Output = Self;
            #[inline(always)]
            fn $f(self, other: Self) -> Self {
                Self(unsafe { $op(self.0, other.0) })
            }
        }
    };
}
operator!(F32x4 Add add _mm_add_ps);
operator!(F32x4 Sub sub _mm_sub_ps);
operator!(F32x4 Mul mul _mm_mul_ps);
operator!(U32x4 BitAnd bitand _mm_and_si128);
operator!(U32x4 BitOr bitor _mm_or_si128);
