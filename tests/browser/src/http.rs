//! The part of HTTP/1.1 that a static host needs: it reads one request of a connection, sends one answer and closes the connection.
//!
//! Each connection has its own thread. So no request waits behind a connection that a browser keeps open and does not use.
//! Leaves out: what the answer is (`server.rs`), bodies of requests, ranges, and a second request on the same connection.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Connections that are open at the same time. A browser opens six to a host; further ones wait until one is closed.
const CONNECTIONS: usize = 64;
/// The largest head of a request, in bytes: browsers send less than 2 KiB.
const HEAD_BYTES: usize = 32 * 1024;
/// The most headers of a request.
const HEADERS: usize = 100;
/// The time that a client has to send the head. A browser opens some connections before it needs them.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// The time in which a client must take some bytes of the answer. A browser that is stopped for a while takes none.
const WRITE_TIME: Duration = Duration::from_secs(120);
/// The time that a client has to close its side after the answer.
const CLOSE_TIME: Duration = Duration::from_secs(2);
/// Pieces a second in which a slow body is sent.
const PIECES_PER_S: usize = 20;

/// The first line of a request.
pub(crate) struct Request {
    pub(crate) method: String,
    /// A path, with its query; from the client of a proxy an address, or host and port.
    pub(crate) target: String,
}

/// What is sent back. `Content-Length` and `Connection` are added.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The body is sent at this speed; `None` is as fast as possible.
    pub(crate) bytes_per_s: Option<usize>,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), bytes_per_s: None }
    }
}

/// A listening port of the loopback address. Port and connections are closed when it is dropped; nothing is waited for.
pub(crate) struct Listener {
    port: u16,
    connections: Arc<Connections>,
}

impl Listener {
    /// Listens on this port, or on any free one where it is 0.
    ///
    /// # Errors
    /// Where the port is taken, or no thread can be started.
    pub(crate) fn start(port: u16, answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| format!("port {port}"))?;
        let port = listener.local_addr()?.port();
        let connections = Arc::<Connections>::default();
        let of_thread = connections.clone();
        thread::Builder::new()
            .name("listener".to_owned())
            .spawn(move || accept(&listener, &of_thread, &Arc::new(answer)))?;
        Ok(Self { port, connections })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.connections.close();
        // Ends the thread's wait for the next connection. Where this fails, the queue of connections is full, and the thread does
        // not wait.
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let _ = TcpStream::connect_timeout(&own, Duration::from_millis(100));
    }
}

/// The open connections of a listener.
#[derive(Default)]
struct Connections {
    open: Mutex<Open>,
    /// One was closed, or all are.
    changed: Condvar,
}

#[derive(Default)]
struct Open {
    /// No further ones are taken.
    closed: bool,
    next: u64,
    streams: HashMap<u64, Arc<TcpStream>>,
}

impl Connections {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one more, as soon as there is room for it. `None`: the listener is closed.
    fn add(self: &Arc<Self>, stream: TcpStream) -> Option<Connection> {
        let full = |open: &mut Open| !open.closed && open.streams.len() >= CONNECTIONS;
        let mut open = self.changed.wait_while(self.open(), full).unwrap_or_else(PoisonError::into_inner);
        if open.closed {
            return None;
        }
        let (id, stream) = (open.next, Arc::new(stream));
        open.next += 1;
        open.streams.insert(id, stream.clone());
        Some(Connection { id, stream, all: self.clone() })
    }

    fn close(&self) {
        let mut open = self.open();
        open.closed = true;
        for stream in open.streams.values() {
            // It fails where the client has closed the connection already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.changed.notify_all();
    }
}

/// Starts a thread for each connection, until the listener is closed.
fn accept<F>(listener: &TcpListener, connections: &Arc<Connections>, answer: &Arc<F>)
where
    F: Fn(&Request) -> Answer + Send + Sync + 'static,
{
    while !connections.open().closed {
        let Ok((stream, _)) = listener.accept() else {
            // The client is gone, or this process has too many open files. The latter passes when connections are closed.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        let Some(connection) = connections.add(stream) else { return };
        let answer = answer.clone();
        // A browser that went away is no error of the server's. Without a thread the connection is closed at once.
        let _ = thread::Builder::new().name("connection".to_owned()).spawn(move || {
            let _ = connection.serve(&*answer);
        });
    }
}

/// One connection. It leaves the list when it is dropped.
struct Connection {
    id: u64,
    stream: Arc<TcpStream>,
    all: Arc<Connections>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all.open().streams.remove(&self.id);
        self.all.changed.notify_all();
    }
}

impl Connection {
    fn serve(&self, answer: &impl Fn(&Request) -> Answer) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.stream.set_write_timeout(Some(WRITE_TIME))?;
        match self.request()? {
            Ok(request) => self.send(&answer(&request), request.method != "HEAD")?,
            Err(status) => self.send(&Answer::empty(status), true)?,
        }
        self.end()
    }

    /// The request, or the status of what is wrong with it.
    fn request(&self) -> io::Result<Result<Request, u16>> {
        let deadline = Instant::now() + HEAD_TIME;
        let (mut head, mut part) = (Vec::new(), [0; 4096]);
        loop {
            let most = part.len().min(HEAD_BYTES - head.len());
            let count = self.read(&mut part[..most], deadline)?;
            if count == 0 {
                return if head.is_empty() { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(Err(400)) };
            }
            head.extend_from_slice(&part[..count]);
            match parse(&head) {
                Some(parsed) => return Ok(parsed),
                None if head.len() >= HEAD_BYTES => return Ok(Err(431)),
                None => {}
            }
        }
    }

    fn send(&self, answer: &Answer, with_body: bool) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", answer.status, reason(answer.status));
        for (name, value) in &answer.headers {
            head += &format!("{name}: {value}\r\n");
        }
        // The length is always announced: the page shows progress by it.
        head += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len());
        let mut stream = &*self.stream;
        stream.write_all(head.as_bytes())?;
        match answer.bytes_per_s {
            _ if !with_body => Ok(()),
            None => stream.write_all(&answer.body),
            Some(bytes_per_s) => answer.body.chunks((bytes_per_s / PIECES_PER_S).max(1)).try_for_each(|piece| {
                thread::sleep(Duration::from_secs(1) / PIECES_PER_S as u32);
                stream.write_all(piece)
            }),
        }
    }

    /// Closes this side, then reads what the client still sends until it closes its side. A connection that is closed with bytes
    /// unread (the body of a request) is reset, and the client may lose the answer.
    fn end(&self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)?;
        let deadline = Instant::now() + CLOSE_TIME;
        let mut part = [0; 4096];
        while self.read(&mut part, deadline)? > 0 {}
        Ok(())
    }

    /// Reads some bytes; 0 is the end.
    fn read(&self, into: &mut [u8], deadline: Instant) -> io::Result<usize> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream.set_read_timeout(Some(left))?;
            match (&*self.stream).read(into) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }
}

/// The request of a head, or the status of what is wrong with it. `None`: the end is missing.
fn parse(head: &[u8]) -> Option<Result<Request, u16>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    match request.parse(head) {
        Ok(httparse::Status::Partial) => None,
        Ok(httparse::Status::Complete(_)) => {
            let owned = |part: Option<&str>| part.unwrap_or_default().to_owned();
            Some(Ok(Request { method: owned(request.method), target: owned(request.path) }))
        }
        Err(httparse::Error::TooManyHeaders) => Some(Err(431)),
        Err(_) => Some(Err(400)),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        _ => "",
    }
}
