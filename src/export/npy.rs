//! Arrays in NumPy's form, version 1.0: a line of text that says type and shape, then the values in C order.
//! Form: NEP 1 of NumPy. Leaves out everything that needs pickle.

/// The beginning of each file, with the version.
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";
/// The values begin at a multiple of this, so that a program can map the file into memory.
const ALIGNMENT: usize = 64;

/// The file's beginning for values of `descr`, such as `<f4`. An empty shape is that of a single value.
pub(super) fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    // A tuple of one value has a comma behind it.
    let axes: String = shape.iter().map(|axis| format!("{axis}, ")).collect();
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", axes.trim_end());
    let before = MAGIC.len() + 2;
    let length = (before + text.len() + 1).next_multiple_of(ALIGNMENT) - before;
    text.extend(std::iter::repeat_n(' ', length - text.len() - 1));
    text.push('\n');
    let mut bytes = MAGIC.to_vec();
    // Four axes of 20 digits are far below 65,536 characters.
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(text.into_bytes());
    bytes
}

/// An array of 32-bit floats.
pub(super) fn floats(shape: &[usize], values: &[f32]) -> Vec<u8> {
    let mut bytes = header("<f4", shape);
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// One text, as an array without axes.
pub(super) fn text(text: &str) -> Vec<u8> {
    let characters = text.chars().count();
    let mut bytes = header(&format!("<U{characters}"), &[]);
    bytes.extend(text.chars().flat_map(|character| u32::from(character).to_le_bytes()));
    bytes
}

/// The values of an array `[rows, columns]` of 32-bit floats that [`floats`] wrote; `None` for everything else.
pub(super) fn read_rows(bytes: &[u8], columns: usize) -> Option<Vec<f32>> {
    // The header's length does not depend on the number of rows as long as its text fits into the padding, which it does.
    let data = bytes.len().checked_sub(header("<f4", &[bytes.len(), columns]).len())?;
    let rows = data / (4 * columns).max(1);
    let values = bytes.strip_prefix(header("<f4", &[rows, columns]).as_slice())?;
    let (values, rest) = values.as_chunks::<4>();
    (rest.is_empty() && values.len() == rows * columns).then(|| values.iter().map(|v| f32::from_le_bytes(*v)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_documented_one() {
        let bytes = floats(&[2], &[1.0, -2.5]);
        assert_eq!(&bytes[..10], b"\x93NUMPY\x01\x00\x76\x00");
        assert_eq!(&bytes[10..67], b"{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }");
        assert_eq!((bytes[127], bytes.len()), (b'\n', 136));
        assert_eq!(bytes[128..], [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0]);
        let long = header("<f4", &[16, 1, 3, 3]);
        assert!(String::from_utf8_lossy(&long[10..]).contains("'shape': (16, 1, 3, 3,), }"));
        let text = text("aé");
        assert!(
            String::from_utf8_lossy(&text[10..]).contains("'descr': '<U2', 'fortran_order': False, 'shape': (), }")
        );
        assert_eq!(text[128..], [97, 0, 0, 0, 0xe9, 0, 0, 0]);
    }

    #[test]
    fn rows_come_back_and_nothing_else_does() {
        for rows in [0, 1, 9, 10_000] {
            let values: Vec<f32> = (0..10 * rows).map(|at| at as f32).collect();
            let bytes = floats(&[rows, 10], &values);
            assert_eq!(read_rows(&bytes, 10), Some(values));
            assert_eq!(read_rows(&bytes[..bytes.len() - 1], 10), None);
            assert_eq!(read_rows(&[bytes.as_slice(), &[0; 4]].concat(), 10), None);
        }
        assert_eq!(read_rows(b"", 10), None);
        assert_eq!(read_rows(&floats(&[2, 5], &[0.0; 10]), 10), None);
        assert_eq!(read_rows(&floats(&[10], &[0.0; 10]), 10), None);
    }
}
