//! The learning curves: where the axis ends, what is marked, and what is said about it.

use super::*;
use crate::run::report::{EpochRecord, RateChange, Score};

/// Epochs of 10 seconds with these validation losses; `None` where nothing is validated.
fn epochs(losses: &[Option<f64>]) -> Vec<EpochRecord> {
    let record = |(i, loss): (usize, &Option<f64>)| EpochRecord {
        epoch: i + 1,
        train: Score { loss: 0.5 - 0.01 * i as f64, accuracy: 0.8 + 0.01 * i as f64 },
        validation: loss.map(|loss| Score { loss, accuracy: 1.0 - loss }),
        seconds: 10.0 * (i + 1) as f64,
        learning_rate: 1e-3,
        dead_units: None,
    };
    losses.iter().enumerate().map(record).collect()
}

fn of(network: NetworkKind, epochs: &[EpochRecord], scored_epoch: usize) -> Learning<'_> {
    let seconds = epochs.last().map_or(0.0, |e| e.seconds);
    Learning {
        network,
        epochs,
        step_losses: &[],
        step_seconds: &[],
        steps_per_epoch: 10,
        seconds,
        scored_epoch,
        rate_changes: &[],
    }
}

#[test]
fn the_axis_of_epochs_ends_where_the_run_does() {
    let records = epochs(&[Some(0.4), Some(0.3), Some(0.35)]);
    let networks = [of(NetworkKind::Ann, &records[..2], 0), of(NetworkKind::Cnn, &records, 0)];
    let end = |networks: &[Learning], active| across(networks, Unit::Epochs, 10, active).max;
    assert_eq!(end(&networks, true), 10.0, "while it trains the axis shows what is planned");
    assert_eq!(end(&networks, false), 3.0, "after it has ended the axis shows what was trained");
    assert_eq!(end(&[], false), 10.0);
    assert_eq!(end(&[of(NetworkKind::Ann, &[], 0)], false), 10.0, "it was stopped before an epoch ended");
}

#[test]
fn the_axis_of_time_is_round_and_turns_to_minutes() {
    let records = epochs(&[Some(0.4); 37]);
    let of_epochs = |n: usize| across(&[of(NetworkKind::Cnn, &records[..n], 0)], Unit::Time, 10, true);
    let short = of_epochs(4);
    assert_eq!((short.max, short.title(), short.of(&records[1])), (40.0, "Training time, s", 20.0));
    let long = of_epochs(37);
    assert_eq!((long.max, long.title(), long.of(&records[2])), (8.0, "Training time, min", 0.5));
    assert_eq!(of_epochs(0).max, 1.0);
    assert_eq!(across(&[], Unit::Epochs, 10, true).title(), "Epoch");
}

#[test]
fn the_arrow_keys_stop_at_the_end_of_each_epoch_once() {
    let records = epochs(&[Some(0.4), Some(0.3), Some(0.35)]);
    let networks = [of(NetworkKind::Ann, &records, 0), of(NetworkKind::Cnn, &records[..2], 0)];
    let axis = across(&networks, Unit::Epochs, 3, false);
    assert_eq!(stops(&networks, axis), [1.0, 2.0, 3.0]);
    let near = |at| networks[0].near(axis, at).map(|record| record.epoch);
    assert_eq!((near(Some(1.6)), near(Some(0.0)), near(None)), (Some(2), Some(1), Some(3)));
}

#[test]
fn the_scored_epoch_is_marked_on_the_validation_curve_and_in_words() {
    let records = epochs(&[Some(0.4), Some(0.3), Some(0.35)]);
    let networks = [of(NetworkKind::Ann, &records, 3), of(NetworkKind::Cnn, &records, 2)];
    let axis = across(&networks, Unit::Epochs, 3, false);
    let plot = epoch_curves(&networks, axis, Quantity::Loss);
    let marks: Vec<_> = plot.curves.iter().map(|c| (c.stroke, c.mark)).collect();
    assert_eq!(
        marks,
        [
            (Stroke::Dashed, None),
            (Stroke::Solid, Some([3.0, 0.35])),
            (Stroke::Dashed, None),
            (Stroke::Solid, Some([2.0, 0.3]))
        ]
    );
    let picture = curves(&plot, SIZE, None, LIGHT);
    assert_inside(&picture, SIZE);
    let axes = plot.axes(SIZE[0], SIZE[1]);
    let at = axes.place([2.0, 0.3]);
    let ring = |mark: &Mark| matches!(mark, Mark::Disc { centre, radius, .. } if *centre == at && *radius > 6.0);
    assert_eq!(picture.marks.iter().filter(|mark| ring(mark)).count(), 1);
    let text = svg("scored-epoch", &picture, SIZE, LIGHT);
    assert!(text.contains("\nscored\n"), "the legend says what the ring is");
    let said = scored_epochs(&networks).unwrap();
    assert!(said.ends_with("scored on the test set: epoch 3 of the ANN and epoch 2 of the CNN."), "{said}");
    let spoken = spoken("Loss of each epoch", &plot, Some(&said));
    assert_eq!(spoken, format!("Loss of each epoch. At the end: ANN 0.350, CNN 0.350. {said}"));
}

#[test]
fn nothing_is_marked_where_the_scored_epoch_is_not_known() {
    let records = epochs(&[Some(0.4), Some(0.3)]);
    let networks = [of(NetworkKind::Ann, &records, 0)];
    let axis = across(&networks, Unit::Epochs, 2, false);
    let plot = epoch_curves(&networks, axis, Quantity::Accuracy);
    assert!(plot.curves.iter().all(|c| c.mark.is_none()) && scored_epochs(&networks).is_none());
    let picture = curves(&plot, SIZE, None, LIGHT);
    assert!(!svg("no-scored-epoch", &picture, SIZE, LIGHT).contains("scored"));
}

#[test]
fn without_validation_the_training_curve_has_the_end_and_the_mark() {
    let records = epochs(&[None, None]);
    let networks = [of(NetworkKind::Cnn, &records, 2)];
    let axis = across(&networks, Unit::Epochs, 2, false);
    let plot = epoch_curves(&networks, axis, Quantity::Accuracy);
    assert_eq!((plot.curves[0].mark, plot.curves[0].end.as_deref()), (Some([2.0, 0.81]), Some("CNN 81.0 %")));
    assert!(plot.curves[1].points.is_empty() && plot.curves[1].mark.is_none());
}

#[test]
fn losses_of_steps_stand_in_the_unit_of_the_axis() {
    let (losses, seconds) = ([2.0_f32, 1.0], [300.0_f32, 600.0]);
    let cnn = Learning {
        step_losses: &losses,
        step_seconds: &seconds,
        seconds: 600.0,
        steps_per_epoch: 2,
        ..of(NetworkKind::Cnn, &[], 0)
    };
    let at = |unit| {
        let trace = cnn.trace(across(&[cnn], unit, 1, true));
        trace.raw.iter().map(|p| p[0]).collect::<Vec<_>>()
    };
    assert_eq!(at(Unit::Epochs), [0.5, 1.0]);
    assert_eq!(at(Unit::Time), [5.0, 10.0], "minutes");
    let axis = across(&[cnn], Unit::Epochs, 1, true);
    let plot = step_curves(&[], &[(NetworkKind::Cnn, cnn.trace(axis))], axis);
    assert_eq!(plot.curves.iter().map(|c| c.stroke).collect::<Vec<_>>(), [Stroke::Faint, Stroke::Solid]);
}

#[test]
fn a_change_of_the_learning_rate_stands_where_it_was_made() {
    let seconds: Vec<f32> = (1..=30).map(|i| 2.0 * i as f32).collect();
    let change = |step, factor| RateChange { step, epoch: 1 + step / 10, factor, learning_rate: 1e-3 * factor };
    let changes = [change(5, 3.0), change(20, 1.0 / 9.0)];
    let cnn =
        Learning { step_seconds: &seconds, seconds: 60.0, rate_changes: &changes, ..of(NetworkKind::Cnn, &[], 0) };
    let at = |unit| {
        let axis = across(&[cnn], unit, 3, true);
        let plot = epoch_curves(&[cnn], axis, Quantity::Loss);
        plot.changes.into_iter().map(|change| (change.x, change.label)).collect::<Vec<_>>()
    };
    assert_eq!(at(Unit::Epochs), [(0.5, "rate ×3".to_owned()), (2.0, "rate ÷9".to_owned())]);
    assert_eq!(at(Unit::Time), [(12.0, "rate ×3".to_owned()), (42.0, "rate ÷9".to_owned())]);
}

#[test]
fn curves_of_other_runs_stand_behind_and_belong_to_the_frame() {
    let (now, before) = (epochs(&[Some(0.5), Some(0.4)]), epochs(&[Some(0.9), None]));
    let shown = [of(NetworkKind::Ann, &now, 0)];
    let axis = across(&shown, Unit::Epochs, 2, false);
    let mut plot = epoch_curves(&shown, axis, Quantity::Loss);
    let alone = plot.axes(400.0, 240.0).y.max;
    let behind = behind(&[(of(NetworkKind::Ann, &before, 0), 3)], axis, Quantity::Loss);
    assert_eq!(behind[0].points[0], [1.0, 0.9]);
    assert!(behind[0].end.is_none() && behind[0].mark.is_none(), "only the shown run has texts and rings");
    assert_eq!(behind[0].run, Some(3));
    plot.curves.splice(0..0, behind);
    assert!(plot.axes(400.0, 240.0).y.max > alone, "the frame holds the other run too");
    let picture = curves(&plot, SIZE, None, LIGHT);
    let coloured = |mark: &Mark, wanted| matches!(mark, Mark::Line { colour, .. } if *colour == wanted);
    assert!(picture.marks.iter().any(|mark| coloured(mark, LIGHT.run(3))), "it has its run's colour");
    assert!(picture.marks.iter().any(|mark| coloured(mark, LIGHT.network(NetworkKind::Ann))));
}

#[test]
fn an_epoch_is_marked_where_it_ends() {
    let records = epochs(&[Some(0.4), Some(0.3), Some(0.35)]);
    let networks = [of(NetworkKind::Ann, &records, 0)];
    let at = |unit, epoch| {
        let mark = mark_epoch(&networks, across(&networks, unit, 3, false), epoch, "epoch".to_owned());
        mark.map(|mark| (mark.x, mark.network))
    };
    assert_eq!(at(Unit::Epochs, 2), Some((2.0, None)));
    assert_eq!(at(Unit::Time, 2), Some((20.0, None)));
    assert_eq!(at(Unit::Epochs, 4), None, "there is no such epoch");
}
