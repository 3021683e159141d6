//! The files in public/models are sound and are what the repository says they are.

use super::*;
use crate::config::RunConfig;
use crate::fashion_mnist::{CLASSES, PIXELS};
use proptest::prelude::*;

const ANN: &[u8] = include_bytes!("../../public/models/ann.safetensors");
const CNN: &[u8] = include_bytes!("../../public/models/cnn.safetensors");
const FILE: &[u8] = include_bytes!("../../public/models/garments.bin");

#[test]
fn the_shipped_files_are_read_and_answer() {
    let shipped = Shipped::read(ANN, CNN, FILE).unwrap();
    assert_eq!(shipped.garments.to_bytes(), FILE);
    for kind in NetworkKind::ALL {
        let mut right = 0;
        for (pixels, &label) in shipped.garments.pixels.iter().zip(&shipped.garments.labels) {
            let answer = shipped.network(kind).answer(pixels);
            assert!((answer.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            right += usize::from(crate::evaluate::arg_max(&answer) == [label]);
        }
        // At 90 % accuracy, fewer than 14 of 20 right answers come about once in 400 networks; the files never change by themselves.
        assert!(right >= 14, "the {} answers {right} of {GARMENTS} rightly", kind.label());
        assert!(shipped.network(kind).accuracy() > 0.88);
    }
}

#[test]
fn the_shipped_networks_are_of_the_configs_of_the_repository() {
    for (bytes, config) in
        [(ANN, include_str!("../../configs/ann.json")), (CNN, include_str!("../../configs/cnn.json"))]
    {
        assert!(bytes.len() < 500_000, "a visitor fetches them at once");
        assert_eq!(TrainedNetwork::read(bytes).unwrap().config, RunConfig::from_json(config).unwrap());
    }
}

#[test]
fn the_garments_are_two_of_each_class() {
    let garments = Garments::read(FILE).unwrap();
    let expected: Vec<u8> = (0..CLASSES as u8).flat_map(|class| [class; 2]).collect();
    assert_eq!(garments.labels, expected);
    assert!(garments.pixels.iter().all(|pixels| pixels.len() == PIXELS && pixels.iter().any(|pixel| *pixel > 100)));
    let labels: Vec<u8> = (0..60_000).map(|image| (image % 10) as u8).collect();
    let chosen = choose(&labels, &RunConfig::default());
    assert_eq!(chosen.iter().map(|image| labels[*image as usize]).collect::<Vec<_>>(), expected);
}

#[test]
fn exchanged_and_broken_files_are_refused() {
    let refused = |ann, cnn, garments| Shipped::read(ann, cnn, garments).unwrap_err().to_string();
    assert!(refused(CNN, ANN, FILE).contains("ANN holds the other network"));
    assert!(refused(ANN, &CNN[..100], FILE).starts_with("the trained CNN:"));
    assert!(refused(ANN, CNN, &FILE[1..]).contains("FLG1"));
    assert!(refused(ANN, CNN, &FILE[..FILE.len() - 1]).contains("15783 bytes instead of 15784"));
    for at in [4 + 4, 4 + 3] {
        let mut bytes = FILE.to_vec();
        bytes[at] = 10;
        assert_eq!(Garments::read(&bytes), Err(GarmentsError::Garment { place: 0 }));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), cut in 0_usize..15_784) {
        let _ = Garments::read(&bytes);
        let _ = Garments::read(&FILE[..cut]);
        let _ = Shipped::read(&bytes, &bytes, FILE);
    }
}
