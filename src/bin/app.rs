//! The page's entry: see `fashion_lab::app`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    fashion_lab::app::start();
}
