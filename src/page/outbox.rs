//! Messages on their way to a worker. One whose bytes are still read from the store holds back those behind it, so a worker gets them in
//! the order in which the page decided them: `Train` before `Pause`. Pure. Leaves out: reading and posting.

use super::storage::BlobKey;
use std::collections::VecDeque;

/// Messages of kind `M`, each with what lies beside it, `B`, or the key of the bytes that are still read.
#[derive(Debug)]
pub struct Outbox<M, B>(VecDeque<(M, Result<B, BlobKey>)>);

impl<M, B> Default for Outbox<M, B> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<M, B> Outbox<M, B> {
    /// Adds a message. Returns what can be posted now.
    pub fn post(&mut self, message: M, beside: B) -> Vec<(M, B)> {
        self.0.push_back((message, Ok(beside)));
        self.ready()
    }

    /// Adds a message that waits for kept bytes.
    pub fn expect(&mut self, message: M, key: BlobKey) {
        self.0.push_back((message, Err(key)));
    }

    /// The oldest message that waits for these bytes gets them; without bytes it is dropped. Returns what can be posted now.
    pub fn arrived(&mut self, key: BlobKey, bytes: Option<B>) -> Vec<(M, B)> {
        let place = self.0.iter().position(|(_, beside)| matches!(beside, Err(waits) if *waits == key));
        if let Some((message, _)) = place.and_then(|place| self.0.remove(place))
            && let (Some(place), Some(bytes)) = (place, bytes)
        {
            self.0.insert(place, (message, Ok(bytes)));
        }
        self.ready()
    }

    fn ready(&mut self) -> Vec<(M, B)> {
        let mut ready = Vec::new();
        while let Some((message, beside)) = self.0.pop_front() {
            match beside {
                Ok(beside) => ready.push((message, beside)),
                Err(key) => {
                    self.0.push_front((message, Err(key)));
                    break;
                }
            }
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NetworkKind;
    use crate::page::storage::Part;

    fn key(epoch: usize) -> BlobKey {
        BlobKey { run: 7, network: NetworkKind::Ann, part: Part::Epoch(epoch) }
    }

    #[test]
    fn a_message_that_waits_for_bytes_holds_back_those_behind_it() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.post("choose", 0), [("choose", 0)]);
        outbox.expect("train", key(3));
        assert_eq!(outbox.post("pause", 0), []);
        assert_eq!(outbox.arrived(key(3), Some(9)), [("train", 9), ("pause", 0)]);
        assert_eq!(outbox.post("resume", 0), [("resume", 0)]);
    }

    #[test]
    fn bytes_may_come_in_another_order_and_may_be_missing() {
        let mut outbox = Outbox::default();
        outbox.expect("first", key(1));
        outbox.expect("second", key(2));
        assert_eq!(outbox.arrived(key(2), Some(2)), []);
        assert_eq!(outbox.arrived(key(5), Some(5)), []); // Nobody waits for them.
        assert_eq!(outbox.arrived(key(1), None), [("second", 2)]);
    }

    #[test]
    fn the_same_bytes_go_to_the_oldest_message_first() {
        let mut outbox = Outbox::default();
        outbox.expect("first", key(1));
        outbox.expect("second", key(1));
        assert_eq!(outbox.arrived(key(1), Some(1)), [("first", 1)]);
        assert_eq!(outbox.arrived(key(1), None), []);
        assert_eq!(outbox.post("third", 3), [("third", 3)]);
    }
}
