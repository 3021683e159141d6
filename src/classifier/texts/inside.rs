//! The words of the view Inside, in English.

use super::en::CLASSES;
use crate::classify::images::ImageName;
use crate::config::NetworkKind;

pub const LOADS: &str = "The networks are loading, or the image is on its way.";
pub const OWN: &str = "Your own picture";
pub const SUBJECT: &str = "The image, and whose networks";
pub const PREVIOUS: &str = "Previous";
pub const NEXT: &str = "Next";
pub const GARMENTS: &str = "One of twenty garments …";
pub const EPOCH: &str = "After epoch";
pub const AT_THE_END: &str = "At the end";
pub const POINT: &str = "Move over any pixel to see how it is computed. Click to keep it.";
pub const COUNTS: &str = "What counts";
pub const FOR: &str = "for ";
pub const COVERED: &str = "Covered parts: where the class loses if a part is black.";
pub const GRADIENT: &str = "Gradient: where a lighter pixel speaks for the class, or against it.";
pub const KERNELS: &str = "Kernels";
pub const SIGNS: &str = "One colour is above zero, the other below; black is zero.";
pub const WEIGHTS: &str = "First-layer weights";
pub const ANSWER: &str = "Answer";
pub const RELEASE: &str = "Follow the pointer again";
pub const VALUE_OF: &str = "How a value came about: ";
pub const CHOOSE: &str = "choose a layer";
pub const MAP: &str = "map ";
pub const ROW: &str = "row ";
pub const COLUMN: &str = "column ";
pub const UNIT: &str = "unit ";
pub const PATCH: &str = "The values under the kernel";
pub const KERNEL: &str = "The kernel";
pub const TERMS: &str = "The inputs that matter most";
pub const INPUT: &str = "input";
pub const VALUE: &str = "value";
pub const WEIGHT: &str = "weight";
pub const PRODUCT: &str = "product";
pub const PLANES: &str = "Where 1,000 test images lie";
pub const PLANES_ABOUT: &str = "What each network's last layer takes in, drawn on the plane in which the images differ most (principal components). The clearer the heaps, the easier its last step. The ring is the image above.";
pub const PLANE_NEEDS_PAGE: &str = "This needs the dataset, which the whole Fashion Lab loads.";
pub const PLANE_WAITS: &str = "It waits for the test images.";
pub const PLANE_POINT: &str = "Move over a point to see its image. Click to look at it.";

pub fn image_name(name: ImageName) -> String {
    match name {
        ImageName::Garment(place) => format!("garment {} of the twenty that ship", place + 1),
        ImageName::Train(index) => format!("training image {index}"),
        ImageName::Test(index) => format!("test image {index}"),
        ImageName::Own => "from Try it".to_owned(),
    }
}

pub fn epoch_of(epoch: usize, all: usize) -> String {
    format!("{epoch} of {all}")
}

pub fn scored(epoch: usize) -> String {
    format!("the scored weights are those after epoch {epoch}")
}

pub fn about(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Ann => "each unit weighs all 784 pixels at once",
        NetworkKind::Cnn => "small kernels slide over the picture",
    }
}

pub fn own_answer(class: &str) -> String {
    format!("{class}, its own answer")
}

pub fn covered_map(class: &str) -> String {
    format!("Map of the image: how far the probability of {class} falls where a part of the image is covered")
}

pub fn gradient_map(class: &str) -> String {
    format!("Map of the image: the gradient of {class}, pixel by pixel")
}

pub fn so_far(percent: usize) -> String {
    format!(" {percent} % so far.")
}

pub fn kernels_of(number: usize, side: usize) -> String {
    format!("{number} of {side}×{side}")
}

pub fn kernels_label(number: usize) -> String {
    format!("The {number} kernels of the first convolution, as pictures")
}

pub fn loudest_of(shown: usize, all: usize, class: &str) -> String {
    format!("the {shown} of {all} units that speak loudest for {class}")
}

pub fn weights_label(shown: usize) -> String {
    format!("The weights of {shown} units of the first layer, each as a picture of 28 by 28 weights")
}

pub fn maps_label(channels: usize, side: usize) -> String {
    format!("{channels} maps of {side} by {side} values")
}

pub fn units(number: usize) -> String {
    format!("{number} units")
}

pub fn units_label(number: usize) -> String {
    format!("The values of {number} units, one pixel each")
}

pub fn shifted(kind: NetworkKind, changed: usize) -> String {
    let label = kind.label();
    match changed {
        0 => format!("Shifted by two pixels in any of eight directions, the {label} still says the same."),
        8 => format!("Shifted by two pixels, the {label} changes its answer in all 8 directions."),
        1 => format!("Shifted by two pixels, the {label} changes its answer in 1 of 8 directions."),
        changed => format!("Shifted by two pixels, the {label} changes its answer in {changed} of 8 directions."),
    }
}

/// A number with three digits behind the point, and a real minus sign.
pub fn number(value: f64) -> String {
    format!("{value:.3}").replace('-', "−")
}

/// A number with two digits behind the point, and a real minus sign.
pub fn short(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

pub fn where_in(label: &str, maps: bool, place: Option<[usize; 3]>) -> String {
    match place {
        Some([row, column, channel]) if maps => format!("{label}, map {channel}, row {row}, column {column}: "),
        Some([_, _, unit]) => format!("{label}, unit {unit}: "),
        None => String::new(),
    }
}

pub fn input(pixel: u8, mean: f64, deviation: f64) -> String {
    format!("({pixel} / 255 − {mean:.4}) / {deviation:.4}")
}

/// `parts` are the value, mean, variance, epsilon, scale and shift.
pub fn batch_norm(parts: [f64; 6]) -> String {
    let [value, mean, variance, _, scale, shift] = parts.map(number);
    format!("{scale} × ({value} − {mean}) / √({variance} + 0.00001) + {shift}")
}

pub fn activation(label: &str, key: &str, before: f64) -> String {
    let name = if label.is_empty() { key } else { label };
    format!("{name} of {}", number(before))
}

pub fn pool(values: &[f64; 4]) -> String {
    let [a, b, c, d] = values.map(number);
    format!("the largest of {a}, {b}, {c} and {d}")
}

pub fn average(sum: f64, values: usize) -> String {
    format!("{} / {values}", number(sum))
}

pub fn flatten([row, column, channel]: [usize; 3]) -> String {
    format!("the value of map {channel}, row {row}, column {column}")
}

pub fn softmax(exponential: f64, sum: f64) -> String {
    format!("{} / {}", number(exponential), number(sum))
}

pub fn largest_input(map: usize, all: usize) -> String {
    format!("of {all} input maps, map {map} gives most: ")
}

pub fn summed(sum: f64) -> String {
    format!("multiplied and summed {}", number(sum))
}

pub fn other_inputs(others: usize, sum: f64) -> String {
    format!(", the {others} other maps {}", number(sum))
}

pub fn other_terms(others: usize, sum: f64) -> String {
    format!("the sum of these products, the {others} other inputs {}", number(sum))
}

pub fn plus_bias(bias: f64) -> String {
    format!(", bias {}", number(bias))
}

pub fn plane_so_far(done: usize) -> String {
    format!("{done} of 1,000 images are through.")
}

pub fn plane_label(kind: NetworkKind) -> String {
    format!("A thousand points, one for each test image, coloured by class, as the {} sees them", kind.label())
}

pub fn test_image(index: usize, label: usize) -> String {
    format!("Test image {index}: {}", CLASSES[label])
}

pub fn explained(first: f64, second: f64) -> String {
    format!("The two axes hold {:.0} % and {:.0} % of the variance.", 100.0 * first, 100.0 * second)
}
