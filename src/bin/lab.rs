//! The same core natively: `lab train --config run.json` prints the run report, `lab bench --config run.json` training speeds.
//!
//! Wiring only: arguments, the device, a clock and a line of progress an epoch on standard error.

fn main() -> std::process::ExitCode {
    #[cfg(target_arch = "wasm32")]
    return std::process::ExitCode::FAILURE;
    #[cfg(not(target_arch = "wasm32"))]
    match native::main(std::env::args().skip(1).collect()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("lab: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use burn::tensor::Device;
    use fashion_lab::config::{BackendChoice, NetworkKind, RunConfig};
    use fashion_lab::data::Dataset;
    use fashion_lab::run::report::{
        Backend, DatasetInfo, DeviceInfo, NetworkReports, REPORT_VERSION, RunReport, Software,
    };
    use fashion_lab::train::{self, Control, Event, Host, Moment, Plan, Threads};
    use std::path::PathBuf;
    use std::rc::Rc;
    use std::time::Instant;

    const USAGE: &str =
        "usage: lab train|bench [--config FILE.json] [--data FOLDER] [--backend flex|flex-plain|ndarray|webgpu] [--out FILE.json]
  train   trains the config's networks to the end and prints the run report as JSON
  bench   trains for one epoch without validation and prints one JSON line a network
  --config   a run config; what it leaves out has its default
  --data     the folder with the four files of Fashion-MNIST (default: public/data, else Debian's package)
  --backend  overrides the config's
  --out      writes there instead of standard output";

    struct Arguments {
        bench: bool,
        config: RunConfig,
        data: PathBuf,
        out: Option<PathBuf>,
    }

    fn read(arguments: Vec<String>) -> Result<Arguments, String> {
        let mut arguments = arguments.into_iter();
        let bench = match arguments.next().as_deref() {
            Some("train") => false,
            Some("bench") => true,
            _ => return Err(USAGE.to_owned()),
        };
        let (mut config, mut backend, mut out) = (RunConfig::default(), None, None);
        let mut data =
            ["public/data", "/usr/share/datasets/fashion-mnist"].map(PathBuf::from).into_iter().find(|p| p.is_dir());
        while let Some(flag) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{flag} needs a value\n{USAGE}"))?;
            match flag.as_str() {
                "--config" => {
                    let text = std::fs::read_to_string(&value).map_err(|e| format!("{value}: {e}"))?;
                    config = RunConfig::from_json(&text).map_err(|errors| {
                        errors.iter().map(|e| format!("{value}: {e}")).collect::<Vec<_>>().join("\n")
                    })?;
                }
                "--data" => data = Some(value.into()),
                "--backend" => backend = Some(value),
                "--out" => out = Some(value.into()),
                _ => return Err(format!("there is no option {flag}\n{USAGE}")),
            }
        }
        if let Some(backend) = backend {
            config.set("backend", &backend).map_err(|e| e.to_string())?;
        }
        if bench {
            (config.epochs, config.validation) = (1, 0.0);
        }
        let data = data.ok_or("there is no dataset; run `cargo xtask setup`, or name its folder with --data")?;
        Ok(Arguments { bench, config, data, out })
    }

    fn device(choice: BackendChoice) -> Result<(Device, DeviceInfo), String> {
        let native =
            format!("{} {}, {}", std::env::consts::ARCH, std::env::consts::OS, fashion_lab::kernels::cpu::INSTRUCTIONS);
        let (device, backend, adapter) = match choice {
            BackendChoice::Auto | BackendChoice::Flex => (Device::flex(), Backend::Flex, native),
            BackendChoice::PlainFlex => (Device::flex(), Backend::PlainFlex, native),
            BackendChoice::NdArray => (train::reference_cpu(), Backend::NdArray, native),
            #[cfg(not(feature = "webgpu"))]
            BackendChoice::WebGpu => return Err("this lab was built without the feature `webgpu`".to_owned()),
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

    struct Terminal {
        crew: Threads,
        start: Instant,
        network: NetworkKind,
    }

    impl Host for Terminal {
        type Crew = Threads;

        fn crew(&mut self) -> &mut Threads {
            &mut self.crew
        }

        fn now(&self) -> f64 {
            self.start.elapsed().as_secs_f64()
        }

        fn tell(&mut self, event: Event) {
            match event {
                Event::Epoch { record, .. } => {
                    let validation = record
                        .validation
                        .map(|v| format!(", validation loss {:.4}, accuracy {:.4}", v.loss, v.accuracy));
                    eprintln!(
                        "{} epoch {}: {:.1} s, loss {:.4}, accuracy {:.4}{}",
                        self.network.label(),
                        record.epoch,
                        record.seconds,
                        record.train.loss,
                        record.train.accuracy,
                        validation.unwrap_or_default()
                    );
                }
                Event::FellBack(device) => eprintln!("{}: {}", self.network.label(), device.why),
                Event::Started { .. } | Event::Progress { .. } | Event::Scoring => {}
            }
        }

        async fn breathe(&mut self, _: Moment) -> Control {
            Control::Go
        }
    }

    pub fn main(arguments: Vec<String>) -> Result<(), String> {
        let Arguments { bench, config, data, out } = read(arguments)?;
        let data = Rc::new(Dataset::load(&data).map_err(|e| format!("{}: {e}", data.display()))?);
        let chosen = device(config.backend)?;
        let mut networks = NetworkReports::default();
        for &network in config.kinds() {
            let mut host = Terminal { crew: Threads::default(), start: Instant::now(), network };
            let fallback = (chosen.1.backend == Backend::WebGpu).then(|| device(BackendChoice::Flex)).transpose()?;
            let plan = Plan { network, config: config.clone(), data: data.clone(), device: chosen.clone(), fallback };
            let (report, _) = pollster::block_on(train::run(plan, &mut host)).map_err(|e| e.to_string())?;
            networks.set(network, report);
        }
        let text = if bench {
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
        } else {
            let software = Software::of_this_build("native");
            let report = RunReport {
                version: REPORT_VERSION,
                software,
                config,
                dataset: DatasetInfo::default(),
                device: chosen.1,
                networks,
            };
            serde_json::to_string_pretty(&report).map_err(|e| e.to_string())?
        };
        match out {
            Some(path) => std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display())),
            None => {
                println!("{text}");
                Ok(())
            }
        }
    }
}
