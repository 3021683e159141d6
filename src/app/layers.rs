//! A drawing of each network: its layers as blocks with shapes, parameters and multiply-accumulates.

use crate::architecture::{self, Layer, LayerKind};
use crate::config::{NetworkKind, RunConfig};
use crate::evaluate::format::count;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LayersProps {
    pub config: RunConfig,
}

fn shape(layer: &Layer) -> String {
    layer.output.iter().map(ToString::to_string).collect::<Vec<_>>().join(" × ")
}

/// The text in a block. Activation, pool and similar layers share the block of the layer before them.
fn blocks(layers: &[Layer]) -> Vec<(&Layer, Vec<&Layer>)> {
    let mut blocks: Vec<(&Layer, Vec<&Layer>)> = Vec::new();
    for layer in layers {
        let follows = matches!(
            layer.kind,
            LayerKind::BatchNorm | LayerKind::Activation | LayerKind::Dropout | LayerKind::MaxPool
        );
        match blocks.last_mut().filter(|_| follows) {
            Some((_, followers)) => followers.push(layer),
            None => blocks.push((layer, Vec::new())),
        }
    }
    blocks
}

/// Height of a block's picture, by the logarithm of its size, so that a layer of 64 is still visible beside one of 1,600.
fn height(layer: &Layer) -> f64 {
    let values: usize = layer.output.iter().product();
    10.0 + 7.0 * (values.max(1) as f64).log2()
}

/// Both networks.
#[function_component]
pub fn Layers(props: &LayersProps) -> Html {
    html! {
        <section class="card layers" aria-labelledby="layers-title">
            <h2 id="layers-title">{ "The two networks" }</h2>
            if props.config.validate().is_ok() {
                { for NetworkKind::ALL.iter().map(|&kind| one(kind, &props.config)) }
            } else {
                <p class="note">{ "The drawing returns when the settings fit together." }</p>
            }
        </section>
    }
}

fn one(kind: NetworkKind, config: &RunConfig) -> Html {
    let cost = architecture::of(kind, config);
    let all = cost.macs().max(1) as f64;
    let about = match kind {
        NetworkKind::Ann => "sees 784 numbers without knowing which pixels are neighbours",
        NetworkKind::Cnn => "slides small kernels over the image, so it knows neighbours and reuses weights",
    };
    html! {
        <div class={classes!("network", kind.key())}>
            <h3><span class="swatch" />{ kind.label() }<small>{ about }</small></h3>
            <ol class="blocks">
                { for blocks(&cost.layers).into_iter().map(|(layer, followers)| {
                    let parameters: usize = layer.parameters + followers.iter().map(|f| f.parameters).sum::<usize>();
                    let last = followers.last().copied().unwrap_or(layer);
                    let share = layer.macs as f64 / all;
                    html! {
                        <li>
                            <div class="picture" aria-hidden="true">
                                <span style={format!("height:{:.0}px;opacity:{:.2}", height(last), 0.35 + 0.65 * share.sqrt())} />
                            </div>
                            <b>{ &layer.label }</b>
                            { for followers.iter().map(|f| html! { <span class="follower">{ &f.label }</span> }) }
                            <span class="shape">{ shape(last) }</span>
                            if parameters > 0 {
                                <span class="number">{ format!("{} parameters", count(parameters as u64)) }</span>
                            }
                            if layer.macs > 0 {
                                <span class="number">{ format!("{} MACs", count(layer.macs as u64)) }</span>
                            }
                        </li>
                    }
                }) }
            </ol>
            <p class="totals">
                { format!("{} parameters ({:.2} MB), {} multiply-accumulates an image", count(cost.parameters() as u64),
                    cost.weight_bytes() as f64 / 1e6, count(cost.macs() as u64)) }
            </p>
        </div>
    }
}
