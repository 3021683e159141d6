//! Looks with axe-core for what keeps people out of a page: a missing name, too little contrast, a wrong role. Leaves out: installing
//! axe-core (`xtask`).

use crate::{AXE_FILE, AXE_VARIABLE, Page, axe_folder};
use anyhow::{Context, Result};
use std::fmt;
use std::path::PathBuf;

/// What axe-core found wrong with one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule: `color-contrast`.
    pub rule: String,
    /// How bad it is: `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// The element, as a selector.
    pub selector: String,
    /// What is wrong and what would mend it, in one line.
    pub summary: String,
}

impl Finding {
    /// Whether it keeps somebody out.
    pub fn is_serious(&self) -> bool {
        matches!(self.impact.as_str(), "serious" | "critical")
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({}) at {}: {}", self.rule, self.impact, self.selector, self.summary)
    }
}

/// The script of axe-core: the file that the variable [`AXE_VARIABLE`] names, else the one that `cargo xtask test` installed.
///
/// # Errors
/// Where there is none.
pub fn axe_script() -> Result<String> {
    let file = std::env::var_os(AXE_VARIABLE).map_or_else(|| axe_folder().join(AXE_FILE), PathBuf::from);
    std::fs::read_to_string(&file).with_context(|| {
        format!(
            "axe-core is not at {}: run `cargo xtask test browser`, or name its file in {AXE_VARIABLE}",
            file.display()
        )
    })
}

/// The rules of WCAG 2.1 in levels A and AA, and axe-core's own ones for good practice. One line for each element.
const RUN: &str = r"axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']})
    .then(found => found.violations.flatMap(rule => rule.nodes.map(node => [
        rule.id, node.impact ?? rule.impact ?? 'minor', node.target.flat().join(' '), node.failureSummary.replace(/\s+/g, ' '),
    ])))";

impl Page {
    /// Everything that axe-core finds in the page as it is now, in all frames that it may look into.
    ///
    /// # Errors
    /// Where axe-core is not installed, or the browser does not run it.
    pub fn axe(&self) -> Result<Vec<Finding>> {
        if self.eval("typeof window.axe")? != "object" {
            let script = axe_script()?;
            // As an expression: the script's last value is of no use here.
            self.eval(&format!("(() => {{ {script}\n return true; }})()"))?;
        }
        let found: Vec<[String; 4]> = serde_json::from_value(self.eval(RUN)?).context("axe-core gave no findings")?;
        let finding = |[rule, impact, selector, summary]: [String; 4]| Finding { rule, impact, selector, summary };
        Ok(found.into_iter().map(finding).collect())
    }
}
