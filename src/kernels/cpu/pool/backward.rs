//! Backward passes of ReLU and max pool that write a dense gradient: for batch norm, and for a separate max pool.
//!
//! Convolutions use the sparse gradient instead (`conv::backward_sparse`).

use super::forward::INACTIVE;
use crate::kernels::cpu::simd::{F32x4, LANES, U32x4};

/// g = the gradient before ReLU and pool in one image: dy at the largest pixel of each window, 0 elsewhere. `shape` is
/// [rows, columns, channels] before the pool.
pub(in crate::kernels::cpu) fn scatter_image(shape: [usize; 3], pool: bool, dy: &[f32], saved: &[u8], g: &mut [f32]) {
    if pool {
        if shape[0] % 2 == 1 || shape[1] % 2 == 1 {
            g.fill(0.0); // The dropped row and column.
        }
        return unpool_image(dy, saved, shape, g);
    }
    g.copy_from_slice(dy);
    for (g, &code) in g.iter_mut().zip(saved) {
        *g = if code == INACTIVE { 0.0 } else { *g };
    }
}

/// Writes the pooled gradients of one image to their windows: the gradient to the largest pixel, zeros to the others.
fn unpool_image(dy: &[f32], codes: &[u8], [rows, columns, channels]: [usize; 3], g: &mut [f32]) {
    let (down, across) = (rows / 2, columns / 2);
    let row = columns * channels;
    assert!(dy.len() == down * across * channels && codes.len() == dy.len() && g.len() == rows * row);
    let vectors = channels / LANES * LANES;
    for py in 0..down {
        for px in 0..across {
            let (from, to) = ((py * across + px) * channels, 2 * py * row + 2 * px * channels);
            let corners = [to, to + channels, to + row, to + row + channels];
            for c in (0..vectors).step_by(LANES) {
                // SAFETY: c + 4 <= channels, and the window's pixels lie in the image, by the assertion above.
                unsafe {
                    let value = F32x4::load(dy.as_ptr().add(from + c));
                    let code = U32x4::load_bytes(codes.as_ptr().add(from + c));
                    for (win, &corner) in corners.iter().enumerate() {
                        value.keep(code.eq(U32x4::splat(win as u32))).store(g.as_mut_ptr().add(corner + c));
                    }
                }
            }
            for c in vectors..channels {
                for (win, &corner) in corners.iter().enumerate() {
                    g[corner + c] = if usize::from(codes[from + c]) == win { dy[from + c] } else { 0.0 };
                }
            }
        }
    }
}

/// The gradient of x for [`super::forward::max_pool_forward`]. `dx` is overwritten.
pub fn max_pool_backward(shape: [usize; 4], dy: &[f32], saved: &[u8], dx: &mut [f32]) {
    let [batch, height, width, channels] = shape;
    let (image, out) = (height * width * channels, height / 2 * (width / 2) * channels);
    assert!(dx.len() == batch * image && dy.len() == batch * out && saved.len() == dy.len());
    for (i, dx) in dx.chunks_exact_mut(image).enumerate() {
        scatter_image([height, width, channels], true, &dy[i * out..][..out], &saved[i * out..][..out], dx);
    }
}
