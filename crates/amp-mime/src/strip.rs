//! Taking the AMP part out of a message, as replies and forwards need it (amp.dev, "AMP for Email structure").

use std::borrow::Cow;

use mailwright_message_model::{Entity, Limits, Message, PartId, Span};

use crate::locate::find::{is_amp, own};

/// The message without its AMP parts; every other octet stays as it was. Borrowed where there is none.
///
/// A part goes with the delimiter in front of it. A multipart that would be left without any part goes whole; where that is
/// the message itself, the AMP part loses its body instead and keeps its header. Attached messages are other messages: they
/// stay as they are. A signature over the AMP part does not survive.
///
/// ```
/// use mailwright_amp_mime::strip;
/// use mailwright_message_model::Message;
///
/// let raw = b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n\
///     --b\r\nContent-Type: text/x-amp-html\r\n\r\n<html amp4email>\r\n--b--\r\n";
/// let message = Message::parse(raw)?;
/// assert_eq!(
///     strip(&message).as_ref(),
///     b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b--\r\n"
/// );
/// # Ok::<(), mailwright_message_model::Error>(())
/// ```
#[must_use]
pub fn strip<'a>(message: &Message<'a>) -> Cow<'a, [u8]> {
    let spans = stripped_spans(message);
    if spans.is_empty() { Cow::Borrowed(message.raw()) } else { Cow::Owned(without(message.raw(), &spans)) }
}

/// The octets that [`strip`] takes out, in order and apart from each other.
///
/// Where a message uses a boundary twice, what was no part can become one as soon as another part is gone. If that is an AMP
/// part, the message ends in front of it.
#[must_use]
pub fn stripped_spans(message: &Message<'_>) -> Vec<Span> {
    let mut spans = spans_of_parts(message);
    if spans.is_empty() {
        return spans;
    }
    let left = without(message.raw(), &spans);
    let cut = Message::parse_with(&left, &Limits::generous()).ok().and_then(|left| {
        let own = own(&left);
        let appeared = own.iter().find(|entity| is_amp(entity) && !entity.body_raw().is_empty());
        appeared.map(|entity| entity.delimiter_span().start)
    });
    if let Some(cut) = cut {
        let start = place_before(&spans, cut);
        spans.retain(|span| span.start < start);
        spans.push(Span::new(start, message.raw().len()));
    }
    spans
}

/// The place in the message of what stands at `at` when the spans are gone.
fn place_before(spans: &[Span], at: usize) -> usize {
    spans.iter().fold(at, |at, span| if span.start <= at { at.saturating_add(span.len()) } else { at })
}

fn without(raw: &[u8], spans: &[Span]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(raw.len());
    let mut done = 0;
    for span in spans {
        kept.extend_from_slice(Span::new(done, span.start.max(done)).of(raw));
        done = span.end.max(done);
    }
    kept.extend_from_slice(raw.get(done..).unwrap_or_default());
    kept
}

fn spans_of_parts(message: &Message<'_>) -> Vec<Span> {
    let own = own(message);
    // For each entity, how many of its parts stay.
    let mut staying = vec![0_usize; message.walk().len()];
    for entity in &own {
        if let Some(count) = entity.parent().and_then(|parent| staying.get_mut(parent.id().index())) {
            *count = count.saturating_add(1);
        }
    }
    let mut goes = vec![false; staying.len()];
    for part in own.iter().filter(|entity| is_amp(entity)) {
        let mut at = Some(*part);
        while let Some(entity) = at {
            mark(&mut goes, entity.id());
            at = entity.parent().filter(|parent| {
                let count = staying.get_mut(parent.id().index());
                count.is_some_and(|count| {
                    *count = count.saturating_sub(1);
                    *count == 0
                })
            });
        }
    }
    let is_going = |id: PartId| goes.get(id.index()).copied().unwrap_or_default();
    if is_going(PartId::ROOT) {
        return own.iter().filter(|entity| is_amp(entity)).map(Entity::body_span).filter(full).collect();
    }
    let tops = own.iter().filter(|entity| {
        is_going(entity.id()) && !entity.parent().is_some_and(|parent| is_going(parent.id()))
    });
    tops.map(|entity| Span::new(entity.delimiter_span().start, entity.span().end)).filter(full).collect()
}

fn mark(goes: &mut [bool], id: PartId) {
    if let Some(mark) = goes.get_mut(id.index()) {
        *mark = true;
    }
}

fn full(span: &Span) -> bool {
    !span.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(raw: &str) -> String {
        let message = Message::parse(raw.as_bytes()).unwrap();
        String::from_utf8(strip(&message).into_owned()).unwrap()
    }

    const AMP: &str = "--b\nContent-Type: Text/X-AMP-HTML\n\n<amp>\n";

    #[test]
    fn wherever_it_stands_the_rest_stays() {
        let head = "Content-Type: multipart/alternative; boundary=b\n\npreamble\n";
        let (text, html) = ("--b\n\ntext\n", "--b\nContent-Type: text/html\n\nhtml\n");
        let end = "--b--\nepilogue";
        for order in [[AMP, text, html], [text, AMP, html], [text, html, AMP]] {
            let whole = format!("{head}{}{end}", order.concat());
            assert_eq!(stripped(&whole), format!("{head}{text}{html}{end}"));
        }
        let unclosed = format!("{head}{text}{AMP}");
        assert_eq!(stripped(&unclosed), format!("{head}{}", text.trim_end()));
    }

    #[test]
    fn a_multipart_of_amp_alone_goes_whole() {
        let inner = format!("--o\nContent-Type: multipart/alternative; boundary=b\n\n{AMP}--b--\n\n");
        let head = "Content-Type: multipart/mixed; boundary=o\n\n--o\n\nhello\n";
        assert_eq!(stripped(&format!("{head}{inner}--o--\n")), format!("{head}--o--\n"));
    }

    #[test]
    fn where_nothing_would_be_left_the_body_goes() {
        assert_eq!(stripped("Content-Type: text/x-amp-html\n\n<amp>\n"), "Content-Type: text/x-amp-html\n\n");
        let whole = format!("Content-Type: multipart/alternative; boundary=b\n\n{AMP}--b--\n");
        assert_eq!(stripped(&whole), whole.replace("<amp>", ""));
    }

    #[test]
    fn what_becomes_a_part_when_another_is_gone_goes_too() {
        // The boundary of the inner multipart is the outer one's: without the inner one its parts are the outer one's.
        let raw = include_bytes!("../tests/data/boundary-twice.eml");
        let message = Message::parse(raw).unwrap();
        let stripped = strip(&message);
        let left = Message::parse(&stripped).unwrap();
        assert!(own(&left).iter().all(|entity| !is_amp(entity) || entity.body_raw().is_empty()));
        assert!(raw.starts_with(stripped.get(..40).unwrap()));
    }

    #[test]
    fn an_attached_message_keeps_its_amp() {
        let whole = format!(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n\
             Content-Type: multipart/alternative; boundary=b\n\n{AMP}--b--\n--o--\n"
        );
        assert_eq!(stripped(&whole), whole);
    }
}
