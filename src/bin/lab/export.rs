//! `lab export`: writes a trained network for other programs.

use crate::arguments::{Export, Form};
use crate::output::Output;
use fashion_lab::export::{Imported, config_file, npz, read_any, script_keras, script_numpy, script_pytorch};

/// Reads the weights with the checks of the page's import, then writes them in the form that was asked for.
pub fn run(arguments: Export) -> Result<(), String> {
    let output = Output::prepare(arguments.out)?;
    let shown = arguments.weights.display();
    let bytes = std::fs::read(&arguments.weights).map_err(|e| format!("{shown} cannot be read ({e})"))?;
    let network = match read_any(&shown.to_string(), &bytes).map_err(|e| e.to_string())? {
        Imported::Weights(network) => network,
        Imported::Run(_) => {
            return Err(format!("{shown} is a whole run; unpack it, and give one of its .safetensors files"));
        }
        Imported::Config(_) => {
            return Err(format!("{shown} is a config, not a trained network; give a .safetensors file"));
        }
    };
    let (kind, config) = (network.kind, &network.config);
    let content = match arguments.to {
        Form::Npz => npz(&network).map_err(|e| format!("{shown}: {e}"))?,
        Form::Numpy => script_numpy().into_bytes(),
        Form::Keras => script_keras(kind, config).into_bytes(),
        Form::Pytorch => script_pytorch(kind, config).into_bytes(),
        Form::Config => config_file(config).into_bytes(),
    };
    output.write_bytes(&content)
}
