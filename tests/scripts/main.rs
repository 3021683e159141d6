//! The Python scripts that `lab export` writes, run on the whole test set: they give the answers of `forward`.
//!
//! They need Python with NumPy, Keras and PyTorch, so they are ignored unless asked for. `cargo xtask test scripts` installs these and runs
//! them; by hand: `FASHION_LAB_PYTHON=/path/to/python cargo test --test scripts -- --ignored`.

mod networks;

use fashion_lab::data::Dataset;
use fashion_lab::data::files::{self, Accept};
use fashion_lab::evaluate::arg_max;
use fashion_lab::fashion_mnist::{CLASSES, PIXELS};
use fashion_lab::forward::Forward;
use fashion_lab::weights::TrainedNetwork;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Names the Python that has the packages.
const PYTHON: &str = "FASHION_LAB_PYTHON";

/// No probability may differ by more. Both sides add up the same products of 32-bit floats in another order. A sum of 1,568 products of
/// about 1 then differs by about 1e-5, some layers stand one behind the other, and a probability changes by at most half as much as the
/// logits.
const TOLERANCE: f32 = 1e-4;
/// Where the two largest probabilities are closer than twice the tolerance, they may change places.
const TIE: f32 = 2.0 * TOLERANCE;
/// Images of a network that may be such ties. Of 10,000 images of a trained network about one is; a network whose answers are
/// nearly all ties would show nothing.
const MOST_TIES: usize = 10;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn data() -> &'static Dataset {
    static DATA: OnceLock<Dataset> = OnceLock::new();
    DATA.get_or_init(|| {
        let loaded = files::load(&root("public/data"), Accept::FashionMnist);
        loaded.unwrap_or_else(|e| panic!("{e}; run `cargo xtask setup`")).dataset
    })
}

/// Each network with its name and the ten probabilities that `forward` gives to each test image. Computed once for all scripts.
fn networks() -> &'static [(&'static str, TrainedNetwork, Vec<f32>)] {
    static ALL: OnceLock<Vec<(&'static str, TrainedNetwork, Vec<f32>)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let answered = |(name, network)| {
            let probabilities = probabilities(&network);
            (name, network, probabilities)
        };
        networks::all().into_iter().map(answered).collect()
    })
}

fn probabilities(network: &TrainedNetwork) -> Vec<f32> {
    let forward = Forward::new(network).unwrap();
    let images: Vec<&[u8]> = data().test_images.chunks_exact(PIXELS).collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let share = images.chunks(images.len().div_ceil(threads));
        let parts = share.map(|images| scope.spawn(|| images.iter().flat_map(|x| forward.probabilities(x)).collect()));
        // All threads begin before the first one is waited for.
        let parts: Vec<std::thread::ScopedJoinHandle<Vec<f32>>> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    })
}

fn finished(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {}", said(&output.stderr));
    said(&output.stdout)
}

/// The program writes a network in another form.
fn export(weights: &Path, form: &str, out: &Path) {
    let mut lab = Command::new(env!("CARGO_BIN_EXE_lab"));
    finished(lab.args(["export", "--to", form, "--weights"]).arg(weights).arg("--out").arg(out));
}

/// The values of a .npy file of 32-bit floats.
fn floats(path: &Path) -> Vec<f32> {
    let bytes = std::fs::read(path).unwrap();
    let data = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8_lossy(&bytes[10..data]).into_owned();
    assert!(header.contains("'<f4'") && header.contains("False") && header.contains("(10000, 10)"), "{header}");
    bytes[data..].as_chunks::<4>().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
}

/// Whether two programs give the same answers. Says the largest difference of a probability and how many classes differ.
fn compare(what: &str, expected: &[f32], found: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest =
        expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, |a: f32, b| if b <= a { a } else { b });
    assert!(largest <= TOLERANCE, "{what}: a probability differs by {largest}");
    let differ: Vec<usize> = arg_max(expected)
        .iter()
        .zip(arg_max(found))
        .enumerate()
        .filter(|(_, (a, b))| **a != *b)
        .map(|(at, _)| at)
        .collect();
    println!("{what}: the largest difference of a probability is {largest:.1e}, {} classes differ", differ.len());
    let margin = |row: &[f32]| {
        let mut row = row.to_vec();
        row.sort_by(|a, b| b.total_cmp(a));
        row[0] - row[1]
    };
    for at in differ {
        let margin = margin(&expected[CLASSES * at..CLASSES * (at + 1)]);
        assert!(margin < TIE, "{what}: another class for test image {at}, whose answer is clear by {margin}");
    }
    let ties = expected.chunks_exact(CLASSES).filter(|row| margin(row) < TIE).count();
    assert!(ties <= MOST_TIES, "{what}: {ties} answers are ties, so the comparison says little");
}

/// Runs a script of each network, and compares. The weights are given as `.end`.
fn script_answers(form: &str, end: &str, environment: &[(&str, &str)]) {
    let python = std::env::var_os(PYTHON).unwrap_or_else(|| panic!("name a Python with the packages in {PYTHON}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scripts-{form}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, network, expected) in networks() {
        let path = |end: &str| folder.join(format!("{name}.{end}"));
        std::fs::write(path("safetensors"), network.to_bytes().unwrap()).unwrap();
        if end == "npz" {
            export(&path("safetensors"), "npz", &path("npz"));
        }
        export(&path("safetensors"), form, &path("py"));
        let mut script = Command::new(&python);
        script.arg(path("py")).arg(path(end)).arg(root("public/data")).arg(path("npy"));
        let said = finished(script.envs(environment.iter().copied()));
        compare(&format!("{form}, {name}"), expected, &floats(&path("npy")));
        let right = arg_max(&floats(&path("npy"))).iter().zip(&data().test_labels).filter(|(a, b)| a == b).count();
        let accuracy = format!("accuracy on the 10000 test images: {:.4}", right as f64 / 1e4);
        assert!(said.contains(&accuracy), "{said} does not say: {accuracy}");
        assert!(said.contains("logits.bias [10]"), "{said}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[ignore = "needs Python with NumPy: cargo xtask test scripts"]
fn numpy_gives_the_same_answers() {
    script_answers("numpy", "npz", &[]);
}

#[test]
#[ignore = "needs Python with Keras and JAX: cargo xtask test scripts"]
fn keras_gives_the_same_answers() {
    script_answers("keras", "safetensors", &[("KERAS_BACKEND", "jax")]);
}

#[test]
#[ignore = "needs Python with PyTorch: cargo xtask test scripts"]
fn pytorch_gives_the_same_answers() {
    script_answers("pytorch", "safetensors", &[]);
}
