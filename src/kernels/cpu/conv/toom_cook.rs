//! The one-dimensional transforms of Winograd's method, F(4, 3) and F(5, 3), on vectors of channels.
//!
//! The matrices A, B and G are those of Toom and Cook for a set of points (Lavin and Gray 2015; Barabasz et al. 2018 on
//! the choice of points). A column of A' holds the powers of a point. A row of G holds those powers, divided by the
//! product of the distances to the other points. A row of B' holds the coefficients of the product of (x - other
//! point). A point and its negative share their even and odd powers. `winograd` applies the transforms to images.

use crate::kernels::cpu::simd::F32x4;

/// The largest side of a transformed tile.
pub const MAX_POINTS: usize = 7;

/// The one-dimensional transforms of F(m, 3), on vectors of channels. There are n = m + 2 points.
pub trait Transform {
    /// Outputs on one side of a tile.
    const M: usize;
    /// Points on one side of a tile.
    const N: usize;
    /// B' d: inputs to points.
    fn input(d: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS];
    /// A' p: points to outputs.
    fn output(p: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS];
    /// G g: weights to points.
    fn weight(g: [F32x4; 3]) -> [F32x4; MAX_POINTS];
    /// A y: gradients of outputs to points.
    fn output_gradient(y: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS];
    /// G' p: gradients at points to weights.
    fn weight_gradient(p: [F32x4; MAX_POINTS]) -> [F32x4; 3];
}

/// F(4, 3) on the points 0, 1, -1, 2, -2, infinity.
pub struct F4;
/// F(5, 3) on the points 0, 1, -1, 2, -2, -1/2, infinity.
pub struct F5;

/// All lanes `value`.
#[inline(always)]
pub fn splat(value: f32) -> F32x4 {
    F32x4::splat(value)
}

impl Transform for F4 {
    const M: usize = 4;
    const N: usize = 6;

    #[inline(always)]
    fn input(d: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [d0, d1, d2, d3, d4, d5, _] = d;
        // Without the points 1 and -1 the polynomial is x^2 - 4; without 2 and -2 it is x^2 - 1.
        let (p1, p2) = (d3.mul_add(d1, splat(-4.0)), d4.mul_add(d2, splat(-4.0)));
        let (q1, q2) = (d3 - d1, d4 - d2);
        let e = |a: F32x4, b: F32x4, c: F32x4| c.mul_add(a, splat(4.0)).mul_add(b, splat(-5.0));
        [
            e(d0, d2, d4),
            p2 + p1,
            p2 - p1,
            q2.mul_add(q1, splat(2.0)),
            q2.mul_add(q1, splat(-2.0)),
            e(d1, d3, d5),
            splat(0.0),
        ]
    }

    #[inline(always)]
    fn output(p: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [p0, p1, p2, p3, p4, inf, _] = p;
        let (a, b, c, d) = (p1 + p2, p1 - p2, p3 + p4, p3 - p4);
        let z = splat(0.0);
        [p0 + a + c, b.mul_add(d, splat(2.0)), a.mul_add(c, splat(4.0)), b.mul_add(d, splat(8.0)) + inf, z, z, z]
    }

    #[inline(always)]
    fn weight(g: [F32x4; 3]) -> [F32x4; MAX_POINTS] {
        let [g0, g1, g2] = g;
        let (even, odd) = ((g0 + g2) * splat(-1.0 / 6.0), g1 * splat(-1.0 / 6.0));
        let (even2, odd2) = (g0.mul_add(g2, splat(4.0)) * splat(1.0 / 24.0), g1 * splat(2.0 / 24.0));
        [g0 * splat(0.25), even + odd, even - odd, even2 + odd2, even2 - odd2, g2, splat(0.0)]
    }

    #[inline(always)]
    fn output_gradient(y: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [y0, y1, y2, y3, ..] = y;
        let (even, odd) = (y0 + y2, y1 + y3);
        let (even2, odd2) = (y0.mul_add(y2, splat(4.0)), (y1 * splat(2.0)).mul_add(y3, splat(8.0)));
        [y0, even + odd, even - odd, even2 + odd2, even2 - odd2, y3, splat(0.0)]
    }

    #[inline(always)]
    fn weight_gradient(p: [F32x4; MAX_POINTS]) -> [F32x4; 3] {
        let [p0, p1, p2, p3, p4, inf, _] = p;
        let (sixth, half) = ((p1 + p2) * splat(-1.0 / 6.0), (p3 + p4) * splat(1.0 / 24.0));
        [
            sixth.mul_add(p0, splat(0.25)) + half,
            ((p3 - p4) * splat(2.0 / 24.0)).mul_add(p1 - p2, splat(-1.0 / 6.0)),
            sixth.mul_add(half, splat(4.0)) + inf,
        ]
    }
}

impl Transform for F5 {
    const M: usize = 5;
    const N: usize = 7;

    #[inline(always)]
    fn input(d: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [d0, d1, d2, d3, d4, d5, d6] = d;
        let half = splat(0.5);
        // (x^2 - 1)(x^2 - 4), from the first, second and third input on.
        let e = |a: F32x4, b: F32x4, c: F32x4| c.mul_add(a, splat(4.0)).mul_add(b, splat(-5.0));
        let (e0, e1, e2) = (e(d0, d2, d4), e(d1, d3, d5), e(d2, d4, d6));
        // x (x + 1/2)(x^2 - 4), and x (x + 1/2)(x^2 - 1).
        let (p1, p2, p3) = (d3.mul_add(d1, splat(-4.0)), d4.mul_add(d2, splat(-4.0)), d5.mul_add(d3, splat(-4.0)));
        let (p, px) = (p2.mul_add(p1, half), p3.mul_add(p2, half));
        let (q1, q2, q3) = (d3 - d1, d4 - d2, d5 - d3);
        let (q, qx) = (q2.mul_add(q1, half), q3.mul_add(q2, half));
        [
            e1.mul_add(e0, half),
            px + p,
            px - p,
            qx.mul_add(q, splat(2.0)),
            qx.mul_add(q, splat(-2.0)),
            e1,
            e2.mul_add(e1, half),
        ]
    }

    #[inline(always)]
    fn output(p: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [p0, p1, p2, p3, p4, h, inf] = p;
        let (a, b, c, d) = (p1 + p2, p1 - p2, p3 + p4, p3 - p4);
        [
            p0 + a + (c + h),
            b.mul_add(d, splat(2.0)).mul_add(h, splat(-0.5)),
            a.mul_add(c, splat(4.0)).mul_add(h, splat(0.25)),
            b.mul_add(d, splat(8.0)).mul_add(h, splat(-0.125)),
            a.mul_add(c, splat(16.0)).mul_add(h, splat(0.0625)) + inf,
            splat(0.0),
            splat(0.0),
        ]
    }

    #[inline(always)]
    fn weight(g: [F32x4; 3]) -> [F32x4; MAX_POINTS] {
        let [g0, g1, g2] = g;
        let (even, even2, odd2) = (g0 + g2, g0.mul_add(g2, splat(4.0)), g1 * splat(2.0));
        [
            g0 * splat(0.5),
            (even + g1) * splat(-1.0 / 9.0),
            (even - g1) * splat(1.0 / 3.0),
            (even2 + odd2) * splat(1.0 / 60.0),
            (even2 - odd2) * splat(-1.0 / 36.0),
            g0.mul_add(g1, splat(-0.5)).mul_add(g2, splat(0.25)) * splat(-32.0 / 45.0),
            g2,
        ]
    }

    #[inline(always)]
    fn output_gradient(y: [F32x4; MAX_POINTS]) -> [F32x4; MAX_POINTS] {
        let [y0, y1, y2, y3, y4, ..] = y;
        let (even, odd) = (y0 + y2 + y4, y1 + y3);
        let even2 = y0.mul_add(y2, splat(4.0)).mul_add(y4, splat(16.0));
        let odd2 = (y1 * splat(2.0)).mul_add(y3, splat(8.0));
        let even_half = y0.mul_add(y2, splat(0.25)).mul_add(y4, splat(0.0625));
        let half = even_half.mul_add(y1, splat(-0.5)).mul_add(y3, splat(-0.125));
        [y0, even + odd, even - odd, even2 + odd2, even2 - odd2, half, y4]
    }

    #[inline(always)]
    fn weight_gradient(p: [F32x4; MAX_POINTS]) -> [F32x4; 3] {
        let [p0, p1, p2, p3, p4, h, inf] = p;
        let (p1, p2) = (p1 * splat(-1.0 / 9.0), p2 * splat(1.0 / 3.0));
        let (p3, p4, h) = (p3 * splat(1.0 / 60.0), p4 * splat(-1.0 / 36.0), h * splat(-32.0 / 45.0));
        let (near, far) = (p1 + p2, p3 + p4);
        [
            near.mul_add(p0, splat(0.5)) + (far + h),
            (p1 - p2).mul_add(p3 - p4, splat(2.0)).mul_add(h, splat(-0.5)),
            near.mul_add(far, splat(4.0)).mul_add(h, splat(0.25)) + inf,
        ]
    }
}
