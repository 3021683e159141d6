//! `lab train` and `lab bench`: trains the config's networks, and writes report, weights or speeds.

use crate::arguments::Options;
use crate::dataset;
use crate::device;
use crate::output::Output;
use crate::terminal::Terminal;
use fashion_lab::config::{BackendChoice, NetworkKind, RunConfig, read_config};
use fashion_lab::run::report::{Backend, NetworkReports, REPORT_VERSION, RunReport, Software};
use fashion_lab::train::{self, Plan, Trained};
use fashion_lab::weights::TrainedNetwork;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Checks everything that can fail before the training, so that no result is lost.
pub fn run(bench: bool, options: Options, weights: Option<PathBuf>) -> Result<(), String> {
    let config = config(bench, &options)?;
    let output = Output::prepare(options.place.out.clone())?;
    let mut files = weight_files(&config, weights.as_deref())?;
    let chosen = device::open(config.backend)?;
    let (dataset, data) = dataset::read(&options.place)?;
    let data = Rc::new(data);

    let (mut networks, mut failures) = (NetworkReports::default(), Vec::new());
    for &network in config.kinds() {
        let mut host = Terminal::new(network);
        let fallback = (chosen.1.backend == Backend::WebGpu).then(|| device::open(BackendChoice::Flex)).transpose()?;
        let plan = Plan {
            network,
            config: config.clone(),
            data: data.clone(),
            device: chosen.clone(),
            fallback,
            from: None,
            extra_epochs: 0,
        };
        // One network's failure is its own: the others are trained all the same.
        match pollster::block_on(train::run(plan, &mut host)) {
            Ok(trained) => {
                if let Some(file) = files.pop_front() {
                    failures.extend(keep(network, &config, &dataset.name, &trained, file).err());
                }
                networks.set(network, trained.report);
            }
            Err(error) => {
                files.pop_front();
                failures.push(format!("training the {} ended: {error}", network.label()));
            }
        }
    }
    if networks.is_empty() {
        return Err(failures.join("\n"));
    }
    let text = if bench {
        speeds(&config, &networks)
    } else {
        let software = Software::of_this_build("native");
        let report = RunReport { version: REPORT_VERSION, software, config, dataset, device: chosen.1, networks };
        serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?
    };
    output.write(&text)?;
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

/// The places of the config's networks in the folder, in their order; none where no folder is named.
fn weight_files(config: &RunConfig, folder: Option<&Path>) -> Result<VecDeque<Output>, String> {
    let Some(folder) = folder else { return Ok(VecDeque::new()) };
    let file = |kind: &NetworkKind| Output::prepare(Some(folder.join(format!("{}.safetensors", kind.key()))));
    config.kinds().iter().map(file).collect()
}

/// Writes the weights that were scored.
fn keep(kind: NetworkKind, config: &RunConfig, dataset: &str, trained: &Trained, file: Output) -> Result<(), String> {
    let test = Some([trained.report.test.accuracy, trained.report.test.loss]);
    let (config, dataset, weights) = (config.clone(), dataset.to_owned(), trained.weights.clone());
    let network = TrainedNetwork { kind, config, dataset, test, weights };
    file.write_bytes(&network.to_bytes().map_err(|e| e.to_string())?)
}

/// The config of the file and of the options.
fn config(bench: bool, options: &Options) -> Result<RunConfig, String> {
    let mut config = RunConfig::default();
    if let Some(path) = &options.config {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|e| format!("{shown} cannot be read ({e})"))?;
        config = read_config(&bytes)
            .map_err(|errors| errors.iter().map(|e| format!("{shown}: {e}")).collect::<Vec<_>>().join("\n"))?;
    }
    if let Some(backend) = &options.backend {
        config.set("backend", backend).map_err(|e| e.to_string())?;
    }
    if bench {
        (config.epochs, config.validation) = (1, 0.0);
    }
    Ok(config)
}

/// One line of JSON a network.
fn speeds(config: &RunConfig, networks: &NetworkReports) -> String {
    let line = |kind: NetworkKind| {
        let report = networks.get(kind)?;
        let line = serde_json::json!({
            "where": "native", "network": kind.key(), "backend": report.device.backend, "workers": report.workers,
            "batch": config.batch, "images": config.train, "images_per_s": report.images_per_s,
            "latency": report.latency, "warmup_seconds": report.warmup_seconds, "step_times": report.step_times,
        });
        Some(line.to_string())
    };
    config.kinds().iter().filter_map(|&kind| line(kind)).collect::<Vec<_>>().join("\n")
}
