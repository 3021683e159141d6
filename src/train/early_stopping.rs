//! The best epoch so far, and when a run ends because no better one comes.

/// The epoch with the lowest validation loss.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BestEpoch {
    /// From 1.
    pub(super) epoch: usize,
    /// Validation loss, in nats.
    pub(super) loss: f64,
    /// The weights at its end, as [`crate::model::flat_weights`] gives them.
    pub(super) weights: Vec<f32>,
}

/// Watches the validation loss.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct EarlyStopping {
    /// `None` before the first epoch with a finite validation loss.
    pub(super) best: Option<BestEpoch>,
    /// Epochs since then.
    pub(super) epochs_since_best: usize,
}

impl EarlyStopping {
    /// Takes in the validation loss of an epoch, with its weights. True where the run shall end: the loss has not fallen for
    /// `patience` epochs (0 is never).
    pub(super) fn observe(&mut self, epoch: usize, loss: f64, weights: &[f32], patience: usize) -> bool {
        if !loss.is_finite() {
            return false;
        }
        if self.best.as_ref().is_none_or(|best| loss < best.loss) {
            self.best = Some(BestEpoch { epoch, loss, weights: weights.to_vec() });
            self.epochs_since_best = 0;
        } else {
            self.epochs_since_best += 1;
        }
        patience > 0 && self.epochs_since_best >= patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equally_good_epochs_is_the_best() {
        let mut watch = EarlyStopping::default();
        for (epoch, loss) in [(1, 0.5), (2, 0.4), (3, 0.4), (4, f64::NAN)] {
            assert!(!watch.observe(epoch, loss, &[epoch as f32], 2), "epoch {epoch}");
        }
        let best = watch.best.clone().unwrap();
        assert_eq!((best.epoch, best.loss, best.weights), (2, 0.4, vec![2.0]));
        assert!(watch.observe(5, 0.6, &[], 2), "two epochs without a lower loss");
        assert!(!watch.observe(6, 0.7, &[], 0), "no patience is no early stopping");
    }
}
