//! What the two programs of this package share: the options of the benchmark. `xtask` reads them, sets up, and starts `bench`.

#![deny(missing_docs)]

use clap::Args;

/// What `cargo xtask bench` measures. The browser is headless Chromium, served as any plain static host serves.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct BenchOptions {
    /// Runs of each row; the median is shown
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub repetitions: u32,
    /// CPU workers in the browser, a list such as 1,2,4; 0 is the calibrated number
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "1,0")]
    pub workers: Vec<usize>,
    /// Only these backends
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "flex,flex-plain,ndarray",
        value_parser = ["flex", "flex-plain", "ndarray"])]
    pub backends: Vec<String>,
    /// Also WebGPU, on Chromium's software adapter
    #[arg(long, conflicts_with = "native_only")]
    pub gpu: bool,
    /// Measures natively only
    #[arg(long, conflicts_with = "browser_only")]
    pub native_only: bool,
    /// Measures in the browser only
    #[arg(long)]
    pub browser_only: bool,
    /// Instead: trains the standard preset in the browser to its end and prints accuracy, time and memory
    #[arg(long, conflicts_with_all = ["repetitions", "workers", "backends", "gpu", "native_only", "browser_only"])]
    pub standard: bool,
}

impl BenchOptions {
    /// Whether anything runs in the browser.
    pub fn browser(&self) -> bool {
        !self.native_only
    }

    /// Whether anything runs natively.
    pub fn native(&self) -> bool {
        !self.browser_only && !self.standard
    }

    /// The words that give these options again.
    pub fn words(&self) -> Vec<String> {
        if self.standard {
            return vec!["--standard".to_owned()];
        }
        let workers: Vec<String> = self.workers.iter().map(usize::to_string).collect();
        let mut words = vec![
            format!("--repetitions={}", self.repetitions),
            format!("--workers={}", workers.join(",")),
            format!("--backends={}", self.backends.join(",")),
        ];
        let flags = [(self.gpu, "--gpu"), (self.native_only, "--native-only"), (self.browser_only, "--browser-only")];
        words.extend(flags.iter().filter(|(given, _)| *given).map(|(_, flag)| (*flag).to_owned()));
        words
    }
}
