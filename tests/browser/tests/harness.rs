//! Tests the server of these tests, because a fault in it would look like a fault of the page; and that axe-core finds what is wrong.

use anyhow::{Context, Result, ensure};
use browser::{Chrome, Fault, Gpu, Outside, Server, Site};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An open connection to an address' host. Where no answer comes, reading from it ends with an error and not never.
fn connect(address: &str) -> Result<TcpStream> {
    let host = address.trim_start_matches("http://").split('/').next().context("no host")?;
    let stream = TcpStream::connect(host.replace("localhost", "127.0.0.1"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

/// The whole answer to a request that is sent as it is.
fn exchange(address: &str, request: &[u8]) -> Result<String> {
    let mut stream = connect(address)?;
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The whole answer to a request for a path.
fn whole(server: &Server, path: &str) -> Result<Vec<u8>> {
    let mut stream = connect(&server.address())?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Status and body of an address' path.
fn get(server: &Server, path: &str) -> Result<(u16, Vec<u8>)> {
    let answer = whole(server, path)?;
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").context("no end of the head")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    let status = head.split(' ').nth(1).context("no status")?.parse()?;
    Ok((status, answer[end + 4..].to_vec()))
}

fn site() -> Result<(tempfile::TempDir, Site)> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("index.html"), "the page")?;
    std::fs::write(folder.path().join("file.gz"), [7; 100])?;
    let site = Site::of(folder.path());
    Ok((folder, site))
}

#[test]
fn a_folder_is_served_at_its_base_and_nowhere_else() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site.below("/some/course/"))?;
    ensure!(get(&server, "/some/course/")? == (200, b"the page".to_vec()), "the index is not served");
    ensure!(get(&server, "/some/course/file.gz?v=1")?.1.len() == 100, "a file is not served");
    for path in ["/", "/file.gz", "/some/course/none", "/some/course/../file.gz", "/some/course//etc/passwd"] {
        ensure!(get(&server, path)?.0 == 404, "{path} is served");
    }
    server.add("/other.html", "another");
    ensure!(get(&server, "/other.html")? == (200, b"another".to_vec()), "an added file is not served");
    ensure!(server.asked().len() == 8 && server.asked().is_empty(), "what was asked for is not told once");
    Ok(())
}

#[test]
fn faults_do_what_they_say_until_they_are_healed() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site)?;
    server.fail("file.gz", Fault::Missing);
    ensure!(get(&server, "/file.gz")?.0 == 404, "missing");
    server.fail("file.gz", Fault::Corrupt);
    let body = get(&server, "/file.gz")?.1;
    ensure!(body.len() == 100 && body.iter().filter(|b| **b != 7).count() == 1, "corrupt");
    server.fail("file.gz", Fault::Truncated);
    ensure!(get(&server, "/file.gz")?.1 == [7; 50], "truncated");
    ensure!(get(&server, "/")?.0 == 200, "another file has the fault");
    server.heal();
    ensure!(get(&server, "/file.gz")?.1 == [7; 100], "healed");
    Ok(())
}

#[test]
fn headers_and_types_are_sent_as_told_and_the_hash_of_a_build_does_not_count() -> Result<()> {
    let (folder, site) = site()?;
    std::fs::write(folder.path().join("part-0123456789abcdef.js"), "a script")?;
    let server = Server::start(site)?;
    ensure!(
        server.file("part.js")? == format!("{}part-0123456789abcdef.js", server.address()),
        "the file is not found"
    );
    ensure!(server.file("none.js").is_err(), "a file is found that is not there");
    server.header("", "X-Content-Type-Options", "nosniff");
    server.header("/", "Content-Security-Policy", "sandbox");
    server.fail("part.js", Fault::Type("text/odd"));
    let head = |path: &str| -> Result<String> { Ok(String::from_utf8_lossy(&whole(&server, path)?).to_lowercase()) };
    let script = head("/part-0123456789abcdef.js")?;
    ensure!(script.contains("content-type: text/odd") && script.contains("nosniff"), "{script}");
    ensure!(!script.contains("sandbox"), "a header of the page is sent with a script: {script}");
    ensure!(head("/")?.contains("content-security-policy: sandbox"), "the page has not its header");
    server.fail(".js", Fault::Missing);
    ensure!(get(&server, "/part-0123456789abcdef.js")?.0 == 200, "the shorter end counts");
    server.fail("part.js", Fault::WebPage);
    ensure!(get(&server, "/part-0123456789abcdef.js")?.1.starts_with(b"<!doctype html>"), "no web page in its place");
    Ok(())
}

#[test]
fn no_connection_waits_behind_one_that_is_kept_open() -> Result<()> {
    // A browser keeps connections open after an answer, and opens some before it needs them.
    let (_folder, site) = site()?;
    // Which connection a thread takes is chance, so several servers are tried.
    for attempt in 0..20 {
        let server = Server::start(site.clone())?;
        let mut idle = connect(&server.address())?;
        let mut streams = (0..24).map(|_| connect(&server.address())).collect::<Result<Vec<_>>>()?;
        for stream in &mut streams {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        }
        for (number, stream) in streams.iter_mut().enumerate() {
            let mut status = [0; 12];
            let read = stream.read_exact(&mut status);
            read.with_context(|| format!("no answer on connection {number} of server {attempt}"))?;
            ensure!(&status == b"HTTP/1.1 200", "connection {number}: {}", String::from_utf8_lossy(&status));
        }
        idle.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        idle.read_exact(&mut [0; 12]).context("no answer on the connection that was idle")?;
    }
    Ok(())
}

#[test]
fn more_connections_than_the_server_holds_are_answered_one_after_the_other() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site)?;
    let mut streams = (0..100).map(|_| connect(&server.address())).collect::<Result<Vec<_>>>()?;
    for stream in &mut streams {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    }
    for (number, mut stream) in streams.into_iter().enumerate() {
        stream.read_exact(&mut [0; 12]).with_context(|| format!("no answer on connection {number}"))?;
    }
    Ok(())
}

#[test]
fn a_request_is_read_in_pieces_and_a_bad_one_is_refused() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site)?;
    let address = server.address();
    let mut stream = connect(&address)?;
    stream.set_nodelay(true)?;
    for piece in ["GET /file", ".gz HTTP/1.1\r", "\nHost: localhost\r\n\r", "\n"] {
        stream.write_all(piece.as_bytes())?;
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    ensure!(answer.ends_with(&[7; 100]), "a request in pieces is not answered");

    let head = exchange(&address, b"HEAD /file.gz HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    ensure!(head.starts_with("HTTP/1.1 200") && head.contains("Content-Length: 100\r\n"), "{head}");
    ensure!(head.ends_with("\r\n\r\n"), "HEAD is answered with a body");
    // The server has no use for the body, but a connection that is closed with bytes unread loses the answer.
    let body = vec![b'x'; 1 << 16];
    let post = [format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes(), body].concat();
    ensure!(exchange(&address, &post)?.ends_with("the page"), "the answer to a request with a body is lost");

    for bad in ["no request\r\n\r\n", "\u{1}\u{2}\u{3}\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n"] {
        let answer = exchange(&address, bad.as_bytes())?;
        ensure!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{bad:?}: {answer}");
    }
    let long = format!("GET / HTTP/1.1\r\nCookie: {}\r\n\r\n", "x".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(1000));
    for large in [long, many] {
        let answer = exchange(&address, large.as_bytes())?;
        ensure!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    Ok(())
}

#[test]
fn a_dropped_server_closes_its_connections_and_its_port() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site.clone())?;
    let address = server.address();
    let port = address.trim_end_matches('/').rsplit(':').next().context("no port")?.parse()?;
    let mut idle = connect(&address)?;
    // The idle connection is with the server for certain: connections are taken in their order.
    ensure!(get(&server, "/")?.0 == 200, "no page");
    drop(server);
    ensure!(idle.read(&mut [0; 1])? == 0, "an idle connection stays open");
    // The port is free as soon as the listening thread has ended.
    let again = (0..200).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        Server::on_port(port, site.clone()).ok()
    });
    ensure!(get(&again.context("the port stays taken")?, "/")?.0 == 200, "no page from the second server");
    Ok(())
}

#[test]
fn a_slow_body_comes_whole() -> Result<()> {
    let (_folder, site) = site()?;
    let server = Server::start(site)?;
    server.fail("file.gz", Fault::Slow(1000));
    ensure!(get(&server, "/file.gz")? == (200, vec![7; 100]), "not the file");
    Ok(())
}

#[test]
fn the_outside_gives_nothing_and_notes_what_was_asked_for() -> Result<()> {
    let outside = Outside::start()?;
    for request in ["CONNECT one.example:443", "GET http://two.example/path?x=1", "POST http://three.example/"] {
        let answer = exchange(&outside.proxy(), format!("{request} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        ensure!(answer.starts_with("HTTP/1.1 502 Bad Gateway\r\n"), "{request}: {answer}");
    }
    let expected = ["one.example:443", "http://two.example/path?x=1", "http://three.example/"];
    ensure!(outside.asked() == expected, "{:?}", outside.asked());
    Ok(())
}

#[test]
fn axe_finds_what_is_wrong_and_nothing_else() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let page =
        |body: &str| format!("<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>{body}</main>");
    let picture = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let bad = format!("<img id=bad src='{picture}'><p style='color: #bbb; background: #fff'>pale</p>");
    std::fs::write(folder.path().join("index.html"), page(&format!("<img alt='a dot' src='{picture}'>")))?;
    std::fs::write(folder.path().join("bad.html"), page(&bad))?;
    let (server, chrome) = (Server::start(Site::of(folder.path()))?, Chrome::start(Gpu::None)?);
    let page = chrome.open(&server.address())?;
    ensure!(page.axe()?.is_empty(), "a good page has the findings {:?}", page.axe()?);
    page.go(&format!("{}bad.html", server.address()))?;
    let found = page.axe()?;
    let rules: Vec<_> = found.iter().map(|f| (f.rule.as_str(), f.impact.as_str(), f.selector.as_str())).collect();
    let expected = [("color-contrast", "serious", "p"), ("image-alt", "critical", "#bad")];
    ensure!(rules == expected && found.iter().all(|f| f.is_serious()), "it finds {found:#?}");
    Ok(())
}
