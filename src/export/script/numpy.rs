//! The network in plain NumPy. The script is the same for all networks, because it reads the config from the file of the weights.

use super::{MAIN, READ, head, joined};

/// The non-linearities.
const ACTIVATIONS: &str = include_str!("activations.py");
/// The forward pass: the lines that docs/files.md shows.
const LOGITS: &str = include_str!("logits.py");

/// The script. It runs any network of this project.
pub fn script_numpy() -> String {
    let imports = "\nimport numpy as np\nfrom numpy.lib.stride_tricks import sliding_window_view";
    let names = "# The tensors of a batch norm, and the dense layers with the number of the batch norm behind them; 0: none.\n\
                 PARTS = (\"mean\", \"variance\", \"scale\", \"shift\")\n\
                 DENSE = [(\"dense1\", 1), (\"dense2\", 2), (\"dense3\", 3), (\"dense4\", 4), (\"dense\", 0)]";
    let predict = "def predict(weights, config, images):\n    \
                   \"\"\"The logits of many images, in parts of 100 so that little memory is needed.\"\"\"\n    \
                   parts = [images[at : at + 100] for at in range(0, len(images), 100)]\n    \
                   return np.concatenate([logits_of(weights, config, part) for part in parts])";
    joined(&[&head("NumPy", "numpy", imports), READ, names, ACTIVATIONS, LOGITS, predict, MAIN])
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_documentation_shows_the_same_lines() {
        let documentation = include_str!("../../../docs/files.md");
        assert!(documentation.contains(super::LOGITS), "copy src/export/script/logits.py into docs/files.md");
    }
}
