//! Planes of known rows, and what must not change a plane.

use super::*;
use proptest::prelude::*;

fn rows(count: usize, width: usize, seed: u32) -> Vec<f32> {
    let mut next = numbers(seed);
    // Each value has its own spread, so that the directions are apart.
    (0..count * width).map(|at| next() * (1.0 + (at % width) as f32)).collect()
}

/// Points agree but for rounding of rows, mean and components to 32 bits, 1e-7 of the largest each, and for the method's own 1e-8.
fn same_points(a: &[[f32; 2]], b: &[[f32; 2]], factor: f32) {
    assert_eq!(a.len(), b.len());
    let largest = a.iter().flatten().fold(1e-3_f32, |largest, value| largest.max(value.abs()));
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        assert!((a * factor - b).abs() <= 2e-5 * largest * factor.abs(), "{a} and {b} of {largest}");
    }
}

#[test]
fn an_ellipse_lies_on_its_axes() {
    // Along (3, 4) / 5 the points are at ±10 and along (-4, 3) / 5 at ±5, around (1, 2).
    let rows = [[6.0, 8.0], [-6.0, -8.0], [-4.0, 3.0], [4.0, -3.0]].map(|[x, y]: [f32; 2]| [1.0 + x, 2.0 + y]);
    let found = pca(rows.as_flattened(), 2);
    assert_eq!(found.mean, [1.0, 2.0]);
    let expected = [[0.6, 0.8], [0.8, -0.6]];
    for (component, expected) in found.components.iter().zip(expected) {
        // 32 bits keep seven digits.
        assert!(component.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{component:?}");
    }
    same_points(&found.points, &[[10.0, 0.0], [-10.0, 0.0], [0.0, -5.0], [0.0, 5.0]], 1.0);
    // 200 and 50 of 250.
    assert!((found.explained[0] - 0.8).abs() < 1e-9 && (found.explained[1] - 0.2).abs() < 1e-9);
    same_points(&[found.project(&[7.0, 10.0])], &[[10.0, 0.0]], 1.0);
}

/// Eigenvalues of the scatter matrix by power iteration with deflation: slow, but another method.
fn by_power(rows: &[f32], width: usize) -> (f64, [f64; 3]) {
    let count = rows.len() / width;
    let mean: Vec<f64> = (0..width)
        .map(|at| rows.iter().skip(at).step_by(width).map(|v| f64::from(*v)).sum::<f64>() / count as f64)
        .collect();
    let mut matrix = vec![vec![0.0; width]; width];
    for row in rows.chunks(width) {
        for a in 0..width {
            for b in 0..width {
                matrix[a][b] += (f64::from(row[a]) - mean[a]) * (f64::from(row[b]) - mean[b]);
            }
        }
    }
    let total = (0..width).map(|at| matrix[at][at]).sum();
    let values = std::array::from_fn(|_| {
        let (mut vector, mut value) = (vec![1.0 / (width as f64).sqrt(); width], 0.0);
        for _ in 0..3000 {
            let image: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
            value = image.iter().map(|v| v * v).sum::<f64>().sqrt();
            vector = image.into_iter().map(|v| v / value).collect();
        }
        for a in 0..width {
            for b in 0..width {
                matrix[a][b] -= value * vector[a] * vector[b];
            }
        }
        value
    });
    (total, values)
}

#[test]
fn the_shares_are_those_of_power_iteration() {
    for (count, width) in [(40, 5), (60, 12), (100, 33), (7, 20)] {
        let rows = rows(count, width, width as u32);
        let (total, values) = by_power(&rows, width);
        let found = pca(&rows, width);
        for (share, value) in found.explained.iter().zip(values) {
            // An eigenvalue's error is the square of the residual of 1e-8; power iteration itself is exact to about 1e-12.
            assert!((share - value / total).abs() < 1e-9, "{share} for {}", value / total);
        }
    }
}

#[test]
fn the_second_direction_is_exact_too_where_the_first_is_found_at_once() {
    const WIDTH: usize = 30;
    // The first direction has a thousand times the variance, and the others fall slowly.
    let spread = |at: usize| if at == 0 { 40.0 } else { 0.9_f32.powi(at as i32) };
    let mut next = numbers(11);
    let rows: Vec<f32> = (0..200 * WIDTH).map(|at| next() * spread(at % WIDTH)).collect();
    let found = pca(&rows, WIDTH);
    let mean: Vec<f64> = found.mean.iter().map(|value| f64::from(*value)).collect();
    for (component, points) in found.components.iter().zip([0, 1]) {
        // The scatter matrix times the component is the sum of all rows, each times its own point.
        let (mut image, mut value) = ([0.0; WIDTH], 0.0);
        for (row, point) in rows.chunks(WIDTH).zip(&found.points) {
            let along = f64::from(point[points]);
            value += along * along;
            for ((sum, x), mean) in image.iter_mut().zip(row).zip(&mean) {
                *sum += (f64::from(*x) - mean) * along;
            }
        }
        let squares = image.iter().zip(component).map(|(image, v)| (image - value * f64::from(*v)).powi(2));
        let residual = squares.sum::<f64>().sqrt() / value;
        // Component and points are rounded to 32 bits, 6e-8 each. An error of 6e-8 in the second component along the first direction
        // comes out a thousand times as large: 1e-4 at most.
        assert!(residual < 1e-3, "{residual}");
    }
}

#[test]
fn two_planted_directions_are_found_in_many_rows() {
    const WIDTH: usize = 300;
    let (mut next, mut rows) = (numbers(9), Vec::new());
    for _ in 0..100 {
        let (a, b) = (20.0 * next(), 10.0 * next());
        // With all four signs the two are not correlated at all.
        for (a, b) in [(a, b), (a, -b), (-a, b), (-a, -b)] {
            let value = |at| match at {
                7 => a,
                250 => b,
                _ => 3.0,
            };
            rows.extend((0..WIDTH).map(|at| value(at) + 0.01 * next()));
        }
    }
    let found = pca(&rows, WIDTH);
    for (component, at) in found.components.iter().zip([7, 250]) {
        // Noise of deviation 0.006 against 5.8 in 400 rows turns a direction by 5e-5 towards each of 298 others, by 9e-4 in all.
        assert!(component[at] > 0.99999, "{}", component[at]);
    }
    assert!(found.explained[0] > 0.7 && found.explained.iter().sum::<f64>() > 0.999);
}

#[test]
fn rows_without_variance_have_no_directions() {
    for (rows, width) in [(vec![], 3), (vec![1.0, 2.0, 3.0], 3), (vec![0.1; 40], 4), (vec![1.0, 2.0], 3)] {
        let found = pca(&rows, width);
        assert_eq!((found.explained, found.mean.len()), ([0.0; 2], width));
        assert_eq!(found.components, [vec![0.0; width], vec![0.0; width]]);
        assert!(found.points.iter().flatten().all(|value| *value == 0.0));
        assert_eq!(found.points.len(), rows.len() / width);
    }
    assert_eq!(pca(&[1.0], 0).points.len(), 0);
    // One direction only.
    let line: Vec<f32> = (0..10).flat_map(|at| [at as f32, 2.0 * at as f32, 0.0]).collect();
    let found = pca(&line, 3);
    assert!((found.explained[0] - 1.0).abs() < 1e-12 && found.explained[1] == 0.0);
    assert_eq!(found.components[1], [0.0; 3]);
    // No number: nothing is found, and nothing stops.
    assert_eq!(pca(&[f32::NAN, 1.0, 2.0, 3.0], 2).explained, [0.0; 2]);
    assert_eq!(pca(&[f32::MAX, f32::MIN, 1.0, 2.0], 2).points.len(), 2);
}

#[test]
fn directions_that_are_equally_strong_give_a_plane() {
    // Twelve directions of the same variance: any plane is right, and it must have directions of length 1 at right angles.
    let rows: Vec<f32> = (0..24)
        .flat_map(|row| (0..12).map(move |at| if row / 2 == at { (row % 2) as f32 - 0.5 } else { 0.0 }))
        .collect();
    let found = pca(&rows, 12);
    let [a, b] = &found.components;
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    assert!((dot(a, a) - 1.0).abs() < 1e-5 && (dot(b, b) - 1.0).abs() < 1e-5 && dot(a, b).abs() < 1e-5);
    assert!(found.explained.iter().all(|share| (share - 1.0 / 12.0).abs() < 1e-9));
}

#[test]
fn the_penultimate_layer_of_the_garments_lies_on_a_plane() {
    for network in shipped() {
        let inspector = Inspector::new(&network).unwrap();
        let rows: Vec<f32> = garments().flat_map(|pixels| inspector.penultimate(pixels)).collect();
        let found = pca(&rows, 64);
        assert_eq!(found.points.len(), 20);
        assert!(found.explained[0] >= found.explained[1] && found.explained[1] > 0.05);
        // The two garments of a class are mostly neighbours: an ankle boot is nearer to the other one than to a T-shirt.
        let distance =
            |a: usize, b: usize| (0..2).map(|k| (found.points[a][k] - found.points[b][k]).powi(2)).sum::<f32>();
        assert!(distance(18, 19) < distance(18, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn moving_scaling_and_reordering_rows_moves_points_alike(seed in 0_u32..1000, shift in -5.0_f32..5.0, factor in 0.1_f32..9.0) {
        const WIDTH: usize = 6;
        let rows = rows(30, WIDTH, seed);
        let found = pca(&rows, WIDTH);
        // Nearly equal directions may turn within their plane.
        let (_, [first, second, third]) = by_power(&rows, WIDTH);
        prop_assume!(first > 1.1 * second && second > 1.1 * third);
        let moved: Vec<f32> = rows.iter().map(|value| value + shift).collect();
        same_points(&found.points, &pca(&moved, WIDTH).points, 1.0);
        let scaled: Vec<f32> = rows.iter().map(|value| value * factor).collect();
        same_points(&found.points, &pca(&scaled, WIDTH).points, factor);
        let reversed: Vec<f32> = rows.chunks(WIDTH).rev().flatten().copied().collect();
        let mut points = pca(&reversed, WIDTH).points;
        points.reverse();
        same_points(&found.points, &points, 1.0);
        prop_assert_eq!(&pca(&rows, WIDTH), &found);
        for (row, point) in rows.chunks(WIDTH).zip(&found.points) {
            prop_assert_eq!(found.project(row), *point);
        }
        // The sign: the largest value is positive.
        for component in &found.components {
            let largest = component.iter().fold(0.0_f32, |a, b| if b.abs() > a.abs() { *b } else { a });
            prop_assert!(largest > 0.0);
        }
    }

    #[test]
    fn no_rows_make_it_panic(rows in proptest::collection::vec(any::<f32>(), 0..80), width in 0_usize..12) {
        let found = pca(&rows, width);
        prop_assert_eq!(found.points.len(), rows.len().checked_div(width).unwrap_or(0));
        let _ = found.project(&rows);
    }
}
