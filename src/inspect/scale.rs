//! From values to what can be drawn: grey bytes, signed values from -1 to 1, and the point under the pointer.

/// Values as grey bytes, with the scale that was used.
#[derive(Debug, Clone, PartialEq)]
pub struct Grey {
    /// 0 black to 255 white, one for each value.
    pub bytes: Vec<u8>,
    /// The value that is black.
    pub black: f64,
    /// The value that is white.
    pub white: f64,
}

/// Values from -1 to 1 around zero, for a scale of two colours that meet at zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed {
    /// Each value divided by `scale`.
    pub values: Vec<f32>,
    /// The largest size of a value. It is 0 where all values are 0.
    pub scale: f64,
}

/// Grey from the smallest value, black, to the largest one, white. Where all values are equal everything is black. A value that is no
/// finite number is black and has no part in the scale.
pub fn to_grey<T: Copy + Into<f64>>(values: &[T]) -> Grey {
    let finite = values.iter().map(|value| (*value).into()).filter(|value: &f64| value.is_finite());
    let [black, white] =
        finite.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [low.min(value), high.max(value)]);
    if black > white { to_grey_between(values, [0.0; 2]) } else { to_grey_between(values, [black, white]) }
}

/// Grey from a value that is black to one that is white, so that several pictures can have one scale. What lies beyond has the nearest
/// grey.
pub fn to_grey_between<T: Copy + Into<f64>>(values: &[T], [black, white]: [f64; 2]) -> Grey {
    let factor = if white > black { 255.0 / (white - black) } else { 0.0 };
    // A cast of NaN gives 0, and casts beyond the range its end.
    let bytes = values.iter().map(|value| (((*value).into() - black) * factor).round() as u8).collect();
    Grey { bytes, black, white }
}

/// Signed values around zero: the largest size is 1. A value that is no finite number is 0 and has no part in the scale.
pub fn to_signed<T: Copy + Into<f64>>(values: &[T]) -> Signed {
    let finite = |value: T| Some(value.into()).filter(|value| value.is_finite()).unwrap_or(0.0);
    let scale = values.iter().map(|value| finite(*value).abs()).fold(0.0, f64::max);
    let signed = |value: &T| if scale > 0.0 { (finite(*value) / scale) as f32 } else { 0.0 };
    Signed { values: values.iter().map(signed).collect(), scale }
}

/// The place of the point that is nearest to `at`; the first of several. Points with a coordinate that is no finite number are left out.
/// `None` where there is no point.
pub fn nearest(points: &[[f32; 2]], at: [f32; 2]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, [x, y]) in points.iter().enumerate() {
        let (dx, dy) = (f64::from(*x) - f64::from(at[0]), f64::from(*y) - f64::from(at[1]));
        let distance = dx * dx + dy * dy;
        if distance.is_finite() && best.is_none_or(|(_, least)| distance < least) {
            best = Some((place, distance));
        }
    }
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_goes_from_the_smallest_to_the_largest_value() {
        let grey = to_grey(&[-1.0_f32, 0.0, 3.0]);
        assert_eq!(grey, Grey { bytes: vec![0, 64, 255], black: -1.0, white: 3.0 });
        assert_eq!(to_grey(&[2.0_f64; 3]).bytes, [0; 3]);
        let strange = to_grey(&[f64::NAN, 1.0, f64::NEG_INFINITY, 2.0]);
        assert_eq!((strange.bytes, strange.black, strange.white), (vec![0, 0, 0, 255], 1.0, 2.0));
        let none = to_grey::<f32>(&[]);
        assert_eq!((none.bytes.len(), none.black, none.white), (0, 0.0, 0.0));
        assert_eq!(to_grey(&[f64::NAN]).bytes, [0]);
    }

    #[test]
    fn several_pictures_can_have_one_scale() {
        assert_eq!(to_grey_between(&[-5.0, 0.0, 1.0, 2.0, 9.0], [0.0, 2.0]).bytes, [0, 0, 128, 255, 255]);
        assert_eq!(to_grey_between(&[-5.0, 9.0], [2.0, 2.0]).bytes, [0, 0]);
    }

    #[test]
    fn signed_values_keep_zero_at_zero() {
        assert_eq!(to_signed(&[-4.0_f32, 0.0, 1.0]), Signed { values: vec![-1.0, 0.0, 0.25], scale: 4.0 });
        assert_eq!(to_signed(&[0.0_f64; 2]), Signed { values: vec![0.0; 2], scale: 0.0 });
        assert_eq!(to_signed(&[f64::NAN, 2.0, f64::INFINITY]).values, [0.0, 1.0, 0.0]);
    }

    #[test]
    fn the_nearest_point_is_found() {
        let points = [[0.0, 0.0], [1.0, 1.0], [1.0, 1.0], [f32::NAN, 0.9]];
        assert_eq!(nearest(&points, [0.9, 0.8]), Some(1));
        assert_eq!(nearest(&points, [-3.0, 0.2]), Some(0));
        assert_eq!(nearest(&[], [0.0; 2]), None);
        assert_eq!(nearest(&points[3..], [0.0; 2]), None);
    }
}
