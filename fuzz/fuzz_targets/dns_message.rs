//! Any octets as the reply to the question that they repeat, and to one that they do not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mailwright_dns::message::{Case, MAX_TTL, Reply, query, reply};
use mailwright_dns::{Kind, MAX_CNAME_LINKS, Name, Question};

fuzz_target!(|octets: &[u8]| {
    let Some((&[high, low], _)) = octets.split_first_chunk::<2>() else { return };
    let id = u16::from_be_bytes([high, low]);
    let question = repeated(octets).unwrap_or(Question::new(Name::ROOT, Kind::Txt));
    match reply(&question, id, Case::Exact, octets) {
        Reply::Answer(answer) => {
            assert!(answer.ttl <= MAX_TTL);
            match answer.result {
                Ok(records) => assert!(records.kind() == question.kind && !records.is_empty()),
                Err(why) => assert!(why.is_void()),
            }
        }
        Reply::Alias(alias) => assert!((1..=MAX_CNAME_LINKS).contains(&alias.links) && alias.ttl <= MAX_TTL),
        _ => {}
    }
    assert_eq!(reply(&question, id ^ 1, Case::Ignored, octets), Reply::Foreign);
    // What we ask is never taken for what we are told.
    let sent = query(&question, id, Some(1232)).expect("every name can be asked");
    assert_eq!(reply(&question, id, Case::Exact, &sent), Reply::Foreign);
});

/// The question of a message whose name is not compressed.
fn repeated(octets: &[u8]) -> Option<Question> {
    let mut rest = octets.get(12..)?;
    let mut labels = Vec::new();
    loop {
        let (&len, after) = rest.split_first()?;
        let (label, after) = after.split_at_checked(usize::from(len))?;
        rest = after;
        if len == 0 {
            break;
        }
        labels.push(label);
    }
    let kind = match rest.first_chunk::<2>()? {
        [0, 1] => Kind::A,
        [0, 12] => Kind::Ptr,
        [0, 15] => Kind::Mx,
        [0, 28] => Kind::Aaaa,
        _ => Kind::Txt,
    };
    Some(Question::new(Name::from_labels(labels).ok()?, kind))
}
