//! A convolution with stride 1 for one image, channels last, in 64 bits: forwards and backwards.

use super::trace::Shape;

/// A convolution.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conv {
    /// `[kernel * kernel, inputs, channels]`
    weight: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
    kernel: usize,
    /// Zeros on each side.
    padding: usize,
}

/// y += a w.
pub(super) fn add_scaled(y: &mut [f64], a: f64, w: &[f32]) {
    y.iter_mut().zip(w).for_each(|(y, w)| *y += a * f64::from(*w));
}

/// The sum of a w.
pub(super) fn dot(a: &[f64], w: &[f32]) -> f64 {
    a.iter().zip(w).map(|(a, w)| a * f64::from(*w)).sum()
}

impl Conv {
    /// `weight` is `[kernel * kernel, inputs, channels]`.
    pub(super) fn new(weight: Vec<f32>, bias: &[f32], inputs: usize, kernel: usize, padding: usize) -> Self {
        Self { weight, bias: bias.to_vec(), inputs, kernel, padding }
    }

    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(super) fn kernel(&self) -> usize {
        self.kernel
    }

    pub(super) fn padding(&self) -> usize {
        self.padding
    }

    pub(super) fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// One value of the kernel of a channel. All three must be in range.
    pub(super) fn weight(&self, tap: usize, input: usize, channel: usize) -> f32 {
        self.weight[(tap * self.inputs + input) * self.bias.len() + channel]
    }

    /// The kernel of one input and one channel, row by row.
    pub(super) fn filter(&self, input: usize, channel: usize) -> Vec<f32> {
        (0..self.kernel * self.kernel).map(|tap| self.weight(tap, input, channel)).collect()
    }

    /// The input pixel, row by row, of each tap of the kernel where it gives the output at a row and a column; `None` where the tap lies
    /// outside of the image, where everything is zero.
    pub(super) fn taps(&self, row: usize, column: usize, side: usize) -> impl Iterator<Item = Option<usize>> {
        let (kernel, padding) = (self.kernel, self.padding);
        (0..kernel * kernel).map(move |tap| {
            let row = (row + tap / kernel).checked_sub(padding).filter(|row| *row < side)?;
            let column = (column + tap % kernel).checked_sub(padding).filter(|column| *column < side)?;
            Some(row * side + column)
        })
    }

    /// The input's pixels and their weights, `[inputs, channels]`, for each tap inside of the image.
    fn inside(&self, row: usize, column: usize, side: usize) -> impl Iterator<Item = (usize, &[f32])> {
        let taps = self.taps(row, column, side).zip(self.weight.chunks_exact(self.inputs * self.bias.len()));
        taps.filter_map(|(pixel, weight)| Some((pixel?, weight)))
    }

    /// `[side, side, inputs]` to `[side, side, channels]`.
    pub(super) fn apply(&self, x: &[f64], from: Shape, to: Shape) -> Vec<f64> {
        let (side, channels) = (to.side(), to.channels());
        let bias = self.bias.iter().map(|bias| f64::from(*bias));
        let mut y: Vec<f64> = bias.cycle().take(to.values()).collect();
        for (at, sums) in y.chunks_exact_mut(channels).enumerate() {
            for (pixel, weight) in self.inside(at / side, at % side, from.side()) {
                let values = &x[pixel * self.inputs..][..self.inputs];
                for (&value, weight) in values.iter().zip(weight.chunks_exact(channels)) {
                    // Behind a ReLU about half of the values are zero.
                    if value != 0.0 {
                        add_scaled(sums, value, weight);
                    }
                }
            }
        }
        y
    }

    /// From the gradient by the outputs to the gradient by the inputs.
    pub(super) fn backward(&self, dy: &[f64], from: Shape, to: Shape) -> Vec<f64> {
        let (side, channels) = (to.side(), to.channels());
        let mut dx = vec![0.0; from.values()];
        for (at, dy) in dy.chunks_exact(channels).enumerate() {
            // A max pool hands its gradient to one of four pixels, so most pixels have none.
            if dy.iter().all(|dy| *dy == 0.0) {
                continue;
            }
            for (pixel, weight) in self.inside(at / side, at % side, from.side()) {
                let sums = &mut dx[pixel * self.inputs..][..self.inputs];
                sums.iter_mut().zip(weight.chunks_exact(channels)).for_each(|(sum, weight)| *sum += dot(dy, weight));
            }
        }
        dx
    }
}
