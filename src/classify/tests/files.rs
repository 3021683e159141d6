//! Files of a run go out in every form, and what comes in is used or changes nothing.

use super::*;
use crate::classify::export::{Made, export};
use crate::classify::file::{Content, File};
use crate::classify::import::{Opened, open};
use crate::config::NetworkKind;
use crate::export::tests::{network, run};
use crate::export::{CheckpointFile, Imported, Refusal, RunFile, read_any};
use crate::protocol::classifier::{ExportForm, ExportOrder, RunBytes, RunPart};
use crate::run::stored;
use crate::weights::{
    CHECKPOINT_MAGIC, CHECKPOINT_VERSION, EPOCH_FLOATS, RUN_FLOATS, TensorShape, TrainedNetwork, layout,
};

const ANN: NetworkKind = NetworkKind::Ann;

/// The bytes of a checkpoint of the ANN of [`run`], with these weights, as the engine writes them up to its end, which is not read here.
fn checkpoint(record: &crate::run::RunRecord, epochs: usize, value: f32) -> Vec<u8> {
    let count: usize = layout(ANN, &record.config).iter().map(TensorShape::values).sum();
    let header = serde_json::json!({
        "network": "ann", "config": record.config, "epochs": epochs, "weights": count, "rate_changes": [],
    });
    let header = header.to_string().into_bytes();
    let mut bytes = CHECKPOINT_MAGIC.to_vec();
    bytes.extend(CHECKPOINT_VERSION.to_le_bytes());
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    bytes.extend(vec![0; 8 * (RUN_FLOATS + EPOCH_FLOATS * epochs)]);
    bytes.extend(vec![value; count].iter().flat_map(|weight| weight.to_le_bytes()));
    bytes
}

/// A run whose ANN is done, with the checkpoints of both epochs; its second epoch was scored. Its CNN was left before its training.
fn with_checkpoints() -> RunFile {
    let mut file = run();
    let bytes = [checkpoint(&file.record, 1, 0.25), checkpoint(&file.record, 2, 0.5)];
    let of = |at: usize, step| CheckpointFile { kind: ANN, step, bytes: bytes[at].clone() };
    file.checkpoints = vec![of(0, 3), of(1, 6)];
    for (kept, bytes) in file.record.networks[0].checkpoints.iter_mut().zip(&bytes) {
        kept.bytes = bytes.len() as u64;
    }
    file
}

/// What the page hands over of a run, and its bytes.
fn ordered(file: &RunFile, form: ExportForm) -> (ExportOrder, Vec<Vec<u8>>) {
    let part = |what| RunPart { network: ANN, what };
    let mut parts: Vec<_> = file.checkpoints.iter().map(|c| part(RunBytes::Checkpoint(c.step))).collect();
    let mut bytes: Vec<_> = file.checkpoints.iter().map(|c| c.bytes.clone()).collect();
    parts.push(part(RunBytes::TestAnswers));
    let answers = file.record.networks[0].probabilities.as_ref().unwrap();
    bytes.push(answers.iter().flat_map(|p| p.to_le_bytes()).collect());
    let record = stored::to_json(&file.record).unwrap();
    (ExportOrder { form, number: 3, label: "Standard, a".to_owned(), record, parts }, bytes)
}

fn made(form: ExportForm) -> Made {
    let (order, bytes) = ordered(&with_checkpoints(), form);
    export(&order, &bytes)
}

fn names(made: &Made) -> Vec<&str> {
    made.files.iter().map(|file| file.name.as_str()).collect()
}

fn bytes_of(file: &File) -> &[u8] {
    match &file.content {
        Content::Bytes { bytes, .. } => bytes,
        Content::Png { .. } => panic!("{} is drawn later", file.name),
    }
}

#[test]
fn each_form_gives_files_that_its_readers_accept() {
    let record = with_checkpoints().record;
    for form in ExportForm::ALL {
        let made = made(form);
        let first = made.files.first().unwrap();
        match form {
            ExportForm::Weights => {
                assert_eq!(names(&made), ["fashion-lab-run-3-ann.safetensors"]);
                let read = TrainedNetwork::read(bytes_of(first)).unwrap();
                assert_eq!((read.test, &read.dataset), (Some([0.1, 2.3]), &record.dataset.name));
                assert!(read.weights.iter().all(|weight| *weight == 0.5), "the scored epoch is the second one");
            }
            ExportForm::Npz => {
                assert_eq!(names(&made), ["fashion-lab-run-3-ann.npz"]);
                // The reader of what comes in knows them, and says that they only go out.
                assert_eq!(read_any("", bytes_of(first)).unwrap_err().refusal, Refusal::Npz);
            }
            ExportForm::Config => {
                assert_eq!(names(&made), ["fashion-lab-run-3-config.json"]);
                let expected = Imported::Config(Box::new(record.config.clone()));
                assert_eq!(read_any("", bytes_of(first)), Ok(expected));
            }
            ExportForm::Metrics => {
                assert_eq!(names(&made), ["fashion-lab-run-3-metrics.csv"]);
                let text = std::str::from_utf8(bytes_of(first)).unwrap();
                assert_eq!(text.lines().count(), 4, "the head, two epochs, the test set");
                assert!(text.contains("\"Standard, a\""), "{text}");
            }
            ExportForm::PlotsSvg | ExportForm::PlotsPng => {
                let plots = ["accuracy", "loss", "ann-confusion"];
                let end = if form == ExportForm::PlotsSvg { "svg" } else { "png" };
                assert_eq!(names(&made), plots.map(|name| format!("fashion-lab-run-3-{name}.{end}")));
                for file in &made.files {
                    let (text, size) = match &file.content {
                        Content::Bytes { bytes, mime } => {
                            assert_eq!(*mime, "image/svg+xml");
                            (std::str::from_utf8(bytes).unwrap(), None)
                        }
                        Content::Png { svg, size } => (svg.as_str(), Some(*size)),
                    };
                    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"), "{text:.200}");
                    assert!(text.contains("http://www.w3.org/2000/svg"), "an image needs its namespace: {text:.200}");
                    let said = size
                        .is_none_or(|[width, height]| text.contains(&format!("width=\"{width}\" height=\"{height}\"")));
                    assert!(said, "{text:.200}");
                }
            }
            ExportForm::WholeRun => {
                assert_eq!(names(&made), ["fashion-lab-run-3.zip"]);
                let Ok(Imported::Run(read)) = read_any("", bytes_of(first)) else { panic!("it is refused") };
                let expected = with_checkpoints();
                assert_eq!((&read.record, &read.checkpoints), (&expected.record, &expected.checkpoints));
                assert_eq!(read.weights.len(), 1);
            }
            ExportForm::Keras | ExportForm::Pytorch => {
                let library = if form == ExportForm::Keras { "keras" } else { "pytorch" };
                let expected = ["ann", "cnn"].map(|kind| format!("fashion-lab-run-3-{kind}-{library}.py"));
                assert_eq!(names(&made), expected);
            }
            ExportForm::Numpy => assert_eq!(names(&made), ["fashion-lab-run-3-numpy.py"]),
        }
        let of_weights = matches!(form, ExportForm::Weights | ExportForm::Npz);
        assert_eq!(made.failures.len(), usize::from(of_weights), "{:?}", made.failures);
        assert!(!of_weights || made.failures[0].contains("CNN are not exported: it was not trained"));
    }
}

#[test]
fn what_is_gone_is_said_and_the_rest_is_made() {
    let file = with_checkpoints();
    let gone = |form, place: usize| {
        let (order, mut bytes) = ordered(&file, form);
        bytes[place].clear();
        export(&order, &bytes)
    };
    let made = gone(ExportForm::Weights, 1);
    assert!(made.files.is_empty());
    assert!(made.failures[0].contains("ANN are not exported: the checkpoint with them is not kept any more"));
    let made = gone(ExportForm::WholeRun, 1);
    let Ok(Imported::Run(read)) = read_any("", bytes_of(&made.files[0])) else { panic!("it is refused") };
    assert_eq!((read.checkpoints.len(), read.weights.len()), (1, 0));
    assert!(made.failures[0].starts_with("One checkpoint is not in the file"), "{:?}", made.failures);
    let made = gone(ExportForm::WholeRun, 2);
    let Ok(Imported::Run(read)) = read_any("", bytes_of(&made.files[0])) else { panic!("it is refused") };
    assert_eq!(read.record.networks[0].probabilities, None);
    // Bytes that are no checkpoint are no weights either.
    let (order, mut bytes) = ordered(&file, ExportForm::Npz);
    bytes[1] = vec![7; 100];
    assert!(export(&order, &bytes).failures[0].contains("not a checkpoint"));
    let order = ExportOrder { record: "{".to_owned(), ..order };
    assert_eq!((export(&order, &[]).files.len(), export(&order, &[]).failures.len()), (0, 1));
}

#[test]
fn weights_that_were_not_scored_go_out_without_test_figures() {
    let mut file = with_checkpoints();
    let ann = &mut file.record.networks[0];
    (ann.report, ann.scored_epoch, ann.phase) = (None, None, crate::run::Phase::Interrupted);
    let (order, bytes) = ordered(&file, ExportForm::Weights);
    let made = export(&order, &bytes);
    assert_eq!(TrainedNetwork::read(bytes_of(&made.files[0])).unwrap().test, None);
}

/// The parts and bytes of a run that comes in from a file, and its record.
fn opened(file: &RunFile) -> (crate::run::RunRecord, Vec<RunPart>, Vec<Vec<u8>>) {
    match open("my run.zip", &file.to_bytes().unwrap()) {
        Ok(Opened::Run(run)) => (stored::from_json(&run.record).unwrap(), run.parts, run.bytes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_comes_in_with_its_bytes_and_says_so_in_its_note() {
    let file = with_checkpoints();
    let (record, parts, bytes) = opened(&file);
    let (order, expected) = ordered(&file, ExportForm::WholeRun);
    assert_eq!((parts, bytes), (order.parts, expected), "its scored checkpoint has the weights");
    assert_eq!(record.marks.note, "from the file my run.zip");
    assert!(!record.networks[0].has_weights);
    assert_eq!((record.host, record.dataset), (file.record.host.clone(), file.record.dataset.clone()));
    let mut bare = RunFile { checkpoints: Vec::new(), ..file };
    bare.record.marks.note = "good".to_owned();
    let (record, parts, bytes) = opened(&bare);
    assert_eq!(record.marks.note, "from the file my run.zip: good");
    assert!(record.networks[0].has_weights && record.networks[0].checkpoints.is_empty());
    let whats: Vec<_> = parts.iter().map(|part| part.what).collect();
    assert_eq!(whats, [RunBytes::Weights, RunBytes::TestAnswers]);
    assert_eq!(bytes[0], bare.weights[0].1);
    // And it goes out again.
    let order = ExportOrder { record: stored::to_json(&record).unwrap(), parts, ..order };
    let made = export(&ExportOrder { form: ExportForm::Weights, ..order.clone() }, &bytes);
    assert_eq!(bytes_of(&made.files[0]), bare.weights[0].1);
    let made = export(&order, &bytes);
    assert!(matches!(read_any("", bytes_of(&made.files[0])), Ok(Imported::Run(_))), "{:?}", made.failures);
}

/// What the program in the page wants done when somebody opens this file.
fn import(state: &mut State, bytes: &[u8]) -> Vec<Effect> {
    update(state, Msg::Import("a file".to_owned(), Ok(bytes.to_vec())))
}

fn in_page() -> State {
    State { in_page: true, ..ready() }
}

#[test]
fn each_kind_of_file_goes_where_it_belongs() {
    let mut state = in_page();
    let effects = import(&mut state, &shipped("cnn.safetensors"));
    assert!(effects.contains(&Effect::Tell(FromClassifier::Show("inside".to_owned()))));
    assert_eq!((state.networks.source(), state.answers.len()), (Source::Files, 1));
    let config = run().record.config;
    let effects = import(&mut state, crate::export::config_file(&config).as_bytes());
    assert_eq!(effects[0], Effect::Tell(FromClassifier::UseConfig(Box::new(config))));
    let effects = import(&mut state, &with_checkpoints().to_bytes().unwrap());
    let [Effect::TellBytes(FromClassifier::Imported(_, parts), bytes), said] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(parts.len(), bytes.len());
    assert!(matches!(said, Effect::Tell(FromClassifier::Notice(text)) if text.contains("a file")), "{said:?}");
    assert!(state.notices.is_empty(), "the page shows them, whatever view is shown");
}

#[test]
fn a_file_that_is_refused_changes_nothing() {
    let whole = with_checkpoints().to_bytes().unwrap();
    let mut state = in_page();
    let before = state.clone();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    let cnn = shipped("cnn.safetensors");
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    let npz = crate::export::npz(&network(ANN, &run().record.config)).unwrap();
    let damaged: [&[u8]; 8] =
        [b"", b"GIF89a", &whole[..1000], &changed, &cnn[..cnn.len() - 1], deep.as_bytes(), b"{\"epochs\": 0}", &npz];
    for bytes in damaged {
        let effects = import(&mut state, bytes);
        let [Effect::Tell(FromClassifier::Notice(text))] = &effects[..] else { panic!("{effects:?}") };
        assert!(text.starts_with("a file: ") && text.ends_with("Nothing was changed."), "{text}");
        assert_eq!(state, before);
    }
    let effects = update(&mut state, Msg::Import("x".to_owned(), Err("x: the file cannot be read".to_owned())));
    assert!(matches!(&effects[..], [Effect::Tell(FromClassifier::Notice(_))]), "{effects:?}");
    assert_eq!(state, before);
}

#[test]
fn a_run_is_looked_into_with_a_file_of_weights_too() {
    let mut state = in_page();
    let run = ShownRun { id: 5, name: "run 1".to_owned(), epochs: 2, open: None };
    update(&mut state, Msg::Page(ToClassifier::Run { run: Some(run) }, Vec::new()));
    let message = ToClassifier::Network { network: NetworkKind::Cnn, run: 5, epoch: 2 };
    update(&mut state, Msg::Page(message.clone(), Vec::new()));
    assert!(state.notices.is_empty() && state.networks.source() == Source::Shipped, "no bytes: they are gone");
    update(&mut state, Msg::Page(message, shipped("cnn.safetensors")));
    assert_eq!(state.networks.source(), Source::Run, "{:?}", state.notices);
}

#[test]
fn an_order_saves_files_and_says_what_failed() {
    let mut state = in_page();
    let (order, bytes) = ordered(&with_checkpoints(), ExportForm::Weights);
    let effects = update(&mut state, Msg::Export(Box::new(order), bytes));
    assert!(matches!(&effects[..], [Effect::Save(_), Effect::Tell(FromClassifier::Notice(_))]), "{effects:?}");
    let effects = update(&mut state, Msg::NotSaved("a.png".to_owned(), "no room".to_owned()));
    let said = FromClassifier::Notice("a.png was not saved: no room.".to_owned());
    assert_eq!(effects, [Effect::Tell(said)]);
}
