//! A [`Crew`] of threads, for native runs.

use super::crew::{Crew, Helper, Job, Share};
use crate::config::{NetworkKind, RunConfig};
use burn::tensor::Device;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Helpers on threads of this process, each with a network of its own on Flex.
#[derive(Default)]
pub struct Threads {
    helpers: Vec<(Sender<Job>, Receiver<Share>)>,
}

impl Crew for Threads {
    fn most(&self) -> usize {
        15
    }

    fn spare(&self) -> usize {
        std::thread::available_parallelism().map_or(0, |cores| cores.get() - 1).min(self.most())
    }

    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.helpers.truncate(helpers);
        while self.helpers.len() < helpers {
            let (send_job, jobs) = channel::<Job>();
            let (send_share, answers) = channel();
            let config = config.clone();
            std::thread::spawn(move || {
                let mut helper = Helper::new(kind, &config, &Device::flex());
                while let Ok(job) = jobs.recv() {
                    let Ok(share) = pollster::block_on(helper.compute(&job)) else { return };
                    if send_share.send(share).is_err() {
                        return;
                    }
                }
            });
            self.helpers.push((send_job, answers));
        }
    }

    fn send(&mut self, helper: usize, job: Job) {
        if let Some((jobs, _)) = self.helpers.get(helper) {
            // A helper that is gone shows when its answer is awaited.
            let _ = jobs.send(job);
        }
    }

    async fn receive(&mut self, helper: usize) -> Option<Share> {
        self.helpers.get(helper)?.1.recv().ok()
    }
}
