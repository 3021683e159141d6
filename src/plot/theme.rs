//! The colours of the plots, light and dark. `assets/tokens.css` has the same values. Leaves out: sizes and fonts.

use crate::config::NetworkKind;
use crate::run::RUN_COLOURS;
use plotters::style::RGBAColor;

/// Red, green, blue (sRGB, 0 to 255) and opacity (0 to 1).
pub type Colour = RGBAColor;

/// The colours of runs, light and dark: green, purple, ochre, teal, violet, crimson, olive, slate.
const RUNS: [[[u8; 3]; 2]; RUN_COLOURS] = [
    [[29, 125, 62], [103, 210, 131]],
    [[152, 39, 160], [227, 139, 232]],
    [[154, 116, 7], [235, 209, 77]],
    [[13, 129, 134], [107, 216, 222]],
    [[87, 46, 157], [166, 137, 241]],
    [[205, 40, 89], [250, 112, 144]],
    [[83, 94, 47], [144, 169, 99]],
    [[59, 89, 110], [129, 164, 185]],
];

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// Light marks on a dark surface.
    pub dark: bool,
}

impl Theme {
    fn pick(self, light: [u8; 3], dark: [u8; 3]) -> Colour {
        let [r, g, b] = if self.dark { dark } else { light };
        RGBAColor(r, g, b, 1.0)
    }

    /// A network's own colour: orange for the ANN, blue for the CNN. No common colour blindness confuses the two.
    pub fn network(self, kind: NetworkKind) -> Colour {
        match kind {
            NetworkKind::Ann => self.pick([180, 66, 10], [255, 154, 98]),
            NetworkKind::Cnn => self.pick([36, 80, 200], [143, 176, 255]),
        }
    }

    /// The colour of a run, by its place. None is that of a network.
    pub fn run(self, place: usize) -> Colour {
        let [light, dark] = RUNS[place % RUN_COLOURS];
        self.pick(light, dark)
    }

    /// Names and values.
    pub fn text(self) -> Colour {
        self.pick([29, 27, 25], [241, 237, 230])
    }

    /// Ticks and units.
    pub fn muted(self) -> Colour {
        self.pick([101, 95, 88], [170, 163, 154])
    }

    /// Grid lines.
    pub fn grid(self) -> Colour {
        self.pick([226, 220, 209], [53, 50, 46])
    }

    /// The background of the plots.
    pub fn surface(self) -> Colour {
        self.pick([255, 253, 249], [29, 28, 26])
    }

    /// The cells of correct predictions, which have numbers and no colour of the scale.
    pub fn diagonal(self) -> Colour {
        self.pick([238, 233, 223], [43, 41, 38])
    }

    /// The scale of the confusion matrix: even steps of perceived lightness from near the surface (0) to a strong violet (1).
    pub fn sequential(self, share: f64) -> Colour {
        let t = share.clamp(0.0, 1.0);
        // Chroma rises with the distance from the surface, as far as sRGB reaches at both ends.
        let lightness = if self.dark { 0.26 + 0.60 * t } else { 0.985 - 0.585 * t };
        oklch(lightness, 0.004 + 0.136 * t, 315.0)
    }

    /// The text colour with the best contrast on [`Theme::sequential`].
    pub fn on_sequential(self, share: f64) -> Colour {
        if share < 0.6 { self.text() } else { self.surface() }
    }
}

/// A colour from OKLab's lightness (0 to 1), chroma and hue in degrees (Ottosson 2020), clipped to sRGB.
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Colour {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let channel = |linear: f64| {
        let encoded = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        (255.0 * encoded.clamp(0.0, 1.0)).round() as u8
    };
    RGBAColor(
        channel(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
        channel(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
        channel(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s),
        1.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.
    fn luminance(colour: Colour) -> f64 {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.0) + 0.7152 * linear(colour.1) + 0.0722 * linear(colour.2)
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The value of a token, light or dark.
    fn token(name: &str, dark: bool) -> String {
        let css = include_str!("../../assets/tokens.css");
        let theme = css.split("[data-theme='dark']").nth(usize::from(dark)).expect("both themes are there");
        let value = theme.split(&format!("--{name}: ")).nth(1).and_then(|rest| rest.split(';').next());
        value.unwrap_or_else(|| panic!("there is no token {name}")).to_owned()
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        for dark in [false, true] {
            let theme = Theme { dark };
            let colours = [
                ("ann", theme.network(NetworkKind::Ann)),
                ("cnn", theme.network(NetworkKind::Cnn)),
                ("text", theme.text()),
                ("muted", theme.muted()),
                ("border", theme.grid()),
                ("surface", theme.surface()),
                ("sunken", theme.diagonal()),
            ];
            let runs = (0..RUN_COLOURS).map(|place| (format!("run-{place}"), theme.run(place)));
            let colours = colours.into_iter().map(|(name, colour)| (name.to_owned(), colour)).chain(runs);
            for (name, RGBAColor(r, g, b, _)) in colours {
                assert_eq!(token(&name, dark), format!("#{r:02x}{g:02x}{b:02x}"), "{name}, dark: {dark}");
            }
        }
    }

    #[test]
    fn known_colours_come_out_of_oklch() {
        // The published coordinates of sRGB white and red.
        assert_eq!(oklch(1.0, 0.0, 0.0), RGBAColor(255, 255, 255, 1.0));
        let red = oklch(0.627_955, 0.257_683, 29.234);
        assert!(red.0 >= 254 && red.1 <= 2 && red.2 <= 2, "{red:?}");
    }

    #[test]
    fn the_scale_has_even_steps_of_lightness() {
        // CIE L* is another measure of lightness than the one that the scale is made with.
        let lightness = |colour| 116.0 * f64::cbrt(luminance(colour)) - 16.0;
        for dark in [false, true] {
            let theme = Theme { dark };
            let steps: Vec<f64> = (0..=10).map(|i| lightness(theme.sequential(f64::from(i) / 10.0))).collect();
            let rises: Vec<f64> = steps.windows(2).map(|w| (w[1] - w[0]) * if dark { 1.0 } else { -1.0 }).collect();
            assert!(rises.iter().all(|rise| (4.0..9.0).contains(rise)), "{dark} {rises:?}");
        }
    }

    #[test]
    fn text_can_be_read_everywhere() {
        for theme in [Theme { dark: false }, Theme { dark: true }] {
            for i in 0..=20 {
                let share = f64::from(i) / 20.0;
                let contrast = contrast(theme.sequential(share), theme.on_sequential(share));
                assert!(contrast >= 3.5, "{theme:?} {share}: {contrast}");
            }
            for colour in [theme.text(), theme.muted()] {
                assert!(contrast(colour, theme.surface()) >= 4.5);
                assert!(contrast(colour, theme.diagonal()) >= 4.5);
            }
            for kind in NetworkKind::ALL {
                assert!(contrast(theme.network(kind), theme.surface()) >= 4.5);
            }
        }
    }

    /// OKLab of a colour (Ottosson 2020): distances in it are as large as they look.
    fn oklab(colour: Colour) -> [f64; 3] {
        let linear = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = [linear(colour.0), linear(colour.1), linear(colour.2)];
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766 * s,
        ]
    }

    #[test]
    fn runs_differ_from_each_other_and_from_the_networks() {
        for theme in [Theme { dark: false }, Theme { dark: true }] {
            let networks = NetworkKind::ALL.map(|kind| theme.network(kind));
            let colours: Vec<Colour> = (0..RUN_COLOURS).map(|place| theme.run(place)).chain(networks).collect();
            for (i, a) in colours.iter().enumerate() {
                assert!(contrast(*a, theme.surface()) >= 3.0, "{theme:?} {i}: a line that can be seen");
                for (j, b) in colours.iter().enumerate().take(i) {
                    let far = oklab(*a).iter().zip(oklab(*b)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                    assert!(far >= 0.09, "{theme:?} {i} {j}: {far}");
                }
            }
        }
        assert_eq!(Theme { dark: false }.run(RUN_COLOURS), Theme { dark: false }.run(0));
    }
}
