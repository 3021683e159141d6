//! Many small pictures of signed values as one, tile beside tile: maps of a stage, units, kernels, weights. They are made once for an image,
//! so that a pointer that moves over them costs nothing but the mark. Leaves out: colours on the screen (`classifier`).

use crate::inspect::{Picture, Stage, to_signed};
use std::rc::Rc;

/// Tiles of `side` by `side` pixels, so many in a row, with a line of one pixel between them.
#[derive(Debug, Clone)]
pub struct Tiles {
    /// Height and width of a tile.
    pub side: usize,
    /// Tiles in a row.
    pub columns: usize,
    /// Signed values of each tile, row by row, from -1 to 1.
    pub tiles: Rc<Vec<Vec<f32>>>,
}

/// Two are equal if they are the same ones: comparing all values would take longer than making them.
impl PartialEq for Tiles {
    fn eq(&self, other: &Self) -> bool {
        (self.side, self.columns) == (other.side, other.columns) && Rc::ptr_eq(&self.tiles, &other.tiles)
    }
}

impl Tiles {
    /// Puts values, tile by tile, into rows. One scale for all, so that they can be compared.
    pub fn new(values: &[f32], side: usize, columns: usize) -> Self {
        Self::of_signed(to_signed(values).values, side, columns)
    }

    fn of_signed(values: Vec<f32>, side: usize, columns: usize) -> Self {
        let side = side.max(1);
        let tiles: Vec<Vec<f32>> = values.chunks(side * side).map(<[f32]>::to_vec).collect();
        Self { side, columns: columns.clamp(1, tiles.len().max(1)), tiles: Rc::new(tiles) }
    }

    /// Weights as pictures of one size.
    pub fn of_pictures<'a>(pictures: impl Iterator<Item = &'a Picture>, columns: impl Fn(usize) -> usize) -> Self {
        let (mut side, mut number, mut values) = (1, 0, Vec::new());
        for picture in pictures {
            (side, number) = (picture.side, number + 1);
            values.extend_from_slice(&picture.values);
        }
        Self::new(&values, side, columns(number))
    }

    /// The values of a stage: a tile for each map, or all units as one square, which black ones fill up.
    pub fn of_stage(stage: &Stage) -> Self {
        let (side, channels) = (stage.shape.side(), stage.shape.channels());
        // For the eye their square roots, because a few large values would leave the others black.
        let bright = |value: f32| value.signum() * value.abs().sqrt();
        let values: Vec<f32> = to_signed(&stage.values).values.into_iter().map(bright).collect();
        if side > 1 {
            let by_map = (0..channels).flat_map(|map| values.iter().skip(map).step_by(channels)).copied().collect();
            return Self::of_signed(by_map, side, in_a_row(channels));
        }
        let side = side_of_units(values.len());
        let mut square = values;
        square.resize(side * side, 0.0);
        Self::of_signed(square, side, 1)
    }

    fn step(&self) -> usize {
        self.side + 1
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.columns * self.step() - 1
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        (self.tiles.len().div_ceil(self.columns) * self.step()).saturating_sub(1)
    }

    /// The tile, row and column of a pixel; `None` between two tiles.
    pub fn at(&self, x: usize, y: usize) -> Option<[usize; 3]> {
        let (tile, row, column) = (y / self.step() * self.columns + x / self.step(), y % self.step(), x % self.step());
        (row < self.side && column < self.side && tile < self.tiles.len()).then_some([tile, row, column])
    }

    /// Where a pixel of a tile is in the whole picture: x and y.
    pub fn place(&self, [tile, row, column]: [usize; 3]) -> [usize; 2] {
        [tile % self.columns * self.step() + column, tile / self.columns * self.step() + row]
    }
}

/// Tiles in a row, for so many.
pub fn in_a_row(tiles: usize) -> usize {
    if tiles > 16 { 8 } else { 4 }
}

/// The side of the square that so many units are shown as.
pub fn side_of_units(units: usize) -> usize {
    (units as f64).sqrt().ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{Shape, StageKind};

    #[test]
    fn a_pixel_is_found_where_it_was_placed_and_none_between_tiles() {
        let tiles = Tiles::new(&[1.0; 5 * 9], 3, 2);
        assert_eq!((tiles.width(), tiles.height()), (7, 11));
        for place in [[0, 0, 0], [1, 2, 1], [4, 1, 2]] {
            let [x, y] = tiles.place(place);
            assert_eq!(tiles.at(x, y), Some(place));
        }
        assert_eq!((tiles.at(3, 0), tiles.at(0, 3), tiles.at(4, 8)), (None, None, None), "the sixth tile is not there");
    }

    #[test]
    fn maps_stand_apart_and_units_fill_a_square() {
        let stage = |shape, values| Stage {
            kind: StageKind::Activation,
            name: String::new(),
            label: String::new(),
            shape,
            values,
        };
        let maps = stage(Shape::Image { side: 2, channels: 2 }, vec![4.0, -1.0, 0.0, -1.0, 0.0, -1.0, 0.0, -1.0]);
        assert_eq!(*Tiles::of_stage(&maps).tiles, [vec![1.0, 0.0, 0.0, 0.0], vec![-0.5; 4]]);
        let units = stage(Shape::Units(5), vec![1.0; 5]);
        let tiles = Tiles::of_stage(&units);
        assert_eq!((tiles.side, tiles.tiles.len(), tiles.tiles[0][5]), (3, 1, 0.0));
    }
}
