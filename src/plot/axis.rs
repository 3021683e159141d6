//! Axes: a range with round ticks, the frame of a plot, and the conversion from data to pixels and back. Leaves out: what an axis
//! counts.

use super::{Anchor, Picture, Theme};

/// Size of tick labels and axis titles, in CSS pixels.
pub(super) const SMALL: f64 = 11.0;

/// How an axis writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// As they are.
    Plain,
    /// A share as a percentage.
    Percent,
}

/// An axis with round ticks, linear or logarithmic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// The value at its beginning.
    pub min: f64,
    /// The value at its end; above `min`.
    pub max: f64,
    /// Distance of two ticks; 0 on a logarithmic axis, which has its ticks at 1, 2 and 5 of each decade.
    pub step: f64,
    /// How its numbers are written.
    pub labels: Labels,
}

impl Axis {
    /// An axis over exactly this range, with about `ticks` ticks at multiples of 1, 2 or 5. A range that is empty or not
    /// finite becomes 0 to 1.
    pub fn exact(min: f64, max: f64, ticks: usize, labels: Labels) -> Self {
        let sound = min.is_finite() && max.is_finite() && max > min;
        let (min, max) = if sound { (min, max) } else { (0.0, 1.0) };
        let rough = (max - min) / ticks.max(1) as f64;
        let unit = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * unit).find(|step| *step >= 0.999 * rough);
        Self { min, max, step: step.unwrap_or(rough), labels }
    }

    /// An axis that ends at ticks and holds this range.
    pub fn round(min: f64, max: f64, ticks: usize, labels: Labels) -> Self {
        let axis = Self::exact(min, max, ticks, labels);
        let down = (axis.min / axis.step + 1e-9).floor() * axis.step;
        let up = (axis.max / axis.step - 1e-9).ceil() * axis.step;
        Self { min: down, max: up, ..axis }
    }

    /// A logarithmic axis that ends at ticks and holds this range. A range that reaches zero or is not finite becomes 0.1 to 1.
    pub fn log(min: f64, max: f64) -> Self {
        let sound = min.is_finite() && max.is_finite() && min > 0.0 && max >= min;
        let (min, max) = if sound { (min, max) } else { (0.1, 1.0) };
        let (min, up) = (decade(min, 1.0 + 1e-9, false), decade(max, 1.0 - 1e-9, true));
        Self { min, max: if up > min { up } else { 2.0 * min }, step: 0.0, labels: Labels::Plain }
    }

    /// Where the ticks are.
    pub fn ticks(&self) -> Vec<f64> {
        if self.step == 0.0 {
            let (first, last) = (self.min.log10().floor() as i32, self.max.log10().ceil() as i32);
            // With many decades there is one tick for each, with very many one for every few.
            let (of_decade, every): (&[f64], usize) = match last - first {
                ..4 => (&[1.0, 2.0, 5.0], 1),
                decades => (&[1.0], decades as usize / 8 + 1),
            };
            let all = (first..=last).step_by(every).flat_map(|d| of_decade.iter().map(move |m| m * 10_f64.powi(d)));
            return all.filter(|tick| (0.999 * self.min..=1.001 * self.max).contains(tick)).collect();
        }
        let first = (self.min / self.step - 1e-9).ceil();
        let last = (self.max / self.step + 1e-9).floor();
        // If the step is too small for the size of the numbers, adding it changes nothing, and there would be endless ticks.
        (0..=((last - first).clamp(0.0, 100.0) as usize)).map(|i| (first + i as f64) * self.step).collect()
    }

    /// The text at a tick, with as many decimals as the step needs.
    pub fn label(&self, value: f64) -> String {
        let (value, step, end) = match self.labels {
            Labels::Plain => (value, self.step, ""),
            Labels::Percent => (100.0 * value, 100.0 * self.step, " %"),
        };
        let largest = self.min.abs().max(self.max.abs());
        if largest >= 1e6 {
            return format!("{value:.0e}{end}");
        }
        // On a logarithmic axis each tick is its own step.
        let step = if step == 0.0 { value } else { step };
        let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 6.0) as usize;
        // Zero without a sign, never "-0".
        let value = if value.abs() < step / 1e3 { 0.0 } else { value };
        format!("{value:.decimals$}{end}").replace('-', "−")
    }

    /// Where a value lies between the beginning (0) and the end (1).
    pub fn share(&self, value: f64) -> f64 {
        if self.step == 0.0 {
            return (value / self.min).max(1e-9).ln() / (self.max / self.min).ln();
        }
        (value - self.min) / (self.max - self.min)
    }

    /// The value at a share of the way along a linear axis.
    fn value(&self, share: f64) -> f64 {
        self.min + share * (self.max - self.min)
    }
}

/// The next of 1, 2, 5, 10, ... times a power of ten, below or above.
fn decade(value: f64, slack: f64, up: bool) -> f64 {
    let unit = 10_f64.powf((value * slack).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * unit);
    let near = value * slack;
    if up {
        steps.into_iter().find(|step| *step >= near).unwrap_or(value)
    } else {
        steps.into_iter().rev().find(|step| *step <= near).unwrap_or(value)
    }
}

/// Two axes and the frame that they span, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
    /// Left to right.
    pub x: Axis,
    /// Bottom to top.
    pub y: Axis,
}

impl Axes {
    /// The pixel of a point of the data.
    pub fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.left + self.x.share(x) * (self.right - self.left),
            self.bottom - self.y.share(y) * (self.bottom - self.top),
        ]
    }

    /// The same, moved to the frame's edge where the point lies above or below it.
    pub fn place_inside(&self, point: [f64; 2]) -> [f64; 2] {
        let [x, y] = self.place(point);
        [x, y.clamp(self.top, self.bottom)]
    }

    /// The value of x at a pixel, or `None` where the pixel is outside the frame by more than about a finger's width.
    pub fn x_at(&self, pixel: f64) -> Option<f64> {
        const SLACK: f64 = 12.0;
        let inside = (self.left - SLACK..=self.right + SLACK).contains(&pixel);
        inside.then(|| self.x.value(((pixel - self.left) / (self.right - self.left)).clamp(0.0, 1.0)))
    }

    /// Draws grid, tick labels and titles: the title of y above the frame, that of x below it.
    pub fn draw(&self, picture: &mut Picture, theme: Theme, x_title: &str, y_title: &str) {
        for tick in self.y.ticks() {
            let y = self.place([self.x.min, tick])[1].round();
            picture.rect([self.left, y], [self.right, y + 1.0], theme.grid());
            picture.text(self.y.label(tick), [self.left - 6.0, y], SMALL, theme.muted(), Anchor::End);
        }
        picture.rect([self.left, self.bottom], [self.right, self.bottom + 1.0], theme.muted());
        for tick in self.x.ticks() {
            let x = self.place([tick, self.y.min])[0].round();
            picture.rect([x, self.bottom], [x + 1.0, self.bottom + 4.0], theme.muted());
            picture.text(self.x.label(tick), [x, self.bottom + 13.0], SMALL, theme.muted(), Anchor::Middle);
        }
        let middle = (self.left + self.right) / 2.0;
        picture.text(x_title, [middle, self.bottom + 30.0], SMALL, theme.muted(), Anchor::Middle);
        picture.text(y_title, [4.0, 9.0], SMALL, theme.muted(), Anchor::Start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(axis: Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|tick| axis.label(tick)).collect()
    }

    #[test]
    fn ticks_are_round_and_labelled_alike() {
        assert_eq!(written(Axis::round(0.0, 2.3, 5, Labels::Plain)), ["0.0", "0.5", "1.0", "1.5", "2.0", "2.5"]);
        assert_eq!(written(Axis::round(0.813, 0.921, 4, Labels::Percent)), ["80 %", "85 %", "90 %", "95 %"]);
        assert_eq!(written(Axis::exact(0.0, 10.0, 6, Labels::Plain)), ["0", "2", "4", "6", "8", "10"]);
        assert_eq!(written(Axis::exact(0.0, 25_000.0, 2, Labels::Plain)), ["0", "20000"]);
        assert_eq!(
            written(Axis::round(-0.004, 0.011, 3, Labels::Percent)),
            ["−0.5 %", "0.0 %", "0.5 %", "1.0 %", "1.5 %"]
        );
        assert_eq!(written(Axis::round(0.0, 2e9, 2, Labels::Plain)), ["0e0", "1e9", "2e9"]);
    }

    #[test]
    fn a_logarithmic_axis_has_ticks_at_one_two_and_five() {
        assert_eq!(written(Axis::log(0.17, 2.4)), ["0.1", "0.2", "0.5", "1", "2", "5"]);
        assert_eq!(written(Axis::log(0.2, 1.0)), ["0.2", "0.5", "1"]);
        assert_eq!(written(Axis::log(0.0003, 30.0)), ["0.001", "0.01", "0.1", "1", "10"]);
        assert_eq!(written(Axis::log(3.0, 3.0)), ["2", "5"]);
        assert!(Axis::log(0.1, 1e30).ticks().len() < 12);
        for (min, max) in [(0.0, 1.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
            assert_eq!(written(Axis::log(min, max)), ["0.1", "0.2", "0.5", "1"], "{min} to {max}");
        }
        let axis = Axis::log(0.1, 10.0);
        assert!((axis.share(1.0) - 0.5).abs() < 1e-9 && axis.share(10.0) == 1.0);
        assert!(axis.share(0.0) < 0.0 && axis.share(0.0).is_finite(), "zero lies below the frame");
    }

    #[test]
    fn a_range_without_extent_still_has_an_axis() {
        for (min, max) in [(0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY), (3.0, 2.0)] {
            let axis = Axis::round(min, max, 5, Labels::Plain);
            assert_eq!((axis.min, axis.max), (0.0, 1.0), "{min} to {max}");
            assert!(axis.ticks().len() > 2);
        }
        // Neighbouring numbers of a large size.
        let axis = Axis::exact(1e16, 1e16 + 2.0, 5, Labels::Plain);
        assert!(axis.ticks().len() <= 101);
    }

    #[test]
    fn a_pixel_leads_back_to_its_value() {
        let x = Axis::exact(0.0, 10.0, 5, Labels::Plain);
        let axes = Axes { left: 40.0, top: 10.0, right: 240.0, bottom: 110.0, x, y: x };
        assert_eq!(axes.place([5.0, 10.0]), [140.0, 10.0]);
        assert_eq!(axes.x_at(140.0), Some(5.0));
        assert_eq!((axes.x_at(35.0), axes.x_at(20.0), axes.x_at(260.0)), (Some(0.0), None, None));
        assert_eq!(axes.place_inside([5.0, 99.0]), [140.0, 10.0]);
    }
}
