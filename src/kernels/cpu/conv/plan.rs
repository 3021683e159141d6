//! Chooses the method of a convolution, prepares its weights and frames, and runs it.
//!
//! Winograd's method computes 3 x 3 kernels of stride 1 whose channels are whole vectors. An implicit matrix product
//! computes all others: each row of a kernel is a contiguous run of an NHWC image, so nothing has to be gathered.
//! Leaves out ReLU and pool.

use super::shape::{ConvShape, Frame};
use super::toom_cook::{F4, F5, Transform};
use super::winograd::{self, Geometry};
use crate::kernels::cpu::gemm::{self, Depth, Initial, Left, Out};
use crate::kernels::cpu::workspace::Buffer;

/// The largest number of floats of transformed tiles in a group of images: half of a second-level cache of 2 MiB. The
/// weights take the rest.
const GROUP_FLOATS: usize = 128 * 1024;

/// The method of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// The implicit matrix product.
    Direct,
    /// F(4x4, 3x3).
    Winograd4,
    /// F(5x5, 3x3).
    Winograd5,
}

/// The method for `rows` x `columns` outputs.
pub(super) fn method(s: &ConvShape, rows: usize, columns: usize) -> Method {
    // With few channels the transforms cost more than they save.
    if s.kernel != 3
        || s.stride != 1
        || !s.inputs.is_multiple_of(4)
        || !s.outputs.is_multiple_of(4)
        || s.inputs < 8
        || s.outputs < 8
    {
        return Method::Direct;
    }
    let (four, five) = (winograd::multiplications(4, rows, columns), winograd::multiplications(5, rows, columns));
    if four.min(five) * 4 > rows * columns * 9 * 3 {
        return Method::Direct; // Winograd would save less than a quarter of the multiplications.
    }
    if four <= five { Method::Winograd4 } else { Method::Winograd5 }
}

/// Which outputs to compute, and how they are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutputLayout {
    pub rows: usize,
    pub columns: usize,
    /// Floats from one output row to the next, and from one image to the next.
    pub row_stride: usize,
    pub image_stride: usize,
}

/// The weights in the layout of a method, and the memory it needs. A plan is made once per call and used for all groups
/// of images.
pub(super) struct Plan {
    pub method: Method,
    layout: OutputLayout,
    frame: Frame,
    /// Whether images are first copied into frames.
    framed: bool,
    /// Images that are computed together.
    pub group: usize,
}

/// The buffers of the workspace that a plan uses.
pub(super) struct Scratch<'a> {
    pub weights: &'a mut Buffer,
    pub frame: &'a mut Buffer,
    pub points: &'a mut Buffer,
    pub products: &'a mut Buffer,
}

impl Plan {
    /// The sizes of a group of images, for Winograd's method.
    pub fn geometry(&self, s: &ConvShape, images: usize) -> Geometry {
        let (in_width, in_image) =
            if self.framed { (self.frame.columns, self.frame.len()) } else { (s.width, s.in_image()) };
        let OutputLayout { rows, columns, row_stride, image_stride } = self.layout;
        Geometry {
            images,
            inputs: s.inputs,
            outputs: s.outputs,
            in_width,
            in_image,
            rows,
            columns,
            out_row_stride: row_stride,
            out_image_stride: image_stride,
        }
    }

    /// Chooses the method and the sizes of groups and frames. Leaves the weights out.
    pub fn without_weights(s: &ConvShape, layout: OutputLayout, frame: &mut Buffer) -> Self {
        let mut plan = Self {
            method: method(s, layout.rows, layout.columns),
            layout,
            frame: Frame {
                rows: s.height + 2 * s.padding,
                columns: s.width + 2 * s.padding,
                channels: s.inputs,
                before: s.padding,
            },
            framed: s.padding > 0,
            group: 1,
        };
        match plan.method {
            Method::Winograd4 => plan.reserve_tiles::<F4>(s),
            Method::Winograd5 => plan.reserve_tiles::<F5>(s),
            Method::Direct => {}
        }
        if plan.framed {
            frame.zeroed(plan.frame.len() * plan.group);
        }
        plan
    }

    fn reserve_tiles<T: Transform>(&mut self, s: &ConvShape) {
        let (rows, columns) = self.geometry(s, 1).input_size::<T>();
        let (v, p) = self.geometry(s, 1).scratch_lens::<T>();
        self.framed |= rows > s.height || columns > s.width;
        (self.frame.rows, self.frame.columns) = (self.frame.rows.max(rows), self.frame.columns.max(columns));
        self.group = (GROUP_FLOATS / (v + p)).clamp(1, s.batch);
    }

    /// [`Plan::without_weights`], and then the weights in the method's layout. `at(o, i)` is the place of the weights
    /// from input i to output o. `rotated` rotates each kernel by 180 degrees.
    pub fn new(
        s: &ConvShape,
        layout: OutputLayout,
        w: &[f32],
        at: impl Fn(usize, usize) -> usize,
        rotated: bool,
        scratch: &mut Scratch,
    ) -> Self {
        let plan = Self::without_weights(s, layout, scratch.frame);
        let u = |n| winograd::weights_len(n, s.inputs, s.outputs);
        let (weights, (inputs, outputs)) = (&mut scratch.weights, (s.inputs, s.outputs));
        match plan.method {
            Method::Winograd4 => {
                winograd::transform_weights::<F4>(w, inputs, outputs, at, rotated, weights.take(u(F4::N)));
            }
            Method::Winograd5 => {
                winograd::transform_weights::<F5>(w, inputs, outputs, at, rotated, weights.take(u(F5::N)));
            }
            Method::Direct => pack(s, w, at, rotated, weights),
        }
        plan
    }

    /// Images as the method reads them: in frames, or as they are.
    pub fn framed_images<'a>(&self, s: &ConvShape, images: usize, x: &'a [f32], frame: &'a mut Buffer) -> &'a [f32] {
        assert!(images <= self.group && x.len() >= images * s.in_image());
        if !self.framed {
            return x;
        }
        let frames = frame.take(self.frame.len() * self.group);
        for (image, frame) in x.chunks_exact(s.in_image()).zip(frames.chunks_exact_mut(self.frame.len())).take(images) {
            self.frame.fill(image, s.height, s.width, frame);
        }
        frames
    }

    /// Computes at most one group of images. `y` begins with the first of them. The bias of each output is added;
    /// `bias` is as long as the outputs rounded up to 4.
    pub fn run(&self, s: &ConvShape, images: usize, x: &[f32], bias: &[f32], y: &mut [f32], scratch: &mut Scratch) {
        let x = self.framed_images(s, images, x, scratch.frame);
        match self.method {
            Method::Winograd4 => {
                self.winograd::<F4>(s, images, x, bias, y, scratch.weights, scratch.points, scratch.products)
            }
            Method::Winograd5 => {
                self.winograd::<F5>(s, images, x, bias, y, scratch.weights, scratch.points, scratch.products)
            }
            Method::Direct => self.direct(s, x, bias, y, scratch.weights),
        }
    }

    #[expect(clippy::too_many_arguments)]
    fn winograd<T: Transform>(
        &self,
        s: &ConvShape,
        images: usize,
        x: &[f32],
        bias: &[f32],
        y: &mut [f32],
        u: &mut Buffer,
        v: &mut Buffer,
        p: &mut Buffer,
    ) {
        let g = self.geometry(s, images);
        let (v_len, p_len) = g.scratch_lens::<T>();
        let u = u.take(winograd::weights_len(T::N, s.inputs, s.outputs));
        winograd::convolve::<T>(&g, x, u, Some(bias), y, v.take(v_len), p.take(p_len));
    }

    /// Computes one image, one output row at a time: [columns, kernel x run] x [kernel x run, outputs].
    fn direct(&self, s: &ConvShape, x: &[f32], bias: &[f32], y: &mut [f32], weights: &mut Buffer) {
        let OutputLayout { rows, columns, row_stride, .. } = self.layout;
        let in_row = if self.framed { self.frame.row() } else { s.width * s.inputs };
        let depth = Depth { k: s.run(), segments: s.kernel, segment_stride: in_row };
        let b = weights.take(gemm::packed_len(s.run() * s.kernel, s.outputs));
        assert!(
            x.len() >= ((rows - 1) * s.stride + s.kernel - 1) * in_row + (columns - 1) * s.stride * s.inputs + s.run()
        );
        assert!(
            columns * s.outputs <= row_stride
                && y.len() >= (rows - 1) * row_stride + columns * s.outputs
                && bias.len() >= s.outputs.next_multiple_of(4)
        );
        for out_y in 0..rows {
            let left = Left {
                start: x[out_y * s.stride * in_row..].as_ptr(),
                row_stride: s.stride * s.inputs,
                column_stride: 1,
            };
            let out = Out { start: y[out_y * row_stride..].as_mut_ptr(), row_stride: s.outputs, columns: s.outputs };
            // SAFETY: the assertions above cover the reads and writes of the last row, and so those of every row.
            unsafe { gemm::multiply(columns, depth, left, b, Initial::Bias(bias), out) };
        }
    }
}

/// The weights for the implicit matrix product: [panel, ky, kx, input, 8].
fn pack(s: &ConvShape, w: &[f32], at: impl Fn(usize, usize) -> usize, rotated: bool, weights: &mut Buffer) {
    let taps = s.kernel * s.kernel;
    let depth = taps * s.inputs;
    let packed = weights.zeroed(gemm::packed_len(depth, s.outputs));
    for o in 0..s.outputs {
        let panel = o / gemm::PANEL * gemm::PANEL;
        let width = if s.outputs - panel > 4 { gemm::PANEL } else { 4 };
        for i in 0..s.inputs {
            let kernel = &w[at(o, i)..][..taps];
            for t in 0..taps {
                packed[panel * depth + (t * s.inputs + i) * width + o - panel] =
                    kernel[if rotated { taps - 1 - t } else { t }];
            }
        }
    }
}
