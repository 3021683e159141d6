//! A [`Crew`] of threads, for native runs.

use super::crew::{Crew, Job, add};
use super::replica::{Outcome, Replica, State};
use crate::config::{NetworkKind, RunConfig};
use crate::model::Half;
use burn::tensor::Device;
use std::sync::mpsc::{Receiver, Sender, channel};

enum Order {
    Take(State),
    Compute(Job),
    Conclude(Half, Vec<f32>, bool),
}

struct Seat {
    orders: Sender<Order>,
    answers: Receiver<(Outcome, Vec<f32>)>,
    brought_up: bool,
    /// Answers that were not taken yet.
    awaited: usize,
}

impl Seat {
    /// A helper that is gone shows when its answer is awaited.
    fn order(&self, order: Order) {
        let _ = self.orders.send(order);
    }
}

/// Helpers on threads of this process, each with a replica of its own on Flex.
#[derive(Default)]
pub struct Threads {
    seats: Vec<Seat>,
}

fn work(kind: NetworkKind, config: &RunConfig, orders: &Receiver<Order>, answers: &Sender<(Outcome, Vec<f32>)>) {
    let mut replica = Replica::new(kind, config, &Device::flex());
    while let Ok(order) = orders.recv() {
        match order {
            Order::Take(state) => replica.take(state),
            Order::Compute(job) => {
                let outcome = replica.compute_upper(&job);
                let upper = answers.send((outcome, replica.gradients(Half::Upper).to_vec()));
                replica.compute_lower();
                let lower = answers.send((Outcome::default(), replica.gradients(Half::Lower).to_vec()));
                if upper.and(lower).is_err() {
                    return;
                }
            }
            Order::Conclude(half, gradients, whole) => replica.conclude(half, &gradients, whole),
        }
    }
}

impl Crew for Threads {
    fn most(&self) -> usize {
        15
    }

    fn spare(&self) -> usize {
        std::thread::available_parallelism().map_or(0, |cores| cores.get() - 1).min(self.most())
    }

    fn replaced(&self) -> u32 {
        0
    }

    async fn grow(&mut self, helpers: usize, kind: NetworkKind, config: &RunConfig) {
        self.seats.truncate(helpers);
        while self.seats.len() < helpers {
            let (orders, received) = channel();
            let (sent, answers) = channel();
            let config = config.clone();
            std::thread::spawn(move || work(kind, &config, &received, &sent));
            self.seats.push(Seat { orders, answers, brought_up: false, awaited: 0 });
        }
    }

    fn forget(&mut self) {
        self.seats.iter_mut().for_each(|seat| seat.brought_up = false);
    }

    fn is_new(&self, helper: usize) -> bool {
        self.seats.get(helper).is_some_and(|seat| !seat.brought_up)
    }

    fn bring_up(&mut self, helper: usize, state: &State) {
        if let Some(seat) = self.seats.get_mut(helper) {
            seat.order(Order::Take(state.clone()));
            seat.brought_up = true;
        }
    }

    fn send(&mut self, helper: usize, job: Job) {
        if let Some(seat) = self.seats.get_mut(helper).filter(|seat| seat.brought_up) {
            seat.order(Order::Compute(job));
            seat.awaited += Half::ALL.len();
        }
    }

    async fn receive(&mut self, helper: usize, _: Half, sum: &mut [f32]) -> Option<Outcome> {
        let seat = self.seats.get_mut(helper).filter(|seat| seat.awaited > 0)?;
        seat.awaited -= 1;
        let (outcome, gradients) = seat.answers.recv().ok()?;
        add(sum, &gradients);
        Some(outcome)
    }

    fn conclude(&mut self, helper: usize, half: Half, gradients: &[f32], whole: bool) {
        if let Some(seat) = self.seats.get(helper).filter(|seat| seat.brought_up) {
            seat.order(Order::Conclude(half, gradients.to_vec(), whole));
        }
    }
}
