//! The shape of a dense layer, with its checks.

use crate::kernels::cpu::simd::LANES;

/// A dense layer: x is [batch, inputs], w is [inputs, outputs] (burn's layout), b is `[outputs]`, y is
/// [batch, outputs].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseShape {
    /// Rows of x.
    pub batch: usize,
    /// Columns of x.
    pub inputs: usize,
    /// Columns of y.
    pub outputs: usize,
    /// Whether a ReLU follows.
    pub relu: bool,
    /// The value that x has most often. The result is right for any value; it is fast for the true one.
    pub background: f32,
}

impl DenseShape {
    /// The number of outputs, rounded up to whole vectors.
    pub(super) fn padded(&self) -> usize {
        self.outputs.next_multiple_of(LANES)
    }

    pub(super) fn check(&self, x: &[f32], w: &[f32], b: &[f32], y: &[f32]) {
        assert!(self.batch > 0 && self.inputs > 0 && self.outputs > 0, "{self:?}");
        let expected = [self.batch * self.inputs, self.inputs * self.outputs, self.outputs, self.batch * self.outputs];
        assert_eq!([x.len(), w.len(), b.len(), y.len()], expected, "{self:?}");
    }
}
