//! Principal component analysis onto a plane: the two directions in which rows differ most.
//!
//! The covariance is summed once, and orthogonal iteration with Rayleigh-Ritz finds its first eigenvectors (Golub and Van Loan, Matrix
//! Computations, 8.2 and 8.3). A block of eight vectors converges by the ratio of the ninth eigenvalue to the second one, so that two
//! components nearly as strong as each other cost nothing. For 1,000 rows of 512 values the covariance takes most of the time: 130
//! million multiply-accumulates, against two million for each iteration.

use crate::order::ascending;

/// Vectors that are iterated together.
const BLOCK: usize = 8;
/// Iterations at most. The spectrum of a network's features falls quickly: a few tens are enough.
const ITERATIONS: usize = 200;
/// The residual |C v - λ v|, as a share of λ, at which a vector is exact enough: the error of its eigenvalue is the square of it, and that
/// of a point on the plane is smaller than a pixel.
const RESIDUAL: f64 = 1e-8;
/// Directions with a smaller share of the variance are rounding.
const NOTHING: f64 = 1e-12;
/// Rows that are added to the covariance together, so that it goes through the cache less often.
const ROWS: usize = 4;

/// A plane through the mean of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Pca {
    /// The mean row, `[width]`.
    pub mean: Vec<f32>,
    /// Two directions at right angles, `[width]` each, of length 1; the one with more variance first. The value of each that is largest in
    /// size is positive. All are 0 where the rows have no variance left.
    pub components: [Vec<f32>; 2],
    /// Each row on the plane.
    pub points: Vec<[f32; 2]>,
    /// The share of the variance that lies along each direction, 0 to 1.
    pub explained: [f64; 2],
}

/// Finds the plane of rows of `width` values each. A last row that is too short is left out. The same rows always give the same plane.
pub fn pca(rows: &[f32], width: usize) -> Pca {
    let count = rows.len().checked_div(width).unwrap_or(0);
    let rows = &rows[..count * width];
    // First the sum, which is exact for equal values: so columns without variance have exactly none.
    let mut mean = vec![0.0; width];
    for row in rows.chunks_exact(width.max(1)) {
        mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value));
    }
    mean.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
    let scatter = scatter(rows, &mean);
    let total: f64 = (0..width).map(|at| scatter[at * width + at]).sum();
    let found = largest(&scatter, width, total);
    let of = |place: usize| found.get(place).cloned().unwrap_or((0.0, vec![0.0; width]));
    let [first, second] = [of(0), of(1)];
    let share = |value: f64| if total > 0.0 { (value / total).clamp(0.0, 1.0) } else { 0.0 };
    let mut pca = Pca {
        mean: mean.iter().map(|value| *value as f32).collect(),
        explained: [share(first.0), share(second.0)],
        components: [first.1, second.1].map(|vector| with_sign(&vector)),
        points: Vec::new(),
    };
    pca.points = rows.chunks_exact(width.max(1)).map(|row| pca.project(row)).collect();
    pca
}

impl Pca {
    /// A further row of the same width on the plane. Values that are missing count as the mean.
    pub fn project(&self, row: &[f32]) -> [f32; 2] {
        let along = |component: &Vec<f32>| {
            let centred = row.iter().zip(&self.mean).map(|(value, mean)| f64::from(*value) - f64::from(*mean));
            centred.zip(component).map(|(value, weight)| value * f64::from(*weight)).sum::<f64>() as f32
        };
        self.components.each_ref().map(along)
    }
}

/// The sum of the outer products of all centred rows, `[width, width]`.
fn scatter(rows: &[f32], mean: &[f64]) -> Vec<f64> {
    let width = mean.len();
    let mut sums = vec![0.0; width * width];
    let mut centred = vec![0.0; ROWS * width];
    for rows in rows.chunks(ROWS * width.max(1)) {
        // The last group may be shorter: what is missing is zero.
        centred.fill(0.0);
        let means = mean.iter().cycle();
        centred.iter_mut().zip(rows.iter().zip(means)).for_each(|(c, (value, mean))| *c = f64::from(*value) - mean);
        let [a, b, c, d] = std::array::from_fn(|row| &centred[row * width..][..width]);
        // The upper half, because the matrix is symmetric.
        for at in 0..width {
            let (a0, b0, c0, d0) = (a[at], b[at], c[at], d[at]);
            let others = a[at..].iter().zip(&b[at..]).zip(c[at..].iter().zip(&d[at..]));
            for (sum, ((a, b), (c, d))) in sums[at * width + at..(at + 1) * width].iter_mut().zip(others) {
                *sum += a0 * a + b0 * b + c0 * c + d0 * d;
            }
        }
    }
    for row in 0..width {
        for column in 0..row {
            sums[row * width + column] = sums[column * width + row];
        }
    }
    sums
}

/// The two largest eigenvalues of a symmetric matrix with their vectors; fewer where nothing is left. `total` is the sum of all.
fn largest(matrix: &[f64], width: usize, total: f64) -> Vec<(f64, Vec<f64>)> {
    if !(total > 0.0 && total.is_finite()) {
        return Vec::new();
    }
    let block = BLOCK.min(width);
    let mut vectors: Vec<Vec<f64>> = start(block, width);
    orthonormalise(&mut vectors, 0.0);
    let mut values = Vec::new();
    for _ in 0..ITERATIONS {
        let mut images: Vec<Vec<f64>> = vec![vec![0.0; width]; vectors.len()];
        for (at, row) in matrix.chunks_exact(width).enumerate() {
            for (image, vector) in images.iter_mut().zip(&vectors) {
                add(image, vector[at], row);
            }
        }
        // The best vectors within the block (Rayleigh-Ritz).
        let small: Vec<Vec<f64>> = vectors.iter().map(|v| images.iter().map(|i| inner(v, i)).collect()).collect();
        let (found, turn) = eigen(small);
        (vectors, images) = (combine(&vectors, &turn), combine(&images, &turn));
        values = found;
        let exact = (0..vectors.len().min(2)).all(|at| {
            let squares = images[at].iter().zip(&vectors[at]).map(|(i, v)| (i - values[at] * v).powi(2));
            squares.sum::<f64>().sqrt() <= RESIDUAL * values[at].max(NOTHING * total)
        });
        if exact {
            break;
        }
        vectors = images;
        orthonormalise(&mut vectors, NOTHING * total);
    }
    let some = |(value, _): &(f64, _)| *value > NOTHING * total;
    values.into_iter().zip(vectors).take(2).filter(some).collect()
}

/// Fixed numbers without a pattern (SplitMix64 by Steele, Lea and Flood 2014), so that no direction is left out.
fn start(block: usize, width: usize) -> Vec<Vec<f64>> {
    let mut state = 0_u64;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let a = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let b = (a ^ (a >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((b ^ (b >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    };
    (0..block).map(|_| (0..width).map(|_| next()).collect()).collect()
}

/// Gram and Schmidt's method, twice, because once is not exact in floats. Vectors of which no more than `nothing` is left go.
fn orthonormalise(vectors: &mut Vec<Vec<f64>>, nothing: f64) {
    let mut done: Vec<Vec<f64>> = Vec::with_capacity(vectors.len());
    for mut vector in vectors.drain(..) {
        for _ in 0..2 {
            for other in &done {
                let share = inner(&vector, other);
                add(&mut vector, -share, other);
            }
        }
        let length = inner(&vector, &vector).sqrt();
        if length > nothing {
            vector.iter_mut().for_each(|value| *value /= length);
            done.push(vector);
        }
    }
    *vectors = done;
}

/// Eigenvalues, the largest first, and their vectors of a small symmetric matrix, by Jacobi's rotations.
fn eigen(mut matrix: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = matrix.len();
    let unit = |row: usize| (0..size).map(|column| f64::from(u8::from(row == column))).collect();
    // Row r of it is vector r.
    let mut vectors: Vec<Vec<f64>> = (0..size).map(unit).collect();
    // It converges quadratically: a matrix of eight rows takes about six rounds.
    for _ in 0..20 {
        for p in 0..size {
            for q in p + 1..size {
                if matrix[p][q].abs() <= f64::EPSILON * (matrix[p][p] * matrix[q][q]).abs().sqrt() {
                    continue;
                }
                let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let tangent = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                let turn = |x: f64, y: f64| (cosine * x - sine * y, sine * x + cosine * y);
                for row in &mut matrix {
                    (row[p], row[q]) = turn(row[p], row[q]);
                }
                for column in 0..size {
                    let (x, y) = turn(matrix[p][column], matrix[q][column]);
                    (matrix[p][column], matrix[q][column]) = (x, y);
                    let (x, y) = turn(vectors[p][column], vectors[q][column]);
                    (vectors[p][column], vectors[q][column]) = (x, y);
                }
            }
        }
    }
    let negative: Vec<f64> = (0..size).map(|at| -matrix[at][at]).collect();
    let order = ascending(&negative);
    (order.iter().map(|at| -negative[*at]).collect(), order.iter().map(|at| vectors[*at].clone()).collect())
}

/// Each row of `turn` says how much of each vector a new vector has.
fn combine(vectors: &[Vec<f64>], turn: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let new = |shares: &Vec<f64>| {
        let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
        shares.iter().zip(vectors).for_each(|(share, vector)| add(&mut sum, *share, vector));
        sum
    };
    turn.iter().map(new).collect()
}

/// The vector in 32 bits, turned so that its value of the largest size, the first of several, is positive.
fn with_sign(vector: &[f64]) -> Vec<f32> {
    let largest =
        vector.iter().fold(0.0_f64, |largest, value| if value.abs() > largest.abs() { *value } else { largest });
    let sign = if largest < 0.0 { -1.0 } else { 1.0 };
    vector.iter().map(|value| (sign * value) as f32).collect()
}

/// y += a x.
fn add(y: &mut [f64], a: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
}

fn inner(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
