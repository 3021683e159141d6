//! A drawing of each network in one row: its layers with their shapes. A table that opens has parameters and multiply-accumulates.

use crate::app::parts::name;
use crate::app::texts::t;
use crate::architecture::{self, Cost, Layer, LayerKind};
use crate::config::{NetworkKind, RunConfig};
use crate::evaluate::format::{count, megabytes};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct NetworksProps {
    pub config: RunConfig,
}

fn shape(layer: &Layer) -> String {
    layer.output.iter().map(ToString::to_string).collect::<Vec<_>>().join("×")
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
pub fn Networks(props: &NetworksProps) -> Html {
    let valid = props.config.validate().is_ok();
    let costs: Vec<_> = match valid {
        true => NetworkKind::ALL.iter().map(|&kind| (kind, architecture::of(kind, &props.config))).collect(),
        false => Vec::new(),
    };
    html! {
        <section class="card networks" aria-labelledby="networks-title">
            <h2 id="networks-title">{ t::NETWORKS }</h2>
            if valid {
                <div class="rows">{ for costs.iter().map(|(kind, cost)| row(*kind, cost)) }</div>
                <details class="group">
                    <summary>{ t::LAYERS }</summary>
                    { for costs.iter().map(|(kind, cost)| whole(*kind, cost)) }
                </details>
            } else {
                <p class="note">{ t::NETWORKS_WAIT }</p>
            }
        </section>
    }
}

/// A network in one row.
fn row(kind: NetworkKind, cost: &Cost) -> Html {
    html! {
        <div class={classes!("net", kind.key())}>
            <b>{ name(kind) }<small>{ count(cost.parameters() as u64) }</small></b>
            <ol>
                // A layer that only lays its input out anew is left to the table.
                { for blocks(&cost.layers).into_iter().filter(|(layer, _)| layer.kind != LayerKind::Flatten).map(|(layer, followers)| {
                    let last = followers.last().copied().unwrap_or(layer);
                    html! { <li><b>{ shape(last) }</b><span>{ &layer.label }</span></li> }
                }) }
            </ol>
        </div>
    }
}

/// A network with all that its layers cost.
fn whole(kind: NetworkKind, cost: &Cost) -> Html {
    let all = cost.macs().max(1) as f64;
    html! {
        <div class={classes!("network", kind.key())}>
            <h3><span class="swatch" />{ kind.label() }<small>{ t::about(kind) }</small></h3>
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
                                <span class="number">{ t::parameters(&count(parameters as u64)) }</span>
                            }
                            if layer.macs > 0 {
                                <span class="number">{ t::macs(&count(layer.macs as u64)) }</span>
                            }
                        </li>
                    }
                }) }
            </ol>
            <p class="totals">{ t::totals(&count(cost.parameters() as u64), &megabytes(cost.weight_bytes() as u64), &count(cost.macs() as u64)) }</p>
        </div>
    }
}
