//! Tasks of the page's thread that are so long that a person feels them, on a machine of any speed.

use anyhow::{Context, Result};
use browser::Page;
use serde_json::Value;

/// A task of the page's thread may take this long while it trains, in milliseconds, before a person feels it.
const LONGEST_TASK: f64 = 50.0;
/// Milliseconds that [`PIECE`] takes on the machine for which the limit was set.
const PIECE_MS: f64 = 25.0;
/// Work of always the same size for the page's thread, each piece a task of its own. Gives their milliseconds in order of size. The
/// first ones are left out: the browser still compiles them.
const PIECE: &str = r"(async () => {
    const times = [];
    for (let piece = 0; piece < 30; piece++) {
        await new Promise(done => setTimeout(done, 20));
        const start = performance.now();
        let sum = 0;
        for (let i = 0; i < 8e6; i++) sum += Math.sqrt(i ^ sum);
        window.__sum = sum;
        times.push(performance.now() - start);
    }
    return times.slice(10).sort((a, b) => a - b);
})()";

/// Times the work of this machine. Gives the milliseconds of each piece, sorted.
pub fn pieces(page: &Page) -> Result<Vec<f64>> {
    Ok(serde_json::from_value(page.eval(PIECE)?)?)
}

/// How long a task may take, in milliseconds. A machine on which everything takes twice as long gets twice the limit; a faster one gets
/// the limit itself.
pub fn limit(pieces: &[f64]) -> Result<f64> {
    let slowest = pieces.last().context("no piece of work was timed")?;
    let limit = LONGEST_TASK * (slowest / PIECE_MS).max(1.0);
    println!("pieces of work (ms): {pieces:.1?}, the limit is {limit:.0} ms");
    Ok(limit)
}

/// The tasks (start, milliseconds) over the limit while a network trained: from its first word to its last. The results that are drawn
/// after it are not training. What happened while the run was held does not count.
pub fn over(events: &[Value], long: &[(f64, f64)], held: Option<(f64, f64)>, limit: f64) -> Result<Vec<(f64, f64)>> {
    let mut found = Vec::new();
    for kind in ["ann", "cnn"] {
        let mine = events.iter().filter(|e| e["type"] == "progress" && e["network"] == kind);
        let times: Vec<f64> = mine.filter_map(|e| e["at"].as_f64()).collect();
        let (first, last) = (*times.first().context("no progress")?, *times.last().context("no progress")?);
        println!("the {kind} trains from {first:.0} to {last:.0} ms");
        found.extend(long.iter().copied().filter(|(start, ms)| {
            let held = held.is_some_and(|(from, to)| start + ms >= from && *start <= to);
            *start >= first && start + ms <= last && !held && *ms > limit
        }));
    }
    for (start, ms) in &found {
        let near = |e: &&Value| e["at"].as_f64().is_some_and(|at| (start - 300.0..=start + ms + 50.0).contains(&at));
        let said = |e: &Value| format!("{} {} at {:.0}", e["type"], e["network"], e["at"].as_f64().unwrap_or_default());
        let messages: Vec<_> = events.iter().filter(near).map(said).collect();
        println!("{ms:.0} ms from {start:.0}, near the messages {messages:?}");
    }
    Ok(found)
}
