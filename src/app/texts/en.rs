//! English. Every word that the page's markup shows, in the order of the page: constants, and functions where a figure stands inside.
//! Numbers come in as text, made by `evaluate::format`. A second language is a second file with the same names (`docs/design.md`).
//!
//! This file may be longer than 300 lines, because a language is one file.

use crate::config::NetworkKind;
use crate::page::view::View;
use crate::protocol::classifier::ExportForm;
use crate::run::{Hint, HintKind, Phase};

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
        View::Inside => "Inside",
        View::TryIt => "Try it",
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

// Train: what the curves show, and one thing to try.
pub fn hint_seen(hint: &Hint) -> String {
    let epoch = hint.epoch;
    match hint.kind {
        HintKind::RateTooHigh => format!("The training loss jumped up in epoch {epoch}."),
        HintKind::LossStuck => "The training loss does not fall.".to_owned(),
        HintKind::Overfitting => {
            format!("The validation loss has risen since epoch {epoch} while the training loss falls: it overfits.")
        }
        HintKind::DeadUnits(percent) => format!("{percent} % of the hidden units are never active."),
    }
}

pub fn hint_try(hint: &Hint) -> &'static str {
    match hint.kind {
        HintKind::RateTooHigh => "Try a third of the learning rate.",
        HintKind::LossStuck => "Try the optimiser Adam with a learning rate of 0.001.",
        HintKind::Overfitting => "Try more dropout.",
        HintKind::DeadUnits(_) => "Try Leaky ReLU.",
    }
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

// Mistakes.
pub const LOOK_AT: &str = "Look at the run";
pub const AT_THE_END: &str = "at the end, on test images";
pub const THE_END: &str = "the end";
pub const NEWEST: &str = "newest";
pub const BRANCH_ABOUT: &str = "Begins a new run that goes on from this epoch. It takes the settings of the form, except the data, the seed, the batch size and \
     the networks, which stay as they are.";
pub const BRANCH_WAITS: &str = "A new run can go on from here when the present run has ended.";
pub const BRANCH_GONE: &str = "The checkpoint of this epoch is not kept, so no run can go on from it.";
pub const ANSWERS_WAIT: &str =
    "The networks answer the validation images once more, as they were then. Their images appear here soon.";
pub const CONFUSIONS: &str = "Confusion matrices";
pub const CONFUSIONS_EMPTY: &str = "Here you will see what the networks get wrong: which garments they take for another class. Start a run in the view Train. After each epoch there is a matrix of each network on validation images, and at the end one on the test images.";
pub const COUNTS: &str = "Counts";
pub const SHARES: &str = "% of the true class";
pub const NUMBERS_IN_CELLS: &str = "Numbers in the cells";
pub const PRESS_A_CELL: &str = "Press a cell of a matrix, or a pair of garments, to see its images.";
pub const NO_IMAGE_OF_CLASS: &str = "no image of this class";
pub const NO_MISTAKE: &str = "No image is classified wrongly.";
pub const MATRIX_TABLE: &str = "The matrix as a table";
pub const TRUE_PREDICTED: &str = "True \\ predicted";
pub const LARGEST: &str = "The largest confusions";
pub const DISAGREEMENTS: &str = "Where the two differ";
pub const ONLY_CNN: &str = "Only the CNN is correct";
pub const ONLY_ANN: &str = "Only the ANN is correct";
pub const BOTH_WRONG: &str = "Both wrong, with different answers";
pub const WHICH_IMAGES: &str = "Which images";
pub const ANSWERS_OF: &str = "Answers of";
pub const TRUE_CLASS: &str = "True class";
pub const ALL_CLASSES: &str = "All classes";
pub const TEST_IMAGES: &str = "Test images";
pub const VALIDATION_IMAGES: &str = "Validation images";
pub const TEN_CLASSES: &str = "The ten classes";
pub const TEN_CLASSES_ABOUT: &str = "The networks learn to tell these ten classes apart, from grey images of 28 × 28 pixels. After a run you see the test images here, with each network's answer.";
pub const NO_IMAGE: &str = "There is no such image.";
pub const SHOW_MORE: &str = "Show more";
pub const CORRECT: &str = "correct";
pub const WRONG: &str = "wrong";
pub const CLASS_REPORT: &str = "Class report";
pub const CLASS: &str = "Class";
pub const IMAGES: &str = "Images";
pub const F1: &str = "F1";
pub const MACRO_AVERAGE: &str = "Macro average";
pub const WEIGHTED_AVERAGE: &str = "Weighted average";
pub const CLASSES_TEST: &str = "On the test set, in percent. The larger value of each pair is bold. The view Compare says whether a difference is more than chance.";
pub const CLASSES_VALIDATION: &str =
    "In percent, on validation images. At the end of its training each network is scored on the test set.";
pub const CALIBRATION: &str = "Calibration";
pub const CALIBRATION_ABOUT: &str = "A network's confidence is the probability of its answer. Of the images with a confidence of 80 %, it should classify 80 % correctly. Then its point lies on the dashed line.";
pub const DIAGRAM_TABLE: &str = "The diagram as a table";
pub const CONFIDENCE: &str = "Confidence";
pub const ACCURACY: &str = "Accuracy";

pub fn epoch(epoch: usize) -> String {
    format!("epoch {epoch}")
}

pub fn opened_epoch(epoch: usize, epochs: usize) -> String {
    format!("after epoch {epoch} of {epochs}, on validation images")
}

pub fn newest_epoch(epochs: usize) -> String {
    format!("after the newest epoch, {epochs}, on validation images")
}

pub fn branch_from(epoch: usize) -> String {
    format!("Go on from epoch {epoch}")
}

pub fn images_of(number: &str, test: bool) -> String {
    format!("{number} {} images", if test { "test" } else { "validation" })
}

/// Begins with a space: it follows a network's name.
pub fn correct_of(share: &str, images: &str) -> String {
    format!(" {share} of {images} correct")
}

pub fn cell(truth: &str, predicted: &str, number: u32, share: &str) -> String {
    format!("true {truth}, predicted {predicted}: {number} ({share})")
}

/// Follows a network's name.
pub fn cell_title(truth: &str, predicted: &str) -> String {
    format!(": true {truth}, predicted {predicted}")
}

pub fn most_often(cell: &str) -> String {
    format!("Most often confused: {cell}")
}

pub fn matrix_of(kind: NetworkKind, images: &str, readout: &str) -> String {
    format!("Confusion matrix of the {} on {images}. {readout}", kind.label())
}

pub fn taken_for(truth: &str, predicted: &str) -> String {
    format!("{truth} taken for {predicted}")
}

pub fn times(number: u32) -> String {
    if number == 1 { "once".to_owned() } else { format!("{number} times") }
}

pub fn so_many(what: &str, number: &str) -> String {
    format!("{what}: {number}")
}

pub fn disagreements(images: &str, correct: &str, alike: &str) -> String {
    format!(
        "Of {images} both networks classify {correct} correctly, and on {alike} both make the same mistake. Here are the others. The \
         most confident mistakes come first."
    )
}

pub fn shown_images(shown: usize, all: usize) -> String {
    match all {
        1 => "1 image".to_owned(),
        all if all == shown => format!("{all} images"),
        all => format!("{shown} of {all} images"),
    }
}

pub fn f1_of(hardest: bool, class: &str, each: &str) -> String {
    format!("{}{class}, F1 {each}", if hardest { "Hardest class: " } else { "" })
}

pub fn f1_plot(readout: &str) -> String {
    format!("F1 of each class. {readout}")
}

pub fn reliability(readout: &str) -> String {
    format!("Reliability diagram. {readout}")
}

pub fn calibrated(kind: NetworkKind, error: &str, over: bool) -> String {
    let side = if over { "over-confident" } else { "not confident enough" };
    format!(
        "{}: confidence and accuracy differ by {error} on average (expected calibration error); {side}.",
        kind.label()
    )
}

pub fn no_such_confidence(kind: NetworkKind) -> String {
    format!("{}: no image has this confidence.", kind.label())
}

pub fn bin(kind: NetworkKind, confidence: &str, accuracy: &str, images: &str) -> String {
    format!("{}: mean confidence {confidence}, accuracy {accuracy}, {images} images.", kind.label())
}

pub fn percent_range(from: usize, to: usize) -> String {
    format!("{from} to {to} %")
}

// Curves: other runs behind, marked epochs.
pub const BRANCHED: &str = "branched";
pub const BEHIND: &str = "Behind (ANN dotted):";

/// Follows the values of an epoch.
pub fn rate_changed(factor: &str) -> String {
    format!(", rate {factor}")
}

// Compare.
pub const RUN_A: &str = "Run A";
pub const RUN_B: &str = "Run B";
pub const ONE_RUN: &str = "none: compare ANN with CNN";
pub const COMPARE_ABOUT: &str =
    "With one run, its ANN stands beside its CNN. With two runs, the same network of each run stands side by side.";
pub const COMPARISON: &str = "The comparison";
pub const COMPARE_BEFORE: &str = "These costs are known before training. After a run you also see here how accurate the networks are and how long they took, with the difference explained in words.";
pub const COMPARE_DURING: &str = "The table fills while the networks train. The test set is scored once, at the end.";
pub const COMPARE_ALONE: &str = "This run has fewer than two scored networks, so there is nothing to compare.";
pub const BETTER_ABOUT: &str = "A bold value with a mark is better by more than chance (accuracy, loss) or by more than the noise of one measurement (times).";
pub const TEST_ACCURACY: &str = "Test accuracy with its 95 % interval";
pub const WHO_IS_CORRECT: &str = "Test images: who is correct";
pub const LESS_THAN_A_THOUSANDTH: &str = "less than 0.1 %";
pub const STEP_TIMES: &str = "Where the time goes";
pub const STEP_TIMES_ABOUT: &str = "Multiply-accumulates (MACs) count what a layer has to compute. How long it takes also depends on how much data it moves. The table shows the time of one training step. A layer's time includes the activation and the pool that are computed together with it.";
pub const STEP_HEADS: [&str; 5] = ["Part of the step", "MACs", "Time", "Forward, ms", "Backward, ms"];
pub const WHAT_DIFFERS: &str = "What differs in the settings";
pub const NOTHING_DIFFERS: &str = "Both runs have the same settings and the same seed.";
pub const OTHER_DATA: &str = "The two runs have different datasets, so their accuracies are not compared.";
pub const NO_SHARED_NETWORK: &str = "The two runs have no network in common.";
pub const SETTING: &str = "Setting";

pub fn accuracies(readout: &str) -> String {
    format!("Test accuracies. {readout}")
}

pub fn with_interval(name: &str, accuracy: &str, low: &str, high: &str) -> String {
    format!("{name} {accuracy} ({low} to {high})")
}

pub fn difference([a, b]: [&str; 2], points: &str, low: &str, high: &str, real: bool) -> String {
    format!("{b} minus {a}: {points} points ({low} to {high}){}", if real { "" } else { ": no real difference" })
}

pub fn is_correct(name: &str) -> String {
    format!("{name} correct")
}

pub fn is_wrong(name: &str) -> String {
    format!("{name} wrong")
}

pub fn by_chance(share: &str) -> String {
    format!(
        "On some images only one of the two is correct. If neither were better, chance alone would split these images at least this unevenly in {share} of all runs (McNemar's exact test)."
    )
}

/// Follows a network's name.
pub fn step_takes(images: usize, ms: &str, workers: usize, slowest: &str) -> String {
    let workers = if workers > 1 { format!(", in the first of {workers} workers") } else { String::new() };
    format!(": a step of {images} images takes {ms}{workers}. {slowest}")
}

pub fn two_runs(kind: NetworkKind) -> String {
    format!("The {} of both runs", kind.label())
}

// Runs.
pub const RUNS: &str = "All runs";
pub const RUNS_EMPTY: &str = "Each run that you start is kept here: its settings, curves, results and the checkpoint of each epoch. You can then compare two runs, draw one behind the other, or go on from any epoch.";
pub const KEPT_OPENING: &str = "";
pub const KEPT_BROWSER: &str =
    "Runs are kept in this browser, on this device. Stars keep their checkpoints when room is short.";
pub const KEPT_MEMORY: &str = "This browser keeps nothing for this page, so all runs are gone when the page is closed.";
pub const RUN_HEADS: [&str; 6] = ["Run", "Began", "What differs", "Networks", "State", "Note"];
pub const ACTIONS: &str = "Actions";
pub const FIRST_RUN: &str = "first run";
pub const SAME_SETTINGS: &str = "the same settings as before";
pub const SHOWN: &str = "shown";
pub const SHOW: &str = "Show";
pub const COMPARE: &str = "Compare";
pub const OVERLAY: &str = "Overlay";
pub const DELETE: &str = "Delete";
pub const UNDO: &str = "Undo";
pub const OPEN: &str = "Open a file …";
pub const OPEN_HELP: &str = "Weights, a whole run, or settings; files can also be dropped here";
pub const REPORT: &str = "Report";
/// The forms of a run that can be saved: the name of the action, the button, and what it saves.
pub const EXPORTS: [(ExportForm, &str, &str, &str); 10] = [
    (ExportForm::WholeRun, "export-whole-run", "Whole run", "Everything, to be opened again"),
    (ExportForm::Weights, "export-weights", "Weights", "The networks as .safetensors"),
    (ExportForm::Npz, "export-npz", "Arrays", "The weights as .npz"),
    (ExportForm::Keras, "export-keras", "Keras", "Scripts that load the weights"),
    (ExportForm::Pytorch, "export-pytorch", "PyTorch", "The same for PyTorch"),
    (ExportForm::Numpy, "export-numpy", "NumPy", "The same for NumPy"),
    (ExportForm::Config, "export-config", "Settings", "To be opened again, here or by lab"),
    (ExportForm::Metrics, "export-metrics", "Figures", "Each epoch as CSV"),
    (ExportForm::PlotsSvg, "export-plots-svg", "Plots, SVG", "Curves and confusion matrices"),
    (ExportForm::PlotsPng, "export-plots-png", "Plots, PNG", "The same as pictures"),
];

pub fn run(number: usize) -> String {
    format!("Run {number}")
}

pub fn run_with(number: usize, label: &str) -> String {
    if label.is_empty() { run(number) } else { format!("Run {number}: {label}") }
}

/// An action of one run, for those who do not see in which row it stands.
pub fn of_run(action: &str, number: usize) -> String {
    format!("{action}: run {number}")
}

pub fn star(number: usize) -> String {
    format!("Star of run {number}")
}

pub fn note_of(number: usize) -> String {
    format!("Note on run {number}")
}

pub fn branched_from(number: usize, epoch: usize) -> String {
    format!("from run {number}, epoch {epoch}")
}

pub fn deleted(began: &str) -> String {
    if began.is_empty() { "A run was deleted.".to_owned() } else { format!("The run of {began} was deleted.") }
}

pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Waiting => "waits",
        Phase::WarmingUp => "warms up",
        Phase::Training => "trains",
        Phase::Paused => "paused",
        Phase::Scoring => "is scored",
        Phase::Done => "done",
        Phase::Failed => "failed",
        Phase::Interrupted => "interrupted",
    }
}

pub const UNFINISHED: &str = "left in its middle";

pub fn network_is(kind: NetworkKind, phase: &str) -> String {
    format!("{} {phase}", kind.label())
}

pub const CLASSIFIER_LOADS: &str = "The program of this view is loading.";
pub const RETRY_CLASSIFIER: &str = "Load it again";

pub fn no_classifier(message: &str) -> String {
    format!("The program of this view cannot be loaded: {message}")
}

pub const LOOK_INSIDE: &str = "See this image's way through both networks";
