//! The training loss of each step, made small enough to draw: tens of thousands of steps become a few points for each pixel column.
//! Leaves out: strokes and colours (`curves`).

/// Where the steps of a run stand along an axis.
#[derive(Debug, Clone, Copy)]
pub enum Steps<'a> {
    /// In epochs: step `i` (from 0) ends at `(i + 1) / n`.
    Epochs(usize),
    /// In seconds, one value a step.
    Seconds(&'a [f32]),
}

impl Steps<'_> {
    /// The end of step `i`.
    pub fn at(&self, i: usize) -> f64 {
        match self {
            Steps::Epochs(per_epoch) => (i + 1) as f64 / (*per_epoch).max(1) as f64,
            Steps::Seconds(seconds) => seconds.get(i).map_or(f64::NAN, |s| f64::from(*s)),
        }
    }
}

/// The points to draw.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trace {
    /// Each loss. Where columns hold several steps it is the outline of a band: the largest loss of each column from left to right,
    /// then the smallest from right to left.
    pub raw: Vec<[f64; 2]>,
    /// Whether it is a band.
    pub band: bool,
    /// The smoothed loss at the end of each column.
    pub smooth: Vec<[f64; 2]>,
}

impl Trace {
    /// Goes through the losses once. `span` is the length of the axis in its unit, `columns` its length in pixels. The smoothed loss is
    /// the exponential mean over about `window` steps, with its bias at the beginning corrected (Kingma and Ba 2015, section 3). A loss
    /// that is not finite is left out.
    pub fn new(losses: &[f32], steps: Steps, span: f64, columns: usize, window: f64) -> Self {
        let keep = 1.0 - 1.0 / window.max(1.0);
        let (mut mean, mut weight) = (0.0, 0.0);
        let (mut trace, mut low, mut column) = (Self::default(), Vec::new(), usize::MAX);
        for (i, &loss) in losses.iter().enumerate() {
            let (x, loss) = (steps.at(i), f64::from(loss));
            if !(x.is_finite() && loss.is_finite()) {
                continue;
            }
            mean = keep * mean + (1.0 - keep) * loss;
            weight = keep * weight + (1.0 - keep);
            let own = (x / span * columns as f64) as usize;
            if own != column {
                column = own;
                trace.raw.push([x, loss]);
                trace.smooth.push([x, mean / weight]);
                low.push([x, loss]);
            } else if let (Some(high), Some(low), Some(smooth)) =
                (trace.raw.last_mut(), low.last_mut(), trace.smooth.last_mut())
            {
                trace.band = true;
                *high = [x, high[1].max(loss)];
                *low = [x, low[1].min(loss)];
                *smooth = [x, mean / weight];
            }
        }
        if trace.band {
            trace.raw.extend(low.into_iter().rev());
        }
        trace
    }

    /// The smoothed loss nearest to a place on the axis, or the last one.
    pub fn smooth_near(&self, at: Option<f64>) -> Option<f64> {
        let point = match at {
            Some(at) => self.smooth.iter().min_by(|a, b| (a[0] - at).abs().total_cmp(&(b[0] - at).abs())),
            None => self.smooth.last(),
        };
        point.map(|[_, loss]| *loss)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_steps_stay_as_they_are() {
        let trace = Trace::new(&[2.0, 1.0, 3.0], Steps::Epochs(3), 1.0, 300, 1.0);
        let points = [[1.0 / 3.0, 2.0], [2.0 / 3.0, 1.0], [1.0, 3.0]];
        assert_eq!((trace.raw.as_slice(), trace.band), (points.as_slice(), false));
        assert_eq!(trace.smooth, points, "a window of one step smooths nothing");
        assert_eq!([Some(0.0), Some(0.6), None].map(|at| trace.smooth_near(at)), [Some(2.0), Some(1.0), Some(3.0)]);
    }

    #[test]
    fn many_steps_keep_their_extremes() {
        let mut losses = vec![1.0_f32; 100_000];
        (losses[5_000], losses[5_001]) = (9.0, 0.1);
        let trace = Trace::new(&losses, Steps::Epochs(10_000), 10.0, 400, 50.0);
        assert!(trace.band && trace.raw.len() <= 2 * 401, "{}", trace.raw.len());
        let values: Vec<f64> = trace.raw.iter().map(|p| p[1]).collect();
        assert!(values.contains(&9.0) && values.contains(&f64::from(0.1_f32)));
        let (high, low) = trace.raw.split_at(trace.raw.len() / 2);
        assert!(high.iter().zip(low.iter().rev()).all(|(h, l)| h[0] == l[0] && h[1] >= l[1]), "forth and back");
    }

    #[test]
    fn the_smoothed_loss_begins_unbiased_and_follows() {
        let trace = Trace::new(&[2.0; 50], Steps::Epochs(50), 1.0, 1000, 10.0);
        assert!(trace.smooth.iter().all(|p| (p[1] - 2.0).abs() < 1e-9));
        let falling: Vec<f32> = (0..1000).map(|i| if i < 500 { 2.0 } else { 1.0 }).collect();
        let trace = Trace::new(&falling, Steps::Epochs(1000), 1.0, 1000, 10.0);
        assert!((trace.smooth[999][1] - 1.0).abs() < 1e-6);
        // By hand: after one step of 1 with a window of 10, 0.9 x 2 + 0.1 x 1.
        assert!((trace.smooth[500][1] - 1.9).abs() < 1e-6);
    }

    #[test]
    fn losses_that_are_no_numbers_are_left_out() {
        let losses = [2.0, f32::NAN, f32::INFINITY, 1.0];
        let trace = Trace::new(&losses, Steps::Seconds(&[0.1, 0.2, 0.3, 0.4]), 1.0, 100, 5.0);
        assert_eq!(trace.raw.len(), 2);
        assert!(trace.smooth.iter().flatten().all(|v| v.is_finite()));
        assert_eq!(Trace::new(&[1.0; 3], Steps::Seconds(&[]), 1.0, 100, 5.0), Trace::default(), "steps without a time");
        assert_eq!(Trace::new(&[], Steps::Epochs(0), 0.0, 0, 0.0), Trace::default());
    }
}
