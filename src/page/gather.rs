//! Messages that wait until kept bytes were read, some of them for many. Pure. Leaves out: reading and posting, and messages that hold back
//! those behind them (`outbox`).

use super::storage::BlobKey;

/// Messages of kind `M` that wait for bytes `B`, the oldest first.
#[derive(Debug)]
pub struct Gather<M, B>(Vec<(M, Vec<Part<B>>)>);

/// A key, and what was read for it, once it is known: bytes, or none.
type Part<B> = (BlobKey, Option<Option<B>>);

/// A message with the bytes that have come, in the order of their keys; `None` for those that are not there.
pub type Gathered<M, B> = (M, Vec<Option<B>>);

impl<M, B> Default for Gather<M, B> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<M, B> Gather<M, B> {
    /// Adds a message that waits for the bytes of all these keys, at least one. Each of them is to be read once.
    pub fn expect(&mut self, message: M, keys: &[BlobKey]) {
        self.0.push((message, keys.iter().map(|key| (*key, None)).collect()));
    }

    /// Bytes were read, or are not there. The oldest message that waits for them gets them. Returns whether one does, and the message if
    /// nothing is missing any more.
    pub fn arrived(&mut self, key: BlobKey, bytes: Option<B>) -> (bool, Option<Gathered<M, B>>) {
        for (at, (_, parts)) in self.0.iter_mut().enumerate() {
            if let Some((_, found)) = parts.iter_mut().find(|(other, found)| *other == key && found.is_none()) {
                *found = Some(bytes);
                if parts.iter().any(|(_, found)| found.is_none()) {
                    return (true, None);
                }
                let (message, parts) = self.0.remove(at);
                return (true, Some((message, parts.into_iter().map(|(_, found)| found.flatten()).collect())));
            }
        }
        (false, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::NetworkKind;
    use crate::page::storage::Part;

    fn key(epoch: usize) -> BlobKey {
        BlobKey { run: 1, network: NetworkKind::Ann, part: Part::Epoch(epoch) }
    }

    #[test]
    fn a_message_waits_for_all_its_bytes_and_has_them_in_order() {
        let mut gather = Gather::default();
        gather.expect("a", &[key(1), key(2), key(1)]);
        gather.expect("b", &[key(2)]);
        assert_eq!(gather.arrived(key(2), Some(20)), (true, None));
        assert_eq!(gather.arrived(key(1), None), (true, None));
        assert_eq!(gather.arrived(key(3), Some(30)), (false, None), "nobody waits for them");
        assert_eq!(gather.arrived(key(2), Some(21)), (true, Some(("b", vec![Some(21)]))), "each answer is used once");
        assert_eq!(gather.arrived(key(1), Some(10)), (true, Some(("a", vec![None, Some(20), Some(10)]))));
        assert_eq!(gather.arrived(key(1), Some(10)), (false, None));
    }
}
