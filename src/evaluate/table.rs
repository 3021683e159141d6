//! The rows of the table that compares the networks. Costs are known before a run, speed during it, scores and latency after it. Leaves
//! out: the paragraph in words (`summary`) and how the table is drawn.
//!
//! A value is marked as better only if the difference is more than chance (accuracy, loss) or more than the noise of one
//! measurement (times). Sizes are exact, so there every difference counts.

use super::Paired;
use super::format::{count, duration, milliseconds, percent, whole};
use super::scored_epoch::scored_epoch_cell;
use crate::architecture::Cost;
use crate::run::report::{DeviceInfo, Ended, EpochRecord, Latency, NetworkReport, Note};

/// Two times of single runs count as equal where they differ by less than this factor.
const NOISE: f64 = 1.1;

/// How far a network's training is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress<'a> {
    /// Each finished epoch.
    pub epochs: &'a [EpochRecord],
    /// Training seconds so far.
    pub seconds: f64,
    /// Training images a second; 0 before it is known.
    pub images_per_s: f64,
    /// CPU workers that share each batch.
    pub workers: usize,
    /// What computes, once it is known.
    pub device: Option<&'a DeviceInfo>,
    /// Whether it ended without a result.
    pub failed: bool,
}

/// What is known of one network before, during and after its training.
#[derive(Debug, Clone, PartialEq)]
pub struct Side<'a> {
    /// What it costs.
    pub cost: Cost,
    /// How far it is; `None` before a run.
    pub progress: Option<Progress<'a>>,
    /// The result; `None` before it is scored.
    pub report: Option<&'a NetworkReport>,
}

impl Side<'_> {
    fn latency(&self, batch: usize) -> Option<&Latency> {
        self.report?.latency.iter().find(|l| l.batch == batch)
    }

    fn epochs(&self) -> Option<String> {
        let progress = self.progress.as_ref()?;
        let done = progress.epochs.len();
        Some(match self.report.map(|report| report.ended) {
            Some(Ended::EarlyStopping) => format!("{done}, stopped early"),
            Some(Ended::Stopped) => format!("{done}, stopped"),
            _ if progress.failed => format!("{done}, failed"),
            _ => done.to_string(),
        })
    }

    fn device(&self) -> Option<(String, String)> {
        let progress = self.progress.as_ref()?;
        let device = progress.device?;
        let workers = match self.report.map_or(progress.workers, |report| report.workers) {
            0 | 1 => String::new(),
            n => format!(", {n} workers"),
        };
        Some((format!("{}{workers}", device.backend), device.adapter.clone()))
    }
}

/// One row of the table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// The small print under the name.
    pub about: &'static str,
    /// Each network's value, and the small print under it.
    pub texts: Vec<(String, String)>,
    /// The network whose value is better, as an index into `texts`.
    pub better: Option<usize>,
}

/// All rows. `judged` holds the paired comparison of the accuracies and the interval of the difference of the losses.
pub fn rows(sides: &[Side], judged: Option<&(Paired, Option<[f64; 2]>)>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |name, about, better, text: &dyn Fn(&Side) -> Option<(String, String)>| {
        let texts = sides.iter().map(|side| text(side).unwrap_or_else(|| plain("–"))).collect();
        rows.push(Row { name, about, texts, better });
    };
    let scored = sides.iter().any(|side| side.report.is_some());
    let begun = sides.iter().any(|side| side.progress.is_some());
    if scored {
        let accuracy = judged.filter(|(a, _)| a.is_real()).map(|(a, _)| usize::from(a.difference > 0.0));
        add("Test accuracy", "and its 95 % interval (Wilson)", accuracy, &|s| {
            let test = &s.report?.test;
            let [low, high] = test.interval.map(|end| 100.0 * end);
            Some((percent(test.accuracy), format!("{low:.1} to {high:.1} %")))
        });
        let loss = judged.and_then(|(_, loss)| *loss).filter(|[low, high]| *low > 0.0 || *high < 0.0);
        add("Test loss", "cross-entropy, nats", loss.map(|[low, _]| usize::from(low < 0.0)), &|s| {
            Some(plain(format!("{:.3}", s.report?.test.loss)))
        });
        add("Scored epoch", "whose weights the test set saw", None, &|s| {
            let (epoch, why) = scored_epoch_cell(s.report?)?;
            Some((epoch, why.to_owned()))
        });
    }
    if begun {
        add("Validation accuracy", "after the last epoch", None, &|s| {
            Some(plain(percent(s.progress?.epochs.last()?.validation?.accuracy)))
        });
        let length = |s: &Side| s.report.map(|r| (r.history.len(), r.ended));
        let same_work = matches!(sides, [a, b] if length(a) == length(b));
        let time = faster(sides, &|r| r.training_seconds).filter(|_| same_work);
        add("Training time", "without validation and pauses", time, &|s| {
            Some(plain(duration(s.progress.filter(|p| p.seconds > 0.0)?.seconds)))
        });
        add("Warm-up", "compilation and calibration", None, &|s| Some(plain(duration(s.report?.warmup_seconds))));
        add("Training speed", "images a second", faster(sides, &|r| 1.0 / r.images_per_s), &|s| {
            let live = s.progress.filter(|p| p.images_per_s > 0.0).map(|p| p.images_per_s);
            Some(plain(count(s.report.map(|r| r.images_per_s).or(live)?.round() as u64)))
        });
    }
    if scored {
        for (batch, name) in [(1, "Latency of 1 image"), (256, "Latency of 256 images")] {
            add(name, "median and 95th percentile", faster_answer(sides, batch), &|s| {
                let latency = s.latency(batch)?;
                let small = match latency.passes {
                    0 | 1 => milliseconds(latency.p95_ms),
                    n => format!("{}; each the mean of {} passes", milliseconds(latency.p95_ms), whole(n)),
                };
                Some((milliseconds(latency.p50_ms), small))
            });
        }
    }
    let smallest = |value: fn(&Cost) -> usize| match sides {
        [a, b] => smaller(value(&a.cost) as f64, value(&b.cost) as f64, 1.0),
        _ => None,
    };
    add("Parameters", "trained values", smallest(Cost::parameters), &|s| Some(plain(whole(s.cost.parameters()))));
    add("Multiply-accumulates", "one image, forward", smallest(Cost::macs), &|s| Some(plain(whole(s.cost.macs()))));
    add("Weights", "as 32-bit floats", smallest(Cost::weight_bytes), &|s| {
        Some(plain(format!("{:.2} MB", s.cost.weight_bytes() as f64 / 1e6)))
    });
    if begun {
        add("Epochs", "", None, &|s| s.epochs().map(plain));
        add("Device", "", None, &|s| s.device());
    }
    rows
}

/// A value without small print.
fn plain(text: impl Into<String>) -> (String, String) {
    (text.into(), String::new())
}

/// Which of two values is smaller by more than a factor. A value that is not finite is not compared.
fn smaller(a: f64, b: f64, factor: f64) -> Option<usize> {
    if !(a.is_finite() && b.is_finite()) {
        return None;
    }
    if a * factor < b { Some(0) } else { (b * factor < a).then_some(1) }
}

/// Both reports, if their times are of the same machine and nothing disturbed them. The numbers of workers may differ: each network
/// has the number that is best for it.
fn timed<'a>(sides: &[Side<'a>]) -> Option<[&'a NetworkReport; 2]> {
    let [a, b] = sides else { return None };
    let (a, b) = (a.report?, b.report?);
    let same_machine = a.device.backend == b.device.backend && a.device.adapter == b.device.adapter;
    (same_machine && undisturbed(a) && undisturbed(b)).then_some([a, b])
}

/// Whether nothing made its times longer.
fn undisturbed(report: &NetworkReport) -> bool {
    !report.notes.iter().any(Note::disturbs_times)
}

/// The network with the shorter time, if the difference is more than the noise.
fn faster(sides: &[Side], time: &dyn Fn(&NetworkReport) -> f64) -> Option<usize> {
    let [a, b] = timed(sides)?;
    smaller(time(a), time(b), NOISE)
}

/// The network with a 95th percentile below the median of the other one.
fn faster_answer(sides: &[Side], batch: usize) -> Option<usize> {
    timed(sides)?;
    let [a, b] = sides else { return None };
    let (a, b) = (a.latency(batch)?, b.latency(batch)?);
    if a.p95_ms < b.p50_ms { Some(0) } else { (b.p95_ms < a.p50_ms).then_some(1) }
}
