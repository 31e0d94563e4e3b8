//! Features of header fields.

use mailwright_message_model::{Field, Message, Span, charset};

use super::sink::Sink;
use super::{MAX_GRAM_OCTETS, Scan, View, gram, order, shape};

/// Fields that are looked at, of the message and of each part; mail has some dozens.
const MAX_FIELDS: usize = 200;

/// Salts of the names of fields: those of the message, and those of parts.
const OF_MESSAGE: u64 = 0x11;
const OF_PART: u64 = 0x12;
const BETWEEN: u64 = 0x13;

/// Whether a field tells what some spam filter thinks: what it says must not be learned, or its verdict is learned with it.
///
/// ```
/// use mailwright_antispam::content::is_verdict_of_a_filter;
///
/// assert!(is_verdict_of_a_filter(b"X-Spam-Status") && is_verdict_of_a_filter(b"x-bogosity"));
/// assert!(!is_verdict_of_a_filter(b"Subject"));
/// ```
#[must_use]
pub fn is_verdict_of_a_filter(name: &[u8]) -> bool {
    let begins = |mark: &[u8]| name.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    if !begins(b"x-") {
        return false;
    }
    name.windows(4).any(|part| part.eq_ignore_ascii_case(b"spam"))
        || begins(b"x-bogosity")
        || begins(b"x-crm114")
        || begins(b"x-dspam")
        || begins(b"x-ham-")
        || begins(b"x-mailwright")
        || begins(b"x-virus")
}

/// The fields of the message and of its parts.
pub(super) fn read<S: Sink>(scan: &mut Scan<'_, S>, message: &Message<'_>) {
    let mut room = MAX_GRAM_OCTETS;
    let (mut before, mut count) = (0, 0);
    let header = message.root().header_span();
    let mut end = header.start;
    for field in message.fields().take(MAX_FIELDS) {
        between(scan, Span::new(end, field.span().start).of(message.raw()), &mut room);
        end = field.span().end;
        if !is_verdict_of_a_filter(field.name()) {
            count += 1;
            let name = lower(&field);
            gram::read(scan, field.raw(), &mut room);
            let text = field.text();
            words(scan, OF_MESSAGE, &name, &text);
            before = shape::field(scan, &name, &text, before);
        }
    }
    between(scan, Span::new(end, header.end).of(message.raw()), &mut room);
    scan.number(View::Shape, 0x20, "fields", order(count));
    for part in message.walk().skip(1).take(super::MAX_PARTS) {
        for field in part.fields().take(MAX_FIELDS) {
            words(scan, OF_PART, &lower(&field), &field.text());
        }
    }
}

/// Lines of the header that are no fields: of an mbox, or of a text that has no header.
fn between<S: Sink>(scan: &mut Scan<'_, S>, octets: &[u8], room: &mut usize) {
    let octets = octets.trim_ascii();
    if !octets.is_empty() {
        gram::read(scan, octets, room);
        let octets = octets.get(..super::MAX_TEXT).unwrap_or(octets);
        let salt = scan.sink.key().token(BETWEEN, b"");
        scan.section(View::Head, salt, "between:", &charset::decode_lossy(octets));
    }
}

fn words<S: Sink>(scan: &mut Scan<'_, S>, kind: u64, name: &str, text: &str) {
    let salt = scan.sink.key().token(kind, name.as_bytes());
    let mark = format!("{name}:");
    scan.section(View::Head, salt, &mark, text);
}

fn lower(field: &Field<'_>) -> String {
    String::from_utf8_lossy(field.name()).to_ascii_lowercase()
}
