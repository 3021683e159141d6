//! Changes to a 28 x 28 image, to see how much a network bears.

use super::resample::byte;
use crate::fashion_mnist::{PIXELS, SIDE};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// A part that is made black. Places are in pixels: (0, 0) is the corner at the top left, (28, 28) at the bottom right. A pixel is erased
/// where its middle lies in the part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Erase {
    /// A rectangle.
    Rectangle {
        /// Left edge.
        left: f32,
        /// Upper edge.
        top: f32,
        /// Pixels across.
        width: f32,
        /// Pixels down.
        height: f32,
    },
    /// A round dab of a brush.
    Dab {
        /// Its middle, from the left.
        x: f32,
        /// Its middle, from the top.
        y: f32,
        /// Its radius.
        radius: f32,
    },
}

/// Changes to an image, done in this order: scale and turn about the middle, then shift (one step of bilinear sampling; black comes in
/// from outside); erase; add noise; invert. So an erased part stays where it was drawn, however the garment lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Nudge {
    /// Pixels to the right and down; negative is to the left and up. May be fractions.
    pub shift: [f32; 2],
    /// Degrees clockwise.
    pub turn: f32,
    /// How large the garment becomes; 1 leaves it. At least 0.05 is used.
    pub scale: f32,
    /// The standard deviation of normal noise that is added to each pixel, in grey levels of 255.
    pub noise: f32,
    /// Decides the noise: the same seed gives the same noise on every machine.
    pub seed: u64,
    /// Parts that are made black.
    pub erase: Vec<Erase>,
    /// Whether black and white are exchanged.
    pub invert: bool,
}

/// The smallest scale: at 0.05 a garment has 1.4 pixels.
const SMALLEST: f32 = 0.05;

impl Default for Nudge {
    fn default() -> Self {
        Self { shift: [0.0; 2], turn: 0.0, scale: 1.0, noise: 0.0, seed: 0, erase: Vec::new(), invert: false }
    }
}

impl Nudge {
    /// The changed image: 784 bytes. Pixels that are missing count as black; numbers that are not finite change nothing. With
    /// [`Nudge::default`] no byte changes.
    pub fn apply(&self, pixels: &[u8]) -> Vec<u8> {
        let mut image: Vec<u8> = pixels.iter().copied().chain(std::iter::repeat(0)).take(PIXELS).collect();
        let finite = |value: f32, otherwise: f32| if value.is_finite() { value } else { otherwise };
        let shift = self.shift.map(|value| finite(value, 0.0));
        let (turn, scale) = (finite(self.turn, 0.0), finite(self.scale, 1.0));
        if shift != [0.0; 2] || turn != 0.0 || scale != 1.0 {
            image = moved(&image, shift, turn, scale.max(SMALLEST));
        }
        for part in &self.erase {
            for (at, pixel) in image.iter_mut().enumerate() {
                if part.holds((at % SIDE) as f32 + 0.5, (at / SIDE) as f32 + 0.5) {
                    *pixel = 0;
                }
            }
        }
        let noise = finite(self.noise, 0.0);
        if noise > 0.0 {
            let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
            image.iter_mut().for_each(|pixel| *pixel = byte(f32::from(*pixel) + noise * normal(&mut rng)));
        }
        if self.invert {
            image.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        image
    }
}

impl Erase {
    fn holds(&self, across: f32, down: f32) -> bool {
        match *self {
            Erase::Rectangle { left, top, width, height } => {
                across >= left && across < left + width && down >= top && down < top + height
            }
            Erase::Dab { x, y, radius } => radius > 0.0 && (across - x).hypot(down - y) <= radius,
        }
    }
}

/// For each new pixel the old place that comes there, and the four pixels around that place, weighted by nearness.
fn moved(image: &[u8], [right, down]: [f32; 2], turn: f32, scale: f32) -> Vec<u8> {
    let (sine, cosine) = turn.to_radians().sin_cos();
    let middle = (SIDE as f32 - 1.0) / 2.0;
    let old = |row: f32, column: f32| {
        if row < 0.0 || column < 0.0 || row >= SIDE as f32 || column >= SIDE as f32 {
            return 0.0;
        }
        f32::from(image[row as usize * SIDE + column as usize])
    };
    let sampled = |at: usize| {
        let (y, x) = ((at / SIDE) as f32 - middle - down, (at % SIDE) as f32 - middle - right);
        let column = (cosine * x + sine * y) / scale + middle;
        let row = (cosine * y - sine * x) / scale + middle;
        let (top, left) = (row.floor(), column.floor());
        let (below, beside) = (row - top, column - left);
        let upper = old(top, left) * (1.0 - beside) + old(top, left + 1.0) * beside;
        let lower = old(top + 1.0, left) * (1.0 - beside) + old(top + 1.0, left + 1.0) * beside;
        byte(upper * (1.0 - below) + lower * below)
    };
    (0..PIXELS).map(sampled).collect()
}

/// A normal random number of mean 0 and standard deviation 1 (Box and Muller 1958, "A note on the generation of random normal deviates").
fn normal(rng: &mut ChaCha8Rng) -> f32 {
    // Above 0, because its logarithm is taken.
    let first = 1.0 - rng.random::<f64>();
    let second = rng.random::<f64>();
    ((-2.0 * first.ln()).sqrt() * (std::f64::consts::TAU * second).cos()) as f32
}
