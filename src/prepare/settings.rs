//! How a picture is prepared: each step is a setting.

use super::picture::PrepareError;
use crate::fashion_mnist::SIDE;

/// How one number of grey is made of red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GreyFrom {
    /// As bright as the eye sees it: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601).
    #[default]
    Luma,
    /// The mean of the three.
    Mean,
    /// How far the colour is from the ground's: the largest of the three differences. So yellow on white does not vanish. The ground
    /// becomes 0, so nothing is inverted afterwards.
    Distance,
}

/// What lies behind the garment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    /// Found from the picture's outermost pixels.
    #[default]
    Automatic,
    /// Light: the garment is darker than the ground. The picture is inverted.
    Light,
    /// Dark: the garment is lighter than the ground. The picture is not inverted.
    Dark,
    /// Transparent. The garment is put on white, as Fashion-MNIST's photos are, and inverted.
    Transparent,
}

/// Which pixels count as ground and become black. Distances are between colours in RGB space, as a share of that from black to white.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum GroundRemoval {
    /// Those within 0.05 of the ground's colour, or more where the corners show that the ground is noisy, at most 0.3. A light that falls
    /// off from one corner to another is followed.
    #[default]
    Automatic,
    /// Those within this distance, 0 to 1, of the median colour of the corners.
    Within(f32),
    /// None.
    Off,
}

/// Whether the picture is inverted, so that the garment is light on black.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inversion {
    /// Where the ground is light or transparent.
    #[default]
    Automatic,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a picture is made smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resampling {
    /// Each new pixel is the mean of the area that it covers. Thin straps survive.
    #[default]
    AreaAverage,
    /// Each new pixel is one of the old ones; the others are left out. Fashion-MNIST was made so.
    Subsample,
}

/// What lies in the middle of the 28 x 28 pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Centring {
    /// The middle of the garment's box, as in Fashion-MNIST.
    #[default]
    Box,
    /// The garment's centre of mass, each pixel weighted by its brightness, as far as the garment stays inside the picture. (MNIST's
    /// digits were centred so.)
    Mass,
}

/// Whether left and right are exchanged. Shoes of Fashion-MNIST point to the left: in 99.7 % of the sneakers, all ankle boots and 93 % of
/// the sandals (of the first 3,000 each in the training set) more pixels are lit in the ten columns on the right than in those on the
/// left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mirroring {
    /// Where the garment's left part stands taller than its right part, as a shoe does that points to the right. Clothes are much the same
    /// mirrored, so they do not suffer.
    #[default]
    Automatic,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// All settings. [`Preparation::default`] is what the page does; [`Preparation::authors`] is what Fashion-MNIST's authors did;
/// [`Preparation::plain`] does nothing but make the picture grey and small.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preparation {
    /// How grey is made.
    pub grey: GreyFrom,
    /// What lies behind the garment.
    pub ground: Ground,
    /// Whether the picture is inverted.
    pub inversion: Inversion,
    /// Which pixels become black.
    pub remove_ground: GroundRemoval,
    /// Whether the picture is cut to the garment's box.
    pub crop: bool,
    /// How many pixels the longer side gets, 1 to 28. What is left of 28 is margin.
    pub longer_side: usize,
    /// How the picture is made smaller.
    pub resampling: Resampling,
    /// Whether outlines are sharpened.
    pub sharpen: bool,
    /// Whether the brightest part of the garment is made white.
    pub stretch: bool,
    /// What lies in the middle.
    pub centring: Centring,
    /// Whether left and right are exchanged.
    pub mirror: Mirroring,
}

impl Default for Preparation {
    fn default() -> Self {
        Self { resampling: Resampling::AreaAverage, stretch: true, mirror: Mirroring::Automatic, ..Self::authors() }
    }
}

impl Preparation {
    /// What Fashion-MNIST's authors did to Zalando's photos of 51 x 73 pixels (Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747, section
    /// 2): cut edges whose colour is within 5 % of the corners'; bring the longer side to 28 by leaving rows and columns out;
    /// sharpen by a Gaussian of radius and standard deviation 1; put it into the middle of 28 x 28; invert; make it grey.
    ///
    /// Grey comes first here, because then one number a pixel goes through the other steps. For steps that are linear in the colour
    /// this gives the same.
    pub fn authors() -> Self {
        Self {
            grey: GreyFrom::Luma,
            ground: Ground::Automatic,
            inversion: Inversion::Automatic,
            remove_ground: GroundRemoval::Within(0.05),
            crop: true,
            longer_side: SIDE,
            resampling: Resampling::Subsample,
            sharpen: true,
            stretch: false,
            centring: Centring::Box,
            mirror: Mirroring::Never,
        }
    }

    /// No preparation: the whole picture in grey, made small. Its ground stays as it is.
    pub fn plain() -> Self {
        Self {
            inversion: Inversion::Never,
            remove_ground: GroundRemoval::Off,
            crop: false,
            resampling: Resampling::AreaAverage,
            sharpen: false,
            ..Self::authors()
        }
    }

    /// For drawings, which are light on black already ([`super::Drawing::picture`]): nothing is inverted, removed or sharpened.
    pub fn drawing() -> Self {
        Self {
            ground: Ground::Dark,
            inversion: Inversion::Never,
            remove_ground: GroundRemoval::Off,
            sharpen: false,
            ..Self::default()
        }
    }

    /// Whether each value is possible.
    ///
    /// # Errors
    /// [`PrepareError::Setting`]: the first that is not.
    pub fn validate(&self) -> Result<(), PrepareError> {
        if !(1..=SIDE).contains(&self.longer_side) {
            let value = self.longer_side.to_string();
            return Err(PrepareError::Setting { setting: "the longer side", value, allowed: "1 to 28 pixels" });
        }
        match self.remove_ground {
            GroundRemoval::Within(share) if !(0.0..=1.0).contains(&share) => Err(PrepareError::Setting {
                setting: "the distance from the ground",
                value: share.to_string(),
                allowed: "0 to 1",
            }),
            _ => Ok(()),
        }
    }
}
