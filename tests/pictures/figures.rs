//! The tables of docs/pictures.md.

use crate::files::{Ground, Pictured};
use fashion_lab::fashion_mnist::{CLASS_NAMES, CLASSES};
use fashion_lab::prepare::{Preparation, Verdict, prepare, sureness, verdict};
use fashion_lab::shipped::{Garments, ShippedNetwork};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;

/// The label of bags.
const BAG: usize = 8;
const NAMES: [&str; 2] = ["ANN", "CNN"];

/// The ten probabilities that a network gives to a picture.
fn answer(network: &ShippedNetwork, picture: &Pictured, ground: Ground, settings: Preparation) -> Vec<f32> {
    network.answer(&prepare(&picture.on(ground), &settings).expect("the settings are possible").pixels)
}

/// How many pictures a network gets right.
pub fn right(network: &ShippedNetwork, pictures: &[&Pictured], ground: Ground, settings: Preparation) -> usize {
    let right =
        |picture: &&&Pictured| picture.right.contains(&sureness(&answer(network, picture, ground, settings)).class);
    pictures.iter().filter(right).count()
}

/// Right answers on each ground, without and with preparation, and how many are taken for bags.
pub fn counts(networks: &[ShippedNetwork; 2], pictures: &[Pictured]) -> String {
    let mut table = "| pictures | network | preparation | white | dark | uneven light | uneven dark | taken for a bag, of all four |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    let ways = [
        ("none", Preparation::plain()),
        ("the authors'", Preparation::authors()),
        ("this page's", Preparation::default()),
    ];
    type Chosen = fn(&Pictured) -> bool;
    let sets: [(&str, Chosen); 3] = [
        ("all", |_| true),
        ("compared on", |picture| picture.tuned_on()),
        ("not compared on", |picture| !picture.tuned_on()),
    ];
    for (set, chosen) in sets {
        let garments: Vec<&Pictured> =
            pictures.iter().filter(|picture| picture.is_garment() && chosen(picture)).collect();
        for (name, network) in NAMES.iter().zip(networks) {
            for (way, settings) in ways {
                let [white, dark, wall, table_top] =
                    Ground::ALL.map(|ground| right(network, &garments, ground, settings));
                let count = garments.len();
                let bag = |ground: &Ground| {
                    let is_bag =
                        |picture: &&&Pictured| sureness(&answer(network, picture, *ground, settings)).class == BAG;
                    garments.iter().filter(is_bag).count()
                };
                let bags: usize = Ground::ALL.iter().map(bag).sum();
                let all = 4 * count;
                table += &format!(
                    "| {set} | {name} | {way} | {white} of {count} | {dark} of {count} | {wall} of {count} | {table_top} of {count} | {bags} of {all} |\n"
                );
            }
        }
    }
    table
}

/// Right answers with this page's preparation for each kind of garment, over all grounds.
pub fn kinds(networks: &[ShippedNetwork; 2], pictures: &[Pictured]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Pictured>> = BTreeMap::new();
    for picture in pictures.iter().filter(|picture| picture.is_garment()) {
        kinds.entry(picture.what()).or_default().push(picture);
    }
    let mut table =
        "| picture | counts as right | pictures x grounds | ANN | CNN |\n|---|---|---|---|---|\n".to_owned();
    for (what, of_kind) in kinds {
        let classes: Vec<&str> = of_kind[0].right.iter().map(|&class| CLASS_NAMES[class]).collect();
        let [ann, cnn] = networks.each_ref().map(|network| {
            Ground::ALL.iter().map(|&ground| right(network, &of_kind, ground, Preparation::default())).sum::<usize>()
        });
        let (classes, count) = (classes.join(" or "), of_kind.len() * Ground::ALL.len());
        table += &format!("| {what} | {classes} | {count} | {ann} | {cnn} |\n");
    }
    table
}

/// Images with the classes that count as right.
type Images = Vec<(Vec<u8>, Vec<usize>)>;

/// How often each network and both together are sure, on garments and on what is none.
pub fn sure(networks: &[ShippedNetwork; 2], pictures: &[Pictured], garments: &Garments) -> String {
    let ready = |chosen: &dyn Fn(&Pictured) -> bool| -> Images {
        let of = |picture: &Pictured, ground| {
            let prepared = prepare(&picture.on(ground), &Preparation::default()).expect("the settings are possible");
            (prepared.pixels, picture.right.clone())
        };
        let chosen = pictures.iter().filter(|picture| chosen(picture));
        chosen.flat_map(|picture| Ground::ALL.map(|ground| of(picture, ground))).collect()
    };
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let noise = (0..100).map(|_| ((0..784).map(|_| rng.random::<u8>()).collect(), Vec::new())).collect();
    let flat = (0..52).map(|shade| (vec![shade * 5; 784], Vec::new())).collect();
    let own = garments.pixels.iter().zip(&garments.labels);
    let groups: [(&str, Images); 7] = [
        (
            "the twenty garments of the page",
            own.map(|(pixels, &label)| (pixels.to_vec(), vec![label.into()])).collect(),
        ),
        ("emoji of garments, compared on", ready(&|picture| picture.is_garment() && picture.tuned_on())),
        ("emoji of garments, not compared on", ready(&|picture| picture.is_garment() && !picture.tuned_on())),
        ("emoji of other things, compared on", ready(&|picture| !picture.is_garment() && picture.tuned_on())),
        ("emoji of other things, not compared on", ready(&|picture| !picture.is_garment() && !picture.tuned_on())),
        ("noise (each pixel at random)", noise),
        ("one grey, 0 to 255 in steps of 5", flat),
    ];
    let mut table = "| images | | ANN sure (right) | CNN sure (right) | both sure of one class (right) | neither is sure | ANN: most frequent class | CNN: most frequent class |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for (name, images) in groups {
        let answers: Vec<[Vec<f32>; 2]> =
            images.iter().map(|(pixels, _)| networks.each_ref().map(|network| network.answer(pixels))).collect();
        let with_right = || answers.iter().zip(&images).map(|(answers, (_, right))| (answers, right));
        let one = |at: usize| {
            let sure: Vec<bool> = with_right()
                .map(|(answers, right)| (sureness(&answers[at]), right))
                .filter(|(answer, _)| answer.sure)
                .map(|(answer, right)| right.contains(&answer.class))
                .collect();
            format!("{} ({})", sure.len(), sure.iter().filter(|right| **right).count())
        };
        let most = |at: usize| {
            let mut classes = [0; CLASSES];
            answers.iter().for_each(|answers| classes[sureness(&answers[at]).class] += 1);
            let (class, count) =
                classes.iter().enumerate().rev().max_by_key(|(_, count)| **count).expect("there are ten");
            format!("{}, {count}", CLASS_NAMES[class])
        };
        let verdicts: Vec<(Verdict, &Vec<usize>)> =
            with_right().map(|([ann, cnn], right)| (verdict(&[ann, cnn]), right)).collect();
        let both = verdicts.iter().filter(|(verdict, _)| matches!(verdict, Verdict::Sure { .. })).count();
        let both_right = verdicts
            .iter()
            .filter(|(verdict, right)| matches!(verdict, Verdict::Sure { class } if right.contains(class)))
            .count();
        let neither = verdicts.iter().filter(|(verdict, _)| *verdict == Verdict::NoneSure).count();
        table += &format!(
            "| {name} | {} | {} | {} | {both} ({both_right}) | {neither} | {} | {} |\n",
            images.len(),
            one(0),
            one(1),
            most(0),
            most(1)
        );
    }
    table
}

/// Every picture of a garment with the answers of both networks on white and on the dark ground.
pub fn each(networks: &[ShippedNetwork; 2], pictures: &[Pictured]) -> String {
    let mut table = "| picture | right | ANN, white | ANN, dark | CNN, white | CNN, dark | without: ANN, white | ANN, dark | CNN, white | CNN, dark |\n|---|---|---|---|---|---|---|---|---|---|\n".to_owned();
    for picture in pictures.iter().filter(|picture| picture.is_garment()) {
        let classes: Vec<&str> = picture.right.iter().map(|&class| CLASS_NAMES[class]).collect();
        table += &format!("| {} | {} |", picture.name, classes.join(" or "));
        for settings in [Preparation::default(), Preparation::plain()] {
            for network in networks {
                for ground in [Ground::Light, Ground::Dark] {
                    let class = sureness(&answer(network, picture, ground, settings)).class;
                    let name = CLASS_NAMES[class];
                    table +=
                        &if picture.right.contains(&class) { format!(" **{name}** |") } else { format!(" {name} |") };
                }
            }
        }
        table += "\n";
    }
    table
}
