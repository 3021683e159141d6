//! All maps of a stage in one picture, tile beside tile. The value under the pointer is told; a click keeps it.

use crate::classifier::parts::Act;
use crate::classify::effect::Msg;
use crate::classify::inside::Cell;
use crate::classify::tiles::Tiles;
use crate::config::NetworkKind;
use std::rc::Rc;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, ImageData};
use yew::prelude::*;

/// The colour of a network's largest value on black, and of its most negative one: the other network's.
fn colours(kind: NetworkKind) -> [[u8; 3]; 2] {
    const ANN: [u8; 3] = [255, 154, 98];
    const CNN: [u8; 3] = [143, 176, 255];
    if kind == NetworkKind::Ann { [ANN, CNN] } else { [CNN, ANN] }
}

/// The pixel of a signed value from -1 to 1: black is 0.
fn tinted(value: f32, [positive, negative]: [[u8; 3]; 2]) -> [u8; 4] {
    let colour = if value >= 0.0 { positive } else { negative };
    let [red, green, blue] = colour.map(|part| (f32::from(part) * value.abs().min(1.0)) as u8);
    [red, green, blue, 255]
}

/// All pixels of tiles; what lies between them is transparent.
fn rgba(tiles: &Tiles, colours: [[u8; 3]; 2]) -> Vec<u8> {
    let (width, height) = (tiles.width(), tiles.height());
    let mut rgba = vec![0; width * height * 4];
    for (tile, values) in tiles.tiles.iter().enumerate() {
        for (at, pixel) in values.iter().map(|value| tinted(*value, colours)).enumerate() {
            let [x, y] = tiles.place([tile, at / tiles.side, at % tiles.side]);
            rgba[(y * width + x) * 4..][..4].copy_from_slice(&pixel);
        }
    }
    rgba
}

#[derive(Properties, PartialEq)]
pub struct GridProps {
    pub kind: NetworkKind,
    pub tiles: Tiles,
    /// Screen pixels of a pixel.
    pub zoom: usize,
    /// What it shows, in words.
    pub label: AttrValue,
    /// The stage whose values it shows; `None`: they are weights, and nothing is told of them.
    pub stage: Option<usize>,
    /// The place of each tile's first value among the stage's values, and how far two pixels of a tile are apart there.
    #[prop_or(0)]
    pub stride: usize,
    /// The places of the tiles' values, where each tile stands for one value.
    #[prop_or_default]
    pub units: Option<Rc<Vec<usize>>>,
    /// The value that is marked: tile, row and column.
    pub marked: Option<[usize; 3]>,
    pub act: Act,
}

/// The picture.
#[function_component]
pub fn Grid(props: &GridProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.tiles.clone(), props.kind, props.marked), move |(tiles, kind, marked)| {
            let Some(canvas) = node.cast::<HtmlCanvasElement>() else { return };
            draw(&canvas, tiles, *kind, *marked);
        });
    }
    let told = |keep: bool| {
        let (tiles, stage, stride, kind, act) =
            (props.tiles.clone(), props.stage, props.stride, props.kind, props.act.clone());
        let units = props.units.clone();
        move |event: MouseEvent| {
            let (Some(stage), Some([tile, row, column])) = (stage, pointed(&event, &tiles)) else { return };
            let index = match &units {
                Some(units) => units.get(tile).copied(),
                None => Some((row * tiles.side + column) * stride + tile),
            };
            let Some(index) = index else { return };
            let cell = Cell { kind, stage, index };
            act.emit(if keep { Msg::Keep(cell) } else { Msg::Point(cell) });
        }
    };
    let (width, height) = (props.tiles.width(), props.tiles.height());
    let style = format!("inline-size:{}px;aspect-ratio:{width}/{height}", width * props.zoom);
    let pointer = props.stage.is_some().then_some("points");
    html! {
        <canvas ref={node} class={classes!("grid", pointer)} width={width.to_string()} height={height.to_string()} {style} role="img"
            aria-label={props.label.clone()} data-stage={props.stage.map(|stage| stage.to_string())}
            onmousemove={told(false)} onclick={told(true)} />
    }
}

/// The tile, row and column under the pointer.
fn pointed(event: &MouseEvent, tiles: &Tiles) -> Option<[usize; 3]> {
    let canvas = event.target()?.dyn_into::<HtmlElement>().ok()?;
    let (wide, high) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let [x, y] = [(event.offset_x(), wide, tiles.width()), (event.offset_y(), high, tiles.height())]
        .map(|(at, all, pixels)| (f64::from(at) / all.max(1.0) * pixels as f64) as usize);
    tiles.at(x, y)
}

fn draw(canvas: &HtmlCanvasElement, tiles: &Tiles, kind: NetworkKind, marked: Option<[usize; 3]>) {
    let context = canvas.get_context("2d").ok().flatten().and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok());
    let mut rgba = rgba(tiles, colours(kind));
    if let Some(marked) = marked.filter(|[tile, ..]| *tile < tiles.tiles.len()) {
        let [x, y] = tiles.place(marked);
        // White, which no tile has.
        if let Some(pixel) = rgba.get_mut((y * tiles.width() + x) * 4..).and_then(|rest| rest.get_mut(..4)) {
            pixel.fill(255);
        }
    }
    let image = ImageData::new_with_u8_clamped_array(Clamped(&rgba), tiles.width() as u32);
    if let (Some(context), Ok(image)) = (context, image) {
        let _ = context.put_image_data(&image, 0.0, 0.0); // Only an image without pixels is refused.
    }
}
