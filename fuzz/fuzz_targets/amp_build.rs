//! Building of hostile text: what comes out is valid, without warnings, and survives the mail.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_amp_mime::build::*;
use mailwright_amp_mime::locate::locate;
use mailwright_amp_mime::validate;
use mailwright_message_model::Message;
use mailwright_message_model::compose::Options;

/// Components of lines: the first octet of a line says which, the rest is its text.
fn component(line: &str) -> Fragment {
    let (kind, text) = line.split_at_checked(1).unwrap_or(("", line));
    let url = || Url::https("https://e.example/x").unwrap();
    let name = || Name::new("n").unwrap();
    let size = Size::fixed(30, 20).unwrap();
    match kind {
        "h" => heading(2, text),
        "l" => match Url::link(text) {
            Ok(url) => link(&url, text),
            Err(_) => paragraph(text),
        },
        "b" => button(text, &Action::set(&name(), &name(), text)),
        "i" => Image::new(url(), size, text).into(),
        "f" => Form::post(url())
            .map(|form| {
                let form = form.push(Input::text(name(), text).value(text).placeholder(text)).submit(text);
                let form = form.push(Choice::select(name(), text).option(text, text));
                form.push(Choice::radio(name(), text).option(text, text)).push(hidden(&name(), text))
            })
            .into(),
        "t" => match Template::text(text) {
            Ok(template) => List::new(url(), size, template.and_literal(text)).into(),
            Err(_) => List::new(url(), size, Template::default().and_literal(text)).into(),
        },
        "s" => Selector::new().option(text, paragraph(text)).into(),
        "a" => Accordion::new().section(text, paragraph(text)).into(),
        "c" => Carousel::slides(size).slide(paragraph(text)).into(),
        "x" => fit_text(text, size),
        "j" => State::new(name()).and_then(|state| state.text(name(), text)).into(),
        "e" => match Expression::new(text) {
            Ok(expression) => bound_text(text, &expression),
            Err(_) => paragraph(text),
        },
        _ => paragraph(text),
    }
}

fuzz_target!(|data: &str| {
    let (css, body) = data.split_once('\0').unwrap_or(("", data));
    let email = AmpEmail::new().css(css);
    let email = body.split('\n').take(40).fold(email, |email, line| email.push(component(line)));
    let email = match email.build() {
        Ok(email) => email,
        Err(error) => {
            assert!(!matches!(error.kind(), BuildErrorKind::Invalid(_)), "{error}");
            return;
        }
    };
    let raw = email.to_part().build(&Options::default()).unwrap();
    let message = Message::parse(&raw).unwrap();
    let text = locate(&message, None).amp.unwrap().text();
    let report = validate(&text);
    assert!(report.is_valid() && report.findings.is_empty(), "{report}");
});
