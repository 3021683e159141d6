//! What one image becomes on its way through a network: stages with their shapes and values.

/// What a stage does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageKind {
    /// The image, normalised.
    Input,
    /// Convolution, stride 1.
    Convolution,
    /// Batch normalisation with its running statistics.
    BatchNorm,
    /// Non-linearity.
    Activation,
    /// 2 x 2 max pool.
    MaxPool,
    /// The average of each channel.
    Average,
    /// Pixels and channels become one list.
    Flatten,
    /// Fully connected.
    Dense,
    /// From logits to probabilities.
    Softmax,
}

/// The form of a stage's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[side, side, channels]`: the channels of one pixel lie side by side.
    Image {
        /// Height and width.
        side: usize,
        /// Values of each pixel.
        channels: usize,
    },
    /// `[units]`
    Units(usize),
}

impl Shape {
    /// How many values there are.
    pub fn values(self) -> usize {
        self.pixels() * self.channels()
    }

    /// Height and width; 1 for units.
    pub fn side(self) -> usize {
        match self {
            Self::Image { side, .. } => side,
            Self::Units(_) => 1,
        }
    }

    /// Height times width; 1 for units.
    pub fn pixels(self) -> usize {
        self.side() * self.side()
    }

    /// Values of each pixel, or the number of units.
    pub fn channels(self) -> usize {
        match self {
            Self::Image { channels, .. } => channels,
            Self::Units(units) => units,
        }
    }

    /// Row, column and channel of a value. Units have row 0 and column 0. `None` beyond the last value.
    pub fn place(self, index: usize) -> Option<[usize; 3]> {
        let (side, channels) = (self.side(), self.channels());
        (index < self.values()).then(|| [index / channels / side, index / channels % side, index % channels])
    }

    /// The index of the value at a row, a column and a channel. `None` outside.
    pub fn index(self, [row, column, channel]: [usize; 3]) -> Option<usize> {
        let (side, channels) = (self.side(), self.channels());
        (row < side && column < side && channel < channels).then(|| (row * side + column) * channels + channel)
    }
}

/// One stage of a network, with its values for one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What it does.
    pub kind: StageKind,
    /// Its key. Where the stage has weights, the first part of their names in a file: `conv1`, `norm1`, `dense`, `logits`. Others are
    /// `input`, `activation1`, `pool1`, `average`, `flatten` and `softmax`; `activation` is that behind `dense`.
    pub name: String,
    /// In words, as `architecture` has them: `Conv 3×3, 32`.
    pub label: String,
    /// The form of its values.
    pub shape: Shape,
    /// Its values, in 64 bits.
    pub values: Vec<f64>,
}

impl Stage {
    /// The values of one channel, row by row: a picture of `shape.side()` by `shape.side()`. Empty where there is no such channel.
    pub fn channel(&self, channel: usize) -> Vec<f64> {
        let channels = self.shape.channels();
        if channel >= channels {
            return Vec::new();
        }
        self.values.iter().skip(channel).step_by(channels).copied().collect()
    }
}

/// One image's way through a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    pub(super) pixels: Vec<u8>,
    pub(super) stages: Vec<Stage>,
}

impl Trace {
    /// The 784 bytes of the image. Pixels that were missing are black.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All stages in order, the input first, the logits last but one, the probabilities last.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The place of the stage of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
    }

    /// The ten logits.
    pub fn logits(&self) -> &[f64] {
        self.nth_last(1)
    }

    /// The ten probabilities.
    pub fn probabilities(&self) -> &[f64] {
        self.nth_last(0)
    }

    fn nth_last(&self, place: usize) -> &[f64] {
        self.stages.iter().rev().nth(place).map(|stage| stage.values.as_slice()).unwrap_or_default()
    }
}
