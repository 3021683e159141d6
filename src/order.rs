//! The order of values, in one place: every other sort would be another 4 KB of the page's program.

/// The places of values from the smallest value to the largest one. Equal values stay in their order; NaN is larger than every number.
pub fn ascending(values: &[f64]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..values.len()).collect();
    places.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    places
}

#[cfg(test)]
mod tests {
    use super::ascending;

    #[test]
    fn equal_values_stay_in_their_order_and_nan_comes_last() {
        assert_eq!(ascending(&[2.0, f64::NAN, 1.0, 2.0, -0.5]), [4, 2, 0, 3, 1]);
        assert!(ascending(&[]).is_empty());
    }
}
