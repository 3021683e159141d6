//! The driver itself, where a fault of its own would look like one of the page: what the server answers, and what it does not.

use anyhow::{Context, Result, ensure};
use browser::{Fault, Server, Site};
use std::io::{Read, Write};
use std::net::TcpStream;

/// The whole answer to a request for a path.
fn whole(server: &Server, path: &str) -> Result<Vec<u8>> {
    let address = server.address();
    let host =
        address.trim_start_matches("http://").split('/').next().context("no host")?.replace("localhost", "127.0.0.1");
    let mut stream = TcpStream::connect(&host)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
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
