//! From somebody's own picture to the 28 x 28 bytes that the networks see, step by step; changes to an image of the dataset; and how sure
//! an answer is.
//!
//! Fashion-MNIST's garments are light on black, cut to their box and scaled to 28 pixels. A picture that is prepared in another way looks
//! like no garment to the networks. docs/pictures.md says what this is worth, in figures. Leaves out: decoding files and drawing on the
//! screen (the page), and computing answers (`forward`).

mod drawing;
mod ground;
mod nudge;
mod picture;
mod pipeline;
mod place;
mod resample;
mod settings;
mod sureness;

pub use drawing::{Drawing, MAX_POINTS, Stroke};
pub use ground::FoundGround;
pub use nudge::{Erase, Nudge};
pub use picture::{GreyPicture, MAX_SIDE, Picture, PrepareError};
pub use pipeline::{Prepared, PreparedStep, StepKind, prepare};
pub use settings::{Centring, GreyFrom, Ground, GroundRemoval, Inversion, Mirroring, Preparation, Resampling};
pub use sureness::{SURE_ENTROPY, Sureness, Verdict, entropy, sureness, verdict};

#[cfg(test)]
mod tests;
