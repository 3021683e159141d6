//! The plots of a run as files: the curves of accuracy and loss over the epochs, and the confusion matrix of each network, in light colours.
//! Leaves out: what the plots look like (`plot`).

use crate::config::NetworkKind;
use crate::plot::{
    Anchor, Learning, Mark, Matrix, MatrixLayout, Picture, Quantity, Theme, Unit, across, confusion, curves,
    epoch_curves, largest_error, svg,
};
use crate::run::RunRecord;
use crate::run::report::ConfusionCounts;

/// Width and height of the curves, in pixels.
const CURVES: [u32; 2] = [720, 420];
/// Width of a confusion matrix, in pixels.
const MATRIX: u32 = 560;
/// Height of the line above a plot that says what it is.
const TITLE: u32 = 34;
const LIGHT: Theme = Theme { dark: false };

/// A plot of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// What it shows, for the name of its file: `accuracy`, `loss`, `cnn-confusion`.
    pub name: String,
    /// The text of the SVG.
    pub svg: String,
    /// Its width and height.
    pub size: [u32; 2],
}

/// The plots of a run. Without a finished epoch there are no curves, without a counted matrix none.
pub fn plots(run: &RunRecord) -> Vec<Plot> {
    let networks: Vec<Learning> = run.networks.iter().map(Learning::of).collect();
    let mut plots = Vec::new();
    if networks.iter().any(|network| !network.epochs.is_empty()) {
        let planned = run.networks.iter().map(|network| network.planned_epochs(&run.config)).max().unwrap_or(0);
        let axis = across(&networks, Unit::Epochs, planned, false);
        for (name, title, quantity) in
            [("accuracy", "Accuracy", Quantity::Accuracy), ("loss", "Loss of each epoch", Quantity::Loss)]
        {
            let size = CURVES.map(f64::from);
            let picture = curves(&epoch_curves(&networks, axis, quantity), size, None, LIGHT);
            plots.push(plot(name.to_owned(), title, picture, CURVES));
        }
    }
    let counted = run.networks.iter().filter_map(|network| {
        let (counts, test) = network.confusion()?;
        Some((network.kind, counts, test))
    });
    let counted: Vec<(NetworkKind, &ConfusionCounts, bool)> = counted.collect();
    // All have one scale, so that their colours can be compared.
    let ceiling = counted.iter().map(|(_, counts, _)| largest_error(counts)).fold(0.0, f64::max);
    for (kind, counts, test) in counted {
        let matrix = Matrix { counts, shares: false, ceiling, hover: None };
        let size = [MATRIX, MatrixLayout::height(f64::from(MATRIX)).ceil() as u32];
        let [width, height] = size.map(f64::from);
        let picture = confusion(&matrix, MatrixLayout::new(width, height), LIGHT);
        let title = format!("{}: images of the {} set", kind.label(), if test { "test" } else { "validation" });
        plots.push(plot(format!("{}-confusion", kind.key()), &title, picture, size));
    }
    plots
}

/// A picture below its title, as SVG.
fn plot(name: String, title: &str, mut picture: Picture, [width, height]: [u32; 2]) -> Plot {
    let down = f64::from(TITLE);
    for mark in &mut picture.marks {
        match mark {
            Mark::Line { points, .. } | Mark::Area { points, .. } => points.iter_mut().for_each(|[_, y]| *y += down),
            Mark::Rect { from, to, .. } => [from, to].into_iter().for_each(|[_, y]| *y += down),
            Mark::Disc { centre: [_, y], .. } | Mark::Text { at: [_, y], .. } => *y += down,
        }
    }
    picture.text(title, [12.0, 0.6 * down], 15.0, LIGHT.text(), Anchor::Start);
    picture.bold();
    let size = [width, height + TITLE];
    Plot { name, svg: svg(&picture, size, LIGHT), size }
}
