//! The program `classifier`: loaded by the script that loaded this page (public/boot.js), it draws into an element of this page and talks
//! by a message port. Leaves out: what it is told (`crate::page::classifier`).

use super::images::{ImageStore, Wanted};
use super::{App, Msg};
use crate::fashion_mnist::{ImageSet, TRAIN_IMAGES};
use crate::page::effect;
use crate::page::gather::Gather;
use crate::page::storage::BlobKey;
use crate::protocol::classifier::{FromClassifier, ToClassifier};
use crate::protocol::wire;
use crate::web::says;
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessageEvent, MessagePort};
use yew::html::Scope;

/// The property of the window by which the program gets its port.
const PORT: &str = "fashionLabClassifierPort";
/// The function of public/boot.js that loads a program by its name.
const LOAD: &str = "fashionLabLoad";

/// The program, loaded or on its way.
pub struct Classifier {
    port: MessagePort,
    /// Images that it asked for and that have not come yet.
    wanted: Vec<(ImageSet, u32)>,
    /// Messages that wait for kept bytes.
    waiting: Gather<ToClassifier, Uint8Array>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Classifier {
    /// Loads the program. What it says comes as [`effect::Msg::FromClassifier`].
    pub fn open(link: Scope<App>) -> Result<Self, String> {
        let window = web_sys::window().ok_or("there is no window")?;
        let channel = MessageChannel::new().map_err(|e| says(&e))?;
        let heard = link.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Ok((message, parts)) = wire::unpack::<FromClassifier>(&event.data()) {
                heard.send_message(Msg::Classifier(message, parts));
            }
        });
        let port = channel.port1();
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Reflect::set(&window, &PORT.into(), &channel.port2()).map_err(|e| says(&e))?;
        let load = Reflect::get(&window, &LOAD.into()).ok().and_then(|load| load.dyn_into::<Function>().ok());
        let load = load.ok_or("the page's first script is of another version; reload the page without its cache")?;
        let loaded = load.call1(&window, &"classifier".into()).map_err(|e| says(&e))?;
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(error) = JsFuture::from(Promise::resolve(&loaded)).await {
                link.send_message(effect::Msg::NoClassifier(says(&error)));
            }
        });
        Ok(Self { port, wanted: Vec::new(), waiting: Gather::default(), _on_message: on_message })
    }

    /// Tells it something, with bytes beside it.
    pub fn tell(&self, message: &ToClassifier, beside: &Array) {
        let (parts, _) = wire::pack(message, &[]);
        let parts = parts.concat(beside);
        // Copied, not handed over: the store's bytes stay.
        if let Err(error) = self.port.post_message(&parts) {
            web_sys::console::error_1(&error);
        }
    }

    /// Tells it something as soon as the bytes of all these keys have [`arrived`](Self::arrived), in their order.
    pub fn expect(&mut self, message: ToClassifier, keys: &[BlobKey]) {
        match keys.is_empty() {
            true => self.tell(&message, &Array::new()),
            false => self.waiting.expect(message, keys),
        }
    }

    /// Kept bytes were read, or are not there. Returns whether they were for the classifier.
    pub fn arrived(&mut self, key: BlobKey, bytes: Option<&Uint8Array>) -> bool {
        let (expected, ready) = self.waiting.arrived(key, bytes.cloned());
        if let Some((message, found)) = ready {
            let none = || Uint8Array::new_with_length(0);
            self.tell(&message, &found.into_iter().map(|bytes| bytes.unwrap_or_else(none)).collect());
        }
        expected
    }

    /// It wants images: those that are here are sent, the others are asked for.
    pub fn want(&mut self, (set, indices): Wanted, images: &ImageStore, labels: &[u8]) {
        self.wanted.extend(indices.iter().map(|&index| (set, index)));
        self.ask(images);
        self.send_images(images, labels);
    }

    /// Asks the engine for what is wanted. Where no dataset is there yet nothing comes, so this is done again when it is.
    pub fn ask(&self, images: &ImageStore) {
        for set in [ImageSet::Train, ImageSet::Test] {
            let of_set = self.wanted.iter().filter(|(of, _)| *of == set);
            images.want(set, &of_set.map(|(_, index)| *index).collect::<Vec<_>>());
        }
    }

    /// Sends the wanted images that are here.
    pub fn send_images(&mut self, images: &ImageStore, labels: &[u8]) {
        for set in [ImageSet::Train, ImageSet::Test] {
            let (mut indices, mut classes, mut pixels) = (Vec::new(), Vec::new(), Vec::new());
            self.wanted.retain(|&(of, index)| {
                let first = if set == ImageSet::Train { 0 } else { TRAIN_IMAGES };
                let label = labels.get(first + index as usize);
                let (Some(found), Some(&label), true) = (images.get(set, index), label, of == set) else {
                    return true;
                };
                indices.push(index);
                classes.push(label);
                pixels.extend_from_slice(&found);
                false
            });
            if !indices.is_empty() {
                let message = ToClassifier::Images { set, indices, labels: classes };
                self.tell(&message, &Array::of1(&Uint8Array::from(pixels.as_slice())));
            }
        }
    }
}

impl Drop for Classifier {
    fn drop(&mut self) {
        self.port.close();
    }
}

impl App {
    pub(super) fn open_classifier(&mut self, link: &Scope<App>) {
        match Classifier::open(link.clone()) {
            Ok(classifier) => self.classifier = Some(classifier),
            Err(reason) => link.send_message(Msg::Page(effect::Msg::NoClassifier(reason))),
        }
    }
}
