//! Chooses the device: WebGPU if it trains a few steps as the CPU does, else the CPU.

use crate::config::BackendChoice;
use crate::data::Dataset;
use crate::run::report::{Backend, DeviceInfo};
use crate::train;
use crate::web::says;
use burn::tensor::Device;
use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// The devices of this worker.
#[derive(Default)]
pub(super) struct Devices {
    chosen: Option<(Device, DeviceInfo)>,
    /// WebGPU is opened once in a worker's life: the device and its adapter's name, or why there is none.
    webgpu: Option<Result<(Device, String), String>>,
}

impl Devices {
    /// The device that trains.
    pub(super) fn chosen(&self) -> Option<(Device, DeviceInfo)> {
        self.chosen.clone()
    }

    /// The CPU that checks and replaces a GPU; none where the CPU trains already.
    pub(super) fn fallback(&self) -> Option<(Device, DeviceInfo)> {
        let (_, info) = self.chosen.as_ref().filter(|(_, info)| info.backend == Backend::WebGpu)?;
        Some((Device::flex(), cpu(Backend::Flex, format!("{} was left", info.adapter))))
    }
}

fn cpu(backend: Backend, why: String) -> DeviceInfo {
    DeviceInfo { backend, adapter: format!("WebAssembly, {}", crate::kernels::cpu::INSTRUCTIONS), why }
}

/// Chooses, opens and checks a device, and keeps it.
pub(super) async fn choose(devices: &RefCell<Devices>, wish: BackendChoice, data: Rc<Dataset>) -> DeviceInfo {
    let chosen = match wish {
        BackendChoice::Flex => (Device::flex(), cpu(Backend::Flex, "you chose the CPU".to_owned())),
        BackendChoice::PlainFlex => {
            (Device::flex(), cpu(Backend::PlainFlex, "you chose Flex without this page's own kernels".to_owned()))
        }
        BackendChoice::NdArray => {
            (train::reference_cpu(), cpu(Backend::NdArray, "you chose the reference CPU backend".to_owned()))
        }
        BackendChoice::WebGpu | BackendChoice::Auto => match webgpu(devices, data).await {
            Ok((device, adapter, difference)) => {
                let why = format!(
                    "WebGPU trained {} steps of both networks as the CPU did (largest difference {difference:.0e}, allowed {:.0e})",
                    train::PARITY_STEPS,
                    train::PARITY_TOLERANCE
                );
                (device, DeviceInfo { backend: Backend::WebGpu, adapter, why })
            }
            Err(reason) => (Device::flex(), cpu(Backend::Flex, format!("no WebGPU here: {reason}"))),
        },
    };
    let info = chosen.1.clone();
    devices.borrow_mut().chosen = Some(chosen);
    info
}

/// The WebGPU device, its adapter's name and its largest difference from the CPU.
async fn webgpu(devices: &RefCell<Devices>, data: Rc<Dataset>) -> Result<(Device, String, f32), String> {
    let known = devices.borrow().webgpu.clone();
    let opened = match known {
        Some(opened) => opened,
        None => {
            let opened = open().await;
            devices.borrow_mut().webgpu = Some(opened.clone());
            opened
        }
    };
    let (device, adapter) = opened?;
    match train::parity(&device, &Device::flex(), data).await {
        Ok(difference) => Ok((device, adapter, difference)),
        Err(error) => {
            let reason = format!("{adapter} failed the check: {error}");
            devices.borrow_mut().webgpu = Some(Err(reason.clone()));
            Err(reason)
        }
    }
}

/// Asks the browser for an adapter first, because burn's initialisation panics if the adapter lacks a feature.
async fn open() -> Result<(Device, String), String> {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let gpu = get(&get(&super::scope(), "navigator"), "gpu");
    if !gpu.is_truthy() {
        return Err("this browser has no WebGPU".to_owned());
    }
    let request: Function =
        get(&gpu, "requestAdapter").dyn_into().map_err(|_| "its WebGPU is incomplete".to_owned())?;
    let promise: Promise = request.call0(&gpu).map_err(|e| says(&e))?.unchecked_into();
    let adapter = JsFuture::from(promise).await.map_err(|e| says(&e))?;
    if !adapter.is_truthy() {
        return Err("the browser has no GPU adapter to give".to_owned());
    }
    let info = get(&adapter, "info");
    let text = |name: &str| get(&info, name).as_string().filter(|t| !t.is_empty());
    let name = [text("description"), text("vendor"), text("architecture")].into_iter().flatten().collect::<Vec<_>>();
    let name = if name.is_empty() { "an unnamed adapter".to_owned() } else { name.join(", ") };
    let has: Option<Function> = get(&get(&adapter, "features"), "has").dyn_into().ok();
    let timestamps = has.and_then(|has| has.call1(&get(&adapter, "features"), &"timestamp-query".into()).ok());
    if !timestamps.is_some_and(|t| t.is_truthy()) {
        return Err(format!("{name} has no timestamp queries, which burn needs"));
    }
    let device = Device::wgpu_options().init_async().await.map_err(|e| format!("{name}: {e}"))?;
    Ok((device, name))
}
