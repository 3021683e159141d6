//! The lines of the comparison's table, as far as they are known: costs before a run, speed during it, scores and latency after it.
//!
//! A value is called better only where the difference is more than chance (accuracy, loss) or than the noise of one measurement
//! (times); sizes are exact.

use crate::architecture::Cost;
use crate::evaluate::Paired;
use crate::evaluate::words::{count, duration, milliseconds, percent};
use crate::page::state::{NetworkRun, Phase};
use crate::run::report::{Ended, Latency, NetworkReport};

/// Times of single runs that differ by less are the same.
const NOISE: f64 = 1.1;

/// What is known of one network, before, during and after its training.
pub struct Side<'a> {
    /// What it costs.
    pub cost: Cost,
    /// Its run.
    pub run: Option<&'a NetworkRun>,
    /// What came of the run.
    pub report: Option<&'a NetworkReport>,
}

impl Side<'_> {
    fn latency(&self, batch: usize) -> Option<&Latency> {
        self.report?.latency.iter().find(|l| l.batch == batch)
    }

    fn epochs(&self) -> Option<String> {
        let run = self.run?;
        let done = run.epochs.len();
        Some(match self.report.map(|report| report.ended) {
            Some(Ended::EarlyStopping) => format!("{done}, stopped early"),
            Some(Ended::Stopped) => format!("{done}, stopped"),
            _ if run.phase == Phase::Failed => format!("{done}, failed"),
            _ => done.to_string(),
        })
    }

    fn device(&self) -> Option<(String, String)> {
        let run = self.run?;
        let device = run.device.as_ref()?;
        let workers = match self.report.map_or(run.workers, |report| report.workers) {
            0 | 1 => String::new(),
            n => format!(", {n} workers"),
        };
        Some((format!("{}{workers}", device.backend), device.adapter.clone()))
    }
}

/// One line of the table.
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// What stands small beneath that.
    pub about: &'static str,
    /// Each network's value, and what stands small beneath it.
    pub texts: Vec<(String, String)>,
    /// Whose value is better.
    pub better: Option<usize>,
}

/// All lines. `judged` holds the paired comparison of the accuracies and the interval of the difference of the losses.
pub fn rows(sides: &[Side], judged: Option<&(Paired, Option<[f64; 2]>)>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |name, about, better, text: &dyn Fn(&Side) -> Option<(String, String)>| {
        let texts = sides.iter().map(|side| text(side).unwrap_or_else(|| plain("–"))).collect();
        rows.push(Row { name, about, texts, better });
    };
    let scored = sides.iter().any(|side| side.report.is_some());
    let begun = sides.iter().any(|side| side.run.is_some());
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
    }
    if begun {
        add("Validation accuracy", "after the last epoch", None, &|s| {
            Some(plain(percent(s.run?.epochs.last()?.validation?.accuracy)))
        });
        let length = |s: &Side| s.report.map(|r| (r.history.len(), r.ended));
        let same_work = matches!(sides, [a, b] if length(a) == length(b));
        let time = faster(sides, &|r| r.training_seconds).filter(|_| same_work);
        add("Training time", "without validation and pauses", time, &|s| {
            Some(plain(duration(s.run.filter(|r| r.seconds > 0.0)?.seconds)))
        });
        add("Warm-up", "compilation and calibration", None, &|s| Some(plain(duration(s.report?.warmup_seconds))));
        add("Training speed", "images a second", faster(sides, &|r| 1.0 / r.images_per_s), &|s| {
            let live = s.run.filter(|r| r.images_per_s > 0.0).map(|r| r.images_per_s);
            Some(plain(count(s.report.map(|r| r.images_per_s).or(live)?.round() as u64)))
        });
    }
    if scored {
        for (batch, name) in [(1, "Latency of 1 image"), (256, "Latency of 256 images")] {
            add(name, "median and 95th percentile", faster_answer(sides, batch), &|s| {
                let latency = s.latency(batch)?;
                Some((milliseconds(latency.p50_ms), milliseconds(latency.p95_ms)))
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

/// A value with nothing beneath it.
fn plain(text: impl Into<String>) -> (String, String) {
    (text.into(), String::new())
}

/// Which of two values is smaller by more than a factor.
fn smaller(a: f64, b: f64, factor: f64) -> Option<usize> {
    if a * factor < b { Some(0) } else { (b * factor < a).then_some(1) }
}

/// Both reports, where their times are of the same machine and undisturbed. Each has the number of workers that serves it best.
fn timed<'a>(sides: &[Side<'a>]) -> Option<[&'a NetworkReport; 2]> {
    let [a, b] = sides else { return None };
    let (a, b) = (a.report?, b.report?);
    let machine = |r: &NetworkReport| (r.device.backend, r.device.adapter.clone());
    (machine(a) == machine(b) && a.notes.is_empty() && b.notes.is_empty()).then_some([a, b])
}

/// Whose time is really shorter.
fn faster(sides: &[Side], time: &dyn Fn(&NetworkReport) -> f64) -> Option<usize> {
    let [a, b] = timed(sides)?;
    smaller(time(a), time(b), NOISE)
}

/// Whose slow passes are still faster than the other's usual ones.
fn faster_answer(sides: &[Side], batch: usize) -> Option<usize> {
    timed(sides)?;
    let [a, b] = sides else { return None };
    let (a, b) = (a.latency(batch)?, b.latency(batch)?);
    if a.p95_ms < b.p50_ms { Some(0) } else { (b.p95_ms < a.p50_ms).then_some(1) }
}

/// All digits, thousands set apart: the table has the room, and what is not equal shall not look so.
fn whole(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}
