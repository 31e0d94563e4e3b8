//! Authentication-Results: what is read is written and read back the same; removing claims removes all and nothing else.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_message_model::Message;
use mailwright_message_model::authres::ClaimedResults;
use mailwright_message_model::authres::claim::Claims;

fuzz_target!(|octets: &[u8]| {
    if let Ok(claimed) = ClaimedResults::parse(octets) {
        round_trip(&claimed);
    }
    let _ = ClaimedResults::parse_arc(octets);

    for claims in [Claims::of("example.com"), Claims::of("example.com").with_arc().with_unnamed()] {
        let spans = claims.spans(octets);
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        let left = claims.remove(octets);
        let removed: usize = spans.iter().map(|span| span.len()).sum();
        assert_eq!(left.len() + removed, octets.len());
        assert!(claims.spans(&left).is_empty(), "claims left after removal");
        // The body is not touched. With a byte order mark in front, readers differ on where it begins; claims are then
        // removed from all that one of them may take for the header.
        if octets.starts_with(b"\xef\xbb\xbf") {
            continue;
        }
        let before = Message::parse(octets).expect("only the size fails").root().body_raw().len();
        assert!(left.ends_with(&octets[octets.len() - before..]));
    }
});

fn round_trip(claimed: &ClaimedResults) {
    let Some(id) = claimed.authserv_id() else { return };
    let Ok(results) = claimed.trust(id) else { return };
    let written = results.to_string();
    let again = ClaimedResults::parse(written.as_bytes()).expect("our own form");
    assert_eq!(again.trust(id).as_ref(), Ok(&results), "{written}");
    let field = results.to_field();
    let value = field.strip_prefix("Authentication-Results:").expect("the field's name");
    let folded = ClaimedResults::parse(value.as_bytes()).expect("our own field");
    assert_eq!(folded.trust(id).as_ref(), Ok(&results), "{field}");
}
