//! The header of the safetensors form: 8 bytes with its length, JSON with metadata and the tensors' places, then the data.
//!
//! It is written and read by hand, because it is small and the page's wasm has a JSON reader already.

use super::{FORMAT_VERSION, TensorShape, TrainedNetwork, WeightsError, layout};
use crate::config::{NetworkKind, RunConfig};
use crate::data::{MEAN, STD};
use crate::fashion_mnist::CLASS_NAMES;
use crate::order::ascending;
use serde_json::{Map, Value};
use std::ops::Range;

/// No header of ours is as long as this, in bytes. A longer one is not read.
const MAX_HEADER: u64 = 1 << 20;
/// Bytes before the header.
const LENGTH: usize = 8;

/// What the header says.
pub(super) struct Read<'a> {
    /// The network, still without weights.
    pub network: TrainedNetwork,
    /// Where each tensor of the layout is in the data.
    pub places: Vec<Range<usize>>,
    /// Everything behind the header.
    pub data: &'a [u8],
}

/// The file's beginning, up to the data. Spaces fill it up to a multiple of 8 bytes, as the form asks for.
pub(super) fn write(network: &TrainedNetwork, tensors: &[TensorShape]) -> Vec<u8> {
    let mut header = Map::new();
    let normalisation = serde_json::json!({"mean": rounded(MEAN), "std": rounded(STD)});
    // Plain values are always written.
    let config = serde_json::to_string(&network.config).unwrap_or_default();
    // Safetensors allows only strings here.
    let mut metadata = serde_json::json!({
        "format_version": FORMAT_VERSION.to_string(),
        "network": network.kind.key(),
        "config": config,
        "dataset": network.dataset,
        "normalisation": normalisation.to_string(),
        "classes": Value::from(CLASS_NAMES.to_vec()).to_string(),
    });
    if let Some([accuracy, loss]) = network.test {
        metadata["test"] = serde_json::json!({"accuracy": accuracy, "loss": loss}).to_string().into();
    }
    header.insert("__metadata__".to_owned(), metadata);
    let mut start = 0;
    for tensor in tensors {
        let end = start + 4 * tensor.values();
        let entry = serde_json::json!({"dtype": "F32", "shape": tensor.shape, "data_offsets": [start, end]});
        header.insert(tensor.name.clone(), entry);
        start = end;
    }
    let mut text = Value::from(header).to_string().into_bytes();
    text.resize(text.len().next_multiple_of(LENGTH), b' ');
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text);
    bytes
}

/// A constant of the normalisation as it is written in the source.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4
}

/// Checks everything but the values.
pub(super) fn read(bytes: &[u8]) -> Result<Read<'_>, WeightsError> {
    let (length, rest) = bytes
        .split_first_chunk::<LENGTH>()
        .ok_or(WeightsError::Length { found: bytes.len() as u64, expected: LENGTH as u64 })?;
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER {
        return Err(WeightsError::Header(format!("its header would have {length} bytes")));
    }
    let (text, data) = rest
        .split_at_checked(length as usize)
        .ok_or(WeightsError::Length { found: bytes.len() as u64, expected: LENGTH as u64 + length })?;
    // From text and over a `Value`, as the page reads everything else: each other way would be more code in its wasm.
    let text = std::str::from_utf8(text).map_err(|e| WeightsError::Header(e.to_string()))?;
    let header: Value = serde_json::from_str(text).map_err(|e| WeightsError::Header(e.to_string()))?;
    let Value::Object(mut header) = header else {
        return Err(WeightsError::Header("its header is no object".to_owned()));
    };
    let network = metadata(&header.remove("__metadata__").unwrap_or_default())?;
    let tensors = layout(network.kind, &network.config);
    let mut places = Vec::new();
    for tensor in &tensors {
        let entry = header.remove(&tensor.name).ok_or_else(|| WeightsError::Missing(tensor.name.clone()))?;
        places.push(place(tensor, &entry)?);
    }
    if let Some((name, _)) = header.into_iter().next() {
        return Err(WeightsError::Unexpected(name));
    }
    cover(&tensors, &places, data.len())?;
    Ok(Read { network, places, data })
}

/// The text of a piece of metadata.
fn text<'a>(metadata: &'a Value, key: &'static str) -> Result<&'a str, WeightsError> {
    metadata
        .get(key)
        .and_then(Value::as_str)
        .ok_or(WeightsError::Metadata { key, reason: "it is not there, or is no text".to_owned() })
}

fn metadata(metadata: &Value) -> Result<TrainedNetwork, WeightsError> {
    let version = text(metadata, "format_version")?;
    if version.parse() != Ok(FORMAT_VERSION) {
        return Err(WeightsError::Version(version.chars().take(20).collect()));
    }
    let name = text(metadata, "network")?;
    let kind = NetworkKind::ALL.into_iter().find(|kind| kind.key() == name);
    let wrong = |key, reason: &str| WeightsError::Metadata { key, reason: reason.to_owned() };
    let kind = kind.ok_or_else(|| wrong("network", "it is neither `ann` nor `cnn`"))?;
    let config: RunConfig = serde_json::from_str(text(metadata, "config")?)
        .and_then(serde_json::from_value)
        .map_err(|e| WeightsError::Metadata { key: "config", reason: e.to_string() })?;
    if let Err(errors) = config.validate() {
        let reason = errors.first().map(ToString::to_string).unwrap_or_default();
        return Err(WeightsError::Metadata { key: "config", reason });
    }
    let object = |key| text(metadata, key).map(|text| serde_json::from_str::<Value>(text).unwrap_or_default());
    let number = |object: &Value, key| object.get(key).and_then(Value::as_f64);
    let normalisation = object("normalisation")?;
    if [("mean", MEAN), ("std", STD)].iter().any(|&(key, ours)| number(&normalisation, key) != Some(rounded(ours))) {
        return Err(wrong(
            "normalisation",
            "this program normalises pixels with a mean of 0.2860 and an std of 0.3530",
        ));
    }
    if object("classes")? != Value::from(CLASS_NAMES.to_vec()) {
        return Err(wrong("classes", "they are not the ten classes of Fashion-MNIST in their order"));
    }
    // Weights that were not scored have no test figures.
    let test = match metadata.get("test") {
        None => None,
        Some(_) => {
            let test = object("test")?;
            let (Some(accuracy @ 0.0..=1.0), Some(loss)) = (number(&test, "accuracy"), number(&test, "loss")) else {
                return Err(wrong("test", "it has no accuracy from 0 to 1, or no loss"));
            };
            Some([accuracy, loss])
        }
    };
    let dataset = text(metadata, "dataset")?.to_owned();
    Ok(TrainedNetwork { kind, config, dataset, test, weights: Vec::new() })
}

/// Where a tensor is in the data, if it has the form that the config needs.
fn place(tensor: &TensorShape, entry: &Value) -> Result<Range<usize>, WeightsError> {
    let numbers = |key: &str| -> Option<Vec<usize>> {
        entry.get(key)?.as_array()?.iter().map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())).collect()
    };
    let dtype = entry.get("dtype").and_then(Value::as_str).unwrap_or("of no type");
    let shape = numbers("shape").unwrap_or_default();
    if dtype != "F32" || shape != tensor.shape {
        let dtype: String = dtype.chars().take(20).collect();
        let axes = &shape[..shape.len().min(8)];
        return Err(WeightsError::Form {
            tensor: tensor.name.clone(),
            found: format!("{dtype} {axes:?}"),
            expected: format!("F32 {:?}", tensor.shape),
        });
    }
    match numbers("data_offsets").as_deref() {
        Some(&[start, end]) if end.checked_sub(start) == Some(4 * tensor.values()) => Ok(start..end),
        _ => Err(WeightsError::Place(tensor.name.clone())),
    }
}

/// The tensors have to cover the data without gap or overlap.
fn cover(tensors: &[TensorShape], places: &[Range<usize>], bytes: usize) -> Result<(), WeightsError> {
    let starts: Vec<f64> = places.iter().map(|place| place.start as f64).collect();
    let mut end = 0;
    for at in ascending(&starts) {
        if places[at].start != end {
            return Err(WeightsError::Place(tensors[at].name.clone()));
        }
        end = places[at].end;
    }
    if end == bytes { Ok(()) } else { Err(WeightsError::Length { found: bytes as u64, expected: end as u64 }) }
}
