//! The form is exact, a file that was written is read back, and nothing that is wrong passes.

use super::*;
use crate::config::{Head, Padding};
use proptest::prelude::*;

fn config() -> RunConfig {
    RunConfig { ann_hidden: vec![3], ann_batch_norm: true, cnn_channels: vec![2], cnn_dense: 4, ..RunConfig::default() }
}

fn network(kind: NetworkKind, config: RunConfig) -> TrainedNetwork {
    let count: usize = layout(kind, &config).iter().map(TensorShape::values).sum();
    let weights = (0..count).map(|at| at as f32 * 0.5 - 7.0).collect();
    TrainedNetwork { kind, config, dataset: "Fashion-MNIST".to_owned(), test: Some([0.5, 1.25]), weights }
}

fn file() -> Vec<u8> {
    network(NetworkKind::Ann, config()).to_bytes().unwrap()
}

/// A file with a changed header.
fn with_header(change: impl FnOnce(&mut serde_json::Value)) -> Vec<u8> {
    let bytes = file();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    change(&mut header);
    let text = header.to_string();
    [&(text.len() as u64).to_le_bytes(), text.as_bytes(), &bytes[8 + length..]].concat()
}

#[test]
fn the_names_and_shapes_are_the_documented_ones() {
    let shown = |kind, config: &RunConfig| -> Vec<String> {
        layout(kind, config).iter().map(|t| format!("{} {:?}", t.name, t.shape)).collect()
    };
    let ann = RunConfig { ann_hidden: vec![128, 64], ann_batch_norm: true, ..RunConfig::default() };
    let norm = |at, n| ["scale", "shift", "mean", "variance"].map(|part| format!("norm{at}.{part} [{n}]"));
    let mut expected = vec!["dense1.weight [784, 128]".to_owned(), "dense1.bias [128]".to_owned()];
    expected.extend(norm(1, 128));
    expected.extend(["dense2.weight [128, 64]".to_owned(), "dense2.bias [64]".to_owned()]);
    expected.extend(norm(2, 64));
    expected.extend(["logits.weight [64, 10]".to_owned(), "logits.bias [10]".to_owned()]);
    assert_eq!(shown(NetworkKind::Ann, &ann), expected);
    let cnn =
        RunConfig { cnn_channels: vec![16, 32], cnn_padding: Padding::Same, cnn_dense: 64, ..RunConfig::default() };
    let conv = ["conv1.weight [16, 1, 3, 3]", "conv1.bias [16]", "conv2.weight [32, 16, 3, 3]", "conv2.bias [32]"];
    let dense = ["dense.weight [1568, 64]", "dense.bias [64]", "logits.weight [64, 10]", "logits.bias [10]"];
    assert_eq!(shown(NetworkKind::Cnn, &cnn), [conv, dense].concat());
    let average = RunConfig { cnn_head: Head::Average, ..cnn };
    let logits = ["logits.weight [32, 10]", "logits.bias [10]"];
    assert_eq!(shown(NetworkKind::Cnn, &average), [&conv[..], &logits].concat());
}

#[test]
fn a_file_that_was_written_is_read_back() {
    for kind in NetworkKind::ALL {
        let network = network(kind, config());
        let bytes = network.to_bytes().unwrap();
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap());
        assert_eq!(length % 8, 0, "the data are aligned");
        assert_eq!(bytes.len() as u64, 8 + length + 4 * network.weights.len() as u64);
        assert_eq!(TrainedNetwork::read(&bytes), Ok(network));
    }
}

#[test]
fn the_first_tensor_lies_where_the_header_says() {
    let bytes = file();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let bias = &header["dense1.bias"];
    assert_eq!(bias["dtype"], "F32");
    assert_eq!(bias["shape"], serde_json::json!([3]));
    assert_eq!(bias["data_offsets"], serde_json::json!([4 * 784 * 3, 4 * (784 * 3 + 3)]));
    let start = 8 + length + 4 * 784 * 3;
    assert_eq!(f32::from_le_bytes(bytes[start..start + 4].try_into().unwrap()), 784.0 * 3.0 * 0.5 - 7.0);
    assert_eq!(header["__metadata__"]["format_version"], "1");
    assert!(header["__metadata__"].as_object().unwrap().values().all(serde_json::Value::is_string));
}

#[test]
fn tensors_may_stand_in_another_order() {
    let network = network(NetworkKind::Ann, config());
    // The two halves of the biases and weights of the logits change places.
    let bytes = with_header(|header| {
        let (weight, bias) = (header["logits.weight"].clone(), header["logits.bias"].clone());
        let start = weight["data_offsets"][0].as_u64().unwrap();
        let end = bias["data_offsets"][1].as_u64().unwrap();
        header["logits.bias"]["data_offsets"] = serde_json::json!([start, start + 40]);
        header["logits.weight"]["data_offsets"] = serde_json::json!([start + 40, end]);
    });
    let read = TrainedNetwork::read(&bytes).unwrap();
    let count = read.weights.len();
    assert_eq!(read.weights[count - 10..], network.weights[count - 40..count - 30]);
    assert_eq!(read.weights[count - 40..count - 10], network.weights[count - 30..]);
}

#[test]
fn each_wrong_file_is_refused_with_its_reason() {
    use serde_json::json;
    let refused = |bytes: &[u8]| TrainedNetwork::read(bytes).unwrap_err().to_string();
    let whole = file();
    assert!(refused(&[]).contains("0 bytes, but 8"));
    assert!(refused(&whole[..whole.len() - 1]).contains("are announced"));
    assert!(refused(&[whole.as_slice(), &[0]].concat()).contains("are announced"));
    assert!(refused(&u64::MAX.to_le_bytes()).contains("not a safetensors file"));
    assert!(refused(&[&2_u64.to_le_bytes()[..], b"[]"].concat()).contains("no object"));
    let metadata = |key: &'static str, value: &'static str| {
        refused(&with_header(|header| header["__metadata__"][key] = json!(value)))
    };
    assert!(metadata("format_version", "2").contains("version 2"));
    assert!(metadata("network", "rnn").contains("neither"));
    assert!(metadata("config", "{\"epochs\": 0}").contains("`config`"));
    assert!(metadata("config", "{").contains("`config`"));
    assert!(metadata("normalisation", "{\"mean\": 0, \"std\": 1}").contains("normalises"));
    assert!(metadata("classes", "[]").contains("ten classes"));
    assert!(metadata("test", "{\"accuracy\": 2, \"loss\": 1}").contains("accuracy"));
    assert!(metadata("config", "{}").contains("is not in the file") || metadata("config", "{}").contains("needs F32"));
    let header = |change: fn(&mut serde_json::Value)| refused(&with_header(change));
    assert!(header(|h| h["__metadata__"] = json!(null)).contains("format_version"));
    assert!(
        header(|h| drop(h.as_object_mut().unwrap().remove("logits.bias"))).contains("`logits.bias`, which the config")
    );
    assert!(header(|h| h["more"] = json!({})).contains("`more` does not belong"));
    assert!(header(|h| h["logits.bias"]["dtype"] = json!("F16")).contains("F16 [10]"));
    assert!(header(|h| h["logits.bias"]["shape"] = json!([5, 2])).contains("needs F32 [10]"));
    assert!(header(|h| h["logits.bias"]["data_offsets"] = json!([0, 40])).contains("over each other"));
    assert!(header(|h| h["logits.bias"]["data_offsets"] = json!([40, 0])).contains("over each other"));
    assert!(header(|h| h["logits.bias"]["data_offsets"] = json!([0, u64::MAX])).contains("over each other"));
    for value in [f32::NAN, f32::INFINITY] {
        let mut bytes = whole.clone();
        let last = bytes.len() - 4;
        bytes[last..].copy_from_slice(&value.to_le_bytes());
        assert!(refused(&bytes).contains("value 9 of the tensor `logits.bias`"));
    }
}

#[test]
fn weights_that_were_not_scored_have_no_test_figures() {
    let unscored = TrainedNetwork { test: None, ..network(NetworkKind::Cnn, config()) };
    let bytes = unscored.to_bytes().unwrap();
    assert_eq!(TrainedNetwork::read(&bytes), Ok(unscored));
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    assert!(header["__metadata__"].get("test").is_none(), "{header}");
}

#[test]
fn weights_that_do_not_fit_are_not_written() {
    let mut network = network(NetworkKind::Ann, config());
    network.weights[0] = f32::NAN;
    assert!(matches!(network.to_bytes(), Err(WeightsError::NotFinite { at: 0, .. })));
    network.weights.pop();
    assert!(matches!(network.to_bytes(), Err(WeightsError::Values { .. })));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = TrainedNetwork::read(&bytes);
        let long = [&(bytes.len() as u64).to_le_bytes()[..], &bytes].concat();
        prop_assert!(TrainedNetwork::read(&long).is_err());
    }

    #[test]
    fn a_changed_header_never_makes_it_panic(at in 0_usize..2000, byte in any::<u8>(), cut in 0_usize..4000) {
        let mut bytes = file();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = TrainedNetwork::read(&bytes);
        bytes.truncate(cut);
        let _ = TrainedNetwork::read(&bytes);
    }
}
