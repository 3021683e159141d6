//! The steps of each command: the one description, which is run and rehearsed. Leaves out how a step is done.
//!
//! The seconds are what a step takes about for the first time with two processors, and what it takes again. Only the estimate of the
//! time that is left is made of them, and it corrects itself by the steps that are done.

use crate::arguments::{Command, Part, TestOptions};
use crate::cargo::{CargoCall, trunk_builds};
use crate::place::Place;
use crate::step::{Done, Step};
use crate::{axe, dataset, dist, python, rehearsal, relaxed, tools};
use anyhow::{Context, Result};
use std::path::Path;
use xtask::BenchOptions;

/// All steps of a command, in order. The first one of each fetches all crates, and no later one does.
pub fn steps(command: &Command, place: &Place) -> Result<Vec<Step>> {
    let rest = match command {
        Command::Setup => setup(place),
        Command::Serve { .. } | Command::Dist => dist(place)?,
        Command::Test(options) => test(options, place)?,
        Command::Bench(options) => bench(options, place)?,
    };
    Ok(std::iter::once(Step::fetch()).chain(rest).collect())
}

/// The first number where `product` is not there yet, else the second.
fn seconds(product: &Path, first: f64, again: f64) -> f64 {
    if product.exists() { again } else { first }
}

fn wasm_target() -> Step {
    Step::own("installing the WebAssembly target of the compiler", 3.0, tools::wasm_target)
}

fn dataset(place: &Place) -> Step {
    let root = place.root.clone();
    Step::own("putting the dataset into public/data", 5.0, move |log| dataset::provide(&root, log))
}

fn setup(place: &Place) -> Vec<Step> {
    let own = place.clone();
    let trunk = Step::own(
        &format!("installing trunk {}, which builds the page", tools::TRUNK),
        if tools::has_trunk(place) { 0.0 } else { 150.0 },
        move |log| tools::trunk(&own, log),
    );
    let trunk = Step { hint: "see that the crate registry can be reached and that a C compiler is installed", ..trunk };
    let own = place.clone();
    let bindgen = Step {
        afterwards: Some(Box::new(move |_| tools::place_bindgen(&own))),
        ..Step::cargo(
            "building wasm-bindgen, which makes the page's JavaScript",
            seconds(&place.bindgen(), 55.0, 1.0),
            CargoCall::new("build").packages(&["page-bindgen"]),
        )
    };
    vec![wasm_target(), trunk, bindgen, dataset(place)]
}

/// Everything that it takes to have the page in dist/.
fn dist(place: &Place) -> Result<Vec<Step>> {
    let index = place.root.join("index.html");
    let index = std::fs::read_to_string(&index).with_context(|| format!("{} cannot be read", index.display()))?;
    let release = place.target.join(crate::cargo::WASM).join("release");
    let mut steps = setup(place);
    let own = place.clone();
    steps.extend([
        Step::trunk(
            "building the page and the engine with trunk",
            seconds(&release.join("engine.wasm"), 600.0, 60.0),
            trunk_builds(&index),
        ),
        Step::cargo(
            "building the engine for browsers with relaxed SIMD",
            seconds(&release.join("engine.wasm"), 100.0, 30.0),
            relaxed::build()?,
        ),
        Step::own("completing dist/", 15.0, move |log| dist::complete(&own, log)),
    ]);
    Ok(steps)
}

/// Clippy, which says nothing where all is well.
fn clippy(what: &str, seconds: f64, call: CargoCall) -> Step {
    let call = call.flags(&["--quiet"]).after(["-D", "warnings"]);
    Step { lines: 60, ..Step::cargo(&format!("clippy, {what}"), seconds, call) }
}

/// Tests in two steps: what the compiler says goes to the log, what the tests say to the screen.
fn tests(what: &str, compile_seconds: f64, test_seconds: f64, call: CargoCall, words: Vec<String>) -> [Step; 2] {
    let compile =
        Step::cargo(&format!("compiling the {what} tests"), compile_seconds, call.clone().flags(&["--no-run"]));
    let run = Step::cargo(&format!("running the {what} tests"), test_seconds, call.after(words));
    let hint = "mend what the tests above say";
    [Step { lines: 60, ..compile }, Step { streams: true, hint, ..run }]
}

/// The tests of what is compiled for this machine.
fn native() -> CargoCall {
    CargoCall::new("test").packages(&["fashion-lab", "xtask", "page-bindgen"])
}

fn test(options: &TestOptions, place: &Place) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let compiled = place.target.join("debug").join("lab");
    let filter = || options.filter.iter().cloned();
    if options.has(Part::Offline) {
        let own = place.clone();
        let rehearse = move |log: &crate::log::Log| rehearsal::rehearse_all(&own, log).map(|()| Done::Now);
        let step = Step::own("rehearsing all commands with an empty crate cache", 40.0, rehearse);
        steps.push(Step {
            hint: "see that each command fetches first, and that the crate registry can be reached",
            ..step
        });
    }
    if options.has(Part::Lint) {
        steps.push(wasm_target());
        let format = |log: &crate::log::Log| {
            log.run(std::process::Command::new("cargo").args(["fmt", "--all", "--check"])).map(|()| Done::Now)
        };
        let hint = "run `cargo fmt --all`";
        steps.push(Step { hint, lines: 60, ..Step::own("checking the format of the source", 2.0, format) });
        // Everything that is compiled for this machine. Without native WebGPU, which is minutes of compilation for the few lines
        // of `lab` that open the device; the code behind the feature `webgpu` is the engine's, which is looked at below.
        let host = CargoCall::new("clippy").workspace().also("xtask/chrome").flags(&["--all-targets"]);
        steps.push(clippy("for this machine", seconds(&compiled, 150.0, 10.0), host));
        let page = CargoCall::new("clippy").wasm().only("page").flags(&["--lib", "--bin", "app"]);
        steps.push(clippy("the page", seconds(&compiled, 40.0, 5.0), page));
        let classifier = CargoCall::new("clippy").wasm().only("classifier").flags(&["--lib", "--bin", "classifier"]);
        steps.push(clippy("the classifier", seconds(&compiled, 10.0, 5.0), classifier));
        let engine = CargoCall::new("clippy").wasm().only("webgpu").flags(&["--lib", "--bin", "engine"]);
        steps.push(clippy("the engine", seconds(&compiled, 150.0, 10.0), engine));
    }
    if options.has(Part::Doc) {
        let doc = CargoCall::new("doc").workspace().flags(&["--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
        steps.push(Step { lines: 60, ..Step::cargo("building the documentation", 40.0, doc) });
    }
    if options.has(Part::Native) {
        steps.extend(tests("native", seconds(&compiled, 240.0, 30.0), 120.0, native(), filter().collect()));
    }
    if options.has(Part::Scripts) {
        steps.push(dataset(place));
        let (own, pytorch) = (place.clone(), options.pytorch);
        let install = Step::own(
            "installing NumPy and Keras, which run the exported scripts",
            if python::is_there(place, options.pytorch) { 0.0 } else { 60.0 },
            move |log| python::provide(&own, pytorch, log),
        );
        let hint = "see that the Python package index can be reached";
        steps.push(Step { hint, ..install });
        // The packages of the native part, so that nothing is compiled twice. These tests are ignored there.
        let call = native().flags(&["--test", "scripts"]).env(python::VARIABLE, python::program(place, pytorch));
        let all = if pytorch { &["--ignored"][..] } else { &["--ignored", "--skip", "pytorch"] };
        let words = filter().chain(all.iter().map(|word| (*word).to_owned())).collect();
        let [compile, run] = tests("script", seconds(&compiled, 240.0, 5.0), 60.0, call, words);
        let own = place.clone();
        steps.extend([compile, Step { only_if: Some(Box::new(move || python::is_there(&own, pytorch))), ..run }]);
    }
    if options.has(Part::Browser) {
        steps.extend(dist(place)?);
        let root = place.root.clone();
        steps.push(Step::own("checking the sizes of the programs", 5.0, move |log| dist::check_sizes(&root, log)));
        steps.push(Step::own("installing Chromium", 30.0, tools::chromium));
        steps.push(Step::own("installing Firefox", 30.0, tools::firefox));
        let own = place.clone();
        let axe = Step::own(
            &format!("installing axe-core {}, which looks for barriers in the page", browser::AXE_VERSION),
            seconds(&axe::file(place), 10.0, 0.0),
            move |log| axe::provide(&own, log),
        );
        steps.push(Step { hint: "see that npm is installed and that its registry can be reached", ..axe });
        let mut call = CargoCall::new("test").packages(&["browser"]).env(browser::AXE_VARIABLE, axe::file(place));
        if let Some(times) = options.slow {
            call = call.env("FASHION_LAB_CPU_SLOWDOWN", times.to_string());
        }
        let words = filter().chain(["--test-threads=1".to_owned()]).collect();
        let [compile, run] = tests("browser", seconds(&compiled, 90.0, 5.0), 600.0, call, words);
        steps.extend([compile, Step { load: options.load.unwrap_or(0) as usize, ..run }]);
    }
    Ok(steps)
}

fn bench(options: &BenchOptions, place: &Place) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    if options.browser() {
        steps.extend(dist(place)?);
        steps.push(Step::own("installing Chromium", 30.0, tools::chromium));
    } else {
        steps.push(dataset(place));
    }
    if options.native() {
        let lab = CargoCall::new("build").only("lab,svg").flags(&["--release", "--bin", "lab"]);
        steps.push(Step::cargo("building lab, which measures natively", 120.0, lab));
    }
    let bench = |verb| CargoCall::new(verb).packages(&["xtask"]).also("chrome").flags(&["--bin", "bench"]);
    steps.push(Step::cargo("building the benchmark", 90.0, bench("build")));
    let run = bench("run").flags(&["--quiet"]).after(options.words());
    steps.push(Step { streams: true, ..Step::cargo("measuring", 600.0, run) });
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::Work;
    use clap::Parser;
    use std::path::PathBuf;

    fn place() -> Place {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        Place { root, target: "no-such-target".into(), cache: "no-such-cache".into() }
    }

    fn planned(words: &[&str]) -> Vec<Step> {
        let words = std::iter::once("xtask").chain(words.iter().copied());
        steps(&crate::arguments::Arguments::try_parse_from(words).unwrap().command, &place()).unwrap()
    }

    fn titles(steps: &[Step]) -> Vec<&str> {
        steps.iter().map(|s| s.title.as_str()).collect()
    }

    #[test]
    fn every_command_fetches_first_and_once() {
        for words in [
            &["setup"][..],
            &["serve"],
            &["dist"],
            &["test"],
            &["test", "lint"],
            &["test", "native"],
            &["test", "scripts"],
            &["bench"],
            &["bench", "--standard"],
        ] {
            let fetches: Vec<bool> = planned(words).iter().map(|s| matches!(s.work, Work::Fetch)).collect();
            assert!(fetches[0] && fetches.iter().filter(|f| **f).count() == 1, "{words:?}");
        }
    }

    #[test]
    fn serving_takes_the_same_steps_as_building_for_a_host() {
        assert_eq!(titles(&planned(&["serve"])), titles(&planned(&["dist"])));
    }

    #[test]
    fn all_tests_are_the_parts_one_after_the_other() {
        let parts = ["offline", "lint", "doc", "native", "scripts", "browser"];
        let each: Vec<Vec<Step>> = parts.iter().map(|part| planned(&["test", part])).collect();
        let joined: Vec<&str> = each.iter().flat_map(|steps| titles(&steps[1..])).collect();
        assert_eq!(titles(&planned(&["test"]))[1..], joined);
    }

    #[test]
    fn only_the_browser_tests_run_under_load_and_tests_print_to_the_screen() {
        let steps = planned(&["test", "browser", "--load", "2", "--slow", "6"]);
        let (last, others) = steps.split_last().unwrap();
        assert!(last.load == 2 && last.streams, "{}", last.title);
        assert!(others.iter().all(|s| s.load == 0 && !s.streams));
        let Work::Cargo(call) = &last.work else { panic!("no call of cargo") };
        let command = call.command();
        let slow =
            command.get_envs().find(|(name, _)| *name == "FASHION_LAB_CPU_SLOWDOWN").and_then(|(_, value)| value);
        assert_eq!(slow, Some("6".as_ref()));
    }

    #[test]
    fn a_benchmark_does_only_what_it_measures() {
        let trunk = |words: &[&str]| planned(words).iter().any(|s| matches!(s.work, Work::Trunk(_)));
        let lab = |words: &[&str]| titles(&planned(words)).iter().any(|t| t.contains("building lab"));
        assert!(trunk(&["bench"]) && lab(&["bench"]));
        assert!(!trunk(&["bench", "--native-only"]) && lab(&["bench", "--native-only"]));
        assert!(trunk(&["bench", "--browser-only"]) && !lab(&["bench", "--browser-only"]));
        assert!(trunk(&["bench", "--standard"]) && !lab(&["bench", "--standard"]));
    }
}
