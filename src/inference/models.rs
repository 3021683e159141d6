//! The trained networks that an engine holds.

use crate::run::ModelId;
use crate::train::Checkpoint;
use std::rc::Rc;

/// At most this many networks are kept; the oldest go first. A standard network is 2.8 MB with its moments.
pub const MAX_MODELS: usize = 16;

/// Trained networks by id, the newest last.
#[derive(Default)]
pub struct Models(Vec<(ModelId, Rc<Checkpoint>)>);

impl Models {
    /// Keeps a network. One of the same id is replaced.
    pub fn keep(&mut self, id: ModelId, checkpoint: Rc<Checkpoint>) {
        self.0.retain(|(other, _)| *other != id);
        self.0.push((id, checkpoint));
        if self.0.len() > MAX_MODELS {
            self.0.remove(0);
        }
    }

    /// The network of that id, if it is still kept.
    pub fn get(&self, id: ModelId) -> Option<Rc<Checkpoint>> {
        self.0.iter().find(|(other, _)| *other == id).map(|(_, checkpoint)| checkpoint.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{NetworkKind, RunConfig};

    #[test]
    fn the_newest_networks_are_kept_by_their_ids() {
        let mut models = Models::default();
        let id = |run| ModelId { run, network: NetworkKind::Ann };
        let of = |seed| Rc::new(Checkpoint::initial(NetworkKind::Ann, RunConfig { seed, ..RunConfig::default() }));
        for run in 1..=MAX_MODELS as u64 + 1 {
            models.keep(id(run), of(run));
        }
        models.keep(id(5), of(500));
        assert!(models.get(id(1)).is_none(), "the oldest went");
        assert_eq!(models.get(id(5)).unwrap().config.seed, 500);
        assert_eq!(models.get(id(17)).unwrap().config.seed, 17);
        assert!(models.get(ModelId { run: 5, network: NetworkKind::Cnn }).is_none());
    }
}
