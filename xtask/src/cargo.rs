//! A call of cargo as plain data, from which both are made: the call itself, without the network, and the resolution of the same
//! packages, features and target, which a rehearsal runs in its place.

use std::ffi::OsString;
use std::process::Command;

/// The target of both wasm programs.
pub const WASM: &str = "wasm32-unknown-unknown";

/// A call of cargo that compiles something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CargoCall {
    verb: &'static str,
    /// Empty: the root package.
    packages: Vec<&'static str>,
    workspace: bool,
    default_features: bool,
    features: Option<String>,
    wasm: bool,
    flags: Vec<String>,
    after: Vec<String>,
    env: Vec<(&'static str, OsString)>,
}

impl CargoCall {
    /// A call with cargo's own choice of everything: the root package with its default features, for this machine.
    pub fn new(verb: &'static str) -> Self {
        Self {
            verb,
            packages: Vec::new(),
            workspace: false,
            default_features: true,
            features: None,
            wasm: false,
            flags: Vec::new(),
            after: Vec::new(),
            env: Vec::new(),
        }
    }

    /// Of these packages.
    pub fn packages(mut self, packages: &[&'static str]) -> Self {
        self.packages.extend(packages);
        self
    }

    /// Of all packages of the workspace.
    pub fn workspace(mut self) -> Self {
        self.workspace = true;
        self
    }

    /// With these features beside the default ones.
    pub fn also(mut self, features: &str) -> Self {
        self.features = Some(features.to_owned());
        self
    }

    /// With these features only.
    pub fn only(mut self, features: &str) -> Self {
        self.default_features = false;
        self.also(features)
    }

    /// For the browser.
    pub fn wasm(mut self) -> Self {
        self.wasm = true;
        self
    }

    /// With further flags of cargo that do not change which crates are needed.
    pub fn flags(mut self, flags: &[&str]) -> Self {
        self.flags.extend(flags.iter().map(|f| (*f).to_owned()));
        self
    }

    /// With words behind `--`, for the program that cargo starts.
    pub fn after<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.after.extend(words.into_iter().map(Into::into));
        self
    }

    /// With a variable of the environment.
    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// The call itself. It cannot reach the network.
    pub fn command(&self) -> Command {
        let mut command = offline(self.verb);
        command.args(self.choice()).args(&self.flags);
        if !self.after.is_empty() {
            command.arg("--").args(&self.after);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Resolves what the call would compile, and compiles nothing. It fails where a crate that the call needs is not there:
    /// `cargo tree` reads the manifest of exactly the crates that a build with these features for this target unpacks.
    pub fn resolution(&self) -> Command {
        let mut command = offline("tree");
        command.args(["--quiet", "--prefix", "none"]).args(self.choice());
        let tests = matches!(self.verb, "test" | "clippy");
        command.args(["--edges", if tests { "normal,build,dev" } else { "normal,build" }]);
        command
    }

    /// The flags that decide which crates are needed.
    fn choice(&self) -> Vec<&str> {
        let mut words = Vec::new();
        if self.workspace {
            words.push("--workspace");
        }
        for package in &self.packages {
            words.extend(["--package", package]);
        }
        if !self.default_features {
            words.push("--no-default-features");
        }
        if let Some(features) = &self.features {
            words.extend(["--features", features]);
        }
        if self.wasm {
            words.extend(["--target", WASM]);
        }
        words
    }
}

/// The calls that trunk makes for an index.html: one for each link to a Rust program.
pub fn trunk_builds(index: &str) -> Vec<CargoCall> {
    // A line break before an attribute is as good as a space.
    let index = index.replace(['\n', '\r', '\t'], " ");
    let rust = index.split("<link").skip(1).filter_map(|rest| rest.split('>').next());
    let rust = rust.filter(|link| attribute(link, "rel") == Some("rust"));
    rust.map(|link| {
        let call = CargoCall::new("build").wasm();
        match (attribute(link, "data-cargo-features"), link.contains("data-cargo-no-default-features")) {
            (Some(features), true) => call.only(features),
            (Some(features), false) => call.also(features),
            (None, true) => call.only(""),
            (None, false) => call,
        }
    })
    .collect()
}

/// The value of an attribute in double quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// What trunk asks cargo before it builds, as trunk asks it: with the default features.
pub fn trunk_question() -> Command {
    let mut command = offline("metadata");
    command.args(["--format-version", "1"]);
    command
}

/// Fetches all crates of Cargo.lock: the one call that may use the network.
pub fn fetch() -> Command {
    let mut command = Command::new("cargo");
    command.args(["fetch", "--locked"]);
    command
}

/// A call that cannot reach the network; nor can a cargo that it starts in turn.
fn offline(verb: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args([verb, "--offline", "--locked"]);
    without_network(&mut command);
    command
}

/// Forbids the network to every cargo that the command starts.
pub fn without_network(command: &mut Command) {
    command.env("CARGO_NET_OFFLINE", "true");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Command) -> String {
        command.get_args().map(|w| w.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_call_and_its_resolution_choose_the_same_crates() {
        let call =
            CargoCall::new("test").packages(&["browser"]).wasm().only("page").flags(&["--bin", "app"]).after(["x"]);
        let choice = "--package browser --no-default-features --features page --target wasm32-unknown-unknown";
        assert_eq!(words(&call.command()), format!("test --offline --locked {choice} --bin app -- x"));
        assert_eq!(
            words(&call.resolution()),
            format!("tree --offline --locked --quiet --prefix none {choice} --edges normal,build,dev")
        );
    }

    #[test]
    fn only_tests_and_lints_need_the_crates_of_tests() {
        assert!(words(&CargoCall::new("build").resolution()).ends_with("--edges normal,build"));
        assert!(words(&CargoCall::new("clippy").resolution()).ends_with("--edges normal,build,dev"));
    }

    #[test]
    fn each_program_that_an_index_names_is_a_build() {
        let index = r#"<link data-trunk rel="css" href="a.css" />
            <link data-trunk rel="rust" data-bin="app" data-cargo-no-default-features data-cargo-features="page" />
            <link data-trunk
                rel="rust" data-cargo-features="webgpu,svg" />
            <link data-trunk rel="rust" />"#;
        let build = || CargoCall::new("build").wasm();
        assert_eq!(trunk_builds(index), [build().only("page"), build().also("webgpu,svg"), build()]);
    }

    #[test]
    fn this_page_has_three_programs() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../index.html");
        let builds = trunk_builds(&std::fs::read_to_string(root).unwrap());
        let build = || CargoCall::new("build").wasm();
        assert_eq!(builds, [build().only("page"), build().only("classifier"), build().only("webgpu")]);
    }
}
