//! Opens the device that a config names.

use burn::tensor::Device;
use fashion_lab::config::BackendChoice;
use fashion_lab::run::report::{Backend, DeviceInfo};
use fashion_lab::train;

/// The device, and what the report says of it.
pub fn open(choice: BackendChoice) -> Result<(Device, DeviceInfo), String> {
    let native =
        format!("{} {}, {}", std::env::consts::ARCH, std::env::consts::OS, fashion_lab::kernels::cpu::INSTRUCTIONS);
    let (device, backend, adapter) = match choice {
        BackendChoice::Auto | BackendChoice::Flex => (Device::flex(), Backend::Flex, native),
        BackendChoice::PlainFlex => (Device::flex(), Backend::PlainFlex, native),
        BackendChoice::NdArray => (train::reference_cpu(), Backend::NdArray, native),
        #[cfg(not(feature = "webgpu"))]
        BackendChoice::WebGpu => {
            return Err(
                "this lab was built without WebGPU; build it with `--features webgpu`, or choose `flex`".to_owned()
            );
        }
        #[cfg(feature = "webgpu")]
        BackendChoice::WebGpu => {
            let device = Device::wgpu_options().init().map_err(|e| format!("no GPU: {e}"))?;
            (device, Backend::WebGpu, "wgpu's default adapter".to_owned())
        }
    };
    let why = match choice {
        BackendChoice::Auto => "the CPU is the default natively",
        _ => "the config names it",
    };
    Ok((device, DeviceInfo { backend, adapter, why: why.to_owned() }))
}
