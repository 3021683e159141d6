//! Threads that do nothing but keep processors busy, to show that the browser tests do not depend on the machine's speed.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Busy threads. They end when it is dropped.
pub struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts that many.
    pub fn start(number: usize) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let threads = (0..number)
            .map(|_| {
                let over = over.clone();
                std::thread::spawn(move || {
                    let mut count = 0_u64;
                    while !over.load(Ordering::Relaxed) {
                        count = black_box(count.wrapping_add(1));
                    }
                })
            })
            .collect();
        Self { over, threads }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that only counts cannot panic; there is nothing to hand on.
            let _ = thread.join();
        }
    }
}
