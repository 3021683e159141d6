//! The settings that take one of a few values. Each value has a key for URLs and JSON. Leaves out: labels and help (`fields`).

use serde::{Deserialize, Serialize};

macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $key)] $variant),+ }
        impl $name {
            /// The key that names this value in a URL and in JSON.
            pub fn key(self) -> &'static str { match self { $(Self::$variant => $key),+ } }
        }
    };
}

choices! {
    /// Which networks a run trains.
    Networks { /// The ANN and the CNN.
        Both = "both", /// The ANN alone.
        Ann = "ann", /// The CNN alone.
        Cnn = "cnn" }
}
choices! {
    /// When the networks of a run are trained.
    Order { /// One after the other, each with the whole machine.
        InTurn = "turn", /// At the same time, each in a worker of its own.
        SideBySide = "side" }
}
choices! {
    /// Which backend computes.
    BackendChoice { /// WebGPU where it exists and agrees with the CPU, else Flex.
        Auto = "auto", /// burn-wgpu.
        WebGpu = "webgpu", /// burn-flex with this project's custom kernels, the CPU backend.
        Flex = "flex", /// burn-flex without the custom kernels, to compare with.
        PlainFlex = "flex-plain", /// burn-ndarray, the reference CPU backend.
        NdArray = "ndarray" }
}
choices! {
    /// The non-linearity after a hidden layer.
    Activation { /// max(0, x).
        Relu = "relu", /// x where x > 0, else 0.01 x.
        LeakyRelu = "leaky_relu", /// x Φ(x) (Hendrycks and Gimpel 2016).
        Gelu = "gelu", /// x σ(x) (Ramachandran et al. 2017).
        Silu = "silu", /// Hyperbolic tangent.
        Tanh = "tanh", /// Logistic function.
        Sigmoid = "sigmoid" }
}
impl Activation {
    /// The name on the page.
    pub fn label(self) -> &'static str {
        match self {
            Activation::Relu => "ReLU",
            Activation::LeakyRelu => "Leaky ReLU",
            Activation::Gelu => "GELU",
            Activation::Silu => "SiLU",
            Activation::Tanh => "tanh",
            Activation::Sigmoid => "Sigmoid",
        }
    }
}
choices! {
    /// Zeros around the image before a convolution.
    Padding { /// None: the image shrinks by kernel - 1.
        Valid = "valid", /// (kernel - 1) / 2 on each side: the size stays.
        Same = "same" }
}
choices! {
    /// What stands between the last block of the CNN and its logits.
    Head { /// Flatten, then one dense hidden layer.
        Dense = "dense", /// The average of each channel over the image.
        Average = "average" }
}
choices! {
    /// How gradients become steps.
    Optimizer { /// Stochastic gradient descent with momentum.
        Sgd = "sgd", /// Adam (Kingma and Ba 2015).
        Adam = "adam", /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
        AdamW = "adamw" }
}
choices! {
    /// How the learning rate changes over a run.
    Schedule { /// It stays.
        Constant = "constant", /// Times 0.1 after half and after three quarters of the epochs.
        Step = "step", /// Half a cosine from the learning rate to zero (Loshchilov and Hutter 2017).
        Cosine = "cosine", /// Rises over the first 30 % of the steps, then falls to zero (Smith and Topin 2018).
        OneCycle = "one_cycle" }
}

choices! {
    /// Which weights are scored on the test set.
    ScoredWeights { /// Those at the end of the last epoch.
        Last = "last", /// Those of the epoch with the lowest validation loss (`restore_best_weights` in Keras).
        Best = "best" }
}

/// One of the two networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NetworkKind {
    /// The plain multilayer perceptron.
    Ann,
    /// The convolutional network.
    Cnn,
}

impl NetworkKind {
    /// Both, in the order in which the page shows them.
    pub const ALL: [NetworkKind; 2] = [NetworkKind::Ann, NetworkKind::Cnn];

    /// `ANN` or `CNN`.
    pub fn label(self) -> &'static str {
        match self {
            NetworkKind::Ann => "ANN",
            NetworkKind::Cnn => "CNN",
        }
    }

    /// The key in JSON: `ann` or `cnn`.
    pub fn key(self) -> &'static str {
        match self {
            NetworkKind::Ann => "ann",
            NetworkKind::Cnn => "cnn",
        }
    }
}
