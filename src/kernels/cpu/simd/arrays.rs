//! The vectors on any other machine, as plain arrays.

use core::array::from_fn;
use core::ops::{Add, BitAnd, BitOr, Mul, Sub};

/// Four f32 lanes.
#[derive(Clone, Copy)]
pub struct F32x4([f32; 4]);
/// Four u32 lanes; a comparison fills a lane with ones or zeros.
#[derive(Clone, Copy)]
pub struct U32x4([u32; 4]);

fn ones(yes: bool) -> u32 {
    if yes { u32::MAX } else { 0 }
}

// SAFETY of every block here: the caller guarantees the pointers. Every access is unaligned.
impl F32x4 {
    /// All lanes `value`.
    pub fn splat(value: f32) -> Self {
        Self([value; 4])
    }
    /// Lanes in order.
    pub fn from_array(v: [f32; 4]) -> Self {
        Self(v)
    }
    /// Four values from memory.
    /// # Safety
    /// `from` must be valid for reading 4 values.
    pub unsafe fn load(from: *const f32) -> Self {
        Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }
    /// One value from memory in all lanes.
    /// # Safety
    /// `from` must be valid for reading 1 value.
    pub unsafe fn load_splat(from: *const f32) -> Self {
        Self([unsafe { from.read_unaligned() }; 4])
    }
    /// Four values to memory.
    /// # Safety
    /// `to` must be valid for writing 4 values.
    pub unsafe fn store(self, to: *mut f32) {
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }
    /// self + a * b
    pub fn mul_add(self, a: Self, b: Self) -> Self {
        Self(from_fn(|i| self.0[i] + a.0[i] * b.0[i]))
    }
    /// The larger value of each lane. Of two equal values, or if one is a NaN, either.
    pub fn max(self, other: Self) -> Self {
        Self(from_fn(|i| if self.0[i] < other.0[i] { other.0[i] } else { self.0[i] }))
    }
    /// self / other
    pub fn div(self, other: Self) -> Self {
        Self(from_fn(|i| self.0[i] / other.0[i]))
    }
    /// The square root.
    pub fn sqrt(self) -> Self {
        Self(self.0.map(f32::sqrt))
    }
    /// self > other
    pub fn gt(self, other: Self) -> U32x4 {
        U32x4(from_fn(|i| ones(self.0[i] > other.0[i])))
    }
    /// self <= other
    pub fn le(self, other: Self) -> U32x4 {
        U32x4(from_fn(|i| ones(self.0[i] <= other.0[i])))
    }
    /// The lanes where `mask` is zeros; 0 elsewhere.
    pub fn without(self, mask: U32x4) -> Self {
        Self(from_fn(|i| f32::from_bits(self.0[i].to_bits() & !mask.0[i])))
    }
    /// The lanes where `mask` is ones; 0 elsewhere.
    pub fn keep(self, mask: U32x4) -> Self {
        Self(from_fn(|i| f32::from_bits(self.0[i].to_bits() & mask.0[i])))
    }
    /// The lanes in order.
    pub fn to_array(self) -> [f32; 4] {
        self.0
    }
    /// Four rows as four columns.
    pub fn transpose(r: [Self; 4]) -> [Self; 4] {
        from_fn(|i| Self(from_fn(|j| r[j].0[i])))
    }
}
impl U32x4 {
    /// All lanes `value`.
    pub fn splat(value: u32) -> Self {
        Self([value; 4])
    }
    /// `a` where self is ones, `b` where it is zeros.
    pub fn select(self, a: Self, b: Self) -> Self {
        Self(from_fn(|i| if self.0[i] == 0 { b.0[i] } else { a.0[i] }))
    }
    /// The lanes, each below 128, as four bytes.
    /// # Safety
    /// `to` must be valid for writing 4 bytes.
    pub unsafe fn store_bytes(self, to: *mut u8) {
        unsafe { to.cast::<[u8; 4]>().write(self.0.map(|lane| lane as u8)) }
    }
    /// Four bytes as lanes.
    /// # Safety
    /// `from` must be valid for reading 4 bytes.
    pub unsafe fn load_bytes(from: *const u8) -> Self {
        Self(unsafe { from.cast::<[u8; 4]>().read() }.map(u32::from))
    }
    /// self == other
    pub fn eq(self, other: Self) -> Self {
        Self(from_fn(|i| ones(self.0[i] == other.0[i])))
    }
    /// self < other, as signed numbers
    pub fn lt(self, other: Self) -> Self {
        Self(from_fn(|i| ones(self.0[i].cast_signed() < other.0[i].cast_signed())))
    }
}
macro_rules! operator {
    ($t:ident $trait:ident $f:ident $op:tt) => {
        impl $trait for $t {
            type Output = Self;
            fn $f(self, other: Self) -> Self {
                Self(from_fn(|i| self.0[i] $op other.0[i]))
            }
        }
    };
}
operator!(F32x4 Add add +);
operator!(F32x4 Sub sub -);
operator!(F32x4 Mul mul *);
operator!(U32x4 BitAnd bitand &);
operator!(U32x4 BitOr bitor |);
