//! Dense layer, convolution, max pool and average, for one image, channels last.

/// What burn's batch norm adds to the variance.
pub const NORM_EPSILON: f32 = 1e-5;

/// y = x W + b.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dense {
    /// `[inputs, outputs]`
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// A convolution with stride 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conv {
    /// `[kernel, kernel, inputs, channels]`: the channels of one pixel lie side by side.
    weight: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
    kernel: usize,
    /// Zeros on each side.
    padding: usize,
}

/// y += a w.
fn add_scaled(y: &mut [f32], a: f32, w: &[f32]) {
    y.iter_mut().zip(w).for_each(|(y, w)| *y += a * w);
}

/// Multiplies the outputs of a layer by a factor and adds an offset, by its weights. The outputs are the last axis of `weight`.
fn fold(weight: &mut [f32], bias: &mut [f32], norm: &[[f32; 2]]) {
    for row in weight.chunks_exact_mut(norm.len().max(1)) {
        row.iter_mut().zip(norm).for_each(|(w, [factor, _])| *w *= factor);
    }
    bias.iter_mut().zip(norm).for_each(|(b, [factor, offset])| *b = *b * factor + offset);
}

impl Dense {
    /// `weight` is `[inputs, outputs]`.
    pub(super) fn new(weight: &[f32], bias: &[f32]) -> Self {
        Self { weight: weight.to_vec(), bias: bias.to_vec() }
    }

    /// Puts batch norm, a factor and an offset of each unit, into the weights.
    pub(super) fn fold(&mut self, norm: Vec<[f32; 2]>) {
        fold(&mut self.weight, &mut self.bias, &norm);
    }

    pub(super) fn apply(&self, x: &[f32]) -> Vec<f32> {
        let mut y = self.bias.clone();
        for (&x, row) in x.iter().zip(self.weight.chunks_exact(y.len().max(1))) {
            add_scaled(&mut y, x, row);
        }
        y
    }
}

impl Conv {
    /// `weight` is `[kernel * kernel, inputs, channels]`.
    pub(super) fn new(weight: Vec<f32>, bias: &[f32], inputs: usize, kernel: usize, padding: usize) -> Self {
        Self { weight, bias: bias.to_vec(), inputs, kernel, padding }
    }

    /// As [`Dense::fold`], of each channel.
    pub(super) fn fold(&mut self, norm: Vec<[f32; 2]>) {
        fold(&mut self.weight, &mut self.bias, &norm);
    }

    pub(super) fn channels(&self) -> usize {
        self.bias.len()
    }

    /// The side of its output.
    pub(super) fn side(&self, side: usize) -> usize {
        (side + 2 * self.padding + 1).saturating_sub(self.kernel)
    }

    /// `[side, side, inputs]` to `[side, side, channels]`.
    pub(super) fn apply(&self, x: &[f32], side: usize) -> Vec<f32> {
        let (out, channels) = (self.side(side), self.channels());
        let mut y: Vec<f32> = self.bias.iter().copied().cycle().take(out * out * channels).collect();
        for (at, pixel) in y.chunks_exact_mut(channels.max(1)).enumerate() {
            let (row, column) = (at / out, at % out);
            for (tap, weight) in self.weight.chunks_exact(self.inputs * channels).enumerate() {
                let (row, column) = (row + tap / self.kernel, column + tap % self.kernel);
                // Outside of the image everything is zero.
                let (Some(row), Some(column)) = (row.checked_sub(self.padding), column.checked_sub(self.padding))
                else {
                    continue;
                };
                if row >= side || column >= side {
                    continue;
                }
                let start = (row * side + column) * self.inputs;
                let inputs = &x[start..start + self.inputs];
                for (&value, weight) in inputs.iter().zip(weight.chunks_exact(channels)) {
                    // Behind a ReLU about half of the values are zero.
                    if value != 0.0 {
                        add_scaled(pixel, value, weight);
                    }
                }
            }
        }
        y
    }
}

/// The largest of each 2 x 2 values: `[side, side, channels]` to `[side / 2, side / 2, channels]`. An odd row is left out.
pub(super) fn max_pool(x: &[f32], side: usize, channels: usize) -> Vec<f32> {
    let half = side / 2;
    let mut y = Vec::with_capacity(half * half * channels);
    for row in 0..half {
        for column in 0..half {
            let start = (2 * row * side + 2 * column) * channels;
            let below = start + side * channels;
            y.extend((0..channels).map(|channel| {
                let of = |start: usize| x[start + channel];
                of(start).max(of(start + channels)).max(of(below)).max(of(below + channels))
            }));
        }
    }
    y
}

/// The mean of each channel: `[pixels, channels]` to `[channels]`.
pub(super) fn average(x: &[f32], pixels: usize) -> Vec<f32> {
    let channels = x.len() / pixels.max(1);
    let mut y = vec![0.0; channels];
    for pixel in x.chunks_exact(channels.max(1)) {
        add_scaled(&mut y, 1.0 / pixels as f32, pixel);
    }
    y
}
