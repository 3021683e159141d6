//! What the networks that ship with the page answer to the garments that ship with it, as plain data. Leaves out: reading the files and
//! computing (`shipped`), and fetching them (`app`).

use crate::config::NetworkKind;
use std::rc::Rc;

/// How far the networks are that ship with the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ShippedPhase {
    /// Their files are on their way, or they compute.
    #[default]
    Loading,
    /// They have answered.
    Ready(Rc<ShippedAnswers>),
    /// They cannot be had: what happened and the next step. The page works without them.
    Failed(String),
}

/// The garments, and what each network answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShippedAnswers {
    /// 784 pixels of each garment.
    pub pixels: Vec<Rc<[u8]>>,
    /// The class of each garment.
    pub labels: Vec<u8>,
    /// Each network.
    pub networks: Vec<ShippedNetwork>,
}

/// A network that ships with the page.
#[derive(Debug, Clone, PartialEq)]
pub struct ShippedNetwork {
    /// Which one.
    pub kind: NetworkKind,
    /// Its accuracy on the test set, 0 to 1.
    pub accuracy: f64,
    /// Ten probabilities of each garment.
    pub probabilities: Vec<f32>,
}

impl ShippedPhase {
    /// A network's answers, once they are there.
    pub fn network(&self, kind: NetworkKind) -> Option<&ShippedNetwork> {
        match self {
            Self::Ready(answers) => answers.networks.iter().find(|network| network.kind == kind),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::effect::Msg;
    use crate::page::state::State;
    use crate::page::update;

    #[test]
    fn answers_are_kept_and_a_failure_is_no_blocker() {
        let mut state = State::default();
        assert_eq!(state.shipped, ShippedPhase::Loading);
        let before = state.phase();
        assert_eq!(update(&mut state, Msg::Shipped(Err("no answer".to_owned()))), []);
        assert_eq!(state.shipped, ShippedPhase::Failed("no answer".to_owned()));
        assert_eq!((state.phase(), state.notices.len()), (before, 0));
        let cnn = ShippedNetwork { kind: NetworkKind::Cnn, accuracy: 0.9, probabilities: vec![0.1; 10] };
        let answers = ShippedAnswers { networks: vec![cnn.clone()], ..ShippedAnswers::default() };
        update(&mut state, Msg::Shipped(Ok(answers)));
        assert_eq!(state.shipped.network(NetworkKind::Cnn), Some(&cnn));
        assert_eq!(state.shipped.network(NetworkKind::Ann), None);
    }
}
