//! A whole run of one network: epochs, validation, early stopping, fallback, the test set, the report.

use super::budget::step_times;
use super::trainer::{SCORE_BATCH, Trainer};
use super::{Crew, TrainError, learning_rate, shares};
use crate::architecture;
use crate::config::{NetworkKind, Order, RunConfig};
use crate::data::{Dataset, Split, epoch_order, normalised_batch, split};
use crate::evaluate;
use crate::fashion_mnist::{CLASSES, ImageSet};
use crate::kernels::{self, profiler};
use crate::report::{self, Backend, DeviceInfo, Ended, EpochRecord, Latency, NetworkReport, TestResult};
use burn::tensor::Device;
use std::rc::Rc;

/// Mean loss and share of right answers.
pub type Score = report::Score;

/// How long a group of steps may take before the host is asked again, in seconds.
const BREATH: f64 = 0.08;
/// At most this many steps are queued before their losses are read back.
const MOST_STEPS: usize = 32;
/// Seconds between two progress events: what the page draws takes processor time from training on small machines.
const PROGRESS_EVERY: f64 = 0.4;
/// Largest difference of a GPU's logits from the CPU's, as a share of the largest logit: 32-bit sums of some thousand terms in
/// another order differ by about 1e-5; a kernel that did not run differs by about 1.
pub(super) const LOGIT_TOLERANCE: f32 = 1e-3;
/// Seconds of steps with each number of helpers in calibration.
const CALIBRATION: f64 = 0.15;
/// Share of a step's time that another helper must gain.
const WORTH: f64 = 0.05;
/// Passes measured for each latency, and on a slow device fewer: after so many seconds, five are enough.
const LATENCY_PASSES: usize = 30;
const LATENCY_SECONDS: f64 = 5.0;

/// What shall be trained, and on what.
#[derive(Clone)]
pub struct Plan {
    /// Which network.
    pub network: NetworkKind,
    /// The run; valid.
    pub config: RunConfig,
    /// The dataset.
    pub data: Rc<Dataset>,
    /// The device, without autodiff, and its description.
    pub device: (Device, DeviceInfo),
    /// The CPU to fall back to where `device` is a GPU. It also checks the GPU's logits after each epoch.
    pub fallback: Option<(Device, DeviceInfo)>,
}

/// Where in a run the host is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Between two steps.
    Step,
    /// After an epoch, before the next one.
    EpochEnd,
    /// Between two batches of images that are scored.
    Scoring,
}

/// What the host wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    Go,
    /// End training and score the test set.
    Stop,
    /// End without a result.
    Discard,
}

/// What a run tells its host.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The device is warm and training begins.
    Started {
        /// Steps of each epoch.
        steps_per_epoch: usize,
        /// Workers that share each batch.
        workers: usize,
        /// Seconds of compilation, warm-up and calibration.
        warmup_seconds: f64,
    },
    /// Some steps are done.
    Progress {
        /// From 1.
        epoch: usize,
        /// Steps since the start of the run.
        step: usize,
        /// Training seconds since the start of the run.
        seconds: f64,
        /// Since the last progress event.
        images_per_s: f64,
        /// Loss of each step since the last progress event.
        losses: Vec<f32>,
        /// Training seconds at the end of each of those steps.
        times: Vec<f32>,
        /// Share of right answers since the epoch's begin.
        accuracy: f64,
    },
    /// An epoch is done.
    Epoch {
        /// Its figures.
        record: EpochRecord,
        /// Counts on the validation images.
        confusion: Option<Box<report::ConfusionCounts>>,
    },
    /// The run goes on with the CPU.
    FellBack(DeviceInfo),
    /// The test set is being scored.
    Scoring,
}

/// Whoever runs a training: it has a clock and an event loop.
#[allow(async_fn_in_trait)] // Both hosts are single-threaded; no `Send` is wanted.
pub trait Host {
    /// Its helpers.
    type Crew: Crew;
    /// The helpers of this run.
    fn crew(&mut self) -> &mut Self::Crew;
    /// Seconds since some moment; never goes back.
    fn now(&self) -> f64;
    /// Hears what happens.
    fn tell(&mut self, event: Event);
    /// Lets messages in (and waits while the run is paused), then says how to go on.
    async fn breathe(&mut self, moment: Moment) -> Control;
}

/// Trains one network to its end. Gives the report and the ten probabilities of each test image.
///
/// # Errors
/// [`TrainError`], where there is nothing to fall back to.
pub async fn run(plan: Plan, host: &mut impl Host) -> Result<(NetworkReport, Vec<f32>), TrainError> {
    let split = split(&plan.data.train_labels, &plan.config);
    let run = Run {
        trainer: Trainer::new(plan.network, &plan.config, plan.data.clone(), &plan.device.0),
        info: plan.device.1.clone(),
        check: None,
        split,
        seconds: 0.0,
        losses: Vec::new(),
        times: Vec::new(),
        history: Vec::new(),
        notes: shared(&plan.config),
        pace: 0.0,
        helpers: 0,
        peak: 0.0,
        plan,
    };
    run.whole(host).await
}

/// What disturbs the times of a run from its start.
fn shared(config: &RunConfig) -> Vec<String> {
    let side_by_side = config.order == Order::SideBySide && config.kinds().len() > 1;
    let note = || "trained at the same time as the other network, so its times are longer than alone".to_owned();
    side_by_side.then(note).into_iter().collect()
}

/// The state of a run at the end of an epoch, to come back to.
struct Checkpoint {
    weights: Vec<f32>,
    steps: usize,
    seconds: f64,
    loss: f64,
}

struct Run {
    plan: Plan,
    trainer: Trainer,
    info: DeviceInfo,
    /// The same network on the CPU, to check a GPU's logits with.
    check: Option<Trainer>,
    split: Split,
    seconds: f64,
    losses: Vec<f32>,
    times: Vec<f32>,
    history: Vec<EpochRecord>,
    notes: Vec<String>,
    /// Seconds of a step, as last seen.
    pace: f64,
    /// Workers besides this one that share each batch.
    helpers: usize,
    /// Floating-point operations a second of this thread at best; 0 where own kernels do not compute.
    peak: f64,
}

impl Run {
    async fn whole(mut self, host: &mut impl Host) -> Result<(NetworkReport, Vec<f32>), TrainError> {
        let steps_per_epoch = self.plan.config.steps_per_epoch();
        let start = host.now();
        if let Err(error) = self.warm_up(host).await {
            self.fall_back(error, None, host).await?;
        }
        let warmup_seconds = host.now() - start;
        host.tell(Event::Started { steps_per_epoch, workers: self.helpers + 1, warmup_seconds });

        let mut good = self.checkpoint(f64::INFINITY).await?;
        let (mut best, mut epochs_since_best) = (None::<Checkpoint>, 0);
        let mut ended = Ended::Completed;
        while self.history.len() < self.plan.config.epochs {
            let stopped = match self.epoch(host).await {
                Ok(stopped) => stopped,
                Err(error) => {
                    self.fall_back(error, Some(&good), host).await?;
                    continue;
                }
            };
            if stopped {
                ended = Ended::Stopped;
                break;
            }
            let validation = self.history.last().and_then(|r| r.validation).map_or(f64::INFINITY, |s| s.loss);
            good = match self.checkpoint(validation).await {
                Ok(checkpoint) => checkpoint,
                Err(error) => {
                    self.history.pop();
                    self.fall_back(error, Some(&good), host).await?;
                    continue;
                }
            };
            let patience = self.plan.config.patience;
            if patience > 0 && validation.is_finite() {
                if best.as_ref().is_none_or(|b| validation < b.loss) {
                    (best, epochs_since_best) = (Some(self.checkpoint(validation).await?), 0);
                } else {
                    epochs_since_best += 1;
                }
                if epochs_since_best >= patience {
                    ended = Ended::EarlyStopping;
                    break;
                }
            }
            if self.history.len() < self.plan.config.epochs {
                match host.breathe(Moment::EpochEnd).await {
                    Control::Go => {}
                    Control::Stop => {
                        ended = Ended::Stopped;
                        break;
                    }
                    Control::Discard => return Err(TrainError::Discarded),
                }
            }
        }
        if let (Ended::EarlyStopping, Some(best)) = (ended, &best) {
            self.trainer.restore(&best.weights, best.steps);
        }
        host.tell(Event::Scoring);
        match self.finish(ended, warmup_seconds, host).await {
            Err(error @ (TrainError::Device(_) | TrainError::Disagreement(_))) => {
                self.fall_back(error, Some(&good), host).await?;
                self.finish(ended, warmup_seconds, host).await
            }
            other => other,
        }
    }

    /// Compiles what a GPU compiles lazily, touches all memory once, and finds out how many helpers are worth their while; nothing
    /// of it stays in the weights.
    async fn warm_up(&mut self, host: &mut impl Host) -> Result<(), TrainError> {
        let batch: Vec<u32> = self.split.training.iter().copied().take(self.plan.config.batch).collect();
        self.trainer.train(1, &[&batch], 0, host.crew()).await?;
        self.trainer.logits(ImageSet::Train, &batch[..1]).await?;
        // Helpers have this project's own kernels; another device's sums are not mixed with theirs.
        if self.info.backend == Backend::Flex {
            self.helpers = self.calibrate(&batch, host).await?;
            self.peak = kernels::peak();
        }
        self.trainer.reset();
        profiler::reset();
        Ok(())
    }

    /// The number of helpers that trains fastest, or the config's where it names one and there are processors for it; of more than
    /// those, what gains. Adding stops where another helper gains less than [`WORTH`].
    async fn calibrate(&mut self, batch: &[u32], host: &mut impl Host) -> Result<usize, TrainError> {
        let (kind, config) = (self.plan.network, self.plan.config.clone());
        let spare = host.crew().spare();
        let asked = config.workers.checked_sub(1).map(|helpers| helpers.min(host.crew().most()).min(batch.len() - 1));
        if let Some(helpers) = asked.filter(|&helpers| helpers <= spare) {
            host.crew().grow(helpers, kind, &config).await;
            return Ok(helpers);
        }
        let (mut best, mut best_pace) = (0, f64::INFINITY);
        for helpers in 0..=asked.unwrap_or(spare).min(batch.len() - 1) {
            host.crew().grow(helpers, kind, &config).await;
            self.trainer.train(1, &[batch; 4], helpers, host.crew()).await?; // the helper's own warm-up
            let start = host.now();
            let mut groups = 0;
            while groups < 2 || (host.now() - start < CALIBRATION && groups < 50) {
                self.trainer.train(1, &[batch; 4], helpers, host.crew()).await?;
                groups += 1;
            }
            let pace = (host.now() - start) / f64::from(groups);
            if pace > best_pace * (1.0 - WORTH) {
                break;
            }
            (best, best_pace) = (helpers, pace);
        }
        host.crew().grow(best, kind, &config).await;
        Ok(best)
    }

    /// One epoch, or the rest of it: steps, validation, record. True where the host stopped it.
    async fn epoch(&mut self, host: &mut impl Host) -> Result<bool, TrainError> {
        let epoch = self.history.len() + 1;
        let config = self.plan.config.clone();
        let order = epoch_order(&self.split.training, config.seed, epoch);
        let batches: Vec<&[u32]> = order.chunks_exact(config.batch).collect();
        let (mut done, mut loss, mut right, mut told) = (0, 0.0, 0.0, self.losses.len());
        let (mut last_told, mut stopped) = (host.now(), false);
        let mut told_seconds = self.seconds;
        while done < batches.len() && !stopped {
            let count = match self.pace {
                0.0 => 1,
                pace => ((BREATH / pace) as usize).clamp(1, MOST_STEPS),
            };
            let group = &batches[done..batches.len().min(done + count)];
            let start = host.now();
            let outcomes = self.trainer.train(epoch, group, self.helpers, host.crew()).await?;
            let took = host.now() - start;
            self.pace = took / group.len() as f64;
            for (i, outcome) in outcomes.iter().enumerate() {
                loss += f64::from(outcome.loss);
                right += f64::from(outcome.right);
                self.losses.push(outcome.loss);
                self.times.push((self.seconds + self.pace * (i + 1) as f64) as f32);
            }
            self.seconds += took;
            done += group.len();
            if host.now() - last_told >= PROGRESS_EVERY || done == batches.len() {
                host.tell(Event::Progress {
                    epoch,
                    step: self.losses.len(),
                    seconds: self.seconds,
                    images_per_s: ((self.losses.len() - told) * config.batch) as f64
                        / (self.seconds - told_seconds).max(1e-9),
                    losses: self.losses[told..].to_vec(),
                    times: self.times[told..].to_vec(),
                    accuracy: right / (done * config.batch) as f64,
                });
                (told, last_told, told_seconds) = (self.losses.len(), host.now(), self.seconds);
            }
            match host.breathe(Moment::Step).await {
                Control::Go => {}
                Control::Stop => stopped = true,
                Control::Discard => return Err(TrainError::Discarded),
            }
        }
        if stopped && done < batches.len() {
            return Ok(true);
        }
        let (validation, confusion) = self.validate(host).await?;
        let steps = config.epochs * config.steps_per_epoch();
        let record = EpochRecord {
            epoch,
            train: Score { loss: loss / done as f64, accuracy: right / (done * config.batch) as f64 },
            validation,
            seconds: self.seconds,
            learning_rate: learning_rate(&config, self.losses.len() - 1, steps),
        };
        self.history.push(record.clone());
        host.tell(Event::Epoch { record, confusion: confusion.map(Box::new) });
        Ok(stopped)
    }

    async fn validate(
        &mut self,
        host: &mut impl Host,
    ) -> Result<(Option<Score>, Option<report::ConfusionCounts>), TrainError> {
        if self.split.validation.is_empty() {
            return Ok((None, None));
        }
        let logits = self.score(ImageSet::Train, &self.split.validation.clone(), host).await?;
        let labels: Vec<u8> = self.split.validation.iter().map(|&i| self.plan.data.train_labels[i as usize]).collect();
        let (loss, predictions) = loss_and_predictions(&logits, &labels);
        let confusion = evaluate::confusion(&labels, &predictions);
        let score = Score { loss, accuracy: evaluate::accuracy(&confusion) };
        Ok((Some(score), Some(confusion)))
    }

    /// Logits of many images, the host breathing in between.
    async fn score(&self, set: ImageSet, indices: &[u32], host: &mut impl Host) -> Result<Vec<f32>, TrainError> {
        let mut all = Vec::with_capacity(indices.len() * CLASSES);
        for part in indices.chunks(SCORE_BATCH) {
            all.extend(self.trainer.logits(set, part).await?);
            if host.breathe(Moment::Scoring).await == Control::Discard {
                return Err(TrainError::Discarded);
            }
        }
        Ok(all)
    }

    /// The weights, after a GPU's logits of some images have been compared with the CPU's for the same weights.
    async fn checkpoint(&mut self, loss: f64) -> Result<Checkpoint, TrainError> {
        let weights = self.trainer.weights().await?;
        if let Some((cpu, _)) = &self.plan.fallback {
            let plan = &self.plan;
            let check =
                self.check.get_or_insert_with(|| Trainer::new(plan.network, &plan.config, plan.data.clone(), cpu));
            check.restore(&weights, 0);
            let images: Vec<u32> = self.split.training.iter().copied().take(32).collect();
            let gpu = self.trainer.logits(ImageSet::Train, &images).await?;
            let cpu = check.logits(ImageSet::Train, &images).await?;
            agree(&gpu, &cpu)?;
        }
        Ok(Checkpoint { weights, steps: self.losses.len(), seconds: self.seconds, loss })
    }

    /// Goes on with the CPU from the last good weights, or gives the error back where that cannot help.
    async fn fall_back(
        &mut self,
        error: TrainError,
        good: Option<&Checkpoint>,
        host: &mut impl Host,
    ) -> Result<(), TrainError> {
        let may_help = !matches!(error, TrainError::Discarded);
        let Some((cpu, info)) = self.plan.fallback.take_if(|_| may_help) else { return Err(error) };
        let why = format!("{error}; the run goes on with the CPU from the last good weights");
        self.info = DeviceInfo { why: why.clone(), ..info };
        self.notes.push(why);
        self.check = None;
        self.pace = 0.0;
        self.trainer = Trainer::new(self.plan.network, &self.plan.config, self.plan.data.clone(), &cpu);
        if let Some(good) = good {
            self.trainer.restore(&good.weights, good.steps);
            self.losses.truncate(good.steps);
            self.times.truncate(good.steps);
            self.seconds = good.seconds;
        }
        host.tell(Event::FellBack(self.info.clone()));
        Ok(())
    }

    async fn finish(
        &mut self,
        ended: Ended,
        warmup_seconds: f64,
        host: &mut impl Host,
    ) -> Result<(NetworkReport, Vec<f32>), TrainError> {
        let data = self.plan.data.clone();
        let indices: Vec<u32> = (0..data.test_labels.len() as u32).collect();
        let mut probabilities = self.score(ImageSet::Test, &indices, host).await?;
        let (loss, predictions) = loss_and_predictions(&probabilities, &data.test_labels);
        evaluate::softmax(&mut probabilities);
        let confusion = evaluate::confusion(&data.test_labels, &predictions);
        let right = predictions.iter().zip(&data.test_labels).filter(|(a, b)| a == b).count();
        let latency = vec![self.latency(1, host).await?, self.latency(SCORE_BATCH, host).await?];
        let cost = architecture::of(self.plan.network, &self.plan.config);
        let images = (self.losses.len() * self.plan.config.batch) as f64;
        let share = shares(self.plan.config.batch, self.helpers + 1)[0].len();
        let mut notes = self.notes.clone();
        match host.crew().replaced() {
            0 => {}
            1 => notes.push("a CPU worker stopped answering and was replaced; its share was computed, but times have the wait in them".to_owned()),
            n => notes.push(format!("{n} CPU workers stopped answering and were replaced; their shares were computed, but times have the waits in them")),
        }
        let report = NetworkReport {
            device: self.info.clone(),
            parameters: cost.parameters(),
            macs: cost.macs(),
            weight_bytes: cost.weight_bytes(),
            workers: self.helpers + 1,
            ended,
            training_seconds: self.seconds,
            warmup_seconds,
            images_per_s: if self.seconds > 0.0 { images / self.seconds } else { 0.0 },
            step_times: step_times(self.plan.network, &self.plan.config, share, &profiler::read(), self.peak),
            history: self.history.clone(),
            scored_epoch: self.history.len(),
            step_losses: self.losses.clone(),
            step_seconds: self.times.clone(),
            latency,
            test: TestResult {
                accuracy: evaluate::accuracy(&confusion),
                interval: evaluate::wilson(right, data.test_labels.len()),
                loss,
                confusion,
                predictions,
            },
            notes,
        };
        Ok((report, probabilities))
    }

    /// Times single forward passes, from pixels on the host to logits on the host.
    async fn latency(&self, batch: usize, host: &mut impl Host) -> Result<Latency, TrainError> {
        let indices: Vec<u32> = (0..self.plan.data.test_labels.len() as u32).cycle().take(batch).collect();
        let pixels = normalised_batch(&self.plan.data.test_images, &indices);
        self.trainer.forward(pixels.clone(), batch).await?; // compiles
        let mut times = Vec::with_capacity(LATENCY_PASSES);
        let begin = host.now();
        while times.len() < LATENCY_PASSES && (times.len() < 5 || host.now() - begin < LATENCY_SECONDS) {
            let input = pixels.clone();
            let start = host.now();
            self.trainer.forward(input, batch).await?;
            times.push((host.now() - start) * 1e3);
            if host.breathe(Moment::Scoring).await == Control::Discard {
                return Err(TrainError::Discarded);
            }
        }
        times.sort_by(f64::total_cmp);
        Ok(Latency {
            batch,
            repetitions: times.len(),
            passes: 1,
            p50_ms: evaluate::percentile(&times, 0.5).unwrap_or_default(),
            p95_ms: evaluate::percentile(&times, 0.95).unwrap_or_default(),
        })
    }
}

/// Whether two devices' logits are the same within [`LOGIT_TOLERANCE`].
pub(super) fn agree(gpu: &[f32], cpu: &[f32]) -> Result<f32, TrainError> {
    let scale = cpu.iter().fold(1f32, |m, x| m.max(x.abs()));
    let difference = gpu.iter().zip(cpu).fold(0f32, |m, (a, b)| {
        let d = (a - b).abs() / scale;
        if d.is_nan() { f32::INFINITY } else { m.max(d) }
    });
    if gpu.len() == cpu.len() && difference <= LOGIT_TOLERANCE {
        Ok(difference)
    } else {
        Err(TrainError::Disagreement(format!(
            "logits differ by {difference:.1e} of the largest (allowed are {LOGIT_TOLERANCE:.0e})"
        )))
    }
}

/// Mean cross-entropy in nats, and the class of the largest logit of each row.
fn loss_and_predictions(logits: &[f32], labels: &[u8]) -> (f64, Vec<u8>) {
    let mut loss = 0.0;
    for (row, &label) in logits.chunks_exact(CLASSES).zip(labels) {
        let largest = row.iter().fold(f32::NEG_INFINITY, |m, &x| m.max(x));
        let sum: f64 = row.iter().map(|&x| f64::from(x - largest).exp()).sum();
        loss += sum.ln() - f64::from(row[usize::from(label)] - largest);
    }
    (loss / labels.len().max(1) as f64, evaluate::arg_max(logits))
}
