//! Makes pictures of another size, and sharpens them.

use super::picture::{GreyPicture, Picture};
use super::settings::Resampling;

/// The longest side of a picture that the steps work on. A larger one is made smaller first: 28 pixels need no more, and each step's
/// picture is kept.
pub(super) const WORKING_SIDE: usize = 512;

/// Width and height with the longer side as asked for and the other in proportion, at least 1.
fn fit(width: usize, height: usize, longer: usize) -> (usize, usize) {
    let most = width.max(height).max(1);
    let scaled = |side: usize| ((side * longer + most / 2) / most).max(1);
    (scaled(width), scaled(height))
}

/// Which old pixels each new one covers along one side, and how much of each: `new` lists of (index, share of the new pixel). The shares
/// of a list sum to 1.
fn cover(old: usize, new: usize) -> Vec<Vec<(usize, f32)>> {
    let span = |at: usize| {
        // In units of 1 / new of an old pixel, so that all borders are whole numbers.
        let (start, end) = (at * old, (at + 1) * old);
        let share = |index: usize| {
            let (from, to) = ((index * new).max(start), ((index + 1) * new).min(end));
            (index, (to - from) as f32 / old as f32)
        };
        (start / new..end.div_ceil(new)).map(share).collect()
    };
    (0..new).map(span).collect()
}

/// Means over areas of a picture of `channels` numbers a pixel, row by row. The old rows are asked for one by one, from the top, so that
/// a large picture is never in memory as a whole in f32.
fn area_average(
    old_row: impl Fn(usize) -> Vec<f32>,
    channels: usize,
    [width, height]: [usize; 2],
    [across, down]: [usize; 2],
) -> Vec<f32> {
    let columns = cover(width, across);
    // An old row with the new number of columns, [across, channels].
    let narrow = |row: usize| -> Vec<f32> {
        let row = old_row(row);
        let mean = |column: &[(usize, f32)], channel: usize| {
            column.iter().map(|&(index, share)| row[index * channels + channel] * share).sum()
        };
        columns.iter().flat_map(|column| (0..channels).map(move |channel| mean(column, channel))).collect()
    };
    let mut small = vec![0.0; down * across * channels]; // [down, across, channels]
    // Neighbouring new rows share an old one.
    let (mut last, mut last_row) = (0, narrow(0));
    for (row, spans) in small.chunks_exact_mut(across * channels).zip(cover(height, down)) {
        for (index, share) in spans {
            if index != last {
                (last, last_row) = (index, narrow(index));
            }
            row.iter_mut().zip(&last_row).for_each(|(sum, value)| *sum += value * share);
        }
    }
    small
}

/// The picture with its longer side of so many pixels.
pub(super) fn resize(picture: &GreyPicture, longer: usize, resampling: Resampling) -> GreyPicture {
    let GreyPicture { width: old_width, height: old_height, .. } = *picture;
    let (width, height) = fit(old_width, old_height, longer);
    let pixels = match resampling {
        Resampling::AreaAverage => {
            let row =
                |row: usize| picture.pixels[row * old_width..][..old_width].iter().copied().map(f32::from).collect();
            area_average(row, 1, [old_width, old_height], [width, height]).into_iter().map(byte).collect()
        }
        Resampling::Subsample => {
            // The old pixel in the middle of the new one.
            let middle = |at: usize, old: usize, new: usize| (2 * at + 1) * old / (2 * new);
            let row = |row: usize| {
                (0..width)
                    .map(move |column| picture.at(middle(row, old_height, height), middle(column, old_width, width)))
            };
            (0..height).flat_map(row).collect()
        }
    };
    GreyPicture { width, height, pixels }
}

/// A picture whose longer side has at most [`WORKING_SIDE`] pixels. Colours are weighted by their alpha, so that what lies under
/// transparent pixels does not show.
pub(super) fn reduce(picture: &Picture) -> Option<(usize, usize, Vec<u8>)> {
    let (old_width, old_height) = (picture.width(), picture.height());
    if old_width.max(old_height) <= WORKING_SIDE {
        return None;
    }
    let (width, height) = fit(old_width, old_height, WORKING_SIDE);
    let weighted = |&[red, green, blue, alpha]: &[u8; 4]| {
        let alpha = f32::from(alpha);
        [f32::from(red) * alpha, f32::from(green) * alpha, f32::from(blue) * alpha, alpha]
    };
    let row = |row: usize| picture.pixels()[row * old_width..][..old_width].iter().flat_map(weighted).collect();
    let small = area_average(row, 4, [old_width, old_height], [width, height]);
    let straight = |&[red, green, blue, alpha]: &[f32; 4]| {
        let colour = |sum: f32| if alpha > 0.0 { byte(sum / alpha) } else { 0 };
        [colour(red), colour(green), colour(blue), byte(alpha)]
    };
    Some((width, height, small.as_chunks().0.iter().flat_map(straight).collect()))
}

/// Sharpens by a Gaussian of radius and standard deviation 1: the 3 x 3 weights are `-exp(-r² / 2)`, and the one in the middle is twice
/// the sum of all nine, so that the sum is positive; then they are scaled to the sum 1. This is what ImageMagick's `-sharpen 1x1`
/// computes, which the paper's words describe. Beyond an edge the outermost pixels go on.
pub(super) fn sharpen(picture: &GreyPicture) -> GreyPicture {
    let (side, corner) = ((-0.5_f32).exp(), (-1.0_f32).exp());
    let around = 4.0 * side + 4.0 * corner;
    let middle = 2.0 * (1.0 + around);
    let total = middle - around;
    let (rows, columns) = (picture.height, picture.width);
    let pixel = |row: usize, column: usize| {
        let (up, down) = (row.saturating_sub(1), (row + 1).min(rows - 1));
        let (left, right) = (column.saturating_sub(1), (column + 1).min(columns - 1));
        let at = |row, column| f32::from(picture.at(row, column));
        let sides = at(up, column) + at(down, column) + at(row, left) + at(row, right);
        let corners = at(up, left) + at(up, right) + at(down, left) + at(down, right);
        byte((middle * at(row, column) - side * sides - corner * corners) / total)
    };
    let pixels = (0..rows).flat_map(|row| (0..columns).map(move |column| pixel(row, column))).collect();
    GreyPicture { width: columns, height: rows, pixels }
}

/// The nearest byte; what is no number becomes 0.
pub(super) fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
