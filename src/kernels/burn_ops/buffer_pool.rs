//! Memory that outlives the tensors of a step: what a backward pass has done with is what the next forward pass writes into.
//!
//! A fresh vector costs a pass that fills it with zeros, which every kernel overwrites: some megabytes a step.

use burn::backend::flex::FlexTensor;
use std::cell::RefCell;

/// A step of the largest network leaves some twenty buffers; more than this are not kept.
const CAPACITY: usize = 32;

/// Vectors that nobody uses.
struct BufferPool<T>(RefCell<Vec<Vec<T>>>);

impl<T: Copy + Default> BufferPool<T> {
    const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    fn acquire(&self, len: usize) -> Vec<T> {
        let mut spare = self.0.borrow_mut();
        // The latest of them, which is likeliest to be in the cache.
        match spare.iter().rposition(|values| values.len() == len) {
            Some(at) => spare.remove(at),
            None => vec![T::default(); len],
        }
    }

    fn release(&self, values: Vec<T>) {
        let mut spare = self.0.borrow_mut();
        if spare.len() == CAPACITY {
            // The one that nobody wanted for longest: another network's, or another batch size's.
            spare.remove(0);
        }
        spare.push(values);
    }
}

thread_local! {
    static FLOATS: BufferPool<f32> = const { BufferPool::new() };
    static BYTES: BufferPool<u8> = const { BufferPool::new() };
}

/// `len` floats of any value.
pub(super) fn acquire_floats(len: usize) -> Vec<f32> {
    FLOATS.with(|pool| pool.acquire(len))
}

/// `len` bytes of any value.
pub(super) fn acquire_bytes(len: usize) -> Vec<u8> {
    BYTES.with(|pool| pool.acquire(len))
}

/// Keeps floats that are done with.
pub fn release_floats(values: Vec<f32>) {
    FLOATS.with(|pool| pool.release(values));
}

/// Keeps bytes that are done with.
pub(super) fn release_bytes(values: Vec<u8>) {
    BYTES.with(|pool| pool.release(values));
}

/// Keeps the memory of a tensor, if nobody else holds it.
pub(super) fn release_tensor(tensor: FlexTensor) {
    if tensor.is_unique()
        && tensor.is_contiguous()
        && let Ok(values) = tensor.into_data().try_into_vec::<f32>()
    {
        release_floats(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::TensorData;

    #[test]
    fn memory_that_nobody_holds_is_used_again_and_no_other() {
        let tensor = FlexTensor::from_data(TensorData::new(vec![7.0f32; 1234], [1234]));
        let held = tensor.clone();
        release_tensor(tensor);
        assert_eq!(acquire_floats(1234), [0.0; 1234], "somebody holds it");
        release_tensor(held);
        assert_eq!(acquire_floats(1233), [0.0; 1233], "another length");
        assert_eq!(acquire_floats(1234), [7.0; 1234], "left from earlier use");
        assert_eq!(acquire_floats(1234), [0.0; 1234], "given away");
    }

    #[test]
    fn no_more_is_kept_than_a_step_needs() {
        (1..100).for_each(|len| release_bytes(vec![1; len]));
        assert_eq!(acquire_bytes(99), [1; 99]);
        assert_eq!(acquire_bytes(1), [0]);
        BYTES.with(|pool| assert_eq!(pool.0.borrow().len(), CAPACITY - 1));
    }
}
