//! 3 x 3 convolution of stride 1 by Winograd's minimal filtering, F(4x4, 3x3) and F(5x5, 3x3). They need 2.25 and 1.96
//! multiplications per output pixel and pair of channels; a direct convolution needs 9.
//!
//! Y = A' [(G g G') . (B' d B)] A (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). For each
//! of the n x n points of a tile, the products of all channels are one matrix product [tiles, C_in] x [C_in, C_out].
//! The matrices A, B and G are those of Toom and Cook for the points 0, 1, -1, 2, -2, infinity, and for F(5x5) also
//! -1/2. At 32 channels the error in f32 is 1.2e-6 (F(4x4)) and 1.8e-6 (F(5x5)) of the output's root mean square; a
//! direct convolution has 2e-7. F(5x5) is here because four of its tiles cover exactly the 10 x 10 pixels that the
//! second block of the reference network needs.
//!
//! Images are processed in groups, so that the transformed tiles stay in the second-level cache. Leaves out borders and
//! other kernels: they are the caller's.

use super::toom_cook::{MAX_POINTS, Transform, splat as s};
use crate::kernels::cpu::gemm::{self, Depth, Initial, Left, Out};
use crate::kernels::cpu::simd::F32x4;

/// The sizes of a group of images.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// Images of the group.
    pub images: usize,
    /// Input channels: a multiple of 4.
    pub inputs: usize,
    /// Output channels: a multiple of 4.
    pub outputs: usize,
    /// Pixels of an input row.
    pub in_width: usize,
    /// Floats from one input image to the next.
    pub in_image: usize,
    /// Output rows to compute.
    pub rows: usize,
    /// Output columns to compute.
    pub columns: usize,
    /// Floats from one output row to the next.
    pub out_row_stride: usize,
    /// Floats from one output image to the next.
    pub out_image_stride: usize,
}

impl Geometry {
    /// The number of tiles down and across an image.
    pub fn tile_grid<T: Transform>(&self) -> (usize, usize) {
        (self.rows.div_ceil(T::M), self.columns.div_ceil(T::M))
    }

    /// Tiles of the group.
    pub fn tiles<T: Transform>(&self) -> usize {
        let (down, across) = self.tile_grid::<T>();
        self.images * down * across
    }

    /// Floats from the [tiles, channels] matrix of one point to that of the next. It is one cache line more than the
    /// size of the matrix: the transforms write all points of a tile in turn, and a power of two would put all of them
    /// into one set of the cache.
    pub fn point_stride<T: Transform>(&self, channels: usize) -> usize {
        self.tiles::<T>() * channels + 16
    }

    /// Floats of the transformed inputs, and of the products.
    pub fn scratch_lens<T: Transform>(&self) -> (usize, usize) {
        (T::N * T::N * self.point_stride::<T>(self.inputs), T::N * T::N * self.point_stride::<T>(self.outputs))
    }

    /// The rows and columns of input that the tiles read.
    pub fn input_size<T: Transform>(&self) -> (usize, usize) {
        let (down, across) = self.tile_grid::<T>();
        (down * T::M + 2, across * T::M + 2)
    }
}

/// The multiplications for one image of `rows` x `columns` outputs and one pair of channels.
pub const fn multiplications(m: usize, rows: usize, columns: usize) -> usize {
    rows.div_ceil(m) * columns.div_ceil(m) * (m + 2) * (m + 2)
}

/// Floats of the transformed weights.
pub const fn weights_len(n: usize, inputs: usize, outputs: usize) -> usize {
    n * n * gemm::packed_len(inputs, outputs)
}

/// G g G' of every kernel, packed for the products: [point, panel, input, 8].
///
/// `at(o, i)` is the place in `w` of the nine weights from channel `i` to channel `o`. `rotated` takes them in reverse
/// order, as the gradient of the input needs them.
pub fn transform_weights<T: Transform>(
    w: &[f32],
    inputs: usize,
    outputs: usize,
    at: impl Fn(usize, usize) -> usize,
    rotated: bool,
    u: &mut [f32],
) {
    assert!(outputs.is_multiple_of(4) && u.len() >= weights_len(T::N, inputs, outputs));
    let point = gemm::packed_len(inputs, outputs);
    for o in (0..outputs).step_by(4) {
        let panel = o / gemm::PANEL * gemm::PANEL;
        let width = gemm::PANEL.min(outputs - panel);
        for i in 0..inputs {
            let kernels: [&[f32]; 4] = core::array::from_fn(|lane| &w[at(o + lane, i)..][..9]);
            let tap = |t: usize| {
                let t = if rotated { 8 - t } else { t };
                F32x4::from_array([kernels[0][t], kernels[1][t], kernels[2][t], kernels[3][t]])
            };
            let mut half = [[s(0.0); MAX_POINTS]; 3];
            for (x, column) in half.iter_mut().enumerate() {
                *column = T::weight([tap(x), tap(3 + x), tap(6 + x)]);
            }
            let to = panel * inputs + i * width + (o - panel);
            for y in 0..T::N {
                let row = T::weight([half[0][y], half[1][y], half[2][y]]);
                for (x, value) in row.into_iter().enumerate().take(T::N) {
                    let to = &mut u[(y * T::N + x) * point + to..][..4];
                    // SAFETY: the slice has 4 values.
                    unsafe { value.store(to.as_mut_ptr()) };
                }
            }
        }
    }
}

/// B' d B of every tile of the group: [point, tile, C_in].
pub fn transform_input<T: Transform>(g: &Geometry, x: &[f32], v: &mut [f32]) {
    let ((down, across), (rows, columns)) = (g.tile_grid::<T>(), g.input_size::<T>());
    let (point, row) = (g.point_stride::<T>(g.inputs), g.in_width * g.inputs);
    assert!(g.inputs.is_multiple_of(4) && columns <= g.in_width && v.len() >= T::N * T::N * point);
    assert!(x.len() >= (g.images - 1) * g.in_image + rows * row);
    let mut to = v.as_mut_ptr();
    for image in 0..g.images {
        for ty in 0..down {
            for tx in 0..across {
                let corner = image * g.in_image + (ty * row + tx * g.inputs) * T::M;
                for channel in (0..g.inputs).step_by(4) {
                    // SAFETY: the tiles lie in the rows and columns asserted above. `to` goes over the tiles and
                    // channels of one point, and there are N * N points.
                    unsafe {
                        let from = x.as_ptr().add(corner + channel);
                        let mut half = [[s(0.0); MAX_POINTS]; MAX_POINTS];
                        for (i, column) in half.iter_mut().enumerate().take(T::N) {
                            let mut d = [s(0.0); MAX_POINTS];
                            for (j, value) in d.iter_mut().enumerate().take(T::N) {
                                *value = F32x4::load(from.add(j * row + i * g.inputs));
                            }
                            *column = T::input(d);
                        }
                        #[expect(clippy::needless_range_loop, reason = "the second index")]
                        for y in 0..T::N {
                            let points = T::input(core::array::from_fn(|i| half[i][y]));
                            for (i, value) in points.into_iter().enumerate().take(T::N) {
                                value.store(to.add((y * T::N + i) * point));
                            }
                        }
                        to = to.add(4);
                    }
                }
            }
        }
    }
}

/// A' p A of every tile, plus the bias, written to the output.
fn transform_output<T: Transform>(g: &Geometry, p: &[f32], bias: Option<&[f32]>, y: &mut [f32]) {
    let (down, across) = g.tile_grid::<T>();
    let point = g.point_stride::<T>(g.outputs);
    assert!(
        g.outputs.is_multiple_of(4)
            && p.len() >= T::N * T::N * point
            && bias.is_none_or(|bias| bias.len() >= g.outputs)
    );
    assert!(g.out_row_stride >= g.columns * g.outputs);
    assert!(y.len() >= (g.images - 1) * g.out_image_stride + (g.rows - 1) * g.out_row_stride + g.columns * g.outputs);
    let mut from = p.as_ptr();
    for image in 0..g.images {
        for ty in 0..down {
            for tx in 0..across {
                let (rows, columns) = (T::M.min(g.rows - ty * T::M), T::M.min(g.columns - tx * T::M));
                let corner = image * g.out_image_stride + ty * T::M * g.out_row_stride + tx * T::M * g.outputs;
                for channel in (0..g.outputs).step_by(4) {
                    // SAFETY: as in `transform_input`, with input and output exchanged. Only the rows and columns of
                    // the output are written.
                    unsafe {
                        let bias = bias.map_or(s(0.0), |bias| F32x4::load(bias.as_ptr().add(channel)));
                        let to = y.as_mut_ptr().add(corner + channel);
                        let mut half = [[s(0.0); MAX_POINTS]; MAX_POINTS];
                        for (i, column) in half.iter_mut().enumerate().take(T::N) {
                            let mut d = [s(0.0); MAX_POINTS];
                            for (j, value) in d.iter_mut().enumerate().take(T::N) {
                                *value = F32x4::load(from.add((j * T::N + i) * point));
                            }
                            *column = T::output(d);
                        }
                        #[expect(clippy::needless_range_loop, reason = "the second index")]
                        for row in 0..rows {
                            let values = T::output(core::array::from_fn(|i| half[i][row]));
                            let to = to.add(row * g.out_row_stride);
                            for (i, value) in values.into_iter().enumerate().take(T::M) {
                                if i < columns {
                                    (value + bias).store(to.add(i * g.outputs));
                                }
                            }
                        }
                        from = from.add(4);
                    }
                }
            }
        }
    }
}

/// The convolution of a group of images: [images, in rows, in_width, inputs] to [images, rows, columns, outputs]. The
/// input of every tile must lie in `x` (see [`Geometry::input_size`]). `v` and `p` are scratch memory of
/// [`Geometry::scratch_lens`] floats.
pub fn convolve<T: Transform>(
    g: &Geometry,
    x: &[f32],
    u: &[f32],
    bias: Option<&[f32]>,
    y: &mut [f32],
    v: &mut [f32],
    p: &mut [f32],
) {
    transform_input::<T>(g, x, v);
    multiply::<T>(g, u, v, p);
    transform_output::<T>(g, p, bias, y);
}

/// The products of every point: [tiles, C_in] x [C_in, C_out].
fn multiply<T: Transform>(g: &Geometry, u: &[f32], v: &[f32], p: &mut [f32]) {
    let (tiles, weights) = (g.tiles::<T>(), gemm::packed_len(g.inputs, g.outputs));
    let (v_point, p_point) = (g.point_stride::<T>(g.inputs), g.point_stride::<T>(g.outputs));
    assert!(u.len() >= T::N * T::N * weights);
    for point in 0..T::N * T::N {
        let (v, p) = (&v[point * v_point..][..tiles * g.inputs], &mut p[point * p_point..][..tiles * g.outputs]);
        let left = Left { start: v.as_ptr(), row_stride: g.inputs, column_stride: 1 };
        let out = Out { start: p.as_mut_ptr(), row_stride: g.outputs, columns: g.outputs };
        // SAFETY: the slices hold the channels of all tiles; u holds one packed matrix for each point.
        unsafe { gemm::multiply(tiles, Depth::run(g.inputs), left, &u[point * weights..], Initial::Zero, out) };
    }
}
