//! The messages between this page and a page around it: what comes in. `{target: "fashion-lab", version: 1, id?, type, ...}`.
//!
//! Pure. Reads and checks what a message says by itself. Leaves out: whether it can be done now (`page::asked`), listening
//! (`app::embed`), and what goes out ([`super::embed`]).

use super::embed::{NAME, VERSION};
use crate::fashion_mnist::PIXELS;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::rc::Rc;

/// The most characters of a picture's address. A data address of a photo of several megabytes fits.
pub const MOST_ADDRESS: usize = 16_000_000;
/// What a picture's address begins with.
const BEGINNINGS: [&str; 3] = ["data:image/", "https://", "http://"];
/// The types of messages, for the answer to another one.
const TYPES: &str = "hello, configure, start, pause, resume, stop and classify";

/// A message of the page around this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Whatever the asker put into `id`: it comes back with the answer.
    pub id: Option<Value>,
    /// The question, or a sentence for the asker that says why it was not understood.
    pub asked: Result<Asked, String>,
}

/// What can be asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// `hello`: the present state.
    State,
    /// `configure`: settings, each with its value as `config::RunConfig::set_value` takes it. They are not checked yet.
    Configure(Map<String, Value>),
    /// `start`: start a run.
    Start,
    /// `pause`: hold it.
    Pause,
    /// `resume`: go on.
    Resume,
    /// `stop`: end it now, and score.
    Stop,
    /// `classify`: what the networks say to a picture.
    Classify(Picture),
}

/// A picture to classify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// 784 bytes, row by row, a light garment on black: as the networks see it.
    Pixels(Rc<[u8]>),
    /// The address of a picture: `data:image/...`, `http://...` or `https://...`.
    Address(Rc<str>),
}

/// Reads a message. `None` where it is not for this page: other scripts and extensions post to the same window.
pub fn read(json: &str) -> Option<Incoming> {
    let Ok(Value::Object(mut message)) = serde_json::from_str(json) else { return None };
    if message.get("target").and_then(Value::as_str) != Some(NAME) {
        return None;
    }
    let id = Some(taken(&mut message, "id")).filter(|id| !id.is_null());
    let kind = taken(&mut message, "type");
    let version = taken(&mut message, "version");
    let asked = if version != VERSION {
        Err(format!("this page understands messages of version {VERSION}, not {}", cut(&version)))
    } else {
        match kind.as_str() {
            Some("hello") => Ok(Asked::State),
            Some("configure") => settings(taken(&mut message, "config")),
            Some("start") => Ok(Asked::Start),
            Some("pause") => Ok(Asked::Pause),
            Some("resume") => Ok(Asked::Resume),
            Some("stop") => Ok(Asked::Stop),
            Some("classify") => {
                picture(taken(&mut message, "pixels"), taken(&mut message, "image")).map(Asked::Classify)
            }
            _ => Err(format!("this page understands messages of the types {TYPES}, not {}", cut(&kind))),
        }
    };
    Some(Incoming { id, asked })
}

/// Takes a field out of a message; null where there is none.
fn taken(message: &mut Map<String, Value>, name: &str) -> Value {
    message.get_mut(name).map(Value::take).unwrap_or_default()
}

fn settings(config: Value) -> Result<Asked, String> {
    match config {
        Value::Object(settings) => Ok(Asked::Configure(settings)),
        other => Err(format!("`config` has to be an object of settings, not {}", cut(&other))),
    }
}

fn picture(pixels: Value, image: Value) -> Result<Picture, String> {
    match (pixels, image) {
        (Value::Null, Value::Null) => Err("`classify` needs `pixels` or `image`".to_owned()),
        (Value::Null, image) => address(image),
        (pixels, Value::Null) => bytes(&pixels),
        _ => Err("`classify` takes either `pixels` or `image`, not both".to_owned()),
    }
}

fn bytes(pixels: &Value) -> Result<Picture, String> {
    let length = match pixels {
        Value::Array(list) => list.len(),
        // A typed array, as JSON has it: {"0": 255, "1": 0, ...}.
        Value::Object(map) => map.len(),
        _ => 0,
    };
    if length != PIXELS {
        return Err(format!("`pixels` has to be a list of {PIXELS} numbers, row by row; it has {length}"));
    }
    let mut bytes = Vec::new();
    for at in 0..PIXELS {
        let value = match pixels {
            Value::Object(map) => map.get(&at.to_string()),
            list => list.get(at),
        };
        match value.and_then(Value::as_f64) {
            Some(number) if (0.0..=255.0).contains(&number) => bytes.push(number.round() as u8),
            _ => {
                let wrong = cut(value.unwrap_or(&Value::Null));
                return Err(format!("`pixels` {at} has to be a number from 0 to 255, not {wrong}"));
            }
        }
    }
    Ok(Picture::Pixels(bytes.into()))
}

fn address(image: Value) -> Result<Picture, String> {
    match image {
        Value::String(text) if text.len() > MOST_ADDRESS => {
            Err(format!("`image` has {} characters; {MOST_ADDRESS} are the most", text.len()))
        }
        Value::String(text) if BEGINNINGS.iter().any(|begin| text.starts_with(begin)) => {
            Ok(Picture::Address(text.into()))
        }
        other => {
            Err(format!("`image` has to begin with data:image/, https:// or http://, not as {} does", cut(&other)))
        }
    }
}

/// A value of the asker, cut to a length that can be repeated in a message.
fn cut(value: &Value) -> String {
    const MOST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::embed::{Message, Outgoing};
    use serde_json::json;

    /// What is made of a message of this type with these fields.
    fn asked(kind: &str, fields: Value) -> Result<Asked, String> {
        let mut message = json!({"target": "fashion-lab", "version": 1, "type": kind});
        message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        read(&message.to_string()).unwrap().asked
    }

    #[test]
    fn the_id_is_kept_whatever_it_is() {
        for id in [json!(7), json!("seven"), json!({"n": 7})] {
            let text =
                json!({"target": "fashion-lab", "version": 1, "id": id, "type": "hello", "more": [1]}).to_string();
            assert_eq!(read(&text).unwrap(), Incoming { id: Some(id), asked: Ok(Asked::State) });
        }
        assert_eq!(read(r#"{"target":"fashion-lab","version":1,"type":"hello"}"#).unwrap().id, None);
    }

    #[test]
    fn what_is_not_for_this_page_is_not_read() {
        for other in [
            "",
            "7",
            "null",
            "[]",
            r#""hello""#,
            r#"{"type":"hello"}"#,
            r#"{"target":"other","type":"hello"}"#,
            r#"{"target":7}"#,
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        // The page's own messages come back to it where it is not framed.
        assert_eq!(read(&Outgoing::new(Message::Error { message: String::new() }).to_json()), None);
    }

    #[test]
    fn what_is_for_this_page_but_not_understood_is_answered() {
        let said = |text: &str| read(text).unwrap().asked.unwrap_err();
        assert!(said(r#"{"target":"fashion-lab","version":2,"type":"hello"}"#).contains("version 1, not 2"));
        assert!(said(r#"{"target":"fashion-lab","type":"hello"}"#).contains("version 1, not null"));
        assert!(said(r#"{"target":"fashion-lab","version":1,"type":"dance"}"#).contains("\"dance\""));
        assert!(said(r#"{"target":"fashion-lab","version":1}"#).contains("not null"));
        assert!(said(r#"{"target":"fashion-lab","version":1,"type":["start"]}"#).contains("[\"start\"]"));
        let long = json!({"target": "fashion-lab", "version": 1, "type": "é".repeat(10_000)}).to_string();
        assert!(said(&long).chars().count() < 250);
    }

    #[test]
    fn a_run_is_steered_by_single_words() {
        let words = ["start", "pause", "resume", "stop"].map(|word| asked(word, json!({})).unwrap());
        assert_eq!(words, [Asked::Start, Asked::Pause, Asked::Resume, Asked::Stop]);
    }

    #[test]
    fn settings_are_an_object() {
        let config = json!({"epochs": 3, "ann_hidden": [64, 32]});
        let settings = config.as_object().unwrap().clone();
        assert_eq!(asked("configure", json!({"config": config})), Ok(Asked::Configure(settings)));
        for wrong in [json!(null), json!("epochs=3"), json!([3])] {
            assert!(asked("configure", json!({"config": wrong})).unwrap_err().contains("object of settings"));
        }
    }

    #[test]
    fn pixels_are_784_numbers_from_0_to_255() {
        let mut list = vec![json!(0); PIXELS];
        (list[1], list[2], list[783]) = (json!(255), json!(127.6), json!(1));
        let Ok(Asked::Classify(Picture::Pixels(bytes))) = asked("classify", json!({"pixels": list})) else { panic!() };
        assert_eq!((bytes.len(), bytes[1], bytes[2], bytes[783]), (PIXELS, 255, 128, 1));
        // As `JSON.stringify` writes a `Uint8Array`.
        let typed: serde_json::Map<String, Value> = (0..PIXELS).map(|at| (at.to_string(), json!(at % 256))).collect();
        let Ok(Asked::Classify(Picture::Pixels(bytes))) = asked("classify", json!({"pixels": typed})) else { panic!() };
        assert_eq!((bytes[0], bytes[255], bytes[783]), (0, 255, 15));
        // A number that is not finite is null in JSON.
        for wrong in [json!(256), json!(-1), json!(null), json!("7"), json!(1e300)] {
            list[5] = wrong.clone();
            let said = asked("classify", json!({"pixels": list})).unwrap_err();
            assert!(said.contains("`pixels` 5") && said.contains(&wrong.to_string()), "{said}");
        }
        for wrong in [json!([]), json!(vec![0; 783]), json!(vec![0; 785]), json!({"a": 1}), json!("dark"), json!(7)] {
            assert!(asked("classify", json!({"pixels": wrong})).unwrap_err().contains("784"));
        }
    }

    #[test]
    fn an_image_is_an_address_of_a_known_kind_and_size() {
        for good in ["data:image/png;base64,AAAA", "https://example.org/shirt.jpg", "http://localhost/shirt.jpg"] {
            let picture = asked("classify", json!({"image": good})).unwrap();
            assert_eq!(picture, Asked::Classify(Picture::Address(good.into())));
        }
        for wrong in [json!("javascript:alert(1)"), json!("data:text/html,x"), json!("shirt.png"), json!(""), json!(7)]
        {
            assert!(asked("classify", json!({"image": wrong})).unwrap_err().contains("data:image/"), "{wrong}");
        }
        let long = format!("data:image/png;base64,{}", "A".repeat(MOST_ADDRESS));
        let said = asked("classify", json!({"image": long})).unwrap_err();
        assert!(said.len() < 100 && said.contains("the most"), "{said}");
    }

    #[test]
    fn a_picture_is_either_pixels_or_an_image() {
        assert!(asked("classify", json!({})).unwrap_err().contains("needs"));
        let both = json!({"pixels": vec![0; PIXELS], "image": "https://example.org/a.png"});
        assert!(asked("classify", both).unwrap_err().contains("not both"));
    }
}
