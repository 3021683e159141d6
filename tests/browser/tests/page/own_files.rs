//! Somebody's own files: the four files, an archive of them, and what is neither. Each that was not used is named with the reason.

use crate::help::{DATA, Lab, can_start, dist, minutes, phase, press, quiet, result, text_of};
use anyhow::{Context, Result, ensure};
use browser::{Fault, Page};
use flate2::{Compress, Compression, FlushCompress};
use rawzip::ZipArchiveWriter;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const SMALL: &str = "backend=flex&networks=ann&train=1000&epochs=1&batch=64&workers=1";

/// Opens the page at a host that has no dataset.
fn without_data() -> Result<(Lab, Page)> {
    let lab = Lab::new()?;
    DATA.iter().for_each(|file| lab.server.fail(file, Fault::Missing));
    let page = lab.open(SMALL)?;
    phase(&page, "data-failed", minutes(5))?;
    Ok((lab, page))
}

/// Where the four files are.
fn genuine() -> [PathBuf; 4] {
    DATA.map(|file| dist().join("data").join(file))
}

/// Waits until the page has taken files and a run can start.
fn taken(page: &Page) -> Result<()> {
    phase(page, "ready", minutes(5))?;
    let setup = text_of(page, ".setup")?;
    ensure!(setup.contains("from your files"), "the page says: {setup}");
    Ok(())
}

/// Waits until the page names a file that it refused, and gives all that it says then.
fn refused(page: &Page, name: &str) -> Result<String> {
    page.wait(&format!("document.querySelector('.failure')?.innerText.includes('{name}')"), minutes(5))?;
    ensure!(!can_start(page)?, "a run can start without the dataset");
    text_of(page, ".failure")
}

/// An archive of these files, in a folder of it, as a browser downloads a repository.
fn zip(path: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let mut archive = ZipArchiveWriter::new(BufWriter::new(std::fs::File::create(path)?));
    for (name, content) in files {
        let (mut entry, config) = archive.new_file(format!("fashion-mnist-master/data/{name}")).start()?;
        let mut writer = config.wrap(&mut entry);
        writer.write_all(content)?;
        let (_, output) = writer.finish()?;
        entry.finish(output)?;
    }
    archive.finish()?.flush()?;
    Ok(())
}

#[test]
fn an_archive_of_the_four_files_is_taken_and_what_else_is_in_it_is_listed() -> Result<()> {
    let (_lab, page) = without_data()?;
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("archive.zip");
    let contents = genuine().iter().map(std::fs::read).collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<(&str, &[u8])> = vec![("README.md", b"# Fashion-MNIST\n")];
    files.extend(DATA.into_iter().zip(contents.iter().map(Vec::as_slice)));
    zip(&archive, &files)?;
    page.give_files("#own-files", &[archive])?;
    taken(&page)?;
    let notices = text_of(&page, "#notices")?;
    ensure!(notices.contains("Not used") && notices.contains("README.md"), "what was ignored is not listed: {notices}");
    ensure!(DATA.iter().all(|file| !notices.contains(file)), "a file that was used is listed: {notices}");
    press(&page, "start")?;
    let report = result(&page, minutes(5))?;
    ensure!(report["dataset"]["name"] == "Fashion-MNIST", "the dataset is {}", report["dataset"]);
    quiet(&page)
}

#[test]
fn files_with_bytes_after_their_end_are_taken_and_others_beside_them_listed() -> Result<()> {
    let (_lab, page) = without_data()?;
    let folder = tempfile::tempdir()?;
    let mut files = Vec::new();
    // Zeros, as tape and padding leave them; stray text; an empty second member of gzip; nothing.
    let empty: &[u8] = &[31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (path, after) in genuine().iter().zip([&[0; 512][..], b"\r\n-- end --\r\n", empty, b""]) {
        let copy = folder.path().join(path.file_name().context("a file has a name")?);
        std::fs::write(&copy, [&std::fs::read(path)?, after].concat())?;
        files.push(copy);
    }
    for (name, content) in [
        ("login.html", &b"<!doctype html><title>Please log in</title>"[..]),
        ("pointer.gz", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 26421880\n"),
        ("nothing.gz", b""),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content)?;
        // In front, so that they are looked at before the dataset is whole.
        files.insert(0, path);
    }
    page.give_files("#own-files", &files)?;
    taken(&page)?;
    let notices = text_of(&page, "#notices")?;
    for (name, what) in [("login.html", "a web page"), ("pointer.gz", "Git LFS pointer"), ("nothing.gz", "it is empty")]
    {
        ensure!(notices.contains(name) && notices.contains(what), "{name} is not called {what}: {notices}");
    }
    quiet(&page)
}

/// Compresses a chunk so that copies of the result, one after the other, unpack to copies of the chunk.
fn repeatable(chunk: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::with_capacity(chunk.len() / 2 + 1024);
    Compress::new(Compression::best(), false).compress_vec(chunk, &mut packed, FlushCompress::Full)?;
    Ok(packed)
}

/// Some megabytes that unpack to a terabyte: gzip in gzip, with the beginning of the training images.
fn bomb(path: &Path) -> Result<()> {
    const TIMES: usize = 1024;
    /// A member of gzip begins so: no name, no time.
    const HEAD: [u8; 10] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3];
    // 60,000 images of 28 x 28.
    let mut images = vec![0; 1 << 20];
    images[..16].copy_from_slice(&[0, 0, 8, 3, 0, 0, 234, 96, 0, 0, 0, 28, 0, 0, 0, 28]);
    let begin = [&HEAD[..], &repeatable(&images)?].concat();
    let zeros = repeatable(&vec![0; 1 << 20])?.repeat(TIMES); // a GiB
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    file.write_all(&HEAD)?;
    file.write_all(&repeatable(&begin)?)?;
    let zeros = repeatable(&zeros)?;
    for _ in 0..TIMES {
        file.write_all(&zeros)?;
    }
    file.flush()?;
    Ok(())
}

#[test]
fn a_small_file_that_unpacks_to_a_terabyte_is_refused_in_a_sentence() -> Result<()> {
    let (_lab, page) = without_data()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bomb.gz");
    bomb(&file)?;
    let bytes = std::fs::metadata(&file)?.len();
    ensure!(bytes < 32 << 20, "it has {bytes} bytes");
    page.give_files("#own-files", &[file])?;
    // To unpack it all would take most of an hour at the least.
    let said = refused(&page, "bomb.gz")?;
    ensure!(said.contains("goes on after the 47040016 bytes"), "it says: {said}");
    // The page and its engine answer.
    let theme = "document.documentElement.dataset.theme";
    let before = page.eval(theme)?;
    page.click("[data-action=theme]")?;
    page.wait(&format!("{theme} !== {before}"), minutes(1))?;
    page.give_files("#own-files", &genuine())?;
    taken(&page)?;
    quiet(&page)
}

#[test]
fn a_strange_archive_and_a_strange_file_are_named_with_the_reason() -> Result<()> {
    let (_lab, page) = without_data()?;
    let folder = tempfile::tempdir()?;
    let archive = folder.path().join("holiday.zip");
    zip(&archive, &[("beach.jpg", b"\xff\xd8\xff\xe0 a picture"), ("notes.txt", b"two weeks")])?;
    page.give_files("#own-files", &[archive])?;
    let said = refused(&page, "holiday.zip")?;
    for part in ["beach.jpg", "notes.txt", DATA[0], "still missing"] {
        ensure!(said.contains(part), "`{part}` is not in: {said}");
    }
    quiet(&page)
}
