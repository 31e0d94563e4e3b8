//! Our views of header fields, written in mail-parser's serde form.

use std::net::IpAddr;

use mailwright_message_model::address::{Address, AddressList};
use mailwright_message_model::content_type::{ContentType, Parameter};
use mailwright_message_model::date::{DateTime, Zone};
use mailwright_message_model::encoded_word;
use mailwright_message_model::message_id::MessageIds;
use mailwright_message_model::phrases::Phrases;
use mailwright_message_model::received::{Host, Received};
use serde_json::{Value, json};

pub(super) fn address(value: &[u8]) -> Value {
    let list = AddressList::parse(value);
    if list.has_groups() {
        let groups = list.groups().map(
            |group| json!({"name": group.name_with_comments(), "addresses": mailboxes(group.addresses())}),
        );
        return json!({"Group": groups.collect::<Vec<_>>()});
    }
    json!({"List": mailboxes(list.addresses())})
}

/// The form has the address as written, with source route and white space.
fn mailboxes(addresses: &[Address<'_>]) -> Vec<Value> {
    let mailbox = |address: &Address<'_>| {
        let written = Some(address.written()).filter(|written| !written.is_empty());
        json!({"name": address.name_with_comments(), "address": written})
    };
    addresses.iter().map(mailbox).collect()
}

pub(super) fn content_type(value: &[u8]) -> Value {
    let Some(ours) = ContentType::parse(value) else { return Value::Null };
    json!({"c_type": ours.type_(), "c_subtype": ours.subtype(), "attributes": attributes(ours.params())})
}

/// The parameters as pairs of name and value; that of the language comes before its own.
fn attributes(parameters: &[Parameter<'_>]) -> Value {
    let mut pairs = Vec::new();
    for parameter in parameters {
        if let Some(language) = &parameter.language {
            pairs.push(json!([format!("{}-language", parameter.name), language]));
        }
        pairs.push(json!([parameter.name, parameter.value]));
    }
    if pairs.is_empty() { Value::Null } else { Value::Array(pairs) }
}

pub(super) fn date(value: &[u8]) -> Value {
    // RFC 5322 3.3: -0000 says that the zone is not known.
    let form = |date: &DateTime| date_form(date, date.zone() == Zone::Unspecified);
    DateTime::parse(value).as_ref().map_or(Value::Null, form)
}

/// In Received the form writes an offset of nothing as before GMT if no number stands there, and only then.
fn date_in_received(date: &DateTime) -> Value {
    date_form(date, !matches!(date.zone(), Zone::Offset | Zone::Unspecified))
}

/// `sign_of_zero` is what `tz_before_gmt` says where there is no offset and so no sign.
fn date_form(date: &DateTime, sign_of_zero: bool) -> Value {
    let offset = date.offset_minutes();
    json!({
        "year": date.year(),
        "month": date.month(),
        "day": date.day(),
        "hour": date.hour(),
        "minute": date.minute(),
        "second": date.second(),
        "tz_before_gmt": offset < 0 || (offset == 0 && sign_of_zero),
        "tz_hour": offset.unsigned_abs() / 60,
        "tz_minute": offset.unsigned_abs() % 60,
    })
}

pub(super) fn message_ids(value: &[u8]) -> Value {
    MessageIds::parse(value).map(|id| json!(id.to_str_lossy())).collect()
}

pub(super) fn list(value: &[u8]) -> Value {
    Phrases::parse(value).map(|item| json!(item)).collect()
}

pub(super) fn unstructured(value: &[u8]) -> Value {
    json!(encoded_word::decode(value))
}

pub(super) fn received(value: &[u8]) -> Value {
    let hop = Received::parse(value);
    if hop.is_empty() {
        return Value::Null;
    }
    json!({
        "from": hop.from.as_ref().map(host),
        "by": hop.by.as_ref().map(host),
        "helo": hop.helo.as_ref().map(host),
        "from_ip": hop.from_ip.as_ref().map(IpAddr::to_string),
        "from_iprev": hop.from_rdns,
        "for_": hop.for_,
        "id": hop.id,
        "ident": hop.ident,
        "via": hop.via,
        "with": hop.with.map(|protocol| protocol.as_str()),
        "helo_cmd": hop.helo_command.map(|command| format!("{command:?}")),
        // The form writes TLSv1_2 for TLSv1.2.
        "tls_version": hop.tls_version.map(|version| version.as_str().replace('.', "_")),
        "tls_cipher": hop.tls_cipher,
        "date": hop.date.as_ref().map(date_in_received),
    })
}

fn host(host: &Host<'_>) -> Value {
    match host {
        Host::Name(name) => json!({"Name": name}),
        Host::IpAddr(address) => json!({"IpAddr": address.to_string()}),
    }
}
