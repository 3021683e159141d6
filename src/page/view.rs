//! The views of the page, by what a person does in them. Pure. Leaves out: what they show (`app::views`).

/// A view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Start runs and watch them learn.
    #[default]
    Train,
    /// What the networks get wrong.
    Mistakes,
    /// The networks side by side, or two runs.
    Compare,
    /// All runs.
    Runs,
    /// One image's way through both networks.
    Inside,
    /// One's own image.
    TryIt,
}

impl View {
    /// All of them, in the order of the bar.
    pub const ALL: [View; 6] = [View::Train, View::Mistakes, View::Inside, View::TryIt, View::Compare, View::Runs];

    /// The key in the address: `view=mistakes`.
    pub fn key(self) -> &'static str {
        match self {
            View::Train => "train",
            View::Mistakes => "mistakes",
            View::Compare => "compare",
            View::Runs => "runs",
            View::Inside => "inside",
            View::TryIt => "try",
        }
    }

    /// Whether the program `classifier` shows it.
    pub fn is_of_classifier(self) -> bool {
        matches!(self, View::Inside | View::TryIt)
    }

    /// The view of a key.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }
}
