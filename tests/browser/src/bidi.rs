//! WebDriver BiDi: commands and events as JSON over a websocket. Leaves out: which commands (`firefox`).

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::{Message, WebSocket};

/// How long an answer may take. A page that computes answers late.
const ANSWER: Duration = Duration::from_secs(120);

/// A connection to a browser.
pub(crate) struct Bidi {
    socket: WebSocket<TcpStream>,
    sent: u64,
    /// Events that came while an answer was waited for, in their order.
    events: Vec<Value>,
}

impl Bidi {
    /// Connects to an address such as `ws://127.0.0.1:1234`, which the browser prints at its start.
    pub(crate) fn connect(address: &str) -> Result<Self> {
        let host = address.strip_prefix("ws://").context("the address is of no websocket")?;
        let stream = TcpStream::connect(host).with_context(|| address.to_owned())?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_nodelay(true)?;
        let (socket, _) = tungstenite::client(format!("{address}/session"), stream)
            .map_err(|error| anyhow!("{address} is no websocket: {error}"))?;
        Ok(Self { socket, sent: 0, events: Vec::new() })
    }

    /// Sends a command and gives its result.
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        self.sent += 1;
        let command = json!({"id": self.sent, "method": method, "params": params});
        self.socket.send(Message::text(command.to_string())).with_context(|| method.to_owned())?;
        loop {
            let mut answer = match self.socket.read().with_context(|| format!("no answer to {method}"))? {
                Message::Text(text) => serde_json::from_str::<Value>(text.as_str())?,
                Message::Close(_) => bail!("the browser closed the connection instead of answering {method}"),
                _ => continue,
            };
            if answer["type"] == "event" {
                self.events.push(answer);
            } else if answer["id"] == self.sent {
                return match answer["error"].as_str() {
                    Some(error) => Err(anyhow!("{method}: {error}: {}", answer["message"])),
                    None => Ok(answer["result"].take()),
                };
            }
        }
    }

    /// All events of this kind that have come.
    pub(crate) fn events<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a Value> {
        self.events.iter().filter(move |event| event["method"] == method).map(|event| &event["params"])
    }
}
