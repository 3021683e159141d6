//! The network in PyTorch.

use super::{MAIN, READ, head, joined};
use crate::config::{Activation, Head, NetworkKind, Padding, RunConfig, conv_side};
use crate::fashion_mnist::{PIXELS, SIDE};

const PREDICT: &str = "\
def predict(weights, config, images):
    \"\"\"Ten logits of each image. The config is not needed: the layers above are those of this one network.\"\"\"
    model = build()
    load(model, weights)
    model.eval()  # Batch norm takes its running statistics, dropout does nothing.
    x = torch.from_numpy(((images / 255 - 0.2860) / 0.3530).astype(\"float32\"))[:, None]
    with torch.no_grad():
        return torch.cat([model(part) for part in x.split(500)]).numpy()";

/// The script of a network of a valid config.
pub fn script_pytorch(kind: NetworkKind, config: &RunConfig) -> String {
    let imports = "\nimport numpy as np\nimport torch\nfrom collections import OrderedDict\nfrom torch import nn";
    let (layers, flattened) = layers(kind, config);
    let layers: String = layers.iter().map(|(name, layer)| format!("            {name}=nn.{layer},\n")).collect();
    let build = format!(
        "def build():\n    \"\"\"The {} without its weights.\"\"\"\n    \
         return nn.Sequential(\n        OrderedDict(\n{layers}        )\n    )",
        kind.label()
    );
    joined(&[&head("PyTorch", "torch numpy", imports), READ, &build, &load(flattened), PREDICT, MAIN])
}

/// The function that puts the tensors into the model. `flattened`: side and channels of what a dense layer gets from the last block.
fn load(flattened: Option<[usize; 2]>) -> String {
    let order = flattened.map_or_else(String::new, |[side, channels]| {
        format!(
            "        if name == \"dense.weight\":\n            \
             # The file's features lie channels last, those of nn.Flatten channels first.\n            \
             tensor = tensor.reshape({side}, {side}, {channels}, -1).transpose(2, 0, 1, 3).reshape(tensor.shape)\n"
        )
    });
    format!(
        "def load(model, weights):\n    \
         \"\"\"Puts the tensors into the layers of the same names.\"\"\"\n    \
         parts = {{\"scale\": \"weight\", \"shift\": \"bias\", \"mean\": \"running_mean\", \"variance\": \"running_var\"}}\n    \
         state = {{}}\n    \
         for name, tensor in weights.items():\n        \
         layer, part = name.split(\".\")\n\
         {order}        \
         # The file has [inputs, units]; nn.Linear wants [units, inputs].\n        \
         tensor = tensor.T if tensor.ndim == 2 else tensor\n        \
         state[f\"{{layer}}.{{parts.get(part, part)}}\"] = torch.from_numpy(np.array(tensor, order=\"C\"))\n    \
         model.load_state_dict(state)"
    )
}

/// Name and constructor of each layer, and what the dense head gets from the last block.
fn layers(kind: NetworkKind, config: &RunConfig) -> (Vec<(String, String)>, Option<[usize; 2]>) {
    let mut layers: Vec<(String, String)> = Vec::new();
    let mut add = |name: String, layer: String| layers.push((name, layer));
    let (mut inputs, mut flattened) = (PIXELS, None);
    match kind {
        NetworkKind::Ann => {
            add("flatten".to_owned(), "Flatten()".to_owned());
            for (at, &units) in (1..).zip(&config.ann_hidden) {
                add(format!("dense{at}"), format!("Linear({inputs}, {units})"));
                if config.ann_batch_norm {
                    add(format!("norm{at}"), format!("BatchNorm1d({units}, eps=1e-5)"));
                }
                add(format!("activation{at}"), activation(config.ann_activation).to_owned());
                if config.ann_dropout > 0.0 {
                    add(format!("dropout{at}"), format!("Dropout({})", config.ann_dropout));
                }
                inputs = units;
            }
        }
        NetworkKind::Cnn => {
            inputs = 1;
            let mut side = SIDE;
            let kernel = config.cnn_kernel;
            let padding = if config.cnn_padding == Padding::Same { kernel / 2 } else { 0 };
            for (at, &channels) in (1..).zip(&config.cnn_channels) {
                let conv = format!("Conv2d({inputs}, {channels}, {kernel}, padding={padding})");
                add(format!("conv{at}"), conv);
                if config.cnn_batch_norm {
                    add(format!("norm{at}"), format!("BatchNorm2d({channels}, eps=1e-5)"));
                }
                add(format!("activation{at}"), activation(config.cnn_activation).to_owned());
                add(format!("pool{at}"), "MaxPool2d(2)".to_owned());
                // A valid config never lets the image vanish.
                side = conv_side(side, kernel, config.cnn_padding).unwrap_or(0) / 2;
                inputs = channels;
            }
            if config.cnn_head == Head::Dense {
                flattened = Some([side, inputs]);
                add("flatten".to_owned(), "Flatten()".to_owned());
                add("dense".to_owned(), format!("Linear({}, {})", side * side * inputs, config.cnn_dense));
                add("activation".to_owned(), activation(config.cnn_activation).to_owned());
                inputs = config.cnn_dense;
            } else {
                add("average".to_owned(), "AdaptiveAvgPool2d(1)".to_owned());
                add("flatten".to_owned(), "Flatten()".to_owned());
            }
            if config.cnn_dropout > 0.0 {
                add("dropout".to_owned(), format!("Dropout({})", config.cnn_dropout));
            }
        }
    }
    add("logits".to_owned(), format!("Linear({inputs}, 10)"));
    (layers, flattened)
}

fn activation(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "ReLU()",
        Activation::LeakyRelu => "LeakyReLU(0.01)",
        Activation::Gelu => "GELU()",
        Activation::Silu => "SiLU()",
        Activation::Tanh => "Tanh()",
        Activation::Sigmoid => "Sigmoid()",
    }
}
