//! The pictures, the grounds that they are put on, and the document.

use fashion_lab::fashion_mnist::CLASS_NAMES;
use fashion_lab::prepare::Picture;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::fs;
use std::path::{Path, PathBuf};

/// What a transparent picture is put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// White.
    Light,
    /// A dark blue grey.
    Dark,
    /// A light wall that gets darker from corner to corner, with noise, as in a photo.
    Wall,
    /// A dark table, likewise.
    Table,
}

impl Ground {
    pub const ALL: [Ground; 4] = [Ground::Light, Ground::Dark, Ground::Wall, Ground::Table];

    /// Red, green and blue at the two ends of the way from corner to corner, and the noise: each value is off by at most so much.
    fn look(self) -> ([[f32; 3]; 2], f32) {
        match self {
            Ground::Light => ([[255.0; 3]; 2], 0.0),
            Ground::Dark => ([[30.0, 34.0, 44.0]; 2], 0.0),
            Ground::Wall => ([[236.0, 232.0, 224.0], [192.0, 186.0, 176.0]], 10.0),
            Ground::Table => ([[74.0, 60.0, 50.0], [34.0, 26.0, 22.0]], 10.0),
        }
    }
}

/// One of the pictures.
pub struct Pictured {
    /// `vendor/what`.
    pub name: String,
    /// Classes that count as right; none where it is no garment.
    pub right: Vec<usize>,
    side: usize,
    rgba: Vec<u8>,
}

impl Pictured {
    pub fn is_garment(&self) -> bool {
        !self.right.is_empty()
    }

    /// Whether it is of a set on which settings were compared while the preparation was made.
    pub fn tuned_on(&self) -> bool {
        ["noto/", "fluent/", "fluent3d/"].iter().any(|set| self.name.starts_with(set))
    }

    /// What it shows.
    pub fn what(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, what)| what)
    }

    pub fn transparent(&self) -> Picture {
        Picture::new(self.side, self.side, self.rgba.clone()).expect("the bytes fit the size")
    }

    /// The picture on a ground, opaque.
    pub fn on(&self, ground: Ground) -> Picture {
        let ([first, last], noise) = ground.look();
        let mut rng = ChaCha8Rng::seed_from_u64(10);
        let mut rgba = Vec::with_capacity(self.rgba.len());
        for (at, pixel) in self.rgba.chunks_exact(4).enumerate() {
            let share = (at / self.side + at % self.side) as f32 / (2 * self.side - 2) as f32;
            let alpha = f32::from(pixel[3]) / 255.0;
            for channel in 0..3 {
                let off = if noise > 0.0 { (2.0 * rng.random::<f32>() - 1.0) * noise } else { 0.0 };
                let behind = first[channel] + (last[channel] - first[channel]) * share;
                let value = f32::from(pixel[channel]) * alpha + behind * (1.0 - alpha) + off;
                rgba.push(value.round() as u8);
            }
            rgba.push(255);
        }
        Picture::new(self.side, self.side, rgba).expect("the bytes fit the size")
    }
}

pub fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The document with the figures: its path and its text.
pub fn doc() -> (PathBuf, String) {
    let path = folder("docs/pictures.md");
    let text = fs::read_to_string(&path).expect("the document is there");
    (path, text)
}

/// All pictures of the table `expected.tsv`, in its order.
pub fn pictures() -> Vec<Pictured> {
    let table = fs::read_to_string(folder("tests/pictures/expected.tsv")).expect("the table is there");
    let row = |line: &str| {
        let (name, classes) = line.split_once('\t').expect("a picture and its classes");
        let class = |name: &str| CLASS_NAMES.iter().position(|class| *class == name).expect("a class of the dataset");
        let right = classes.split('|').filter(|classes| *classes != "-").map(class).collect();
        let (side, rgba) = decode(&folder("tests/pictures").join(format!("{name}.png")));
        Pictured { name: name.to_owned(), right, side, rgba }
    };
    table.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

/// A square PNG file: its side and four bytes a pixel.
fn decode(path: &Path) -> (usize, Vec<u8>) {
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut decoder = png::Decoder::new(std::io::BufReader::new(file));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().expect("a PNG file");
    let mut rgba = vec![0; reader.output_buffer_size().expect("it fits the memory")];
    let info = reader.next_frame(&mut rgba).expect("a whole picture");
    assert_eq!((info.color_type, info.width), (png::ColorType::Rgba, info.height), "{}", path.display());
    rgba.truncate(info.buffer_size());
    (info.width as usize, rgba)
}
