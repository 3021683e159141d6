//! The outcome of using a feature that a browser may lack or refuse, and the sentence about it for a person.
//!
//! Pure. Leaves out: using the features (`app::browser`).

/// A feature that a browser may lack or refuse: over plain http, in a frame, in private windows, by policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// Writing a text to the clipboard.
    Clipboard,
    /// Keeping a value for the next visit.
    Storage,
    /// Showing the settings in the address.
    History,
    /// Saving a file.
    Download,
    /// Starting a worker.
    Workers,
    /// Asking whether the system is dark.
    ThemeQuery,
    /// Putting the focus on a text and selecting it.
    Selection,
    /// Asking before the page is left.
    LeaveQuestion,
}

/// The outcome of using a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The browser has no such feature here.
    Absent,
    /// The browser refused; its own words.
    Refused(String),
}

impl Outcome {
    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        *self == Outcome::Done
    }
}

/// The sentence for a person: what happened, and the next step. `None` if it was done, or if the page works as well without it.
pub fn sentence(capability: Capability, outcome: &Outcome) -> Option<String> {
    let why = match outcome {
        Outcome::Done => return None,
        Outcome::Absent => String::new(),
        Outcome::Refused(reason) => format!(" ({})", reason.trim_end_matches('.')),
    };
    match capability {
        Capability::Clipboard => Some(format!(
            "The browser does not let this page use the clipboard{why}: select the text below and copy it, or open the page in a new tab and copy its address."
        )),
        Capability::Download => Some(format!(
            "The browser does not let this page save a file{why}: open the page in a new tab by the link under “Share these settings”, and export there."
        )),
        Capability::Workers => Some(format!(
            "The browser does not let this page start a worker{why}, and all training happens in workers: open the page in a tab of its own. If it stands in a frame with a sandbox, the host's Content-Security-Policy has to allow worker-src blob:."
        )),
        // The page is the same without them: the theme is not kept, the address does not follow, the text is not selected.
        Capability::Storage
        | Capability::History
        | Capability::ThemeQuery
        | Capability::Selection
        | Capability::LeaveQuestion => None,
    }
}

/// What the page says when files were dropped beside the box that takes them.
pub fn stray_drop(box_is_shown: bool) -> &'static str {
    if box_is_shown {
        "The files were dropped beside the box, so nothing was done with them: under “Engine, data and device” drop them on “Use my own files”."
    } else {
        "The dataset is here already, so nothing was done with the files that were dropped."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_with_its_reason_and_the_next_step() {
        let said = sentence(Capability::Clipboard, &Outcome::Refused("Write permission denied.".to_owned())).unwrap();
        assert!(said.contains("(Write permission denied): select the text below"), "{said}");
        let said = sentence(Capability::Clipboard, &Outcome::Absent).unwrap();
        assert!(said.contains("use the clipboard: select the text below and copy it"), "{said}");
        for capability in [Capability::Download, Capability::Workers] {
            assert!(sentence(capability, &Outcome::Absent).is_some_and(|s| s.contains("open the page in a")));
        }
    }

    #[test]
    fn what_was_done_or_is_not_missed_is_not_told() {
        for capability in [Capability::Clipboard, Capability::Download, Capability::Workers, Capability::Storage] {
            assert_eq!(sentence(capability, &Outcome::Done), None);
        }
        for capability in [Capability::Storage, Capability::History, Capability::ThemeQuery] {
            assert_eq!(sentence(capability, &Outcome::Refused("SecurityError".to_owned())), None);
        }
    }

    #[test]
    fn a_drop_beside_the_box_names_the_box_where_it_is_shown() {
        assert!(stray_drop(true).contains("drop them on “Use my own files”"));
        assert!(stray_drop(false).contains("already"));
    }
}
