//! The words of the view Try it, in English.

use super::en::CLASSES;
use crate::classify::try_it::{Mind, NudgeKind, PictureFrom, Preset};
use crate::prepare::{FoundGround, Prepared, StepKind, Verdict};

pub const AGAIN: &str = "Take another";
pub const ANSWERS: &str = "Answers";
pub const BRUSH: &str = "Brush";
pub const CAMERA_ASKED: &str = "The browser asks whether this page may use the camera.";
pub const CAMERA_NOTE: &str = "The picture stays on this machine. Hold one garment before a plain ground.";
pub const CAMERA_PICTURE: &str = "The picture of the camera";
pub const CENTRE: &str = "In the middle";
pub const CENTRES: [&str; 2] = ["the box", "the centre of mass"];
pub const CHANGES: &str = "Changes";
pub const CLEAR: &str = "Clear";
pub const DRAW_HELP: &str =
    "Draw a garment with mouse, finger or pen. Without one of these, take a test image and change it.";
pub const DRAW_NOTE: &str = "Draw one garment, as large as you like.";
pub const DROP_NOTE: &str = "Or drop a picture here, or paste one (Ctrl+V). It stays on this machine.";
pub const EMPTY: &str = "Nothing of a garment is in the picture: all of it is like its ground.";
pub const ERASE_HELP: &str = "Point at the picture to make a square of it black.";
pub const FILL: &str = "Fill outlines";
pub const FROM: &str = "Where the picture comes from";
pub const GARMENTS: &str = "The garments that ship";
pub const GIVE_FILE: &str = "Choose a picture";
pub const GREYS: [&str; 3] = ["as the eye sees it", "mean of red, green, blue", "distance from the ground"];
pub const GROUND: &str = "Ground";
pub const GROUNDS: [&str; 4] = ["automatic", "light", "dark", "transparent"];
pub const INSIDE: &str = "See its way through the networks";
pub const INVERSIONS: [&str; 3] = ["automatic", "always", "never"];
pub const LIMITS: &str = "The networks know ten kinds of garments, one in each picture, seen from the front on a plain ground. To anything else they give one of these names too, and sometimes they are sure of it.";
pub const LOADS: &str = "The networks are loading.";
pub const LONGER: &str = "Longer side";
pub const MOVED_NOTE: &str = "Move a slider and watch when each network changes its mind.";
pub const NEXT: &str = "Next";
pub const NO_PICTURE: &str = "There is no picture yet.";
pub const OF_FILES: &str = "From a file";
pub const ON: &str = "on";
pub const OPEN_WEIGHTS: &str = "Open weights (.safetensors)";
pub const PREPARATION: &str = "Preparation";
pub const PRESETS: &str = "A whole set of settings";
pub const PREVIOUS: &str = "Previous";
pub const REMOVALS: [&str; 3] = ["automatic", "within a distance", "none"];
pub const RESAMPLINGS: [&str; 2] = ["mean of the area", "leave pixels out"];
pub const RESET: &str = "Reset";
pub const RUB: &str = "Rub out";
pub const SEEN: &str = "What the networks see";
pub const SEEN_NOTE: &str = "This is all that the networks see.";
pub const SHIPPED: &str = "The networks that ship";
pub const START_CAMERA: &str = "Start the camera";
pub const STOP_CAMERA: &str = "Stop the camera";
pub const TAKE: &str = "Take the picture";
pub const UNDO: &str = "Undo";
pub const WAITS: &str = "The page sends the image as soon as the dataset is here.";
pub const WHOSE: &str = "Which networks answer";

/// The name of a place where pictures come from.
pub fn from(from: PictureFrom) -> &'static str {
    match from {
        PictureFrom::Draw => "Draw",
        PictureFrom::File => "Photo or file",
        PictureFrom::Camera => "Camera",
        PictureFrom::Test => "A test image",
    }
}

/// The name of a set of settings.
pub fn preset(preset: Preset) -> &'static str {
    match preset {
        Preset::Automatic => "Automatic",
        Preset::Authors => "As Fashion-MNIST's authors",
        Preset::Plain => "None",
    }
}

/// The networks of the page's run, as they were after an epoch; 0: in the middle of one.
pub fn of_run(name: &str, epoch: usize) -> String {
    if epoch == 0 { name.to_owned() } else { format!("{name}, epoch {epoch}") }
}

/// The name of a step.
pub fn step(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Grey => "Grey",
        StepKind::Invert => "Invert",
        StepKind::RemoveGround => "Ground black",
        StepKind::Crop => "Cut to the garment",
        StepKind::Resize => "Make small",
        StepKind::Sharpen => "Sharpen",
        StepKind::Stretch => "Brightest to white",
        StepKind::Mirror => "Mirror",
        StepKind::Centre => "Into 28 × 28",
    }
}

/// What the picture of a step shows, for people who do not see it.
pub fn step_picture(kind: StepKind, [across, down]: [usize; 2]) -> String {
    format!("The picture after the step {}: {across} × {down} pixels", step(kind))
}

/// What the preparation found.
pub fn found(prepared: &Prepared) -> String {
    let ground = match prepared.ground {
        FoundGround::Light => "The ground is light",
        FoundGround::Dark => "The ground is dark",
        FoundGround::Transparent => "The ground is transparent",
    };
    let inverted = if prepared.inverted { "inverted" } else { "not inverted" };
    let mirrored = if prepared.mirrored { " It is mirrored, so that a toe points left." } else { "" };
    format!("{ground}; the picture is {inverted}.{mirrored}")
}

/// The name of a slider.
pub fn nudge(kind: NudgeKind) -> &'static str {
    match kind {
        NudgeKind::Right => "Shift right",
        NudgeKind::Down => "Shift down",
        NudgeKind::Turn => "Turn",
        NudgeKind::Scale => "Size",
        NudgeKind::Noise => "Noise",
        NudgeKind::EraseSide => "Black square",
        NudgeKind::EraseX => "Its place across",
        NudgeKind::EraseY => "Its place down",
        NudgeKind::Invert => "Invert",
    }
}

/// The value of a slider with its unit.
pub fn nudge_value(kind: NudgeKind, value: f32) -> String {
    match kind {
        NudgeKind::Turn => format!("{value}°"),
        NudgeKind::Scale => format!("{value} %"),
        NudgeKind::Noise => format!("{value} of 255"),
        NudgeKind::Invert => if value > 0.0 { "on" } else { "off" }.to_owned(),
        _ => format!("{value} px"),
    }
}

/// What a network says now, against what it said without changes. Stands behind the network's name.
pub fn mind(mind: &Mind) -> String {
    let [now, before] = [mind.now, mind.before].map(|class| CLASSES[class]);
    match mind.since {
        None if now == before => format!("still says {now}."),
        None => format!("says {now} now (it said {before})."),
        Some((kind, value)) => {
            let by = format!("{} {}", nudge(kind), nudge_value(kind, value));
            format!("says {now} now (it said {before}); it changed its mind at: {by}.")
        }
    }
}

/// What the networks say together. `leaning`: the class that all of them give the largest probability, if it is the same one.
pub fn verdict(verdict: Verdict, networks: usize, leaning: Option<usize>) -> String {
    let class = |class: usize| CLASSES.get(class).copied().unwrap_or_default();
    match (verdict, networks) {
        (Verdict::Sure { class: of }, 1) => format!("It is sure: {}.", class(of)),
        (Verdict::Sure { class: of }, _) => format!("Both are sure: {}.", class(of)),
        (Verdict::Unsure { class: of }, _) => format!("Only one is sure: {}.", class(of)),
        (Verdict::Contradiction, _) => "Each is sure of something else, so do not trust either.".to_owned(),
        (Verdict::NoneSure, 1) => "It is not sure: this may be no garment.".to_owned(),
        (Verdict::NoneSure, _) => {
            let both = leaning.map(|of| format!(" If it is one, both take it for: {}.", class(of)));
            format!("Neither is sure: this may be no garment.{}", both.unwrap_or_default())
        }
    }
}

/// How unsure an answer is.
pub fn entropy(bits: f32) -> String {
    format!("entropy {bits:.2} bits of at most 3.32")
}

/// A share in percent.
pub fn percent(share: f32) -> String {
    format!("{} %", (share * 100.0).round())
}

/// A file that is being read.
pub fn reads(name: &str) -> String {
    format!("{name} is being read.")
}

/// What a given picture shows, for people who do not see it.
pub fn given(name: &str) -> String {
    if name.is_empty() {
        "The picture that the camera took".to_owned()
    } else {
        format!("The picture of the file {name}")
    }
}

/// What the picture for the networks shows, for people who do not see it.
pub fn seen_picture(lit: usize) -> String {
    format!("What the networks see: 28 × 28 pixels in grey, {lit} of 784 are not black")
}
