//! English. Every word that the page's markup shows, in the order of the page: constants, and functions where a figure stands inside.
//! Numbers come in as text, made by `evaluate::format`. A second language is a second file with the same names (`docs/design.md`).
//!
//! This file may be longer than 300 lines, because a language is one file.

use crate::config::NetworkKind;
use crate::page::view::View;

// The bar at the top.
pub const NAME: &str = "Fashion Lab";
pub const VIEWS: &str = "Views";
pub const SHARE: &str = "Share";
pub const LIGHT_THEME: &str = "Light theme";
pub const DARK_THEME: &str = "Dark theme";
pub const DEVICE_OPENS: &str = "Engine, data and device";
pub const NO_DEVICE: &str = "Device";
pub const DEVICE_FAILED: &str = "Not ready";
pub const CPU: &str = "CPU";
pub const WEBGPU: &str = "WebGPU";

pub fn view(view: View) -> &'static str {
    match view {
        View::Train => "Train",
        View::Mistakes => "Mistakes",
        View::Compare => "Compare",
        View::Runs => "Runs",
    }
}

pub fn workers(number: usize) -> String {
    if number == 1 { "1 worker".to_owned() } else { format!("{number} workers") }
}

// Notices.
pub const DISMISS: &str = "Dismiss";

pub fn unfinished(how_far: &str) -> String {
    format!("A run was left in its middle{how_far}. It can go on as if it had never stopped.")
}

pub fn unfinished_at(epoch: usize, of: usize) -> String {
    format!(", in epoch {epoch} of {of}")
}
pub const GO_ON: &str = "Go on";
pub const LEAVE_IT: &str = "Leave it";

// The bar of the run.
pub const RUN: &str = "Run";
pub const PAUSE: &str = "Pause";
pub const PAUSE_HELP: &str = "Pauses between two steps";
pub const RESUME: &str = "Resume";
pub const RESUME_HELP: &str = "Continues the run";
pub const START_HELP: &str = "Starts a run with the present settings";
pub const STEP: &str = "One epoch";
pub const STEP_HELP: &str = "Trains one epoch, then pauses";
pub const STOP: &str = "Stop";
pub const STOP_HELP: &str = "Ends training now and scores the present weights on the test set";
pub const MORE: &str = "+1 epoch";
pub const MORE_HELP: &str =
    "One more epoch: makes the run an epoch longer. After its end, a branch of it begins that is one epoch longer";
pub const EXPORT: &str = "Export";
pub const EXPORT_HELP: &str = "Downloads the run report of the finished networks as JSON";
pub const SETTINGS: &str = "Settings";
pub const RATE: &str = "Learning rate";
pub const RATE_DOWN: &str = "÷3";
pub const RATE_DOWN_HELP: &str = "Divide the learning rate by 3 from the next step on";
pub const RATE_UP: &str = "×3";
pub const RATE_UP_HELP: &str = "Multiply the learning rate by 3 from the next step on";

// A lane: what a network does, and how far it is.
pub const WAITS: &str = "waits for its turn";
pub const WARMS_UP: &str = "warms up: prepares the device and calibrates";
pub const SCORES: &str = "is being scored on the test set";
pub const FAILED: &str = "ended without a result";
/// A network that was in its middle when the page was closed.
pub const INTERRUPTED: &str = "interrupted";
pub const UNTRAINED: &str = "not trained yet";
pub const ON_TEST: &str = "on the test set";
pub const ON_VALIDATION: &str = "on validation";
pub const ON_BATCHES: &str = "in training";
pub const SHIPPED: &str = "ships with the page";
pub const SHIPPED_HELP: &str =
    "This network was trained before. It is there so that you can try everything at once; train your own.";

pub fn progress_of(kind: NetworkKind) -> String {
    format!("{} progress", kind.label())
}

pub fn trained_in(duration: &str) -> String {
    format!("trained in {duration}")
}

pub fn epoch_of(epoch: usize, epochs: usize) -> String {
    format!("epoch {epoch} of {epochs}")
}

pub fn paused_at(rest: &str) -> String {
    format!("paused at {rest}")
}

pub fn images_per_s(number: &str) -> String {
    format!("{number} images/s")
}

pub fn left(duration: &str) -> String {
    format!("{duration} left")
}

/// Spoken once an epoch.
pub fn epoch_done(kind: NetworkKind, epoch: usize, epochs: usize, accuracy: &str, on: &str) -> String {
    format!("{}: epoch {epoch} of {epochs} done, {accuracy} ({on}).", kind.label())
}

// Engine, dataset, device.
pub const SETUP: &str = "Engine, data and device";
pub const ENGINE: &str = "Engine";
pub const DATASET: &str = "Dataset";
pub const DEVICE: &str = "Device";
pub const READY: &str = "ready";
pub const TRY_AGAIN: &str = "Try again";
pub const AFTER_ENGINE: &str = "comes after the engine";
pub const DATA_INCOMPLETE: &str = "The dataset is not complete, so nothing can be trained yet:";
pub const CHOOSING: &str = "being chosen: WebGPU has to train as the CPU does";
pub const OWN_DATA: &str = "Use my own copy of the dataset";
pub const OWN_FILES: &str = "Use my own files: drop or pick the four files of Fashion-MNIST (.gz or uncompressed), a zip of them, or the two CSV tables.";
pub const WAITS_FOR_ENGINE: &str = "Training waits for the engine.";
pub const WAITS_FOR_DATA: &str = "Training waits for the dataset.";
pub const WAITS_FOR_SETTINGS: &str = "Training waits for settings that fit together.";
pub const WAITS_FOR_ALL: &str = "Training can start as soon as engine and dataset are here.";

pub fn of_total(done: &str, total: &str) -> String {
    format!("{done} of {total}")
}

pub fn dataset_from(source: &str) -> String {
    if source.is_empty() { DATASET.to_owned() } else { format!("{DATASET} from {source}") }
}

pub fn dataset_ready(source: &str, seconds: &str) -> String {
    format!("60,000 + 10,000 images from {source}, digests checked ({seconds})")
}

// Sharing.
pub const SHARE_TITLE: &str = "Share these settings";
pub const SHARE_ABOUT: &str =
    "The address names every setting and the seed, so whoever opens it can repeat your run. To start it at once, add ";
pub const AUTOSTART: &str = "&autostart";
pub const COPY_LINK: &str = "Copy link";
pub const LINK_COPIED: &str = "The link is on the clipboard.";
pub const COPY_FRAME: &str = "Copy frame for a course page";
pub const FRAME_COPIED: &str = "The frame for your course page is on the clipboard.";
pub const OPEN_TAB: &str = "Open in a new tab";
pub const THE_LINK: &str = "The link";
pub const THE_FRAME: &str = "The frame for a course page";
pub const CLOSE: &str = "Close";

// Recipes and settings.
pub const RECIPES: &str = "Recipe";
pub const OWN_SETTINGS: &str = "Your own settings.";
pub const MORE_SETTINGS: &str = "More settings";
pub const GROUP_RUN: &str = "Run, data and device";
pub const GROUP_TRAINING: &str = "Optimiser and regularisation";
pub const GROUP_AUGMENTATION: &str = "Augmentation";
pub const GROUP_ANN: &str = "ANN: multilayer perceptron";
pub const GROUP_CNN: &str = "CNN: convolutional network";
pub const NEXT_RUN: &str = "Changes apply to the next run. The present run keeps the settings that it started with.";

pub fn recipe_size(images: &str, epochs: usize) -> String {
    format!("{images} images, {epochs} {}", if epochs == 1 { "epoch" } else { "epochs" })
}

pub fn recipe_time(duration: &str) -> String {
    format!("about {duration} here")
}

pub fn recipe_reached(ann: &str, cnn: &str) -> String {
    format!("ANN {ann}, CNN {cnn} of the test set")
}

pub fn from_to(min: &str, max: &str, unit: &str) -> String {
    format!("{min} to {max} {unit}")
}

pub fn numbers_from_to(most: usize, min: u64, max: u64, unit: &str) -> String {
    format!("1 to {most} numbers, {min} to {max} {unit} each")
}

// The foot.
pub const LOCAL: &str = "Everything runs in this browser; no image and no result leaves it. Data: Fashion-MNIST by Zalando Research (Xiao, Rasul, Vollgraf 2017), under the ";
pub const LICENCE: &str = "MIT licence";

// Train: the curves.
pub const CURVES: &str = "Learning curves";
pub const LOSS_OF: &str = "Which loss";
pub const EACH_EPOCH: &str = "Loss by epoch";
pub const EACH_STEP: &str = "by step";
pub const AXIS: &str = "Horizontal axis";
pub const EPOCHS: &str = "Epochs";
pub const TIME: &str = "Time";
pub const ACCURACY_CURVES: &str = "Accuracy of each epoch";
pub const LOSS_CURVES: &str = "Loss of each epoch";
pub const STEP_CURVES: &str = "Training loss of each step";
pub const VALUES: &str = "Values as tables";
pub const IN_TRAINING: &str = "training";
pub const IN_VALIDATION: &str = "validation";
pub const LATEST: &str = "Latest values";
pub const EVERY_EPOCH: &str = "Every epoch";
pub const NONE: &str = "–";
pub const VALUE_HEADS: [&str; 7] = ["Epoch", "s", "train.", "valid.", "train.", "valid.", "step"];
pub const ACCURACY_PERCENT: &str = "Accuracy, %";
pub const LOSS: &str = "Loss";
pub const EPOCH_HEADS: [&str; 8] = [
    "Network",
    "Epoch",
    "Seconds",
    "Learning rate",
    "Training accuracy",
    "Validation accuracy",
    "Training loss",
    "Validation loss",
];

pub fn at_epoch(epoch: usize, on: &str, accuracy: &str, loss: &str) -> String {
    format!("epoch {epoch}, {on}: {accuracy}, loss {loss}")
}

pub fn near_epoch(epoch: &str) -> String {
    format!("Values near epoch {epoch}")
}

pub fn near_time(duration: &str) -> String {
    format!("Values near {duration}")
}

// Train: twenty garments.
pub const WATCH: &str = "Watch them learn";
pub const WATCH_ABOUT: &str = "twenty garments that neither network trains on";
pub const WATCH_EMPTY: &str =
    "Here the networks will answer on twenty garments after each epoch. Start a run to see it.";
pub const WATCH_NONE: &str =
    "This run keeps no validation images, so there is nothing to watch. Give it a validation share.";
pub const PROBABILITIES: &str = "Probability of each class, in percent";
/// The ten classes, short enough for a small picture.
pub const CLASSES: [&str; 10] =
    ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot"];

pub fn after_epoch(epoch: usize) -> String {
    format!("after epoch {epoch}")
}

pub fn right_of(kind: NetworkKind, right: usize, of: usize) -> String {
    format!("{} {right} of {of} right", kind.label())
}

pub fn says(kind: NetworkKind, class: &str) -> String {
    format!("{} says {class}", kind.label())
}

// Train: the two networks.
pub const NETWORKS: &str = "The two networks";
pub const NETWORKS_WAIT: &str = "The drawing returns when the settings fit together.";
pub const LAYERS: &str = "Parameters and multiply-accumulates";

pub fn about(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Ann => "sees 784 numbers without knowing which pixels are neighbours",
        NetworkKind::Cnn => "slides small kernels over the image, so it knows neighbours and reuses weights",
    }
}

pub fn parameters(number: &str) -> String {
    format!("{number} parameters")
}

pub fn macs(number: &str) -> String {
    format!("{number} MACs")
}

pub fn totals(parameters: &str, megabytes: &str, macs: &str) -> String {
    format!("{parameters} parameters ({megabytes}), {macs} multiply-accumulates an image")
}
