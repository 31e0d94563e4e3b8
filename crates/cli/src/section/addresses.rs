//! Section `addresses`: from whom and to whom, and where a name shows something else than its address.

use mailwright_message_model::Field;
use mailwright_message_model::address::Address;
use serde::Serialize;

use super::{Alert, Block, Case, Fact, Section, Tone, View, json, more};
use crate::shown::{Shown, count, is_deceptive};

pub(crate) const SECTION: Section =
    Section { key: "addresses", title: "Addresses", view, alert: Some(alert) };

/// In the order in which they are shown.
const FIELDS: [&str; 6] = ["From", "Sender", "Reply-To", "To", "Cc", "Bcc"];

/// Why an address is to be looked at twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Hint {
    AddressInName,
    HiddenCharacters,
    OtherDomainThanFrom,
    NoAddress,
}

impl Hint {
    const fn text(self) -> &'static str {
        match self {
            Self::AddressInName => "the name shows another address than the one it stands for",
            Self::HiddenCharacters => "holds invisible or reordering characters, written out here as \\u{…}",
            Self::OtherDomainThanFrom => "answers go to another domain than that of From",
            Self::NoAddress => "no address",
        }
    }

    const fn tone(self) -> Tone {
        match self {
            Self::AddressInName | Self::HiddenCharacters => Tone::Bad,
            Self::OtherDomainThanFrom | Self::NoAddress => Tone::Warning,
        }
    }
}

#[derive(Serialize)]
struct Json {
    field: &'static str,
    /// Which of several fields of that name, from 1.
    occurrence: usize,
    group: Option<String>,
    name: Option<String>,
    address: String,
    hints: Vec<Hint>,
}

#[derive(Default)]
struct Found {
    total: usize,
    rows: Vec<Fact>,
    list: Vec<Json>,
    from: Option<String>,
}

fn view(case: &Case<'_, '_>) -> Option<View> {
    let mut found = Found { from: from_domain(case), ..Found::default() };
    for name in FIELDS {
        for (at, field) in case.message.root().fields_named(name).enumerate() {
            found.field(case, name, at + 1, &field);
        }
    }
    let left = found.total - found.rows.len().min(found.total);
    Some(View {
        note: format_args!("{}", count(found.total, "address", "addresses")).into(),
        tone: Tone::Quiet,
        blocks: [Block::Facts { rows: found.rows }].into_iter().chain(more(left)).collect(),
        json: json(&serde_json::json!({ "count": found.total, "list": found.list })),
    })
}

/// The worst hint with its field, and how many addresses have one.
fn alert(case: &Case<'_, '_>) -> Option<Alert> {
    let from = from_domain(case);
    let mut number = 0;
    let mut worst: Option<(Tone, &str, &str)> = None;
    for name in FIELDS {
        for field in case.message.root().fields_named(name) {
            let list = field.addresses();
            for address in list.groups().flat_map(|group| group.addresses()) {
                let hints = hints(name, address, from.as_deref());
                number += usize::from(!hints.is_empty());
                // Of equals the first stays.
                for hint in hints {
                    if worst.is_none_or(|(tone, ..)| hint.tone() > tone) {
                        worst = Some((hint.tone(), name, hint.text()));
                    }
                }
            }
        }
    }
    let (tone, name, what) = worst?;
    let text = format!("{} to look at twice; {name}: {what}", count(number, "address", "addresses"));
    Some(Alert { tone, text: format_args!("{text}").into() })
}

fn from_domain(case: &Case<'_, '_>) -> Option<String> {
    let from = case.message.from();
    let domain = from.mailboxes().next()?.domain()?;
    Some(domain.to_ascii_lowercase())
}

impl Found {
    fn field(&mut self, case: &Case<'_, '_>, name: &'static str, occurrence: usize, field: &Field<'_>) {
        let list = field.addresses();
        let mut label = Some(if occurrence == 1 {
            Shown::from(name)
        } else {
            format_args!("{name} ({occurrence})").into()
        });
        for group in list.groups() {
            for address in group.addresses() {
                self.total += 1;
                let hints = hints(name, address, self.from.as_deref());
                if self.list.len() < case.settings.written() {
                    self.list.push(Json {
                        field: name,
                        occurrence,
                        group: group.name().map(|name| case.settings.clipped(name)),
                        name: address.name_with_comments().map(|name| case.settings.clipped(&name)),
                        address: case.settings.clipped(address.addr()),
                        hints: hints.clone(),
                    });
                }
                if self.rows.len() < case.settings.shown() {
                    let group = group.name().map(|name| format!("  (in group {})", Shown::text(name)));
                    let value = format!("{}{}", shown(address), group.unwrap_or_default());
                    let fact = Fact::new(label.take().unwrap_or_default(), format_args!("{value}"));
                    self.rows
                        .push(hints.iter().fold(fact, |fact, hint| fact.remark(hint.tone(), hint.text())));
                }
            }
        }
        if let Some(label) =
            label.filter(|_| list.addresses().is_empty() && self.rows.len() < case.settings.shown())
        {
            let value = match list.groups().find_map(|group| group.name().map(Shown::text)) {
                Some(name) => format_args!("empty group {name}").into(),
                None => Shown::from("empty"),
            };
            self.rows.push(Fact::new(label, value).toned(Tone::Quiet));
            self.total += 1;
        }
    }
}

/// Why an address of `field` is to be looked at twice, where the domain of From is `from`.
fn hints(field: &str, address: &Address<'_>, from: Option<&str>) -> Vec<Hint> {
    let mut hints = Vec::new();
    if address.addr().is_empty() {
        hints.push(Hint::NoAddress);
    }
    if address.address_in_name().is_some_and(|shown| !shown.eq_ignore_ascii_case(address.addr())) {
        hints.push(Hint::AddressInName);
    }
    let texts = address.name_with_comments();
    if texts.iter().any(|text| text.chars().any(is_deceptive)) || address.addr().chars().any(is_deceptive) {
        hints.push(Hint::HiddenCharacters);
    }
    let other = address.domain().zip(from).is_some_and(|(a, b)| !a.eq_ignore_ascii_case(b));
    if field == "Reply-To" && other {
        hints.push(Hint::OtherDomainThanFrom);
    }
    hints
}

fn shown(address: &Address<'_>) -> String {
    let addr = Shown::text(address.addr());
    match address.name_with_comments() {
        Some(name) => format!("{} <{addr}>", Shown::text(&name)),
        None => addr.to_string(),
    }
}
