//! The form, made from the table of fields: label, value, unit, help, and what is wrong beside the field itself. Leaves out: what a
//! field means and which values it takes (`config`).

use crate::app::parts::Act;
use crate::app::texts::t;
use crate::config::{FIELDS, Field, Group, Kind, RunConfig};
use crate::page::effect::Msg;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FieldProps {
    pub field: &'static str,
    pub value: String,
    pub disabled: bool,
    pub act: Act,
}

fn hint(field: &Field) -> String {
    match field.kind {
        Kind::Integer { min, max, unit } => t::from_to(&min.to_string(), &max.to_string(), unit),
        Kind::Real { min, max, unit } => t::from_to(&min.to_string(), &max.to_string(), unit),
        Kind::Integers { min, max, most, unit } => t::numbers_from_to(most, min, max, unit),
        Kind::Choice(_) | Kind::Flag => String::new(),
    }
}

/// One field. While what is typed is not allowed, it keeps the text; it passes on only allowed values.
#[function_component]
pub fn FieldInput(props: &FieldProps) -> Html {
    let typed = use_state(|| None::<String>);
    let Some(field) = crate::config::field(props.field) else { return html!() };
    {
        // A value from elsewhere (a preset, the address) replaces what was typed.
        let typed = typed.clone();
        use_effect_with(props.value.clone(), move |_| typed.set(None));
    }
    let text = typed.as_ref().unwrap_or(&props.value).clone();
    let wrong = RunConfig::default().set(field.key, &text).err();
    let id = format!("field-{}", field.key);
    let about = format!("{id}-help");
    let take = {
        let (typed, act, key) = (typed.clone(), props.act.clone(), field.key);
        move |text: String| {
            let allowed = RunConfig::default().set(key, &text).is_ok();
            typed.set(Some(text.clone()));
            if allowed {
                act.emit(Msg::Set(key, text));
            }
        }
    };
    let control = match field.kind {
        Kind::Choice(options) => {
            let onchange = Callback::from(move |e: Event| {
                if let Some(select) = e.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok()) {
                    take(select.value());
                }
            });
            html! {
                <select id={id.clone()} name={field.key} disabled={props.disabled} {onchange} aria-describedby={about.clone()}>
                    { for options.iter().map(|(key, label)| html! {
                        <option value={*key} selected={*key == text}>{ *label }</option>
                    }) }
                </select>
            }
        }
        Kind::Flag => {
            let onchange = Callback::from(move |e: Event| {
                if let Some(input) = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                    take(input.checked().to_string());
                }
            });
            html! {
                <input type="checkbox" id={id.clone()} name={field.key} checked={text == "true"} disabled={props.disabled}
                    {onchange} aria-describedby={about.clone()} />
            }
        }
        _ => {
            let oninput = Callback::from(move |e: InputEvent| {
                if let Some(input) = e.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                    take(input.value());
                }
            });
            let mode = if matches!(field.kind, Kind::Real { .. }) { "decimal" } else { "numeric" };
            html! {
                <input type="text" inputmode={mode} id={id.clone()} name={field.key} value={text} disabled={props.disabled}
                    {oninput} autocomplete="off" aria-invalid={wrong.is_some().to_string()} aria-describedby={about.clone()} />
            }
        }
    };
    html! {
        <div class={classes!("field", wrong.is_some().then_some("wrong"), (field.kind == Kind::Flag).then_some("flag"))}>
            <label for={id} title={field.help}>{ field.label }</label>
            { control }
            <p class="hint">{ hint(field) }</p>
            <p class="help" id={about}>{ field.help }</p>
            if let Some(wrong) = wrong {
                <p class="error" role="alert">{ wrong.to_string() }</p>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct FormProps {
    pub config: RunConfig,
    pub running: bool,
    pub act: Act,
}

/// Fields that are always visible; the others are in groups that open.
const FIRST: [&str; 5] = ["networks", "epochs", "batch", "learning_rate", "train"];

/// The whole form.
#[function_component]
pub fn Form(props: &FormProps) -> Html {
    let field = |key: &'static str| {
        let value = props.config.get(key).unwrap_or_default();
        html! { <FieldInput key={key} field={key} {value} disabled={false} act={props.act.clone()} /> }
    };
    let group = |group: Group, title: &'static str| {
        let keys = FIELDS.iter().filter(|f| f.group == group && !FIRST.contains(&f.key)).map(|f| f.key);
        html! {
            <details class="group">
                <summary>{ title }</summary>
                <div class="fields">{ for keys.map(field) }</div>
            </details>
        }
    };
    let combination = props.config.validate().err();
    html! {
        <section class="card form" aria-labelledby="settings-title">
            <h2 id="settings-title">{ t::SETTINGS }</h2>
            <div class="fields first">{ for FIRST.iter().map(|key| field(key)) }</div>
            <details class="group more">
            <summary>{ t::MORE_SETTINGS }</summary>
            { group(Group::Run, t::GROUP_RUN) }
            { group(Group::Training, t::GROUP_TRAINING) }
            { group(Group::Augmentation, t::GROUP_AUGMENTATION) }
            { group(Group::Ann, t::GROUP_ANN) }
            { group(Group::Cnn, t::GROUP_CNN) }
            </details>
            if let Some(errors) = combination {
                <ul class="error" role="alert">{ for errors.iter().map(|e| html! { <li>{ e.to_string() }</li> }) }</ul>
            }
            if props.running {
                <p class="note">{ t::NEXT_RUN }</p>
            }
        </section>
    }
}
