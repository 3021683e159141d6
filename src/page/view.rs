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
}

impl View {
    /// All of them, in the order of the bar.
    pub const ALL: [View; 4] = [View::Train, View::Mistakes, View::Compare, View::Runs];

    /// The key in the address: `view=mistakes`.
    pub fn key(self) -> &'static str {
        match self {
            View::Train => "train",
            View::Mistakes => "mistakes",
            View::Compare => "compare",
            View::Runs => "runs",
        }
    }

    /// The view of a key.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.key() == key)
    }
}
