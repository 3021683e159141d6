//! Which worker trains what: in turn, or side by side.

use crate::config::{NetworkKind, Order, RunConfig};
use std::collections::VecDeque;

/// The networks that each worker has not begun yet, by the worker's place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Queue {
    waiting: Vec<VecDeque<NetworkKind>>,
}

impl Queue {
    /// The networks of a config: in turn all for the first worker, side by side one for each worker.
    pub fn of(config: &RunConfig) -> Self {
        Self::of_these(config.order, config.kinds().to_vec())
    }

    /// The same for some of a config's networks.
    pub fn of_these(order: Order, kinds: Vec<NetworkKind>) -> Self {
        let waiting = match order {
            Order::SideBySide => kinds.into_iter().map(|kind| VecDeque::from([kind])).collect(),
            Order::InTurn => vec![kinds.into()],
        };
        Self { waiting }
    }

    /// How many workers it is for.
    pub fn workers(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the next network of a worker.
    pub fn next(&mut self, worker: usize) -> Option<NetworkKind> {
        self.waiting.get_mut(worker)?.pop_front()
    }

    /// Takes all networks that a worker has not begun.
    pub fn take(&mut self, worker: usize) -> Vec<NetworkKind> {
        self.waiting.get_mut(worker).map(std::mem::take).unwrap_or_default().into()
    }

    /// A worker is gone. Those behind it move up.
    pub fn remove(&mut self, worker: usize) {
        if worker < self.waiting.len() {
            self.waiting.remove(worker);
        }
    }

    /// Gives a worker these networks to begin, in place of what it had.
    pub fn put(&mut self, worker: usize, kinds: Vec<NetworkKind>) {
        if self.waiting.len() <= worker {
            self.waiting.resize(worker + 1, VecDeque::new());
        }
        self.waiting[worker] = kinds.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_turn_one_worker_has_both_and_side_by_side_each_has_one() {
        let mut queue = Queue::of(&RunConfig::default());
        assert_eq!(queue.workers(), 1);
        assert_eq!(
            [queue.next(0), queue.next(0), queue.next(0)],
            [Some(NetworkKind::Ann), Some(NetworkKind::Cnn), None]
        );
        let side = RunConfig { order: Order::SideBySide, ..RunConfig::default() };
        let mut queue = Queue::of(&side);
        assert_eq!(queue.workers(), 2);
        assert_eq!([queue.next(1), queue.next(1), queue.next(7)], [Some(NetworkKind::Cnn), None, None]);
        assert_eq!((queue.take(0), queue.take(0)), (vec![NetworkKind::Ann], vec![]));
        queue.put(3, vec![NetworkKind::Cnn]);
        assert_eq!((queue.workers(), queue.next(3)), (4, Some(NetworkKind::Cnn)));
    }
}
