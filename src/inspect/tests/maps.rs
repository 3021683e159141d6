//! Pictures of weights, and occlusion.

use super::*;

#[test]
fn the_pictures_are_the_weights_of_the_file() {
    let [ann, cnn] = shipped();
    let inspector = Inspector::new(&cnn).unwrap();
    let filters = inspector.filters();
    assert_eq!(filters.len(), 16);
    assert!(filters.iter().all(|filter| filter.side == 3));
    let joined: Vec<f32> = filters.into_iter().flat_map(|filter| filter.values).collect();
    assert_eq!(joined, cnn.weights[..16 * 9]);
    assert!(inspector.first_layer_pictures().is_empty());
    let inspector = Inspector::new(&ann).unwrap();
    let pictures = inspector.first_layer_pictures();
    assert_eq!(pictures.len(), 128);
    for (unit, picture) in pictures.iter().enumerate() {
        assert_eq!((picture.side, picture.values.len()), (SIDE, PIXELS));
        assert!((0..PIXELS).all(|pixel| picture.values[pixel] == ann.weights[pixel * 128 + unit]));
    }
    assert!(inspector.filters().is_empty());
}

/// Covers one place after the other, without the code that is tested.
fn by_hand(network: &TrainedNetwork, pixels: &[u8], class: usize, starts: &[usize], size: usize, byte: u8) -> Vec<f32> {
    let forward = Forward::new(network).unwrap();
    let whole = f64::from(forward.probabilities(pixels)[class]);
    let mut falls = vec![Vec::new(); PIXELS];
    for &top in starts {
        for &left in starts {
            let inside =
                |at: usize| (top..top + size).contains(&(at / SIDE)) && (left..left + size).contains(&(at % SIDE));
            let covered: Vec<u8> = (0..PIXELS).map(|at| if inside(at) { byte } else { pixels[at] }).collect();
            let fall = whole - f64::from(forward.probabilities(&covered)[class]);
            (0..PIXELS).filter(|at| inside(*at)).for_each(|at| falls[at].push(fall));
        }
    }
    falls.iter().map(|falls| (falls.iter().sum::<f64>() / falls.len() as f64) as f32).collect()
}

#[test]
fn occlusion_is_the_mean_fall_of_the_probability() {
    for network in shipped() {
        let inspector = Inspector::new(&network).unwrap();
        let pixels = garments().nth(17).unwrap();
        for (cover, byte) in [(Cover::Black, 0), (Cover::MeanGrey, 73)] {
            let mut occlusion = inspector.occlusion(pixels, 8, 10, 7, cover);
            assert_eq!((occlusion.places(), occlusion.done(), occlusion.is_done()), (16, 0, false));
            assert_eq!(occlusion.map(), vec![0.0; PIXELS]);
            while !occlusion.step(3) {}
            assert_eq!(occlusion.done(), 16);
            // 18 is the last place, which ends with the image. The sums are in the same order.
            assert_eq!(occlusion.map(), by_hand(&network, pixels, 8, &[0, 7, 14, 18], 10, byte));
            assert_eq!(occlusion.probability(), f64::from(Forward::new(&network).unwrap().probabilities(pixels)[8]));
        }
    }
}

#[test]
fn a_covered_garment_is_missed_and_a_black_image_is_not() {
    let inspector = Inspector::new(&shipped()[1]).unwrap();
    let mut black = inspector.occlusion(&[], 0, 8, 4, Cover::Black);
    assert!(black.step(usize::MAX));
    assert_eq!(black.map(), vec![0.0; PIXELS], "black on black changes nothing");
    // Ankle boots are surely known: some place must matter.
    let mut boot = inspector.occlusion(garments().nth(19).unwrap(), 9, 14, 2, Cover::Black);
    assert!(boot.step(usize::MAX));
    assert!(boot.map().iter().any(|fall| *fall > 0.05));
}

#[test]
fn strange_sizes_still_cover_every_pixel() {
    let inspector = Inspector::new(&shipped()[0]).unwrap();
    for (size, step, places) in [(0, 0, 784), (99, 0, 1), (28, 99, 1), (20, 99, 4), (3, 99, 100)] {
        let mut occlusion = inspector.occlusion(&image(1), 2, size, step, Cover::MeanGrey);
        assert_eq!(occlusion.places(), places, "size {size}, step {step}");
        assert!(occlusion.step(places) && occlusion.step(1));
        assert!(occlusion.falls.iter().all(|(_, count)| *count > 0));
    }
    let mut none = inspector.occlusion(&image(1), 10, 14, 14, Cover::Black);
    assert!(none.step(4));
    assert_eq!((none.probability(), none.map()), (0.0, vec![0.0; PIXELS]));
}
