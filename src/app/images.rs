//! The pixels of the images that the page shows. They are requested from the engine when first needed, and then kept.

use crate::fashion_mnist::ImageSet;
use crate::fashion_mnist::PIXELS;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use yew::Callback;

/// Which images are wanted.
pub type Wanted = (ImageSet, Vec<u32>);

#[derive(Default)]
struct Kept {
    pixels: HashMap<(ImageSet, u32), Rc<[u8]>>,
    asked: HashSet<(ImageSet, u32)>,
}

/// The pixels that are there, and the way to ask for more.
#[derive(Clone)]
pub struct ImageStore {
    kept: Rc<RefCell<Kept>>,
    /// How many answers came: a changed number means that something new can be drawn.
    version: Rc<Cell<u64>>,
    seen: u64,
    want: Callback<Wanted>,
}

impl PartialEq for ImageStore {
    fn eq(&self, other: &Self) -> bool {
        self.seen == other.seen && Rc::ptr_eq(&self.kept, &other.kept)
    }
}

impl ImageStore {
    /// An empty store that asks through this callback.
    pub fn new(want: Callback<Wanted>) -> Self {
        Self { kept: Rc::default(), version: Rc::default(), seen: 0, want }
    }

    /// The pixels of one image, if they are there.
    pub fn get(&self, set: ImageSet, index: u32) -> Option<Rc<[u8]>> {
        self.kept.borrow().pixels.get(&(set, index)).cloned()
    }

    /// Says that these images will be shown.
    pub fn want(&self, set: ImageSet, indices: &[u32]) {
        let kept = self.kept.borrow();
        let new: Vec<u32> = indices.iter().copied().filter(|&i| !kept.asked.contains(&(set, i))).collect();
        if !new.is_empty() {
            drop(kept);
            self.want.emit((set, new));
        }
    }

    /// What has not been asked for yet, with a number for the request.
    pub fn ask(&self, set: ImageSet, indices: Vec<u32>) -> Option<(u64, Vec<u32>)> {
        let mut kept = self.kept.borrow_mut();
        let new: Vec<u32> = indices.into_iter().filter(|&i| kept.asked.insert((set, i))).collect();
        (!new.is_empty()).then(|| (self.version.get(), new))
    }

    /// Keeps an answer.
    pub fn put(&mut self, set: ImageSet, indices: &[u32], bytes: &[u8]) {
        let mut kept = self.kept.borrow_mut();
        for (&index, pixels) in indices.iter().zip(bytes.chunks_exact(PIXELS)) {
            kept.pixels.insert((set, index), pixels.into());
        }
        self.version.set(self.version.get() + 1);
        self.seen = self.version.get();
    }
}
