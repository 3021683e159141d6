//! Whether the weights and answers of a run are those of its record.

use super::RunFileError;
use crate::config::{Head, NetworkKind, RunConfig};
use crate::fashion_mnist::CLASSES;
use crate::run::NetworkProgress;
use crate::weights::TrainedNetwork;

/// A predicted class may have a probability that is so much below the largest one: two equal logits can become probabilities that
/// differ in the last digit.
const TIE: f32 = 1e-6;

/// The probabilities of a network, where there are any.
pub(super) fn answers(network: &NetworkProgress) -> Option<&[f32]> {
    network.probabilities.as_deref().map(Vec::as_slice).filter(|p| !p.is_empty())
}

/// The weights can be read, and are of the record's network.
pub(super) fn check_weights(config: &RunConfig, network: &NetworkProgress, bytes: &[u8]) -> Result<(), RunFileError> {
    let kind = network.kind;
    let other = |what| RunFileError::OtherNetwork { kind, what };
    let trained = TrainedNetwork::read(bytes).map_err(|error| RunFileError::Weights { kind, error })?;
    if trained.kind != kind {
        return Err(other("it holds the other one of the two networks"));
    }
    if !same_network(kind, config, &trained.config) {
        return Err(other("its layers are those of another config"));
    }
    let accuracy = network.report.as_ref().map(|report| report.test.accuracy);
    // The same 64-bit number, written twice.
    if accuracy.is_some_and(|accuracy| (accuracy - trained.test[0]).abs() > 1e-9) {
        return Err(other("its accuracy on the test set is another one"));
    }
    Ok(())
}

/// Whether two configs give the same function of image and weights.
fn same_network(kind: NetworkKind, one: &RunConfig, other: &RunConfig) -> bool {
    match kind {
        NetworkKind::Ann => {
            let of = |c: &RunConfig| (c.ann_hidden.clone(), c.ann_activation, c.ann_batch_norm);
            of(one) == of(other)
        }
        NetworkKind::Cnn => {
            let dense = |c: &RunConfig| (c.cnn_head == Head::Dense).then_some(c.cnn_dense);
            let of = |c: &RunConfig| {
                (c.cnn_channels.clone(), c.cnn_kernel, c.cnn_padding, c.cnn_activation, c.cnn_batch_norm, dense(c))
            };
            of(one) == of(other)
        }
    }
}

/// Ten probabilities for each prediction, which give the predicted class.
pub(super) fn check_answers(network: &NetworkProgress) -> Result<(), RunFileError> {
    let Some(probabilities) = answers(network) else { return Ok(()) };
    let wrong = |reason| RunFileError::Answers { kind: network.kind, reason };
    let report = network.report.as_ref().ok_or(wrong("the network has no report"))?;
    let predictions = &report.test.predictions;
    if probabilities.len() != CLASSES * predictions.len() {
        return Err(wrong("it has not as many rows as there are predictions"));
    }
    for (row, &class) in probabilities.chunks_exact(CLASSES).zip(predictions) {
        let sum: f32 = row.iter().sum();
        // Ten 32-bit floats that were divided by their sum add up to 1 within some 1e-7.
        if !row.iter().all(|p| (0.0..=1.0).contains(p)) || (sum - 1.0).abs() > 1e-4 {
            return Err(wrong("a row is no ten probabilities"));
        }
        let largest = row.iter().copied().fold(0.0, f32::max);
        if row.get(usize::from(class)).is_none_or(|p| *p < largest - TIE) {
            return Err(wrong("its classes are not those of the report"));
        }
    }
    Ok(())
}
