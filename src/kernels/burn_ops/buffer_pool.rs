//! Memory that is used again: a backward pass releases buffers, and the next forward pass acquires them.
//!
//! A new vector is filled with zeros first, and then a kernel overwrites all of them. The pool saves this extra pass
//! over some megabytes per step. Each thread has its own pool.

use burn::backend::flex::FlexTensor;
use std::cell::RefCell;

/// The pool keeps at most this many buffers. A step of the largest network releases about twenty.
const CAPACITY: usize = 32;

/// Released vectors, the oldest first.
struct BufferPool<T>(RefCell<Vec<Vec<T>>>);

impl<T: Copy + Default> BufferPool<T> {
    const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    fn acquire(&self, len: usize) -> Vec<T> {
        let mut spare = self.0.borrow_mut();
        // The vector that was released last is most likely still in the cache.
        match spare.iter().rposition(|values| values.len() == len) {
            Some(at) => spare.remove(at),
            None => vec![T::default(); len],
        }
    }

    fn release(&self, values: Vec<T>) {
        let mut spare = self.0.borrow_mut();
        if spare.len() == CAPACITY {
            // The oldest one: it belongs to another network or another batch size.
            spare.remove(0);
        }
        spare.push(values);
    }
}

thread_local! {
    static FLOATS: BufferPool<f32> = const { BufferPool::new() };
    static BYTES: BufferPool<u8> = const { BufferPool::new() };
}

/// A vector of `len` floats. Its values are arbitrary.
pub(super) fn acquire_floats(len: usize) -> Vec<f32> {
    FLOATS.with(|pool| pool.acquire(len))
}

/// A vector of `len` bytes. Its values are arbitrary.
pub(super) fn acquire_bytes(len: usize) -> Vec<u8> {
    BYTES.with(|pool| pool.acquire(len))
}

/// Returns floats to the pool.
pub fn release_floats(values: Vec<f32>) {
    FLOATS.with(|pool| pool.release(values));
}

/// Returns bytes to the pool.
pub(super) fn release_bytes(values: Vec<u8>) {
    BYTES.with(|pool| pool.release(values));
}

/// Returns the memory of a tensor to the pool, unless another tensor shares it.
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
    fn unshared_memory_is_used_again() {
        let tensor = FlexTensor::from_data(TensorData::new(vec![7.0f32; 1234], [1234]));
        let held = tensor.clone();
        release_tensor(tensor);
        assert_eq!(acquire_floats(1234), [0.0; 1234], "another tensor shares it");
        release_tensor(held);
        assert_eq!(acquire_floats(1233), [0.0; 1233], "another length");
        assert_eq!(acquire_floats(1234), [7.0; 1234], "the released buffer");
        assert_eq!(acquire_floats(1234), [0.0; 1234], "the pool is empty");
    }

    #[test]
    fn the_pool_keeps_at_most_its_capacity() {
        (1..100).for_each(|len| release_bytes(vec![1; len]));
        assert_eq!(acquire_bytes(99), [1; 99]);
        assert_eq!(acquire_bytes(1), [0]);
        BYTES.with(|pool| assert_eq!(pool.0.borrow().len(), CAPACITY - 1));
    }
}
