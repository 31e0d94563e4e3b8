//! Fields that stand once more in the text, for readers that do not know of header protection (RFC 9788 4.5.3).

use mailwright_message_model::{Entity, Message};

/// The parts with such an element: marked, of the main body (RFC 9788 4.5.3.1).
pub(super) fn parts<'m, 'a>(message: &'m Message<'a>) -> impl Iterator<Item = Entity<'m, 'a>> {
    message.walk().filter(|part| {
        let type_ = part.media_type();
        let is_text = type_.is("text", "plain") || type_.is("text", "html");
        let is_marked =
            part.content_type().is_some_and(|type_| type_.param("hp-legacy-display") == Some("1"));
        is_text && is_marked && is_main_body(*part)
    })
}

/// Whether a part is shown as the text of the message: the root, every alternative of it, or the first of a mixture.
fn is_main_body(part: Entity<'_, '_>) -> bool {
    let chain = std::iter::successors(Some(part), Entity::parent);
    chain.zip(std::iter::successors(part.parent(), Entity::parent)).all(|(part, above)| {
        let type_ = above.media_type();
        type_.is("multipart", "alternative")
            || (above.is_multipart() && above.children().next().is_some_and(|first| first.id() == part.id()))
    })
}

/// The text without the element.
pub(super) fn without(text: &str, is_html: bool) -> String {
    let cut = if is_html { without_div(text) } else { without_lines(text) };
    cut.unwrap_or_else(|| text.to_owned())
}

/// RFC 9788 4.5.3.2: the first lines up to the empty one.
fn without_lines(text: &str) -> Option<String> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |at| at.saturating_add(1));
        let (line, after) = rest.split_at_checked(end)?;
        rest = after;
        if line.trim_end_matches(['\r', '\n']).is_empty() {
            return Some(rest.to_owned());
        }
    }
    None
}

/// RFC 9788 4.5.3.3: the first `div` of the body, if it is of the class.
fn without_div(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let body = lower.find("<body")?;
    let begin = body.saturating_add(lower.get(body..)?.find("<div")?);
    let tag_end = begin.saturating_add(lower.get(begin..)?.find('>')?);
    lower.get(begin..tag_end)?.find("header-protection-legacy-display")?;
    let end = tag_end.saturating_add(lower.get(tag_end..)?.find("</div>")?).saturating_add("</div>".len());
    Some([text.get(..begin)?, text.get(end..)?].concat())
}
