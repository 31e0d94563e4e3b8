//! Text, HTML and attachments as mail clients choose them (RFC 8621 4.1.4), and a preview.

use std::borrow::Cow;

use crate::content_type::Disposition;
use crate::{Entity, MediaType, Message};

/// What a client shows of a message: the lists of RFC 8621 4.1.4.
#[derive(Clone, Debug, Default)]
pub struct Bodies<'m, 'a> {
    /// To be shown, in this order, where plain text is preferred.
    pub text: Vec<Entity<'m, 'a>>,
    /// To be shown, in this order, where HTML is preferred.
    pub html: Vec<Entity<'m, 'a>>,
    /// To be listed as attachments, pictures shown inside the text among them.
    pub attachments: Vec<Entity<'m, 'a>>,
}

/// Octets of a body that the preview is made of: some hundred characters are shown, HTML has a long head at times.
const PREVIEW_OCTETS: usize = 64 << 10;

impl<'a> Message<'a> {
    /// Text, HTML and attachments as RFC 8621 4.1.4 tells them apart.
    ///
    /// ```
    /// use mailwright_message_model::Message;
    ///
    /// let raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n\
    ///     --b\nContent-Type: application/pdf\n\n%PDF\n--b--\n";
    /// let message = Message::parse(raw)?;
    /// let bodies = message.bodies();
    /// assert_eq!(bodies.text[0].text().as_deref(), Some("hello"));
    /// assert_eq!(bodies.attachments[0].media_type().to_string(), "application/pdf");
    /// # Ok::<(), mailwright_message_model::Error>(())
    /// ```
    #[must_use]
    pub fn bodies(&self) -> Bodies<'_, 'a> {
        let mut bodies = Bodies::default();
        let mut levels = Vec::new();
        levels.extend(bodies.choose(&mut Level::mixed(), self.root()));
        while let Some(level) = levels.last_mut() {
            match level.next.and_then(|id| self.entity(crate::PartId(id))) {
                Some(part) => {
                    level.next = part.next_sibling();
                    if let Some(below) = bodies.choose(level, part) {
                        levels.push(below);
                    }
                }
                None => {
                    bodies.leave(level);
                    levels.pop();
                }
            }
        }
        bodies
    }

    /// The first words of the message, for a list of messages: at most `most` characters of its plain text, or of its
    /// HTML without the mark-up, on one line (RFC 8621 4.1.4, `preview`).
    #[must_use]
    pub fn preview(&self, most: usize) -> String {
        let bodies = self.bodies();
        let Some(part) = bodies.text.iter().find(|part| part.media_type().type_ == "text") else {
            return String::new();
        };
        let text = part.text_of(PREVIEW_OCTETS).unwrap_or_default();
        let text = match part.media_type().subtype.as_ref() {
            "html" => Cow::Owned(mail_parser::decoders::html::html_to_text(&text)),
            _ => text,
        };
        one_line(&text, most)
    }
}

fn one_line(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut room = most;
    for word in text.split_whitespace() {
        let gap = usize::from(!out.is_empty());
        if room <= gap {
            break;
        }
        if gap == 1 {
            out.push(' ');
        }
        room -= gap;
        for character in word.chars().take(room) {
            out.push(character);
            room -= 1;
        }
    }
    out
}

/// A multipart whose parts are being sorted: one call of `parseStructure` in RFC 8621 4.1.4.
struct Level {
    next: Option<u32>,
    first: bool,
    alternative: bool,
    related: bool,
    in_alternative: bool,
    /// Whether what is found goes into the lists; the RFC sets its local list to null.
    to_text: bool,
    to_html: bool,
    text_len: usize,
    html_len: usize,
}

impl Level {
    /// The level that the message itself is on.
    fn mixed() -> Self {
        Self {
            next: None,
            first: true,
            alternative: false,
            related: false,
            in_alternative: false,
            to_text: true,
            to_html: true,
            text_len: 0,
            html_len: 0,
        }
    }
}

impl<'m, 'a> Bodies<'m, 'a> {
    /// Sorts `part`, which stands at `level`; gives the level below where it is a multipart.
    fn choose(&mut self, level: &mut Level, part: Entity<'m, 'a>) -> Option<Level> {
        let first = std::mem::replace(&mut level.first, false);
        let media_type = part.media_type();
        if part.is_multipart() {
            let alternative = media_type.subtype == "alternative";
            return Some(Level {
                next: part.children().next().map(|child| child.id().0),
                first: true,
                alternative,
                related: media_type.subtype == "related",
                in_alternative: level.in_alternative || alternative,
                to_text: level.to_text,
                to_html: level.to_html,
                text_len: self.text.len(),
                html_len: self.html.len(),
            });
        }
        let (plain, html) = (media_type.is("text", "plain"), media_type.is("text", "html"));
        let media = is_inline_media(&media_type);
        let inline = (plain || html || media)
            && !part.disposition().as_ref().is_some_and(Disposition::is_attachment)
            && (first || (!level.related && (media || part.file_name().is_none())));
        if !inline {
            self.attachments.push(part);
            return None;
        }
        if level.alternative {
            match (plain, html) {
                (true, _) => self.add(level.to_text, false, part),
                (_, true) => self.add(false, level.to_html, part),
                _ => self.attachments.push(part),
            }
            return None;
        }
        if level.in_alternative {
            level.to_html &= !plain;
            level.to_text &= !html;
        }
        self.add(level.to_text, level.to_html, part);
        if media && !(level.to_text && level.to_html) {
            self.attachments.push(part);
        }
        None
    }

    fn add(&mut self, text: bool, html: bool, part: Entity<'m, 'a>) {
        if text {
            self.text.push(part);
        }
        if html {
            self.html.push(part);
        }
    }

    /// An alternative that has only one of text and HTML serves for both.
    fn leave(&mut self, level: &Level) {
        if !(level.alternative && level.to_text && level.to_html) {
            return;
        }
        let (text, html) = (self.text.len() > level.text_len, self.html.len() > level.html_len);
        if html && !text {
            self.text.extend(self.html.iter().skip(level.html_len).copied());
        }
        if text && !html {
            self.html.extend(self.text.iter().skip(level.text_len).copied());
        }
    }
}

fn is_inline_media(media_type: &MediaType<'_>) -> bool {
    matches!(media_type.type_.as_ref(), "image" | "audio" | "video")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parts: &[Entity<'_, '_>]) -> Vec<String> {
        parts.iter().map(|part| String::from_utf8_lossy(part.body_raw()).trim().to_owned()).collect()
    }

    /// The example of RFC 8621 4.1.4 (letters as there).
    #[test]
    fn rfc_8621_example() {
        let leaf = |name: &str, type_: &str, more: &str| format!("Content-Type: {type_}\n{more}\n{name}\n");
        let multi = |boundary: &str, subtype: &str, parts: &[String]| {
            let inner: String = parts.iter().map(|part| format!("--{boundary}\n{part}")).collect();
            format!("Content-Type: multipart/{subtype}; boundary={boundary}\n\n{inner}--{boundary}--\n")
        };
        let inline = "Content-Disposition: inline\n";
        let attachment = "Content-Disposition: attachment\n";
        let alternative = multi(
            "two",
            "alternative",
            &[
                multi(
                    "three",
                    "mixed",
                    &[
                        leaf("B", "text/plain", inline),
                        leaf("C", "image/jpeg", inline),
                        leaf("D", "text/plain", inline),
                    ],
                ),
                multi("four", "related", &[leaf("E", "text/html", ""), leaf("F", "image/jpeg", "")]),
            ],
        );
        let raw = multi(
            "one",
            "mixed",
            &[
                leaf("A", "text/plain", inline),
                multi(
                    "zero",
                    "mixed",
                    &[
                        alternative,
                        leaf("G", "image/jpeg", attachment),
                        leaf("H", "application/x-excel", ""),
                        leaf("J", "message/rfc822", "").replace("\nJ", "\n\nJ"),
                    ],
                ),
                leaf("K", "text/plain", inline),
            ],
        );
        let message = Message::parse(raw.as_bytes()).unwrap();
        let bodies = message.bodies();
        assert_eq!(names(&bodies.text), ["A", "B", "C", "D", "K"]);
        assert_eq!(names(&bodies.html), ["A", "E", "K"]);
        assert_eq!(names(&bodies.attachments), ["C", "F", "G", "H", "J"]);
    }

    #[test]
    fn html_alone_serves_as_text() {
        let raw = b"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n\
            <p>one <b>two</b></p>\n--b--\n";
        let message = Message::parse(raw).unwrap();
        assert_eq!(message.bodies().text.len(), 1);
        assert_eq!(message.preview(5), "one t");
    }
}
