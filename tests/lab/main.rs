//! The program `lab` as a person runs it: arguments, what is refused before training, other data, and where the result goes.

mod configs;
mod networks;

use fashion_lab::data::files::sha256;
use fashion_lab::fashion_mnist::DatasetFile;
use fashion_lab::run::report::RunReport;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

fn lab() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    // Many machines set it. An error is one sentence nevertheless.
    command.env("RUST_BACKTRACE", "1");
    command
}

fn run(arguments: &[&str]) -> Output {
    lab().args(arguments).output().expect("lab starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One sentence on standard error, nothing on standard output, code 1.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(output.stdout.is_empty());
    assert!(text.starts_with("lab: ") && text.trim_end().lines().count() == 1, "{text}");
    text
}

/// A folder of this test run, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("lab-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The content of one of the four files with black images.
fn black(file: DatasetFile) -> Vec<u8> {
    let count = (file.items() as u32).to_be_bytes();
    let mut content = vec![0, 0, 8, if file.holds_images() { 3 } else { 1 }];
    content.extend(count);
    if file.holds_images() {
        content.extend([0, 0, 0, 28, 0, 0, 0, 28]);
        content.resize(file.bytes(), 0);
    } else {
        content.extend((0..file.items()).map(|i| (i % 10) as u8));
    }
    content
}

/// A folder with sound data that is not Fashion-MNIST.
fn black_data() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = folder("black");
        for file in DatasetFile::ALL {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(&black(file)).unwrap();
            std::fs::write(folder.join(file.name()), packed.finish().unwrap()).unwrap();
        }
        folder
    })
}

fn black_path() -> &'static str {
    black_data().to_str().unwrap()
}

/// A config that is trained in a moment.
fn tiny() -> &'static str {
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/configs/tiny.json")
}

#[test]
fn help_ends_with_zero_and_bad_arguments_with_two() {
    for arguments in [&["--help"][..], &["help"], &["train", "--help"], &["--version"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", said(&output));
        assert!(!output.stdout.is_empty());
    }
    let help = String::from_utf8(run(&["train", "--help"]).stdout).unwrap();
    for option in ["--config", "--data", "--dataset", "--backend", "--out"] {
        assert!(help.contains(option), "{option} is not in {help}");
    }
    for arguments in [&[][..], &["dance"], &["train", "--colour"], &["train", "--out"], &["bench", "--backend", "cuda"]]
    {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_training() {
    let place = folder("places");
    let path = |name: &str| place.join(name).to_str().unwrap().to_owned();
    std::fs::write(place.join("file"), "a file").unwrap();
    for (out, reason) in
        [(path("none/run.json"), "there is no folder"), (path("file/run.json"), "folder"), (path(""), "is a folder")]
    {
        let text = refused(&["train", "--config", tiny(), "--dataset", "Black", "--data", black_path(), "--out", &out]);
        assert!(text.contains(reason) && !text.contains("epoch"), "{text}");
    }
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn an_existing_file_keeps_its_content_until_the_result_is_there() {
    let place = folder("kept");
    let out = place.join("run.json");
    std::fs::write(&out, "the last result").unwrap();
    let text = refused(&["train", "--data", "no/such/folder", "--out", out.to_str().unwrap()]);
    assert!(text.contains("no/such/folder"), "{text}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "the last result");
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1, "nothing else is left in the folder");
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn other_data_is_refused_unless_it_is_named() {
    let text = refused(&["train", "--config", tiny(), "--data", black_path()]);
    assert!(text.contains("-images-idx3-ubyte") && text.contains("SHA-256") && text.contains("--dataset"), "{text}");
}

#[test]
fn named_data_is_trained_on_and_named_in_the_report() {
    let place = folder("named");
    let out = place.join("run.json");
    std::fs::write(&out, "old").unwrap();
    let path = out.to_str().unwrap();
    let output = run(&["train", "--config", tiny(), "--dataset", "Black", "--data", black_path(), "--out", path]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(output.stdout.is_empty());
    let report: RunReport = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(report.dataset.name, "Black");
    assert_eq!(report.dataset.sha256, DatasetFile::ALL.map(|file| sha256(&black(file))));
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1, "no temporary file is left");

    // The report is a config again.
    let again = run(&["bench", "--config", path, "--dataset", "Black", "--data", black_path()]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    let line: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((&line["network"], &line["images"]), (&"ann".into(), &1000.into()));
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let arguments = ["bench", "--config", tiny(), "--dataset", "Black", "--data", black_path()];
    let mut child = lab().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Closed long before there is anything to read.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("panicked"), "{}", said(&output));
}

#[test]
fn a_config_that_cannot_be_used_is_named_with_file_line_and_field() {
    let path = |name: &str| format!("{}/tests/lab/configs/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = refused(&["train", "--config", &path("string-numbers.json")]);
    assert!(text.contains("string-numbers.json") && text.contains("line 1") && text.contains("`epochs`"), "{text}");
    let text = refused(&["train", "--config", &path("trailing-comma.json")]);
    assert!(text.contains("line 6"), "{text}");
    assert!(refused(&["train", "--config", "no/such.json"]).contains("no/such.json"));
}

#[test]
fn one_networks_failure_leaves_the_others_result() {
    let folder = folder("one-failure");
    // A rate at which the CNN's loss stops being a number within ten steps and the ANN's only grows.
    let config = folder.join("config.json");
    let text = r#"{"train": 200, "epochs": 1, "batch": 20, "validation": 0, "optimizer": "sgd", "learning_rate": 10,
        "weight_decay": 1, "backend": "flex", "workers": 1, "ann_hidden": [8], "cnn_channels": [2], "cnn_dense": 4}"#;
    std::fs::write(&config, text).unwrap();
    let out = folder.join("report.json");
    let output = run(&[
        "train",
        "--config",
        config.to_str().unwrap(),
        "--data",
        black_path(),
        "--dataset",
        "black",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("training the CNN ended: the loss is no longer a finite number"),
        "{}",
        said(&output)
    );
    let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert!(report["networks"]["ann"]["test"].is_object() && report["networks"]["cnn"].is_null());
}
