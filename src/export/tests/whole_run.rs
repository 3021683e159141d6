//! A whole run comes back as it was, and one that does not fit together is neither read nor written.

use super::*;

#[test]
fn a_run_comes_back_as_it_was() {
    let bytes = run().to_bytes().unwrap();
    assert_eq!(RunFile::read(&bytes), Ok(run()));
    assert_eq!(read_any("run.zip", &bytes), Ok(Imported::Run(Box::new(run()))));
    // Only what is given goes in.
    let bare = RunFile { weights: Vec::new(), checkpoints: Vec::new(), ..run() };
    let mut expected = bare.clone();
    expected.record.networks[0].checkpoints.clear();
    assert_eq!(RunFile::read(&bare.to_bytes().unwrap()), Ok(expected));
    // Nobody trains it any more where it is opened.
    let mut active = run();
    active.record.networks[1].phase = Phase::Training;
    assert_eq!(RunFile::read(&active.to_bytes().unwrap()), Ok(run()));
}

/// What the reader says of the archive with one file changed or, without a new content, taken out.
fn with_file(name: &str, content: Option<&[u8]>) -> RunFileError {
    let mut files = files(&run().to_bytes().unwrap());
    let at = files.iter().position(|(of, _)| of == name).unwrap();
    match content {
        Some(content) => files[at].1 = content.to_vec(),
        None => drop(files.remove(at)),
    }
    RunFile::read(&packed(&files)).unwrap_err()
}

#[test]
fn the_files_of_a_run_are_the_documented_ones() {
    let files = files(&run().to_bytes().unwrap());
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "fashion-lab-run.json",
        "run.json",
        "ann.safetensors",
        "ann-test.npy",
        "ann-checkpoint-3.bin",
        "ann-checkpoint-6.bin",
    ];
    assert_eq!(names, expected);
    assert_eq!(files[0].1, br#"{"version":1}"#);
    assert!(TrainedNetwork::read(&files[2].1).is_ok());
}

#[test]
fn each_wrong_file_of_a_run_is_refused_with_its_reason() {
    let kind = NetworkKind::Ann;
    assert_eq!(with_file("fashion-lab-run.json", Some(br#"{"version":2}"#)), RunFileError::Version("2".to_owned()));
    assert_eq!(with_file("fashion-lab-run.json", Some(b"[")), RunFileError::Version("unknown".to_owned()));
    assert_eq!(with_file("run.json", None), RunFileError::Missing("run.json".to_owned()));
    let deep = "[".repeat(1_000_000);
    assert!(matches!(with_file("run.json", Some(deep.as_bytes())), RunFileError::Record(StoredError::Damaged(_))));
    assert!(matches!(with_file("run.json", Some(b"\xff")), RunFileError::Record(StoredError::Damaged(_))));
    assert_eq!(with_file("run.json", Some(br#"{"version":9}"#)), RunFileError::Record(StoredError::Version(9)));
    assert_eq!(with_file("ann-checkpoint-3.bin", None), RunFileError::Checkpoint { kind, step: 3 });
    assert_eq!(with_file("ann-checkpoint-3.bin", Some(b"")), RunFileError::Checkpoint { kind, step: 3 });
    let other = |what: &RunFileError| matches!(what, RunFileError::OtherNetwork { .. });
    assert!(other(&with_file("ann.safetensors", Some(CNN))));
    assert!(other(&with_file("ann.safetensors", Some(ANN))));
    let mut better = network(kind, &config());
    better.test[0] = 0.9;
    assert!(other(&with_file("ann.safetensors", Some(&better.to_bytes().unwrap()))));
    let mut nan = network(kind, &config()).to_bytes().unwrap();
    let last = nan.len() - 4;
    nan[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    let refused = with_file("ann.safetensors", Some(&nan));
    assert!(matches!(refused, RunFileError::Weights { error: WeightsError::NotFinite { .. }, .. }), "{refused}");
    let (_, probabilities) = report();
    let answers = |change: fn(&mut Vec<f32>)| {
        let mut changed = probabilities.clone();
        change(&mut changed);
        with_file("ann-test.npy", Some(&npy::floats(&[changed.len() / 10, 10], &changed))).to_string()
    };
    assert!(answers(|p| p.truncate(10)).contains("as many rows"));
    assert!(answers(|p| p[0] = f32::NAN).contains("no ten probabilities"));
    assert!(answers(|p| p[3] = 0.9).contains("no ten probabilities"));
    assert!(answers(|p| p.swap(3, 4)).contains("not those of the report"));
    assert!(with_file("ann-test.npy", Some(b"")).to_string().contains("ten 32-bit floats"));
    let mut more = files(&run().to_bytes().unwrap());
    more.push(("evil.exe".to_owned(), Vec::new()));
    assert_eq!(RunFile::read(&packed(&more)), Err(RunFileError::Unexpected("evil.exe".to_owned())));
}

#[test]
fn a_record_that_contradicts_itself_is_refused() {
    let refused = |change: fn(&mut RunRecord)| {
        let mut run = run();
        change(&mut run.record);
        run.to_bytes().err().map(|e| e.to_string()).unwrap_or_default()
    };
    let ann = |change: fn(&mut crate::run::NetworkProgress)| {
        let mut run = run();
        change(&mut run.record.networks[0]);
        run.to_bytes().err().map(|e| e.to_string()).unwrap_or_default()
    };
    let report = |change: fn(&mut NetworkReport)| {
        let mut run = run();
        let ann = &mut run.record.networks[0];
        change(Rc::make_mut(ann.report.as_mut().unwrap()));
        run.to_bytes().err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert_eq!(refused(|_| {}), "");
    assert!(refused(|run| run.colour = 8).contains("colour"));
    assert!(ann(|n| n.extra_epochs = usize::MAX).contains("far too large"));
    assert!(ann(|n| n.steps_per_epoch = 4).contains("number of steps"));
    assert!(ann(|n| n.step_losses = Rc::new(vec![0.0; 7])).contains("more steps"));
    assert!(ann(|n| n.epoch = 9).contains("present epoch"));
    assert!(ann(|n| n.inherited = 3).contains("inherited"));
    assert!(ann(|n| n.scored_epoch = Some(3)).contains("scored epoch"));
    assert!(ann(|n| Rc::make_mut(&mut n.epochs)[1].epoch = 5).contains("not numbered"));
    assert!(ann(|n| Rc::make_mut(&mut n.epochs)[1].train.accuracy = 1.5).contains("accuracy"));
    assert!(ann(|n| n.checkpoints[1].epoch = 9).contains("beyond the last step"));
    assert!(ann(|n| n.checkpoints[1] = n.checkpoints[0]).contains("twice"));
    assert!(ann(|n| n.confusions = Rc::new(vec![None, Some([[u32::MAX; 10]; 10])])).contains("more images"));
    let watched = |images, probabilities| Rc::new(vec![None, Some(Watched { images, probabilities })]);
    let with = |watched| {
        let mut run = run();
        run.record.networks[0].watched = watched;
        run.to_bytes().unwrap_err().to_string()
    };
    assert!(with(watched(vec![60_000], vec![0.1; 10])).contains("does not exist"));
    assert!(with(watched(vec![0], vec![0.1; 9])).contains("no ten"));
    assert!(with(watched(vec![0], vec![f32::INFINITY; 10])).contains("from 0 to 1"));
    assert!(ann(|n| n.report = None).contains("phase"));
    assert!(ann(|n| n.phase = Phase::Failed).contains("phase"));
    assert!(report(|r| r.test.predictions.truncate(9)).contains("test images"));
    assert!(report(|r| r.test.predictions[0] = 10).contains("does not exist"));
    assert!(report(|r| r.test.predictions[0] = 4).contains("of the predictions"));
    assert!(report(|r| r.test.confusion[0][0] += 1).contains("once"));
    assert!(report(|r| r.test.accuracy = 0.2).contains("confusion matrix"));
    assert!(report(|r| r.step_losses.clear()).contains("lengths"));
    assert!(report(|r| r.history.extend(epochs())).contains("more epochs"));
    // What the record's own reader refuses.
    let mut other = files(&run().to_bytes().unwrap());
    let text = String::from_utf8(other[1].1.clone()).unwrap();
    let ann_only = text.replacen("\"networks\":\"both\"", "\"networks\":\"ann\"", 1);
    assert_ne!(text, ann_only);
    other[1].1 = ann_only.into_bytes();
    assert!(matches!(RunFile::read(&packed(&other)), Err(RunFileError::Record(_))));
}

#[test]
fn what_does_not_belong_together_is_not_written() {
    let mut twice = run();
    twice.weights.push(twice.weights[0].clone());
    assert!(matches!(twice.to_bytes(), Err(RunFileError::Unexpected(_))));
    let mut unknown = run();
    unknown.checkpoints[0].step = 5;
    assert!(matches!(unknown.to_bytes(), Err(RunFileError::Checkpoint { step: 5, .. })));
    let mut ann = run();
    (ann.record.config.networks, ann.weights[0].0) = (Networks::Ann, NetworkKind::Cnn);
    ann.record.networks.truncate(1);
    assert!(matches!(ann.to_bytes(), Err(RunFileError::Unexpected(_))));
}
