//! The streams of random numbers of a run. Each purpose has its own stream, which does not depend on earlier draws. So nothing
//! depends on the order of work, the batch or the worker.
//!
//! ChaCha8 is specified to the bit and counts its streams in 64 bits; the same seed gives the same numbers on every machine.

use crate::config::NetworkKind;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// What random numbers are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Which images of the training set are used.
    Subset,
    /// Which of those are kept for validation.
    Validation,
    /// The order of an epoch. Runs count epochs from 1.
    Order(u32),
    /// How one image is varied in one epoch.
    Augment {
        /// The epoch. Runs count from 1.
        epoch: u32,
        /// The image's number in the training set.
        image: u32,
    },
    /// The initial weights of a network.
    Weights(NetworkKind),
    /// The dropout masks of one layer of a network in one step of a run.
    Dropout {
        /// The layer, from 0, counting only layers with dropout.
        layer: u32,
        /// The step, from 0.
        step: u32,
    },
}

impl Stream {
    /// A different number for each stream: the use in the top 8 bits, an epoch or layer in 24, an image or step in 32.
    fn number(self) -> u64 {
        let (usage, epoch, image) = match self {
            Stream::Subset => (1, 0, 0),
            Stream::Validation => (2, 0, 0),
            Stream::Order(epoch) => (3, epoch, 0),
            Stream::Augment { epoch, image } => (4, epoch, image),
            Stream::Weights(kind) => (5, 0, kind as u32),
            Stream::Dropout { layer, step } => (6, layer, step),
        };
        usage << 56 | u64::from(epoch & 0x00ff_ffff) << 32 | u64::from(image)
    }
}

/// The random numbers of one use in the run of that seed.
pub fn stream(seed: u64, stream: Stream) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    enter(&mut rng, stream);
    rng
}

/// Moves a generator to the start of a stream of the same seed; cheaper than a new generator.
pub(super) fn enter(rng: &mut ChaCha8Rng, stream: Stream) {
    rng.set_stream(stream.number());
}
