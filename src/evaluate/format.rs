//! Numbers as text for a person, with no more digits than the value supports.

/// A share as a percentage with one decimal: `88.4 %`.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A difference of shares in percentage points with one decimal and a real minus sign: `−0.3`. Zero has no sign.
pub fn points(difference: f64) -> String {
    let tenths = (1000.0 * difference).round();
    let sign = if tenths < 0.0 { "−" } else { "" };
    format!("{sign}{:.1}", tenths.abs() / 10.0)
}

/// A time: `0.8 s`, `41 s`, `8 min 20 s`, `1 h 5 min`.
pub fn duration(seconds: f64) -> String {
    if seconds < 9.95 {
        return format!("{:.1} s", seconds.max(0.0));
    }
    let whole = seconds.round() as u64;
    match whole {
        0..100 => format!("{whole} s"),
        100..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => {
            let minutes = (seconds / 60.0).round() as u64;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// A time that is only estimated, in whole seconds, minutes or hours: `3 s`, `45 s`, `7 min`, `2 h`.
pub fn roughly(seconds: f64) -> String {
    match seconds {
        _ if seconds < 99.5 => format!("{:.0} s", seconds.max(1.0)),
        _ if seconds < 5970.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.0} h", seconds / 3600.0),
    }
}

/// A short time with two digits, or whole milliseconds: `0.012 ms`, `1.2 ms`, `34 ms`.
pub fn milliseconds(ms: f64) -> String {
    let decimals = match ms {
        _ if ms >= 9.95 => 0,
        _ if ms >= 0.995 => 1,
        _ if ms >= 0.0995 => 2,
        _ => 3,
    };
    format!("{:.decimals$} ms", ms.max(0.0))
}

/// A whole number with its thousands separated, or millions with two decimals: `235,146`, `2.65 million`.
pub fn count(number: u64) -> String {
    if number >= 1_000_000 {
        return format!("{:.2} million", number as f64 / 1e6);
    }
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

/// A learning rate with at most two digits: `0.001`, `0.00033`, `1e-6`.
pub fn rate(rate: f64) -> String {
    if !(1e-5..1e3).contains(&rate) {
        return format!("{rate:.1e}").replace(".0e", "e");
    }
    let decimals = (1 - rate.log10().floor() as i32).max(0) as usize;
    let text = format!("{rate:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A number with one decimal: `12.3`.
pub fn tenths(number: f64) -> String {
    format!("{number:.1}")
}

/// A loss with three decimals: `0.279`.
pub fn loss(loss: f64) -> String {
    format!("{loss:.3}")
}

/// Bytes in millions: `2.9 MB`.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// A share as a percentage without decimals and without its sign, for a table that says what it is: `62`.
pub fn percentage(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

/// A ratio of one or more with two digits: `1.8`, `12`, `130`.
pub fn ratio(ratio: f64) -> String {
    match ratio {
        _ if ratio < 9.95 => format!("{ratio:.1}"),
        _ if ratio < 99.5 => format!("{ratio:.0}"),
        // Two digits and then zeros.
        _ => {
            let unit = 10_f64.powi(ratio.log10().floor() as i32 - 1);
            count(((ratio / unit).round() * unit) as u64)
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// All digits with the thousands separated: `2,646,858`. For a table, where two numbers that differ must not look equal.
pub fn whole(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// A day and a time of it, on the clock of the reader: `25 Nov, 09:31`. `month` counts from 0.
pub fn moment(day: u32, month: u32, hour: u32, minute: u32) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(month as usize).copied().unwrap_or_default();
    format!("{day} {month}, {hour:02}:{minute:02}")
}
