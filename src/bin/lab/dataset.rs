//! Finds and reads the dataset that the arguments name.

use crate::arguments::Place;
use fashion_lab::data::Dataset;
use fashion_lab::data::files::{self, Accept, Collected, LoadError};
use fashion_lab::run::report::DatasetInfo;
use std::path::PathBuf;

/// Where the dataset is looked for without `--data`: the folder of `cargo xtask setup`, and that of Debian's package.
const DATA: [&str; 2] = ["public/data", "/usr/share/datasets/fashion-mnist"];

/// The dataset with its name and digests. Without a name it has to be Fashion-MNIST.
pub fn read(place: &Place) -> Result<(DatasetInfo, Dataset), String> {
    let name = place.dataset.clone();
    let path = place.data.clone().or_else(|| DATA.map(PathBuf::from).into_iter().find(|path| path.is_dir()));
    let path = path.ok_or("there is no dataset; run `cargo xtask setup`, or name its folder with --data")?;
    let accept = if name.is_some() { Accept::SameForm } else { Accept::FashionMnist };
    let Collected { dataset, sha256, known } = files::load(&path, accept).map_err(|e| match &e {
        LoadError::Refused { refused } if refused.taken.as_ref().is_err_and(files::FileError::is_other_data) => {
            format!("{e}, or train on this data and name it with --dataset NAME")
        }
        LoadError::Missing { .. } => format!("{e}; run `cargo xtask setup`, or name another folder with --data"),
        _ => e.to_string(),
    })?;
    let name = match (name, known) {
        (Some(name), Some(known)) if name != known => {
            return Err(format!(
                "{} holds {known}, not {name}; correct --dataset, or name another --data",
                path.display()
            ));
        }
        (Some(name), _) => name,
        (None, known) => known.unwrap_or("Fashion-MNIST").to_owned(),
    };
    Ok((DatasetInfo { name, sha256 }, dataset))
}
