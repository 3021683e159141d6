//! Batches of training images as shards: gathered by their indices and augmented.

use super::data_parallel::Shard;
use crate::config::RunConfig;
use crate::data::{Dataset, gather_batch};
use crate::kernels::profiler::{Part, time};
use std::ops::Range;
use std::rc::Rc;

/// Where batches come from.
pub(super) struct BatchLoader {
    pub(super) config: RunConfig,
    pub(super) data: Rc<Dataset>,
}

impl BatchLoader {
    /// The images of a batch (indices into the training set) that stand at the places `range`.
    pub(super) fn shard(&self, epoch: usize, batch: &[u32], range: Range<usize>) -> Shard {
        time(Part::Images, || {
            let mut pixels = Vec::new();
            let images = &batch[range.clone()];
            gather_batch(&self.data.train_images, images, Some((&self.config, epoch)), &mut pixels);
            let labels = images.iter().map(|&i| self.data.train_labels[i as usize]).collect();
            Shard { first: range.start, batch: batch.len(), pixels, labels }
        })
    }
}
