//! parse-decode: every message parsed and every leaf decoded, one thread.

use mail_parser_0::{MessageParser as Parser0, PartType};
use mail_parser_1::{MessageParser as Parser1, PartKind};
use mailwright_message_model::Message;

use super::{PEER_0, PEER_1, ROUNDS, messages};
use crate::contest::{Entrant, best_of, line, megabytes};

pub(super) fn run() -> Result<(), String> {
    let messages = messages()?;
    let octets: usize = messages.iter().map(Vec::len).sum();
    let mut entrants = [
        Entrant::new("ours", || messages.iter().map(|raw| ours(raw, false)).sum()),
        Entrant::new(PEER_1, || messages.iter().map(|raw| peer_1(raw, false)).sum()),
        Entrant::new(PEER_0, || messages.iter().map(|raw| peer_0(raw)).sum()),
        Entrant::new("ours, text", || messages.iter().map(|raw| ours(raw, true)).sum()),
        Entrant::new("mail-parser 1.0.1, text", || messages.iter().map(|raw| peer_1(raw, true)).sum()),
    ];
    let best = best_of(ROUNDS, &mut entrants);
    let [ours, peer_1, peer_0, ours_text, peer_1_text] = best[..] else { unreachable!("five entrants") };
    line("message-model/parse-decode", ours, PEER_1, peer_1, 1.2);
    line("message-model/parse-decode", ours, PEER_0, peer_0, 3.0);
    line("message-model/parse-text", ours_text, PEER_1, peer_1_text, 1.0);
    for (entrant, time) in entrants.iter().zip(&best) {
        println!("    {}: {time:.3?}, {:.0} MB/s", entrant.name, megabytes(octets, *time));
    }
    Ok(())
}

fn ours(raw: &[u8], text: bool) -> usize {
    let message = Message::parse(raw).expect("below the limit");
    let leaves = message.walk().filter(|entity| entity.is_leaf());
    if text {
        leaves.map(|leaf| leaf.text().map_or_else(|| leaf.decoded().bytes.len(), |text| text.len())).sum()
    } else {
        leaves.map(|leaf| leaf.decoded().bytes.len()).sum()
    }
}

fn peer_1(raw: &[u8], text: bool) -> usize {
    let Some(message) = Parser1::default().parse(raw) else { return 0 };
    let leaves =
        message.parts().filter(|part| !matches!(part.kind(), PartKind::Multipart | PartKind::Message(..)));
    if text {
        leaves.map(|leaf| leaf.text().map_or_else(|| leaf.decoded().len(), |text| text.len())).sum()
    } else {
        leaves.map(|leaf| leaf.decoded().len()).sum()
    }
}

/// It decodes everything while it parses.
fn peer_0(raw: &[u8]) -> usize {
    fn leaves(message: &mail_parser_0::Message<'_>) -> usize {
        let length = |body: &PartType<'_>| match body {
            PartType::Text(text) | PartType::Html(text) => text.len(),
            PartType::Binary(octets) | PartType::InlineBinary(octets) => octets.len(),
            PartType::Message(message) => leaves(message),
            PartType::Multipart(_) => 0,
        };
        message.parts.iter().map(|part| length(&part.body)).sum()
    }
    Parser0::default().parse(raw).map_or(0, |message| leaves(&message))
}
