//! Python scripts that rebuild a trained network elsewhere, load its weights, and give the same answers: NumPy, Keras, PyTorch.
//!
//! Each is one short file without other imports than its library and NumPy, and takes the same arguments. `tests/scripts` runs them and
//! compares every test image with [`crate::forward`]. The .py files beside this one are the parts that do not depend on the config.

mod keras;
mod numpy;
mod pytorch;

pub use keras::script_keras;
pub use numpy::script_numpy;
pub use pytorch::script_pytorch;

use crate::fashion_mnist::CLASS_NAMES;

/// Reads the weights and the dataset.
const READ: &str = include_str!("read_weights.py");
/// Prints the tensors, the accuracy, and saves the probabilities.
const MAIN: &str = include_str!("main.py");

/// What stands at the top of a script: how it is used, and what it imports.
fn head(library: &str, install: &str, imports: &str) -> String {
    let classes = CLASS_NAMES.join(", ");
    format!(
        "\"\"\"Rebuilds a network of Fashion Lab with {library} and loads its weights.\n\n\
         python SCRIPT.py WEIGHTS                  prints the names and shapes of the tensors\n\
         python SCRIPT.py WEIGHTS FOLDER           also prints the accuracy on the test set\n\
         python SCRIPT.py WEIGHTS FOLDER OUT.npy   also saves ten probabilities of each test image\n\n\
         WEIGHTS is a .safetensors or a .npz file, FOLDER holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz.\n\
         Needs: pip install {install}\n\
         Classes: {classes}\n\"\"\"\n\n\
         import gzip\nimport json\nimport os\nimport sys\n{imports}"
    )
}

/// The parts of a script with two empty lines between them, as usual in Python.
fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).collect();
    parts.join("\n\n\n") + "\n"
}
