//! A button that opens the system's dialog for files.

use crate::classifier::parts::take_files;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FileButtonProps {
    /// The words on the button.
    pub label: AttrValue,
    /// `data-action` of the button; its field has the same with `-field` behind it.
    pub action: AttrValue,
    /// The files that the dialog offers first.
    pub accept: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    /// Is given each chosen file.
    pub taken: Callback<File>,
}

/// The button. The field itself is out of sight, because its looks and its words are the browser's.
#[function_component]
pub fn FileButton(props: &FileButtonProps) -> Html {
    let field = use_node_ref();
    let open = {
        let field = field.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.click();
            }
        })
    };
    let chosen = {
        let (field, taken) = (field.clone(), props.taken.clone());
        Callback::from(move |_: Event| {
            let Some(field) = field.cast::<HtmlInputElement>() else { return };
            take_files(field.files(), &taken);
            field.set_value(""); // So that the same file can be chosen again.
        })
    };
    html! {
        <>
            <button type="button" class={props.class.clone()} data-action={props.action.clone()} onclick={open}>{ &props.label }</button>
            <input ref={field} type="file" hidden=true multiple=true accept={props.accept.clone()} data-action={format!("{}-field", props.action)} onchange={chosen} />
        </>
    }
}
