//! Reading a record, and telling what is odd on the way.

use mailwright_message_model::Span;

use super::lint::{Finding, FindingKind as Kind};
use super::uri::{ReportUri, UriError};
use super::{MAX_RECORD, MAX_URIS, PolicyTag, Record, RecordError, span};
use crate::policy::{Alignment, FailureOption, Policy, Psd};

/// The tags of RFC 9989 9.3 whose values are read; the first of a name counts.
const READ: [&str; 11] = ["p", "sp", "np", "adkim", "aspf", "psd", "t", "fo", "rua", "ruf", "pct"];

/// Tags that RFC 7489 had and RFC 9989 has not.
const HISTORIC: [&str; 2] = ["rf", "ri"];

/// Reads `record` and gives everything odd behind the version to `tell`, in the order of the record.
pub(super) fn read(record: &[u8], tell: &mut dyn FnMut(Finding)) -> Result<Record, RecordError> {
    if record.len() > MAX_RECORD {
        return Err(RecordError { kind: Kind::TooLong, position: MAX_RECORD });
    }
    let mut tags = Tags { rest: record, at: 0 };
    let first = tags.next().unwrap_or_default();
    version(&first)?;
    let mut reader = Reader { record: empty(), seen: [false; READ.len()], tell };
    let mut empty_at = None;
    for tag in tags {
        // A last separator may stand there (RFC 9989 4.8); only another one shows that this was not the last.
        if let Some(at) = empty_at.take() {
            reader.tell(Kind::EmptyTag, Span::new(at, at));
        }
        if tag.whole.is_empty() {
            empty_at = Some(tag.at);
            continue;
        }
        reader.tag(&tag);
    }
    Ok(reader.record)
}

/// A record without any tag but the version.
pub(super) fn empty() -> Record {
    Record {
        p: PolicyTag::Absent,
        sp: PolicyTag::Absent,
        np: PolicyTag::Absent,
        adkim: Alignment::Relaxed,
        aspf: Alignment::Relaxed,
        psd: Psd::Unknown,
        t: false,
        fo: vec![FailureOption::AllFail],
        rua: Vec::new(),
        ruf: Vec::new(),
        pct: 100,
    }
}

/// RFC 9989 4.7: `v` has to be the first tag, and its value, in this case, `DMARC1`.
fn version(tag: &Tag<'_>) -> Result<(), RecordError> {
    let fail = |kind, position| Err(RecordError { kind, position });
    // RFC 9989 4.8 has no blank before the version.
    if !tag.name.eq_ignore_ascii_case(b"v") || tag.at > 0 {
        return fail(Kind::NoVersion, 0);
    }
    match tag.value {
        Some(b"DMARC1") => Ok(()),
        _ => fail(Kind::OtherVersion, tag.value_at),
    }
}

/// What stands between two semicolons, blanks around it taken off.
#[derive(Clone, Copy, Default)]
struct Tag<'a> {
    whole: &'a [u8],
    at: usize,
    name: &'a [u8],
    /// What is behind the equals sign; `None` without one.
    value: Option<&'a [u8]>,
    value_at: usize,
}

struct Tags<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Tag<'a>> {
        if self.at == usize::MAX {
            return None;
        }
        let start = self.at;
        let mut parts = self.rest.splitn(2, |&b| b == b';');
        let raw = parts.next().unwrap_or_default();
        match parts.next() {
            Some(behind) => {
                self.rest = behind;
                self.at = start.saturating_add(raw.len()).saturating_add(1);
            }
            None => self.at = usize::MAX,
        }
        let (whole, at) = trimmed(raw, start);
        let mut sides = whole.splitn(2, |&b| b == b'=');
        let left = sides.next().unwrap_or_default();
        let (name, _) = trimmed(left, at);
        let value = sides.next().map(|right| trimmed(right, at.saturating_add(left.len()).saturating_add(1)));
        let (value, value_at) = value.map_or((None, at), |(value, at)| (Some(value), at));
        Some(Tag { whole, at, name, value, value_at })
    }
}

/// Without WSP (RFC 5234 B.1) around it, and where it then begins.
fn trimmed(text: &[u8], at: usize) -> (&[u8], usize) {
    let is_text = |b: &u8| !matches!(b, b' ' | b'\t');
    let Some(start) = text.iter().position(is_text) else { return (&[], at) };
    let end = text.iter().rposition(is_text).map_or(start, |last| last.saturating_add(1));
    (text.get(start..end).unwrap_or_default(), at.saturating_add(start))
}

struct Reader<'t> {
    record: Record,
    seen: [bool; READ.len()],
    tell: &'t mut dyn FnMut(Finding),
}

impl Reader<'_> {
    fn tell(&mut self, kind: Kind, span: Span) {
        (self.tell)(Finding { kind, span });
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let whole = span(tag.at, tag.whole.len());
        let Some(value) = tag.value else { return self.tell(Kind::NoEquals, whole) };
        // RFC 9989 4.8: 1*ALPHA
        if tag.name.is_empty() || !tag.name.iter().all(u8::is_ascii_alphabetic) {
            return self.tell(Kind::TagName, whole);
        }
        let name = tag.name.to_ascii_lowercase();
        let is = |known: &str| known.as_bytes() == name;
        let Some(place) = READ.iter().position(|known| is(known)) else {
            // RFC 9989 4.7: unknown tags are to be ignored, and so is a second version.
            let kind = if HISTORIC.iter().any(|known| is(known)) { Kind::Historic } else { Kind::UnknownTag };
            return self.tell(if name == b"v" { Kind::Duplicate } else { kind }, whole);
        };
        if self.seen.get(place).copied().unwrap_or_default() {
            return self.tell(Kind::Duplicate, whole);
        }
        if let Some(seen) = self.seen.get_mut(place) {
            *seen = true;
        }
        self.value(READ.get(place).copied().unwrap_or_default(), value, span(tag.value_at, value.len()));
    }

    fn value(&mut self, name: &str, value: &[u8], at: Span) {
        let word = std::str::from_utf8(value).unwrap_or("\u{fffd}");
        match name {
            "p" | "sp" | "np" => {
                let policy = Policy::of(word);
                if policy.is_none() {
                    self.tell(Kind::PolicyValue, at);
                }
                let tag = policy.map_or_else(|| PolicyTag::Invalid(shown(value)), PolicyTag::Valid);
                match name {
                    "p" => self.record.p = tag,
                    "sp" => self.record.sp = tag,
                    _ => self.record.np = tag,
                }
            }
            "adkim" | "aspf" => match (Alignment::of(word), name) {
                (Some(mode), "adkim") => self.record.adkim = mode,
                (Some(mode), _) => self.record.aspf = mode,
                (None, _) => self.tell(Kind::AlignmentValue, at),
            },
            "psd" => match Psd::of(word) {
                Some(psd) => self.record.psd = psd,
                None => self.tell(Kind::PsdValue, at),
            },
            "t" => match word {
                "y" | "Y" => self.record.t = true,
                "n" | "N" => self.record.t = false,
                _ => self.tell(Kind::TestValue, at),
            },
            "fo" => match failure_options(word) {
                Some(options) => self.record.fo = options,
                None => self.tell(Kind::FailureValue, at),
            },
            "rua" => self.record.rua = self.uris(value, at),
            "ruf" => self.record.ruf = self.uris(value, at),
            _ => {
                self.tell(Kind::Historic, at);
                // RFC 7489 6.4: 1*3DIGIT, 0 to 100
                let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
                match word.parse::<u8>() {
                    Ok(pct) if digits && pct <= 100 => self.record.pct = pct,
                    _ => self.tell(Kind::PctValue, at),
                }
            }
        }
    }

    /// RFC 9989 4.8, dmarc-urilist; what is malformed is ignored, the others stay (RFC 9990 3.5).
    fn uris(&mut self, value: &[u8], at: Span) -> Vec<ReportUri> {
        let mut uris: Vec<ReportUri> = Vec::new();
        let mut start = at.start;
        for part in value.split(|&b| b == b',') {
            let (text, from) = trimmed(part, start);
            start = start.saturating_add(part.len()).saturating_add(1);
            let place = span(from, text.len());
            match ReportUri::parse(text) {
                Ok(_) if uris.len() >= MAX_URIS => self.tell(Kind::ManyUris, place),
                Ok(uri) => {
                    if uri.obsolete_size.is_some() {
                        self.tell(Kind::SizeSuffix, place);
                    }
                    uris.push(uri);
                }
                Err(why) => self.tell(
                    match why {
                        UriError::Empty => Kind::UriEmpty,
                        UriError::NoScheme => Kind::UriScheme,
                        UriError::Character => Kind::UriCharacter,
                        UriError::Address => Kind::UriAddress,
                    },
                    place,
                ),
            }
        }
        uris
    }
}

/// RFC 9989 4.8, dmarc-fo: each option once, and not both 0 and 1.
fn failure_options(word: &str) -> Option<Vec<FailureOption>> {
    let mut options: Vec<FailureOption> = Vec::new();
    for part in word.split(':') {
        let option = FailureOption::of(part)?;
        let exclusive = |o: &FailureOption| *o == option || (is_general(*o) && is_general(option));
        if options.iter().any(exclusive) {
            return None;
        }
        options.push(option);
    }
    Some(options)
}

const fn is_general(option: FailureOption) -> bool {
    matches!(option, FailureOption::AllFail | FailureOption::AnyFail)
}

/// The value as text that a record can hold: what is not printable ASCII becomes a question mark.
fn shown(value: &[u8]) -> Box<str> {
    value.iter().map(|&b| if (b' '..0x7f).contains(&b) { char::from(b) } else { '?' }).collect()
}
