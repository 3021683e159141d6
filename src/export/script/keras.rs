//! The network in Keras 3, whatever its backend (TensorFlow, JAX, PyTorch).

use super::{MAIN, READ, head, joined};
use crate::config::{Activation, Head, NetworkKind, Padding, RunConfig};

/// Puts the tensors into the layers of the same names.
const LOAD: &str = "\
def load(model, weights):
    \"\"\"Puts the tensors into the layers of the same names.\"\"\"
    for layer in model.layers:
        tensors = {name.split(\".\")[1]: w for name, w in weights.items() if name.split(\".\")[0] == layer.name}
        if \"scale\" in tensors:
            layer.set_weights([tensors[part] for part in (\"scale\", \"shift\", \"mean\", \"variance\")])
        elif tensors:
            weight = tensors[\"weight\"]
            # The file has [channels, inputs, height, width]; Keras wants [height, width, inputs, channels].
            weight = weight.transpose(2, 3, 1, 0) if weight.ndim == 4 else weight
            layer.set_weights([weight, tensors[\"bias\"]])";

const PREDICT: &str = "\
def predict(weights, config, images):
    \"\"\"Ten logits of each image. The config is not needed: the layers above are those of this one network.\"\"\"
    model = build()
    load(model, weights)
    x = ((images / 255 - 0.2860) / 0.3530).astype(\"float32\")
    return model.predict(x[..., None], batch_size=500, verbose=0)";

/// The script of a network of a valid config.
pub fn script_keras(kind: NetworkKind, config: &RunConfig) -> String {
    let imports = "\nimport keras\nimport numpy as np\nfrom keras import layers";
    let layers: String = layers(kind, config).iter().map(|layer| format!("            {layer},\n")).collect();
    let build = format!(
        "def build():\n    \"\"\"The {} without its weights. Dropout has no effect when it predicts.\"\"\"\n    \
         return keras.Sequential(\n        [\n{layers}        ]\n    )",
        kind.label()
    );
    joined(&[
        &head("Keras", "keras numpy jax   (or tensorflow or torch in place of jax)", imports),
        READ,
        &build,
        LOAD,
        PREDICT,
        MAIN,
    ])
}

fn layers(kind: NetworkKind, config: &RunConfig) -> Vec<String> {
    let mut layers = vec!["keras.Input((28, 28, 1))".to_owned()];
    let mut add = |layer: String| layers.push(layer);
    let norm = |at: usize| format!("layers.BatchNormalization(epsilon=1e-5, name=\"norm{at}\")");
    match kind {
        NetworkKind::Ann => {
            add("layers.Flatten()".to_owned());
            for (at, units) in (1..).zip(&config.ann_hidden) {
                add(format!("layers.Dense({units}, name=\"dense{at}\")"));
                if config.ann_batch_norm {
                    add(norm(at));
                }
                add(activation(config.ann_activation).to_owned());
                if config.ann_dropout > 0.0 {
                    add(format!("layers.Dropout({})", config.ann_dropout));
                }
            }
        }
        NetworkKind::Cnn => {
            let padding = if config.cnn_padding == Padding::Same { "same" } else { "valid" };
            for (at, channels) in (1..).zip(&config.cnn_channels) {
                let kernel = config.cnn_kernel;
                add(format!("layers.Conv2D({channels}, {kernel}, padding=\"{padding}\", name=\"conv{at}\")"));
                if config.cnn_batch_norm {
                    add(norm(at));
                }
                add(activation(config.cnn_activation).to_owned());
                add("layers.MaxPooling2D(2)".to_owned());
            }
            if config.cnn_head == Head::Dense {
                add("layers.Flatten()".to_owned());
                add(format!("layers.Dense({}, name=\"dense\")", config.cnn_dense));
                add(activation(config.cnn_activation).to_owned());
            } else {
                add("layers.GlobalAveragePooling2D()".to_owned());
            }
            if config.cnn_dropout > 0.0 {
                add(format!("layers.Dropout({})", config.cnn_dropout));
            }
        }
    }
    add("layers.Dense(10, name=\"logits\")".to_owned());
    layers
}

fn activation(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "layers.Activation(\"relu\")",
        Activation::LeakyRelu => "layers.LeakyReLU(negative_slope=0.01)",
        // By the error function, not by its approximation.
        Activation::Gelu => "layers.Activation(lambda x: keras.activations.gelu(x, approximate=False))",
        Activation::Silu => "layers.Activation(\"silu\")",
        Activation::Tanh => "layers.Activation(\"tanh\")",
        Activation::Sigmoid => "layers.Activation(\"sigmoid\")",
    }
}
