//! Waits until a page says something, whichever browser shows it.

use anyhow::{Result, bail};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Waits until an expression is neither null nor false, and gives its value. `said` gives the page's errors and its text, for the message
/// where it is not within `limit`.
pub fn until(
    expression: &str,
    limit: Duration,
    eval: impl Fn(&str) -> Result<Value>,
    said: impl FnOnce() -> (Vec<String>, String),
) -> Result<Value> {
    let start = Instant::now();
    loop {
        match eval(expression) {
            Ok(value) if !matches!(value, Value::Null | Value::Bool(false)) => return Ok(value),
            _ if start.elapsed() < limit => std::thread::sleep(Duration::from_millis(100)),
            last => {
                let (errors, text) = said();
                bail!("waited {limit:?} for `{expression}` (last: {last:?})\nerrors: {errors:#?}\nthe page:\n{text}")
            }
        }
    }
}
