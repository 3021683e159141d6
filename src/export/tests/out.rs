//! What goes out only: arrays, tables, scripts.

use super::*;

#[test]
fn arrays_for_numpy_have_the_names_and_values_of_the_network() {
    let network = network(NetworkKind::Cnn, &config());
    let files = files(&npz(&network).unwrap());
    let tensors = layout(network.kind, &network.config);
    assert_eq!(files.len(), tensors.len() + 1);
    let mut values = network.weights.iter();
    for (tensor, (name, bytes)) in tensors.iter().zip(&files) {
        assert_eq!(*name, format!("{}.npy", tensor.name));
        // The form of NumPy read by hand: magic, version, a length of two bytes, a dictionary, the values.
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
        let data = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        assert_eq!(data % 64, 0);
        let header = std::str::from_utf8(&bytes[10..data]).unwrap();
        let shape: Vec<usize> = header
            .split_once("'shape': (")
            .unwrap()
            .1
            .split_once(')')
            .unwrap()
            .0
            .split(',')
            .filter_map(|axis| axis.trim().parse().ok())
            .collect();
        assert_eq!(shape, tensor.shape, "{header}");
        assert!(header.contains("'descr': '<f4', 'fortran_order': False"), "{header}");
        let (found, rest) = bytes[data..].as_chunks::<4>();
        assert!(rest.is_empty() && found.len() == tensor.values());
        assert!(found.iter().zip(&mut values).all(|(bytes, value)| f32::from_le_bytes(*bytes) == *value));
    }
    assert_eq!(values.next(), None);
    let (name, bytes) = files.last().unwrap();
    let text: String = bytes[128..].chunks_exact(4).map(|c| char::from(c[0])).collect();
    assert_eq!(name, "config.npy");
    assert_eq!(serde_json::from_str::<RunConfig>(&text).unwrap(), network.config);
    let broken = TrainedNetwork { weights: vec![0.0], ..network };
    assert!(matches!(npz(&broken), Err(WeightsError::Values { found: 1, .. })));
}

/// The cells of a table (RFC 4180).
fn cells(table: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = table.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(characters.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    rows
}

#[test]
fn the_table_holds_each_figure_to_the_bit() {
    let run = run();
    let label = "lr 0.001, \"batch\"\n64";
    let rows = cells(&metrics_csv(&[(&run.record, label), (&run.record, "again")]));
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().all(|row| row.len() == 13));
    assert_eq!(rows[0][..5], ["run", "label", "network", "part", "epoch"]);
    assert_eq!(rows[1][..5], ["7", label, "ann", "epoch", "1"]);
    let number = |row: usize, column: usize| rows[row][column].parse::<f64>().unwrap();
    let [first, second] = <[EpochRecord; 2]>::try_from(epochs()).unwrap();
    assert_eq!((number(1, 5), number(1, 6)), (first.train.loss, first.train.accuracy));
    assert_eq!(rows[1][7..11], ["", "", "", ""]);
    assert_eq!(number(2, 7), 1e-9);
    assert_eq!((number(2, 11), number(2, 12)), (second.seconds, second.learning_rate));
    assert_eq!(rows[3], ["7", label, "ann", "test", "2", "", "", "", "", "2.3", "0.1", "1.25", ""]);
    assert_eq!(rows[4][1], "again");
}

#[test]
fn a_script_names_each_layer_once() {
    let config = RunConfig { cnn_dropout: 0.5, ann_dropout: 0.1, ..config() };
    for kind in NetworkKind::ALL {
        for script in [script_keras(kind, &config), script_pytorch(kind, &config)] {
            let tensors = layout(kind, &config);
            for layer in tensors.iter().filter_map(|tensor| tensor.name.strip_suffix(".bias")) {
                let named =
                    script.matches(&format!("\"{layer}\")")).count() + script.matches(&format!(" {layer}=nn.")).count();
                assert_eq!(named, 1, "{layer}\n{script}");
            }
            assert!(script.contains("Dropout(") && script.starts_with("\"\"\"Rebuilds"), "{script}");
            assert!(script.lines().all(|line| line.len() <= 120), "{script}");
        }
    }
}
