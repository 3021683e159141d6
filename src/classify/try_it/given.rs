//! Why a file or a camera cannot be used, in words: what happened and the next step.

/// The largest file that is read, in bytes: 64 MiB. Photos have a tenth of it.
pub const MOST_BYTES: f64 = 67_108_864.0;
/// The longest side of a picture that is taken in, in pixels. Larger ones are made smaller while they are read.
pub const LONGEST: u32 = 1024;

/// Why a file is refused before it is read: it is no picture, empty or too large. `media` is its media type as the browser names it, ""
/// where it names none. Files without one are read, because some pictures have none.
pub fn refusal(name: &str, media: &str, bytes: f64) -> Option<String> {
    if !media.is_empty() && !media.starts_with("image/") {
        return Some(format!("{name} is no picture (it is {media}). Give a file such as PNG, JPEG, WebP or SVG."));
    }
    if bytes <= 0.0 {
        return Some(format!("{name} is empty. Give another file."));
    }
    if bytes > MOST_BYTES {
        let megabytes = (bytes / 1_000_000.0).round();
        return Some(format!("{name} is too large ({megabytes} MB; at most 64 MiB). Give a smaller picture."));
    }
    None
}

/// A file that the browser cannot read as a picture.
pub fn unreadable(name: &str) -> String {
    format!(
        "{name} cannot be read as a picture: it is damaged, or of a kind that this browser does not know. Try PNG or JPEG."
    )
}

/// Width and height of a picture whose longer side has at most [`LONGEST`] pixels, in the same proportion; `None` where it has no pixels.
pub fn fit(width: u32, height: u32) -> Option<(u32, u32)> {
    let longer = width.max(height);
    if width == 0 || height == 0 {
        return None;
    }
    if longer <= LONGEST {
        return Some((width, height));
    }
    let scaled = |side: u32| ((f64::from(side) * f64::from(LONGEST) / f64::from(longer)).round() as u32).max(1);
    Some((scaled(width), scaled(height)))
}

/// Why there is no picture of the camera. `error` is the name of the browser's error, "" where it offers no camera at all; `secure` says
/// whether the page came over HTTPS or from this machine; `framed` whether it stands in another page.
pub fn no_camera(error: &str, secure: bool, framed: bool) -> &'static str {
    match error {
        _ if !secure => {
            "Browsers give the camera only to pages that came over HTTPS. Open this page by its https address, or give a file."
        }
        "NotAllowedError" | "SecurityError" if framed => {
            "The camera was refused: by you, by the browser, or by the page around this one, whose frame needs allow=\"camera\". Allow it, open Fashion Lab in a window of its own, or give a file."
        }
        "NotAllowedError" | "SecurityError" => {
            "The camera was refused. Allow it in the browser's settings for this site and start it again, or give a file."
        }
        "NotFoundError" | "OverconstrainedError" => {
            "There is no camera. Connect one and start it again, or give a file."
        }
        "NotReadableError" | "AbortError" => {
            "The camera cannot be read; perhaps another program uses it. Close that program and start it again, or give a file."
        }
        "" => "This browser offers no camera here. Give a file.",
        _ => "The camera did not start. Try again, or give a file.",
    }
}
