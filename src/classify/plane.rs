//! Where images lie for a network: what its last layer takes in, of 1,000 test images, on the plane in which they differ most.

use super::images::{Image, ImageName};
use super::networks::Network;
use crate::config::NetworkKind;
use crate::inspect::{Pca, pca};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many test images lie on the plane: the first ones.
pub const IMAGES: u32 = 1000;
/// Images in one piece of work: a few tens of milliseconds at most.
const PIECE: usize = 6;

/// The plane of one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The network.
    pub network: Network,
    rows: Vec<f32>,
    /// Images that went through it.
    pub done: usize,
    /// Their places; `None` until all are through.
    pub pca: Option<Rc<Pca>>,
}

impl Plane {
    /// Of a network, without any image.
    pub fn new(network: &Network) -> Self {
        Self { network: network.clone(), rows: Vec::new(), done: 0, pca: None }
    }

    /// Which of the two networks.
    pub fn kind(&self) -> NetworkKind {
        self.network.kind()
    }

    /// Whether a piece of work is left that can be done with these images.
    pub fn has_work(&self, images: &BTreeMap<ImageName, Image>) -> bool {
        self.pca.is_none() && images.contains_key(&ImageName::Test(self.done as u32))
    }

    /// A piece of work. False where nothing is left, or images are missing.
    pub fn work(&mut self, images: &BTreeMap<ImageName, Image>) -> bool {
        if self.pca.is_some() {
            return false;
        }
        for _ in 0..PIECE {
            let Some(image) = images.get(&ImageName::Test(self.done as u32)) else { return false };
            self.rows.extend(self.network.inspector().penultimate(&image.pixels));
            self.done += 1;
            if self.done == IMAGES as usize {
                let width = self.rows.len() / self.done;
                self.pca = Some(Rc::new(pca(&self.rows, width)));
                self.rows = Vec::new();
                break;
            }
        }
        true
    }
}
