//! Asks the shipped networks about pictures that nobody made for this project, and holds the figures of docs/pictures.md against the
//! answers. `WRITE_PICTURES=1 cargo test --test pictures` writes the figures anew.
//!
//! A network answers with f32 sums in a fixed order, so the answers are the same on every machine, but for the last bits of exponentials;
//! no answer here is that near to another.

mod figures;
mod files;

use fashion_lab::config::NetworkKind;
use fashion_lab::fashion_mnist::CLASS_NAMES;
use fashion_lab::prepare::{Preparation, prepare, sureness};
use fashion_lab::shipped::{Garments, ShippedNetwork};
use files::{Ground, Pictured, doc, folder, pictures};
use std::fs;

/// The ANN and the CNN of `public/models`.
fn networks() -> [ShippedNetwork; 2] {
    [NetworkKind::Ann, NetworkKind::Cnn].map(|kind| {
        let name = if kind == NetworkKind::Ann { "ann" } else { "cnn" };
        let bytes = fs::read(folder("public/models").join(format!("{name}.safetensors"))).expect("the weights ship");
        ShippedNetwork::read(kind, &bytes).expect("they are of this network")
    })
}

fn garments() -> Garments {
    let bytes = fs::read(folder("public/models").join("garments.bin")).expect("the garments ship");
    Garments::read(&bytes).expect("they are garments")
}

#[test]
fn the_documented_figures_are_what_the_networks_answer() {
    let (path, text) = doc();
    let networks = networks();
    let pictures = pictures();
    let mut wanted = text.clone();
    for (name, table) in [
        ("counts", figures::counts(&networks, &pictures)),
        ("kinds", figures::kinds(&networks, &pictures)),
        ("sure", figures::sure(&networks, &pictures, &garments())),
        ("pictures", figures::each(&networks, &pictures)),
    ] {
        let [begin, end] = [format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->")];
        let (before, rest) = wanted.split_once(&begin).unwrap_or_else(|| panic!("docs/pictures.md has no {begin}"));
        let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/pictures.md has no {end}"));
        wanted = format!("{before}{begin}{table}{end}{after}");
    }
    if std::env::var_os("WRITE_PICTURES").is_some() {
        fs::write(path, wanted).expect("the document can be written");
        return;
    }
    for (documented, answered) in text.lines().zip(wanted.lines()) {
        assert_eq!(documented, answered, "docs/pictures.md differs from what the networks answer");
    }
    assert_eq!(text.lines().count(), wanted.lines().count());
}

#[test]
fn the_preparation_makes_more_right_on_every_ground() {
    let (networks, pictures) = (networks(), pictures());
    let garments: Vec<&Pictured> = pictures.iter().filter(|picture| picture.is_garment()).collect();
    assert!(garments.len() >= 30, "{}", garments.len());
    for network in &networks {
        for ground in Ground::ALL {
            let right = |settings| figures::right(network, &garments, ground, settings);
            let [without, with] = [right(Preparation::plain()), right(Preparation::default())];
            // On white at least twice as many; on a dark ground, where little has to be done, at least not fewer. And three of five everywhere.
            let least = if ground == Ground::Light { 2 * without } else { without };
            assert!(with >= least && with * 5 > garments.len() * 3, "{ground:?}: {without} without, {with} with");
        }
    }
}

/// What people report of their photos: "everything is a bag". The text of docs/pictures.md says so.
#[test]
fn without_preparation_the_cnn_takes_everything_on_white_for_a_bag() {
    let [_, cnn] = networks();
    for picture in pictures().iter().filter(|picture| picture.is_garment()) {
        let plain = prepare(&picture.on(Ground::Light), &Preparation::plain()).expect("the settings are possible");
        assert_eq!(CLASS_NAMES[sureness(&cnn.answer(&plain.pixels)).class], "Bag", "{}", picture.name);
    }
}

#[test]
fn a_transparent_picture_is_prepared_as_on_white() {
    for picture in pictures() {
        let pixels = |picture| prepare(&picture, &Preparation::default()).expect("the settings are possible").pixels;
        let [clear, white] = [pixels(picture.transparent()), pixels(picture.on(Ground::Light))];
        assert_eq!(clear, white, "{}", picture.name);
    }
}
