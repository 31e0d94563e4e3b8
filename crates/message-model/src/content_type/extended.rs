//! Parameters from pieces: RFC 2231 segments joined in their order, everything decoded.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::pieces::Piece;
use super::{Form, MAX_PARAMETERS, Parameter, Parameters, value};
use crate::{charset, encoded_word};

/// A piece with its name taken apart: `name`, `name*`, `name*1`, `name*1*`.
pub(super) struct Segment<'a> {
    pub(super) name: Cow<'a, str>,
    /// Any star: RFC 2231.
    pub(super) starred: bool,
    /// 0 also where no number, or none that fits, is written: what starts a value.
    pub(super) position: u32,
    /// Whether the value is percent-encoded: a star at the end of the name.
    encoded: bool,
    pub(super) piece: Piece<'a>,
}

impl<'a> Segment<'a> {
    pub(super) fn new(piece: Piece<'a>) -> Self {
        if memchr::memchr(b'*', piece.name).is_none() {
            let name = last_word(piece.name);
            return Self { name: value::lower(name), starred: false, position: 0, encoded: false, piece };
        }
        // Stars in front of the name are stray.
        let mut parts = piece.name.split(|&octet| octet == b'*').map(<[u8]>::trim_ascii);
        let name = parts.find(|part| !part.is_empty()).unwrap_or_default();
        let number = parts.next();
        Self {
            name: value::lower(last_word(name)),
            starred: number.is_some(),
            position: number
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| digits.parse().ok())
                .unwrap_or(0),
            encoded: piece.name.ends_with(b"*"),
            piece,
        }
    }
}

/// The parameters of a field, decoded; no more than [`MAX_PARAMETERS`] pieces are looked at.
pub(super) fn join<'a>(mut pieces: impl Iterator<Item = Piece<'a>>) -> Parameters<'a> {
    let mut parameters = Vec::new();
    // The place among the parameters, so that a joined one stands where its first segment stood.
    let mut starred: Vec<(usize, Segment<'a>)> = Vec::new();
    for (place, piece) in pieces.by_ref().take(MAX_PARAMETERS).enumerate() {
        let segment = Segment::new(piece);
        if segment.name.is_empty() {
            continue;
        }
        if segment.starred {
            starred.push((place, segment));
        } else {
            parameters.push((place, plain(segment)));
        }
    }
    if !starred.is_empty() {
        // Stable, so that equal segments stay in the order they were written in.
        starred.sort_by(|(_, left), (_, right)| by_name_and_position(left, right));
        let end = MAX_PARAMETERS;
        for run in starred.chunk_by(|(_, left), (_, right)| left.name == right.name) {
            let starts = run.iter().take_while(|(_, segment)| segment.position == 0).count();
            let (starts, further) = run.split_at_checked(starts).unwrap_or_default();
            match starts.split_first() {
                Some(((place, start), others)) => {
                    parameters.push((*place, joined(start, further)));
                    parameters.extend(others.iter().map(|(place, start)| (*place, joined(start, &[]))));
                }
                // No start: what there is comes last.
                None => {
                    if let Some(((_, start), further)) = further.split_first() {
                        parameters.push((end, joined(start, further)));
                    }
                }
            }
        }
        parameters.sort_by_key(|(place, _)| *place);
    }
    let list = parameters.into_iter().map(|(_, parameter)| parameter).collect();
    Parameters { list, cut: pieces.next().is_some() }
}

pub(super) fn by_name_and_position(left: &Segment<'_>, right: &Segment<'_>) -> Ordering {
    left.name.cmp(&right.name).then(left.position.cmp(&right.position))
}

fn plain(segment: Segment<'_>) -> Parameter<'_> {
    let Segment { name, piece, .. } = segment;
    let octets = value::unquote(&piece);
    let value = match encoded_word::decode_value(piece.value, piece.quoted) {
        Some(decoded) => Cow::Owned(decoded),
        None => text(octets.clone(), None),
    };
    let form = if piece.quoted { Form::Quoted } else { Form::Token };
    let (span, further) = (piece.span, Vec::new());
    Parameter { name, value, octets, charset: None, language: None, form, span, further }
}

fn joined<'a>(start: &Segment<'a>, further: &[(usize, Segment<'a>)]) -> Parameter<'a> {
    let Joined { octets, charset, language, encoded } =
        octets(start, further.iter().map(|(_, segment)| segment));
    // Encoded words in plain segments: RFC 2231 has no place for them, yet they are sent.
    let value = if encoded { None } else { encoded_word::decode_value(&octets, false) };
    let value = match value {
        Some(decoded) => Cow::Owned(decoded),
        None => text(octets.clone(), charset.as_deref()),
    };
    Parameter {
        name: start.name.clone(),
        value,
        octets,
        charset,
        language,
        form: Form::Extended,
        span: start.piece.span,
        further: further.iter().map(|(_, segment)| segment.piece.span).collect(),
    }
}

pub(super) struct Joined<'a> {
    pub(super) octets: Cow<'a, [u8]>,
    charset: Option<Cow<'a, str>>,
    language: Option<Cow<'a, str>>,
    encoded: bool,
}

/// RFC 2231 4.1: the octets of all segments, before the charset of the first is applied: a character may be split.
pub(super) fn octets<'a, 's>(
    start: &Segment<'a>,
    further: impl Iterator<Item = &'s Segment<'a>>,
) -> Joined<'a>
where
    'a: 's,
{
    let mut joined = Joined {
        octets: value::unquote(&start.piece),
        charset: None,
        language: None,
        encoded: start.encoded,
    };
    if start.encoded && start.position == 0 {
        // RFC 2231 4: both apostrophes are there even where charset or language are empty.
        let mut quotes = memchr::memchr_iter(b'\'', &joined.octets);
        if let (Some(first), Some(second)) = (quotes.next(), quotes.next()) {
            joined.charset = named(part(&joined.octets, 0, first));
            joined.language = named(part(&joined.octets, first + 1, second));
            joined.octets = part(&joined.octets, second + 1, joined.octets.len());
        }
    }
    if start.encoded {
        joined.octets = value::percent(joined.octets);
    }
    for segment in further {
        let octets = value::unquote(&segment.piece);
        joined.encoded |= segment.encoded;
        let octets = if segment.encoded { value::percent(octets) } else { octets };
        joined.octets.to_mut().extend_from_slice(&octets);
    }
    joined
}

fn part<'a>(octets: &Cow<'a, [u8]>, start: usize, end: usize) -> Cow<'a, [u8]> {
    match octets {
        Cow::Borrowed(octets) => Cow::Borrowed(octets.get(start..end).unwrap_or_default()),
        Cow::Owned(octets) => Cow::Owned(octets.get(start..end).unwrap_or_default().to_vec()),
    }
}

fn named(octets: Cow<'_, [u8]>) -> Option<Cow<'_, str>> {
    (!octets.is_empty()).then(|| text(octets, None))
}

/// Text of `octets` in the charset named, else by the fallback of [`charset::decode_lossy`].
fn text<'a>(octets: Cow<'a, [u8]>, charset: Option<&str>) -> Cow<'a, str> {
    fn decoded<'o>(octets: &'o [u8], charset: Option<&str>) -> Cow<'o, str> {
        charset
            .and_then(|name| charset::decode(name.as_bytes(), octets))
            .unwrap_or_else(|| charset::decode_lossy(octets))
    }
    match octets {
        Cow::Borrowed(octets) => decoded(octets, charset),
        Cow::Owned(octets) => Cow::Owned(decoded(&octets, charset).into_owned()),
    }
}

/// Words in front of the name belong to nothing, as in `garbage name=value`.
fn last_word(name: &[u8]) -> &[u8] {
    name.rsplit(u8::is_ascii_whitespace).next().unwrap_or(name)
}
