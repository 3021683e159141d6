//! Weights that `lab train` writes, their score by `lab evaluate`, and the garments.

use super::{black_path, folder, refused, run, said, tiny};
use fashion_lab::config::read_config;
use fashion_lab::export::{npz, script_keras, script_numpy, script_pytorch};
use fashion_lab::shipped::{GARMENTS, Garments};
use fashion_lab::weights::TrainedNetwork;
use serde_json::Value;
use std::path::Path;

/// A tiny ANN that was trained on black images, with its report: the paths of both.
fn trained(folder: &Path) -> [String; 2] {
    let report = folder.join("ann.json").to_str().unwrap().to_owned();
    let place = ["--dataset", "Black", "--data", black_path()];
    let arguments = ["train", "--config", tiny(), "--weights", folder.to_str().unwrap(), "--out", &report];
    let output = run(&[&arguments[..], &place].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    [folder.join("ann.safetensors").to_str().unwrap().to_owned(), report]
}

fn evaluate(weights: &str, report: &str) -> Vec<&'static str> {
    let [weights, report] = [weights, report].map(|text| &*text.to_owned().leak());
    vec!["evaluate", "--weights", weights, "--report", report, "--dataset", "Black", "--data", black_path()]
}

#[test]
fn evaluate_gives_the_figures_of_the_report() {
    let folder = folder("weights");
    let [weights, report] = trained(&folder);
    let output = run(&evaluate(&weights, &report));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let test = &told["networks"]["ann"]["test"];
    assert_eq!((&printed["network"], &printed["images"]), (&"ann".into(), &10_000.into()));
    assert_eq!(printed["accuracy"], test["accuracy"]);
    assert_eq!(printed["confusion"], test["confusion"]);
    assert!((printed["loss"].as_f64().unwrap() - test["loss"].as_f64().unwrap()).abs() < 2e-4);

    // A report with another prediction, with another loss, of another config.
    for change in [
        |report: &mut Value| report["networks"]["ann"]["test"]["predictions"][7] = 99.into(),
        |report: &mut Value| report["networks"]["ann"]["test"]["loss"] = 0.5.into(),
        |report: &mut Value| report["config"]["seed"] = 1.into(),
        |report: &mut Value| report["networks"] = serde_json::json!({}),
    ] {
        let mut changed = told.clone();
        change(&mut changed);
        std::fs::write(&report, changed.to_string()).unwrap();
        let output = run(&evaluate(&weights, &report));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("ann.json"), "{}", said(&output));
    }
    std::fs::write(&report, told.to_string()).unwrap();

    // Other weights under the same figures.
    let mut network = TrainedNetwork::read(&std::fs::read(&weights).unwrap()).unwrap();
    network.weights.iter_mut().for_each(|weight| *weight = -*weight - 0.1);
    std::fs::write(&weights, network.to_bytes().unwrap()).unwrap();
    let output = run(&evaluate(&weights, &report));
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("does not give the figures of"), "{}", said(&output));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_file_that_is_no_network_is_refused_in_one_sentence() {
    let text = refused(&["evaluate", "--weights", tiny(), "--data", black_path(), "--dataset", "Black"]);
    assert!(text.contains("tiny.json") && text.contains("safetensors"), "{text}");
    assert!(refused(&["evaluate", "--weights", "no/such.safetensors"]).contains("no/such.safetensors"));
}

#[test]
fn a_network_is_exported_in_each_form() {
    let path = |name: &str| format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let (ann, cnn) = (path("public/models/ann.safetensors"), path("public/models/cnn.safetensors"));
    let exported = |weights: &str, form: &str| {
        let output = run(&["export", "--weights", weights, "--to", form]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output.stdout
    };
    let network = TrainedNetwork::read(&std::fs::read(&cnn).unwrap()).unwrap();
    assert_eq!(exported(&cnn, "npz"), npz(&network).unwrap());
    assert_eq!(exported(&cnn, "numpy"), script_numpy().into_bytes());
    assert_eq!(exported(&cnn, "keras"), script_keras(network.kind, &network.config).into_bytes());
    assert_eq!(exported(&cnn, "pytorch"), script_pytorch(network.kind, &network.config).into_bytes());
    assert_ne!(exported(&ann, "pytorch"), exported(&cnn, "pytorch"));
    assert_eq!(read_config(&exported(&cnn, "config")), Ok(network.config));

    let refused = |weights: &str| refused(&["export", "--to", "npz", "--weights", weights]);
    assert!(refused(tiny()).contains("is a config"));
    assert!(refused("no/such.safetensors").contains("no/such.safetensors"));
    assert!(refused(&path("public/models/garments.bin")).contains("no file of Fashion Lab"));
    let (folder, out) = (folder("export"), "cut.safetensors");
    let (cut, out) = (folder.join(out), folder.join("out.npz"));
    let bytes = std::fs::read(&ann).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() - 1]).unwrap();
    let [cut, out] = [cut, out].map(|path| path.to_str().unwrap().to_owned());
    // What was there stays as it is.
    std::fs::write(&out, "before").unwrap();
    let output = run(&["export", "--to", "npz", "--weights", &cut, "--out", &out]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("download it again"), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "before");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_folder_that_is_not_there_is_refused_before_training() {
    let text = refused(&[
        "train",
        "--config",
        tiny(),
        "--dataset",
        "Black",
        "--data",
        black_path(),
        "--weights",
        "no/such/folder",
    ]);
    assert!(text.contains("no/such/folder") && !text.contains("epoch"), "{text}");
}

#[test]
fn garments_are_written_as_they_ship() {
    let folder = folder("garments");
    let out = folder.join("garments.bin");
    let output = run(&["garments", "--dataset", "Black", "--data", black_path(), "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let garments = Garments::read(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(garments.images.len(), GARMENTS);
    // In the data of this test, an image's label is the last digit of its number.
    assert!(garments.images.iter().zip(&garments.labels).all(|(image, label)| image % 10 == u32::from(*label)));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_shipped_files_are_what_the_dataset_gives() {
    let path = |name: &str| format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let places = [path("public/data"), "/usr/share/datasets/fashion-mnist".to_owned()];
    // Without the dataset there is nothing to compare with.
    let Some(data) = places.iter().find(|place| Path::new(place).is_dir()) else { return };
    let folder = folder("shipped");
    let out = folder.join("garments.bin").to_str().unwrap().to_owned();
    let output = run(&["garments", "--data", data, "--out", &out]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(std::fs::read(&out).unwrap(), std::fs::read(path("public/models/garments.bin")).unwrap());
    for name in ["ann", "cnn"] {
        let [weights, report] = ["safetensors", "json"].map(|end| path(&format!("public/models/{name}.{end}")));
        let output = run(&["evaluate", "--weights", &weights, "--report", &report, "--data", data]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
