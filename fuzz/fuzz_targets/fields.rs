//! Any octets are the value of any field: nothing panics, what is cut says so, what we write we read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_message_model::address::{AddressList, MAX_ENTRIES, MAX_FIELD_BYTES};
use mailwright_message_model::block::Blocks;
use mailwright_message_model::content_type::{ContentType, Disposition, MAX_PARAMETERS, Parameter};
use mailwright_message_model::date::DateTime;
use mailwright_message_model::domain::Domain;
use mailwright_message_model::mailbox::Mailbox;
use mailwright_message_model::message_id::MessageIds;
use mailwright_message_model::phrases::Phrases;
use mailwright_message_model::received::{MAX_RECEIVED_BYTES, Received};
use mailwright_message_model::{Field, Span, encoded_word};

fuzz_target!(|value: &[u8]| {
    addresses(value);
    parameters(value);
    ids_and_dates(value);
    names(value);

    let hop = Received::parse(value);
    assert!(!hop.is_cut || value.len() > MAX_RECEIVED_BYTES);
    let _ = (encoded_word::decode(value), encoded_word::decode_phrase(value), Phrases::parse(value).count());
    if let Some(field) = Field::parse(value) {
        assert!(field.span().end <= value.len());
        assert_eq!(field.value_span().of(value), field.value_raw());
    }
    for block in Blocks::new(value) {
        assert_eq!(block.span().of(value), block.raw());
        for field in block.fields() {
            assert_eq!(field.value_span().of(value), field.value_raw());
            let _ = (field.text(), field.without_comments(), field.typed());
        }
    }
});

fn inside(span: Span, value: &[u8]) {
    assert!(span.start <= span.end && span.end <= value.len());
}

fn addresses(value: &[u8]) {
    let list = AddressList::parse(value);
    assert!(list.addresses().len() <= MAX_ENTRIES);
    assert!(!list.is_cut() || value.len() > MAX_FIELD_BYTES || list.addresses().len() >= MAX_ENTRIES - 1);
    assert!(list.mailboxes().count() <= list.addresses().len());
    let grouped: usize = list.groups().map(|group| group.addresses().len()).sum();
    assert_eq!(grouped, list.addresses().len());
    for address in list.addresses() {
        inside(address.span(), value);
        address.name_span().into_iter().chain(address.addr_span()).for_each(|span| inside(span, value));
        let _ = (address.name_with_comments(), address.address_in_name());
    }
}

fn parameters(value: &[u8]) {
    let check = |parameters: &[Parameter<'_>]| {
        assert!(parameters.len() <= MAX_PARAMETERS);
        for parameter in parameters {
            inside(parameter.span, value);
            parameter.further.iter().for_each(|span| inside(*span, value));
            assert!(!parameter.name.bytes().any(|octet| octet.is_ascii_uppercase()));
        }
    };
    if let Some(content_type) = ContentType::parse(value) {
        check(content_type.params());
        assert!(!content_type.type_().is_empty());
    }
    if let Some(disposition) = Disposition::parse(value) {
        check(disposition.params());
    }
}

fn ids_and_dates(value: &[u8]) {
    for id in MessageIds::parse(value) {
        assert!(id.as_bytes().len() <= value.len());
        assert!(id.compact().len() <= id.as_bytes().len());
        assert_eq!(id.to_owned().as_id(), id);
    }
    if let Some(date) = DateTime::parse(value) {
        let written = date.to_string();
        let again = DateTime::parse(written.as_bytes()).expect("our own form");
        assert_eq!(again.to_unix(), date.to_unix(), "{written}");
        assert_eq!(again.to_string(), written);
        assert_eq!(DateTime::from_unix(date.to_unix(), 0).map(|utc| utc.to_unix()), Some(date.to_unix()));
    }
}

fn names(value: &[u8]) {
    if let Ok(domain) = Domain::parse(value) {
        assert_eq!(Domain::parse(domain.as_str().as_bytes()).as_ref(), Ok(&domain));
        assert!(domain.as_str().len() <= 253 && domain.labels().all(|label| (1..=63).contains(&label.len())));
    }
    if let Ok(mailbox) = Mailbox::parse(value) {
        let written = mailbox.to_string();
        assert_eq!(Mailbox::parse(written.as_bytes()).as_ref(), Ok(&mailbox), "{written}");
    }
}
