//! The entry of the program that shows the views Try it and Inside, and the classifier alone: see `fashion_lab::classifier`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    fashion_lab::classifier::start();
}
