//! header: the fields Message-ID, References, Subject, From and Date found and read, nothing else of the message.

use mail_parser_1::MessageParser;
use mailwright_message_model::Header;
use mailwright_message_model::address::AddressList;
use mailwright_message_model::date::DateTime;
use mailwright_message_model::message_id::MessageIds;
use memchr::memchr_iter;

use super::{PEER_1, ROUNDS, messages};
use crate::contest::{Entrant, best_of, line, megabytes};

pub(super) fn run() -> Result<(), String> {
    let messages = messages()?;
    let octets: usize = messages.iter().map(Vec::len).sum();
    let mut entrants = [
        Entrant::new("ours", || messages.iter().map(|raw| ours(raw)).sum()),
        Entrant::new(PEER_1, || messages.iter().map(|raw| peer(raw)).sum()),
        Entrant::new("ours, found only", || messages.iter().map(|raw| found(raw)).sum()),
        Entrant::new("memchr pass", || messages.iter().map(|raw| pass(raw)).sum()),
    ];
    let best = best_of(ROUNDS, &mut entrants);
    let [ours, peer, found, pass] = best[..] else { unreachable!("four entrants") };
    line("message-model/header", ours, PEER_1, peer, 4.0);
    line("message-model/header-found", found, PEER_1, peer, 4.0);
    // Within 4 times the time of looking at each octet once.
    line("message-model/header", ours, "memchr pass", pass, 0.25);
    line("message-model/header-found", found, "memchr pass", pass, 0.25);
    for (entrant, time) in entrants.iter().zip(&best) {
        println!("    {}: {time:.3?}, {:.0} MB/s", entrant.name, megabytes(octets, *time));
    }
    Ok(())
}

fn ours(raw: &[u8]) -> usize {
    let mut read = 0;
    for field in Header::new(raw) {
        let value = field.value_raw();
        if field.is("Message-ID") || field.is("References") {
            read += MessageIds::parse(value).count();
        } else if field.is("Subject") {
            read += field.text().len();
        } else if field.is("From") {
            read += AddressList::parse(value).addresses().len();
        } else if field.is("Date") {
            read += usize::from(DateTime::parse(value).is_some());
        }
    }
    read
}

fn found(raw: &[u8]) -> usize {
    const WANTED: [&str; 5] = ["Message-ID", "References", "Subject", "From", "Date"];
    let fields = Header::new(raw).filter(|field| WANTED.iter().any(|name| field.is(name)));
    fields.map(|field| field.value().len()).sum()
}

/// Each line break found in turn, as whatever splits lines must.
fn pass(raw: &[u8]) -> usize {
    memchr_iter(b'\n', raw).fold(0, usize::wrapping_add)
}

/// All of the message, for it has no less; then the same five fields.
fn peer(raw: &[u8]) -> usize {
    let Some(message) = MessageParser::default().parse(raw) else { return 0 };
    message.message_id().map_or(0, str::len)
        + message.references().map_or(0, |ids| ids.iter().count())
        + message.subject().map_or(0, str::len)
        + message.from().map_or(0, |from| from.iter().count())
        + usize::from(message.date().is_some())
}
