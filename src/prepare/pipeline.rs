//! The steps in their order, each with its picture.

use super::ground::{Backdrop, Colour, FoundGround, luma, over};
use super::picture::{GreyPicture, Picture, PrepareError};
use super::place;
use super::resample;
use super::settings::{GreyFrom, GroundRemoval, Inversion, Mirroring, Preparation};

/// A step of the preparation, in the order in which they are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// Made grey.
    Grey,
    /// Inverted, so that the garment is light.
    Invert,
    /// The ground made black.
    RemoveGround,
    /// Cut to the garment.
    Crop,
    /// Made small.
    Resize,
    /// Outlines sharpened.
    Sharpen,
    /// The brightest made white.
    Stretch,
    /// Left and right exchanged.
    Mirror,
    /// Put into the middle of 28 x 28 pixels.
    Centre,
}

/// The picture after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedStep {
    /// The step.
    pub kind: StepKind,
    /// What it gave.
    pub picture: GreyPicture,
}

/// A prepared picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The steps that were done, in order. [`StepKind::Grey`], [`StepKind::Resize`] and [`StepKind::Centre`] always are. Large pictures
    /// are made smaller before the first step, to 512 pixels on the longer side.
    pub steps: Vec<PreparedStep>,
    /// What the networks see: 784 bytes, row by row; a light garment on black.
    pub pixels: Vec<u8>,
    /// The ground that was found or set.
    pub ground: FoundGround,
    /// Whether the picture was inverted.
    pub inverted: bool,
    /// Whether left and right were exchanged.
    pub mirrored: bool,
    /// Whether nothing of a garment was found: all pixels are as the ground. Then the pixels are black and an answer means nothing.
    pub empty: bool,
}

/// Prepares a picture for the networks.
///
/// # Errors
/// [`PrepareError::Setting`] where a setting is not possible.
pub fn prepare(picture: &Picture, settings: &Preparation) -> Result<Prepared, PrepareError> {
    settings.validate()?;
    let reduced = match resample::reduce(picture) {
        Some((width, height, rgba)) => Some(Picture::new(width, height, rgba)?),
        None => None,
    };
    let picture = reduced.as_ref().unwrap_or(picture);
    let backdrop = Backdrop::find(picture, settings.ground);
    let ground = backdrop.kind;
    let colours: Vec<Colour> = picture.pixels().iter().map(|&pixel| over(pixel, backdrop.behind())).collect();
    let inverted = match settings.inversion {
        Inversion::Always => true,
        Inversion::Never => false,
        Inversion::Automatic => settings.grey != GreyFrom::Distance && ground != FoundGround::Dark,
    };

    let mut steps = Steps(Vec::new());
    let (width, height) = (picture.width(), picture.height());
    let pixels = colours.iter().map(|&pixel| grey(pixel, settings.grey, backdrop.colour)).collect();
    let mut now = steps.add(StepKind::Grey, GreyPicture { width, height, pixels });
    if inverted {
        now.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        now = steps.add(StepKind::Invert, now);
    }
    if settings.remove_ground != GroundRemoval::Off {
        let covered = backdrop.covers(&colours, width, settings.remove_ground);
        now.pixels.iter_mut().zip(covered).filter(|&(_, covered)| covered).for_each(|(pixel, _)| *pixel = 0);
        now = steps.add(StepKind::RemoveGround, now);
    }
    let garment = place::garment(&now);
    if settings.crop
        && let Some((rows, columns)) = garment.clone()
    {
        now = steps.add(StepKind::Crop, now.part(rows, columns));
    }
    now = steps.add(StepKind::Resize, resample::resize(&now, settings.longer_side, settings.resampling));
    if settings.sharpen {
        now = steps.add(StepKind::Sharpen, resample::sharpen(&now));
    }
    if settings.stretch {
        now = steps.add(StepKind::Stretch, place::stretch(&now));
    }
    let mirrored = match settings.mirror {
        Mirroring::Always => true,
        Mirroring::Never => false,
        Mirroring::Automatic => garment.is_some() && place::points_right(&now),
    };
    if mirrored {
        now = steps.add(StepKind::Mirror, place::mirror(&now));
    }
    let GreyPicture { pixels, .. } = steps.add(StepKind::Centre, place::centre(&now, settings.centring));
    Ok(Prepared { steps: steps.0, pixels, ground, inverted, mirrored, empty: garment.is_none() })
}

struct Steps(Vec<PreparedStep>);

impl Steps {
    /// Keeps a step's picture and gives it on.
    fn add(&mut self, kind: StepKind, picture: GreyPicture) -> GreyPicture {
        self.0.push(PreparedStep { kind, picture: picture.clone() });
        picture
    }
}

fn grey(pixel: Colour, from: GreyFrom, ground: Colour) -> u8 {
    match from {
        GreyFrom::Luma => luma(pixel),
        GreyFrom::Mean => ((pixel.iter().map(|&value| u32::from(value)).sum::<u32>() + 1) / 3) as u8,
        GreyFrom::Distance => pixel.iter().zip(ground).map(|(value, ground)| value.abs_diff(ground)).max().unwrap_or(0),
    }
}
