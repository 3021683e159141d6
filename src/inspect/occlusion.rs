//! Occlusion: how much a class's probability falls when a square of the image is covered (Zeiler and Fergus 2014).

use crate::fashion_mnist::{PIXELS, SIDE};
use crate::forward::Forward;
use std::rc::Rc;

/// What an image is covered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Black, as the ground of every image of the dataset.
    Black,
    /// The mean grey of the training set: byte 73, which the normalisation makes 0.0008.
    MeanGrey,
}

impl Cover {
    /// The byte of the pixels that are covered.
    pub fn byte(self) -> u8 {
        match self {
            Self::Black => 0,
            // 0.2860 * 255 = 72.93
            Self::MeanGrey => 73,
        }
    }
}

/// An image that is covered place by place. Each place takes one pass through the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Occlusion {
    forward: Rc<Forward>,
    pixels: Vec<u8>,
    class: usize,
    size: usize,
    cover: Cover,
    /// Where the patch begins, in each direction.
    starts: Vec<usize>,
    done: usize,
    probability: f64,
    /// Of each pixel: the sum of the falls of all patches on it, and how many these are.
    pub(super) falls: Vec<(f64, u32)>,
}

impl Occlusion {
    /// `pixels` are 784.
    pub(super) fn new(
        forward: Rc<Forward>,
        pixels: Vec<u8>,
        class: usize,
        size: usize,
        step: usize,
        cover: Cover,
    ) -> Self {
        let size = size.clamp(1, SIDE);
        let last = SIDE - size;
        let mut starts: Vec<usize> = (0..last).step_by(step.clamp(1, size)).collect();
        // The last patch ends with the image, also where the steps do not.
        starts.push(last);
        let probability = probability(&forward, &pixels, class);
        Self { forward, pixels, class, size, cover, starts, done: 0, probability, falls: vec![(0.0, 0); PIXELS] }
    }

    /// Computes the next places, at most that many. True when all are done.
    pub fn step(&mut self, places: usize) -> bool {
        let end = self.places().min(self.done.saturating_add(places));
        for place in self.done..end {
            let [top, left] = [place / self.starts.len(), place % self.starts.len()].map(|at| self.starts[at]);
            let covered = (top..top + self.size).flat_map(|row| (left..left + self.size).map(move |x| row * SIDE + x));
            let mut pixels = self.pixels.clone();
            covered.clone().for_each(|pixel| pixels[pixel] = self.cover.byte());
            let fall = self.probability - probability(&self.forward, &pixels, self.class);
            for pixel in covered {
                let (sum, count) = &mut self.falls[pixel];
                *sum += fall;
                *count += 1;
            }
        }
        self.done = end;
        self.is_done()
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.starts.len() * self.starts.len()
    }

    /// How many of them are computed.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Whether all places are computed.
    pub fn is_done(&self) -> bool {
        self.done == self.places()
    }

    /// The class's probability for the whole image, 0 to 1; 0 where there is no such class.
    pub fn probability(&self) -> f64 {
        self.probability
    }

    /// For each of the 784 pixels, the mean fall of the probability over the patches on it: 0.3 says that it falls by 30 percentage
    /// points, and a negative value that it rises. Pixels that no patch has covered yet have 0.
    pub fn map(&self) -> Vec<f32> {
        self.falls.iter().map(|(sum, count)| (sum / f64::from((*count).max(1))) as f32).collect()
    }
}

fn probability(forward: &Forward, pixels: &[u8], class: usize) -> f64 {
    forward.probabilities(pixels).get(class).copied().map_or(0.0, f64::from)
}
