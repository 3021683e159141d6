//! The same core natively: `lab train --config run.json` prints the run report, `lab bench --config run.json` training speeds.
//!
//! Wiring only: arguments, data, the device, and a line of progress an epoch on standard error. An error is one sentence and ends
//! with code 1; arguments that cannot be read end with code 2.

mod arguments;
mod device;
mod output;
mod terminal;

use arguments::{Cli, Command, Options};
use clap::Parser;
use fashion_lab::config::{BackendChoice, NetworkKind, RunConfig, read_config};
use fashion_lab::data::files::{self, Accept, Collected, LoadError};
use fashion_lab::run::report::{Backend, DatasetInfo, NetworkReports, REPORT_VERSION, RunReport, Software};
use fashion_lab::train::{self, Plan};
use output::{Output, say};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use terminal::Terminal;

/// Where the dataset is looked for without `--data`: the folder of `cargo xtask setup`, and that of Debian's package.
const DATA: [&str; 2] = ["public/data", "/usr/share/datasets/fashion-mnist"];

fn main() -> ExitCode {
    let (bench, options) = match Cli::parse().command {
        Command::Train(options) => (false, options),
        Command::Bench(options) => (true, options),
    };
    match run(bench, options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(format_args!("lab: {message}"));
            ExitCode::FAILURE
        }
    }
}

/// Checks everything that can fail before the training, so that no result is lost.
fn run(bench: bool, options: Options) -> Result<(), String> {
    let config = config(bench, &options)?;
    let output = Output::prepare(options.out)?;
    let chosen = device::open(config.backend)?;
    let (dataset, data) = dataset(options.data, options.dataset)?;
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
            Ok(trained) => networks.set(network, trained.report),
            Err(error) => failures.push(format!("training the {} ended: {error}", network.label())),
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

/// The dataset with its name and digests. Without a name it has to be Fashion-MNIST.
fn dataset(path: Option<PathBuf>, name: Option<String>) -> Result<(DatasetInfo, fashion_lab::data::Dataset), String> {
    let path = path.or_else(|| DATA.map(PathBuf::from).into_iter().find(|path| path.is_dir()));
    let path = path.ok_or("there is no dataset; run `cargo xtask setup`, or name its folder with --data")?;
    let accept = if name.is_some() { Accept::SameForm } else { Accept::FashionMnist };
    let Collected { dataset, sha256, known } = files::load(&path, accept).map_err(|e| match &e {
        LoadError::Refused { refused } if refused.taken.as_ref().is_err_and(files::FileError::is_other_data) => {
            format!("{e}, or train on this data and name it with --dataset NAME")
        }
        LoadError::Missing { .. } => format!("{e}; run `cargo xtask setup`, or name another folder with --data"),
        _ => e.to_string(),
    })?;
    let name = match (name, known) {
        (Some(name), Some(known)) if name != known => {
            return Err(format!(
                "{} holds {known}, not {name}; correct --dataset, or name another --data",
                path.display()
            ));
        }
        (Some(name), _) => name,
        (None, known) => known.unwrap_or("Fashion-MNIST").to_owned(),
    };
    Ok((DatasetInfo { name, sha256 }, dataset))
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
