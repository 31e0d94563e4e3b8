//! Finding the report in what arrives: by its octets.

use std::borrow::Cow;

use mailwright_message_model::{Entity, Message, charset};

use super::{Error, ErrorKind, Limits, Report, WarningKind, Warnings, aggregate, failure, member, tlsrpt};

/// Packed in packed in packed: some gateways pack once more.
const MAX_WRAPS: usize = 3;

/// Packed parts of a message that are tried: a report is in the first (RFC 9990 3.5.2), and each may unpack to
/// [`Limits::unpacked`].
const MAX_PACKED: usize = 10;

/// What octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Gzip,
    Zip,
    Xml,
    Json,
    Other,
}

fn sort(octets: &[u8]) -> Sort {
    match octets {
        // RFC 1952 2.3.1: ID1, ID2.
        [0x1f, 0x8b, ..] => return Sort::Gzip,
        // Local file header, or the end of an empty archive.
        [b'P', b'K', 3 | 5, 4 | 6, ..] => return Sort::Zip,
        _ if wide(octets).is_some() => return Sort::Xml,
        _ => {}
    }
    match octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets).trim_ascii_start() {
        [b'<', ..] => Sort::Xml,
        [b'{', ..] => Sort::Json,
        _ => Sort::Other,
    }
}

pub(super) fn read(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    if octets.len() > limits.octets {
        return Err(Error::new(ErrorKind::Limit("octets")));
    }
    if octets.trim_ascii().is_empty() {
        return Err(Error::new(ErrorKind::Empty));
    }
    match sort(octets) {
        Sort::Other => {
            let found = message(octets, limits, warnings);
            // XML behind a line of a log, or a file that lost its first octets.
            found.or_else(|error| buried(octets, limits, warnings).unwrap_or(Err(error)))
        }
        _ => unwrapped(octets, limits, warnings),
    }
}

/// A report that is in no message.
fn unwrapped(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let mut content = Cow::Borrowed(octets);
    for _ in 0..MAX_WRAPS {
        content = match sort(&content) {
            Sort::Gzip => Cow::Owned(member::gunzip(&content, limits, warnings)?),
            Sort::Zip => Cow::Owned(member::unzip(&content, limits, warnings)?),
            Sort::Xml => return xml(&content, limits, warnings),
            Sort::Json => return tls(&content, limits, warnings),
            Sort::Other => break,
        };
        if content.is_empty() {
            return Err(Error::new(ErrorKind::Empty));
        }
    }
    buried(&content, limits, warnings).unwrap_or(Err(Error::new(ErrorKind::NoReport)))
}

fn xml(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let text = xml_text(octets, warnings);
    aggregate::read(&text, limits, warnings).map(|report| Report::Aggregate(Box::new(report)))
}

fn tls(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let text = text_of(octets, warnings);
    tlsrpt::read(&text, limits, warnings).map(|report| Report::Tls(Box::new(report)))
}

/// XML that begins somewhere behind the start.
fn buried(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Option<Result<Report, Error>> {
    const AHEAD: usize = 4096;
    let head = octets.get(..AHEAD).unwrap_or(octets);
    let start = memchr::memmem::find(head, b"<?xml").or_else(|| memchr::memmem::find(head, b"<feedback"))?;
    warnings.add(WarningKind::LeadingText, "feedback", 0);
    Some(xml(octets.get(start..)?, limits, warnings))
}

/// UTF-16 by its mark or its first character (XML 1.0 appendix F.1).
fn wide(octets: &[u8]) -> Option<&'static str> {
    match octets {
        // With two zeros behind it is UTF-32.
        [0xff, 0xfe, 0, 0, ..] => None,
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some("utf-16le"),
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some("utf-16be"),
        _ => None,
    }
}

/// XML as text: UTF-8, UTF-16 by its mark, or what the declaration says (XML 1.0 4.3.3).
fn xml_text<'a>(octets: &'a [u8], warnings: &mut Warnings) -> Cow<'a, str> {
    const DECLARATION: usize = 200;
    let named = match wide(octets) {
        Some(name) => Some(name),
        None => {
            if let Ok(text) = std::str::from_utf8(octets) {
                return Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
            }
            let head = octets.get(..DECLARATION).unwrap_or(octets);
            let declared = std::str::from_utf8(head.split(|&b| b == b'>').next().unwrap_or_default());
            // What was read octet by octet is not in the wide characters that it may claim, and UTF-8 needs no conversion.
            let utf = |name: &str| name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("utf"));
            declared.ok().and_then(encoding_of).filter(|name| !utf(name))
        }
    };
    if let Some(text) = named.and_then(|name| charset::decode(name.as_bytes(), octets)) {
        warnings.add(WarningKind::Encoding, "feedback", 0);
        return text;
    }
    text_of(octets, warnings)
}

/// The value of `encoding` in an XML declaration.
fn encoding_of(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

fn text_of<'a>(octets: &'a [u8], warnings: &mut Warnings) -> Cow<'a, str> {
    let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    let text = String::from_utf8_lossy(octets);
    if matches!(text, Cow::Owned(_)) {
        let valid = std::str::from_utf8(octets).map_or_else(|error| error.valid_up_to(), str::len);
        warnings.add(WarningKind::NotUtf8, "feedback", valid);
    }
    text
}

fn message(octets: &[u8], limits: &Limits, warnings: &mut Warnings) -> Result<Report, Error> {
    let model = mailwright_message_model::Limits { bytes: limits.octets, ..Default::default() };
    let message = Message::parse_with(octets, &model).map_err(|_| Error::new(ErrorKind::Limit("octets")))?;
    if message.fields().next().is_none() {
        return Err(Error::new(ErrorKind::NoReport));
    }
    // A failure report may carry a message that is a report itself: the part for programs goes first.
    if let Some(part) = message.walk().find(|part| is_feedback(part)) {
        return Ok(Report::Failure(Box::new(failure::read(&message, &part, limits, warnings))));
    }
    let mut found: Option<Result<Report, Error>> = None;
    let mut packed = 0..MAX_PACKED;
    for part in message.walk().filter(Entity::is_leaf) {
        let decoded = part.decoded();
        let content = decoded.bytes.as_ref();
        let sort = sort(content);
        if sort == Sort::Other || (sort == Sort::Xml && !is_feedback_xml(content)) {
            continue;
        }
        if matches!(found, Some(Ok(_))) {
            warnings.add(WarningKind::SeveralReports, "message", part.span().start);
            break;
        }
        if matches!(sort, Sort::Gzip | Sort::Zip) && packed.next().is_none() {
            continue;
        }
        let mut own = Warnings::default();
        let report = unwrapped(content, limits, &mut own);
        if report.is_ok() {
            *warnings = own;
            media_type(&part, sort, warnings);
        }
        found = match (found, report) {
            (Some(first @ Err(_)), Err(_)) => Some(first),
            (_, report) => Some(report),
        };
    }
    match found {
        Some(Ok(report)) => return Ok(report),
        Some(Err(error)) if error.kind() != ErrorKind::NoTlsReport => return Err(error),
        _ => {}
    }
    match failure::text::read(&message, limits, warnings) {
        Some(report) => Ok(Report::Failure(Box::new(report))),
        None => Err(Error::new(ErrorKind::NoReport)),
    }
}

/// RFC 5965 2: the second part.
fn is_feedback(part: &Entity<'_, '_>) -> bool {
    part.media_type().is("message", "feedback-report")
}

/// HTML begins with `<` too.
fn is_feedback_xml(content: &[u8]) -> bool {
    const AHEAD: usize = 4096;
    let head = content.get(..AHEAD).unwrap_or(content);
    wide(content).is_some() || memchr::memmem::find(head, b"feedback").is_some()
}

/// RFC 9990 3.5.2, RFC 8460 5.3.
fn media_type(part: &Entity<'_, '_>, sort: Sort, warnings: &mut Warnings) {
    let media = part.media_type();
    let is = |type_, subtype| media.is(type_, subtype);
    let right = match sort {
        Sort::Gzip => is("application", "gzip") || is("application", "tlsrpt+gzip"),
        Sort::Zip => is("application", "zip"),
        Sort::Xml => is("text", "xml") || is("application", "xml"),
        Sort::Json => is("application", "tlsrpt+json"),
        Sort::Other => true,
    };
    if !right {
        warnings.add(WarningKind::MediaType, "Content-Type", part.span().start);
    }
}
