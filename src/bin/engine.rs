//! The engine worker's entry: see `fashion_lab::engine`.

fn main() {
    #[cfg(all(feature = "webgpu", target_arch = "wasm32"))]
    fashion_lab::engine::start();
}
