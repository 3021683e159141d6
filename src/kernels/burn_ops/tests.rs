//! Compares the burn operations with burn's custom operations on NdArray, forward and backward, and with finite
//! differences.

use super::operations::{batch_norm, conv_block, dense, max_pool};
use crate::kernels::cpu::reference::Lcg;
use burn::tensor::module::{batch_norm_train, conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData, activation};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The largest difference, relative to the root mean square. The reasons are 32-bit sums of up to some thousand
/// products in another order, and Winograd's transforms. It is the worst of many thousand values.
const TOLERANCE: f32 = 1e-4;

/// The cases are the same in every run. Random cases could contain two nearly equal values in a window of a max pool,
/// and then the two sides may choose different ones.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() }
}

/// burn-ndarray. It shares no code with Flex or with these kernels.
#[allow(deprecated)]
fn reference_cpu() -> Device {
    Device::ndarray()
}

fn tensor<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let rms = (b.iter().map(|b| b * b).sum::<f32>() / b.len().max(1) as f32).sqrt().max(1e-6);
    a.iter().zip(b).fold(0.0, |m, (a, b)| m.max((a - b).abs() / rms))
}

#[derive(Debug, Clone, Copy)]
struct Block {
    batch: usize,
    side: [usize; 2],
    inputs: usize,
    outputs: usize,
    kernel: usize,
    padding: usize,
    relu: bool,
    pool: bool,
    seed: u64,
}

impl Block {
    fn out(&self) -> [usize; 2] {
        self.side.map(|side| (side + 2 * self.padding + 1 - self.kernel) / if self.pool { 2 } else { 1 })
    }

    /// x, w, b, and the factors of the result before it is summed up.
    fn operands(&self) -> [Vec<f32>; 4] {
        let mut random = Lcg(self.seed);
        let area = self.side[0] * self.side[1];
        let [height, width] = self.out();
        [
            random.values(self.batch * self.inputs * area),
            random.values(self.outputs * self.inputs * self.kernel * self.kernel),
            random.values(self.outputs),
            random.values(self.batch * height * width * self.outputs),
        ]
    }

    /// y, dx, dw and db. `x` is stored with the channels second, so that the custom operation gets a view with strides.
    fn run(&self, [x, w, b, r]: &[Vec<f32>; 4], device: Device, custom: bool) -> [Vec<f32>; 4] {
        let device = device.autodiff();
        let [height, width] = self.out();
        let x = tensor(x, [self.batch, self.inputs, self.side[0], self.side[1]], &device).require_grad();
        let w = tensor(w, [self.outputs, self.inputs, self.kernel, self.kernel], &device).require_grad();
        let b = tensor(b, [self.outputs], &device).require_grad();
        let y = if custom {
            conv_block(x.clone().permute([0, 2, 3, 1]), w.clone(), b.clone(), self.padding, self.relu, self.pool)
        } else {
            let options = ConvOptions::new([1, 1], [self.padding; 2], [1, 1], 1);
            let mut y = conv2d(x.clone(), w.clone(), Some(b.clone()), options);
            y = if self.relu { activation::relu(y) } else { y };
            y = if self.pool { max_pool2d(y, MaxPoolOptions::new([2, 2])) } else { y };
            y.permute([0, 2, 3, 1])
        };
        let gradients = (y.clone() * tensor(r, [self.batch, height, width, self.outputs], &device)).sum().backward();
        let gradient = |x: Option<Vec<f32>>| x.expect("every operand has a gradient");
        [
            values(y.inner()),
            gradient(x.grad(&gradients).map(values)),
            gradient(w.grad(&gradients).map(values)),
            gradient(b.grad(&gradients).map(values)),
        ]
    }
}

fn blocks() -> impl Strategy<Value = Block> {
    let shape = (1usize..6, 5usize..18, 5usize..18, 1usize..20, 1usize..40, 1usize..6);
    (shape, 0usize..3, any::<bool>(), any::<bool>(), any::<u64>()).prop_map(
        |((batch, height, width, inputs, outputs, kernel), padding, relu, pool, seed)| Block {
            batch,
            side: [height, width],
            inputs,
            outputs,
            kernel,
            // With more padding than kernel - 1 some windows would contain only zeros.
            padding: padding.min(kernel - 1),
            relu,
            pool: pool && height > kernel && width > kernel,
            seed,
        },
    )
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn conv_block_is_burns_on_ndarray(block in blocks()) {
        let operands = block.operands();
        let custom = block.run(&operands, Device::flex(), true);
        let reference = block.run(&operands, reference_cpu(), false);
        for (name, (custom, reference)) in ["y", "dx", "dw", "db"].iter().zip(custom.iter().zip(&reference)) {
            let difference = difference(custom, reference);
            prop_assert!(difference < TOLERANCE, "{name} differs by {difference}");
        }
    }

    #[test]
    fn dense_is_burns_on_ndarray(
        batch in 1usize..70, inputs in 1usize..200, outputs in 1usize..150,
        relu: bool, background in -1.0f32..1.0, seed: u64,
    ) {
        let mut random = Lcg(seed);
        let mut x = random.values(batch * inputs);
        // Most values of an image are equal.
        x.iter_mut().for_each(|x| *x = if *x < 0.2 { background } else { *x });
        let (w, b, r) = (random.values(inputs * outputs), random.values(outputs), random.values(batch * outputs));
        let run = |device: Device, custom: bool| {
            let device = device.autodiff();
            // Stored with rows and columns exchanged, so that the operation gets a view with strides.
            let stored: Vec<f32> = (0..inputs * batch).map(|i| x[(i % batch) * inputs + i / batch]).collect();
            let x = tensor(&stored, [inputs, batch], &device).require_grad();
            let w = tensor(&w, [inputs, outputs], &device).require_grad();
            let b = tensor(&b, [outputs], &device).require_grad();
            let y = if custom {
                dense(x.clone().transpose(), w.clone(), b.clone(), background, relu)
            } else {
                let y = x.clone().transpose().matmul(w.clone()) + b.clone().unsqueeze();
                if relu { activation::relu(y) } else { y }
            };
            let gradients = (y.clone() * tensor(&r, [batch, outputs], &device)).sum().backward();
            let gradient = |x: Option<Vec<f32>>| x.expect("every operand has a gradient");
            [
                values(y.inner()),
                gradient(x.grad(&gradients).map(values)),
                gradient(w.grad(&gradients).map(values)),
                gradient(b.grad(&gradients).map(values)),
            ]
        };
        let (custom, reference) = (run(Device::flex(), true), run(reference_cpu(), false));
        for (name, (custom, reference)) in ["y", "dx", "dw", "db"].iter().zip(custom.iter().zip(&reference)) {
            let difference = difference(custom, reference);
            prop_assert!(difference < TOLERANCE, "{name} differs by {difference}");
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn batch_norm_is_burns_on_ndarray(
        batch in 1usize..5, height in 2usize..12, width in 2usize..12, channels in 1usize..40,
        relu: bool, pool: bool, seed: u64,
    ) {
        let mut random = Lcg(seed);
        let out = [height, width].map(|side| if pool { side / 2 } else { side });
        let x = random.values(batch * channels * height * width);
        let (gamma, beta) = (random.values(channels), random.values(channels));
        let r = random.values(batch * out[0] * out[1] * channels);
        let run = |device: Device, custom: bool| {
            let device = device.autodiff();
            // Channels second, so that the custom operation gets a view with strides.
            let x = tensor(&x, [batch, channels, height, width], &device).require_grad();
            let gamma = tensor(&gamma, [channels], &device).require_grad();
            let beta = tensor(&beta, [channels], &device).require_grad();
            let (y, mean, variance) = if custom {
                batch_norm(x.clone().permute([0, 2, 3, 1]), gamma.clone(), beta.clone(), 1e-3, relu, pool)
            } else {
                let found = batch_norm_train(x.clone(), gamma.clone(), beta.clone(), 1e-3);
                let y = if relu { activation::relu(found.output) } else { found.output };
                let y = if pool { max_pool2d(y, MaxPoolOptions::new([2, 2])) } else { y };
                (y.permute([0, 2, 3, 1]), found.mean, found.variance)
            };
            let gradients = (y.clone() * tensor(&r, [batch, out[0], out[1], channels], &device)).sum().backward();
            let gradient = |x: Option<Vec<f32>>| x.expect("every operand has a gradient");
            [
                values(y.inner()),
                values(mean.inner()),
                values(variance.inner()),
                gradient(x.grad(&gradients).map(values)),
                gradient(gamma.grad(&gradients).map(values)),
                gradient(beta.grad(&gradients).map(values)),
            ]
        };
        let (custom, reference) = (run(Device::flex(), true), run(reference_cpu(), false));
        let names = ["y", "mean", "variance", "dx", "dgamma", "dbeta"];
        for (name, (custom, reference)) in names.iter().zip(custom.iter().zip(&reference)) {
            let difference = difference(custom, reference);
            prop_assert!(difference < TOLERANCE, "{name} differs by {difference}");
        }
    }

    #[test]
    fn max_pool_is_burns_on_ndarray(
        batch in 1usize..5, height in 2usize..12, width in 2usize..12, channels in 1usize..40, seed: u64,
    ) {
        let mut random = Lcg(seed);
        let x = random.values(batch * channels * height * width);
        let out = [batch, height / 2, width / 2, channels];
        let r = random.values(out.iter().product());
        let run = |device: Device, custom: bool| {
            let device = device.autodiff();
            let x = tensor(&x, [batch, channels, height, width], &device).require_grad();
            let y = if custom {
                max_pool(x.clone().permute([0, 2, 3, 1]))
            } else {
                max_pool2d(x.clone(), MaxPoolOptions::new([2, 2])).permute([0, 2, 3, 1])
            };
            let gradients = (y.clone() * tensor(&r, out, &device)).sum().backward();
            [values(y.inner()), x.grad(&gradients).map(values).expect("x wants a gradient")]
        };
        // A max pool only chooses values, so the results are equal to the bit.
        prop_assert_eq!(run(Device::flex(), true), run(reference_cpu(), false));
    }
}

#[test]
fn the_gradient_of_a_block_is_its_slope() {
    for (seed, (relu, pool)) in [(false, false), (true, false), (false, true), (true, true)].into_iter().enumerate() {
        let block = Block {
            batch: 1,
            side: [7, 9],
            inputs: 3,
            outputs: 5,
            kernel: 3,
            padding: 1,
            relu,
            pool,
            seed: seed as u64 + 1,
        };
        let operands = block.operands();
        let gradients = block.run(&operands, Device::flex(), true);
        let loss = |operands: &[Vec<f32>; 4]| -> f64 {
            let y = &block.run(operands, Device::flex(), true)[0];
            y.iter().zip(&operands[3]).map(|(y, r)| f64::from(y * r)).sum()
        };
        for operand in 0..3 {
            let gradient = &gradients[operand + 1];
            let mut checked = 0;
            for at in (0..gradient.len()).step_by(gradient.len().div_ceil(12)) {
                let moved = |by: f32| {
                    let mut moved = operands.clone();
                    moved[operand][at] += by;
                    loss(&moved)
                };
                let slopes = [2e-3, 1e-3].map(|step| (moved(step) - moved(-step)) / f64::from(2.0 * step));
                // Where the ReLU or the pool switches within the step, there is no slope to compare with.
                if (slopes[0] - slopes[1]).abs() < 0.01 * slopes[0].abs().max(0.5) {
                    let expected = f64::from(gradient[at]);
                    // The sum is about ten and its rounding 1e-6; the step is 1e-3.
                    assert!(
                        (slopes[1] - expected).abs() < 0.02 * expected.abs().max(0.5),
                        "{block:?}, operand {operand}, {at}"
                    );
                    checked += 1;
                }
            }
            assert!(checked >= 4, "{block:?}, operand {operand}: {checked}");
        }
    }
}
