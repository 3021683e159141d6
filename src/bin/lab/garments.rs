//! `lab garments`: writes the garments that ship with the page.

use crate::arguments::Garments as Arguments;
use crate::dataset;
use crate::output::Output;
use fashion_lab::config::RunConfig;
use fashion_lab::shipped::{Garments, choose};

/// The networks that ship are trained with the default split, so their validation images are those of the default config.
pub fn run(arguments: Arguments) -> Result<(), String> {
    let output = Output::prepare(arguments.place.out.clone())?;
    let (_, data) = dataset::read(&arguments.place)?;
    let images = choose(&data.train_labels, &RunConfig::default());
    output.write_bytes(&Garments::of(&data, images).to_bytes())
}
