//! Any octets are a tag list or a signature field: spans lead to what they name, an error to a place in the input.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dkim::signature::{FIELD_NAME, Signature};
use mailwright_dkim::tags::TagList;

fuzz_target!(|octets: &[u8]| {
    match TagList::parse(octets) {
        Ok(list) => {
            assert!(list.iter().len() > 0);
            for tag in list.iter() {
                assert_eq!(tag.name_span.of(octets), tag.name);
                assert_eq!(tag.value_span.of(octets), tag.value);
                assert!(tag.raw_span.start <= tag.value_span.start && tag.value_span.end <= tag.raw_span.end);
                let name = std::str::from_utf8(tag.name).expect("names are ASCII");
                assert_eq!(list.get(name), Some(tag), "a name stands twice");
            }
        }
        Err(error) => assert!(error.position <= octets.len()),
    }
    let field = [FIELD_NAME.as_bytes(), b":", octets, b"\r\n"].concat();
    match Signature::parse(&field) {
        Ok(signature) => {
            assert!(signature.headers.contains("from"));
            assert!(signature.identity.domain.is_within(&signature.domain));
            assert!(!signature.signature.is_empty() && !signature.b_span.is_empty());
        }
        Err(error) => assert!(error.span().end <= field.len()),
    }
});
