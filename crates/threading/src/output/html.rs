//! A page that folds without a script.

use std::fmt::{self, Write as _};

use super::text::same_subject;
use crate::forest::NodeId;
use crate::view::{Card, View};

/// Levels of nested elements: browsers cut trees deeper than about 500, and screen readers say every level. A message deeper
/// than that stands in the list of the last one.
pub const MAX_NESTED: usize = 60;

/// Names that a thread shows of who wrote in it.
const MAX_NAMES: usize = 4;

/// Readable from 320 pixels on, in light and dark.
const STYLE: &str = include_str!("page.css");

impl View<'_> {
    /// A whole page in which each message that has replies is a `<details>` with them inside, open unless it is folded away.
    ///
    /// It works with the keyboard alone and without a script, loads nothing, and is light or dark as the reader's system is;
    /// headers and snippets are escaped. `title` is that of the page.
    #[must_use]
    pub fn to_html<'t>(&'t self, title: &'t str) -> Html<'t> {
        Html { view: *self, title }
    }
}

/// Writes a page; see [`View::to_html`].
#[derive(Clone, Copy, Debug)]
pub struct Html<'v> {
    view: View<'v>,
    title: &'v str,
}

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = Escaped(self.title);
        write!(
            f,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             form-action 'none'; base-uri 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n\
             <ul class=\"threads\" role=\"list\">\n"
        )?;
        self.view.roots().into_iter().try_for_each(|root| self.thread(f, root))?;
        f.write_str("</ul>\n</main>\n<footer>")?;
        match self.view.left_out() {
            0 => {}
            left => write!(f, "{left} more threads are not shown. ")?,
        }
        f.write_str("Times are in UTC.</footer>\n</body>\n</html>\n")
    }
}

impl Html<'_> {
    fn thread(&self, f: &mut fmt::Formatter<'_>, root: NodeId) -> fmt::Result {
        // for each element that is open whether it is a `<details>`
        let mut open: Vec<bool> = Vec::new();
        // the whole thread: what is folded is closed, not left out
        for visit in self.view.forest().walk_under(root) {
            let level = visit.depth.min(MAX_NESTED);
            while open.len() > level {
                close(f, open.pop() == Some(true))?;
            }
            open.push(self.message(f, visit.node, level)?);
        }
        while let Some(is_details) = open.pop() {
            close(f, is_details)?;
        }
        Ok(())
    }

    /// The start of a message, whose list item stays open; whether it is a `<details>`, with a list in which its replies stand.
    fn message(&self, f: &mut fmt::Formatter<'_>, node: NodeId, level: usize) -> Result<bool, fmt::Error> {
        let folds = level < MAX_NESTED && self.view.forest().first_child(node).is_some();
        let card = self.view.card(node);
        let unread = if card.is_some_and(|card| card.unread) { " class=\"unread\"" } else { "" };
        write!(f, "<li{unread}>")?;
        let element = if folds {
            write!(f, "<details{}>", if self.view.is_collapsed(node) { "" } else { " open" })?;
            "summary"
        } else {
            "div"
        };
        write!(f, "<{element} class=\"message\">")?;
        match card {
            None => f.write_str(
                "<span class=\"face none\" aria-hidden=\"true\">?</span>\
                 <span class=\"head\"><span class=\"about\">a message that is not here</span></span>",
            )?,
            Some(card) => self.card(f, node, card, level)?,
        }
        if folds {
            self.folds(f, node, level)?;
        }
        writeln!(f, "</{element}>{}", if folds { "<ul role=\"list\">" } else { "" })?;
        Ok(folds)
    }

    fn card(&self, f: &mut fmt::Formatter<'_>, node: NodeId, card: &Card, level: usize) -> fmt::Result {
        let from = if card.from.is_empty() { "(nobody)" } else { &card.from };
        let face = from.chars().find(|character| character.is_alphanumeric()).unwrap_or('?');
        write!(f, "<span class=\"face\" style=\"--hue:{}\" aria-hidden=\"true\">", hue(from))?;
        let mut upper = [0; 4];
        let face = face.to_uppercase().next().unwrap_or(face).encode_utf8(&mut upper);
        write!(
            f,
            "{}</span><span class=\"head\"><bdi class=\"from\">{}</bdi>",
            Escaped(face),
            Escaped(from)
        )?;
        if let Some(date) = card.day() {
            let (year, month, day) = (date.year(), date.month(), date.day());
            let (hour, minute) = (date.hour(), date.minute());
            write!(
                f,
                " <time datetime=\"{}\">{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}</time>",
                date.rfc3339()
            )?;
        }
        f.write_str("</span>")?;
        let above = self.view.forest().parent(node).and_then(|above| self.view.card(above));
        let is_new = level == 0 || above.is_none_or(|above| !same_subject(&above.subject, &card.subject));
        if is_new {
            let subject = if card.subject.is_empty() { "(no subject)" } else { &card.subject };
            write!(f, " <bdi class=\"subject\">{}</bdi>", Escaped(subject))?;
        }
        if !card.snippet.is_empty() {
            write!(f, " <bdi class=\"snippet\">{}</bdi>", Escaped(&card.snippet))?;
        }
        Ok(())
    }

    /// What says that there is something to fold, and at the top who wrote it.
    fn folds(&self, f: &mut fmt::Formatter<'_>, node: NodeId, level: usize) -> fmt::Result {
        if level > 0 {
            let replies = self.view.forest().walk_under(node).skip(1).count();
            return write!(
                f,
                " <span class=\"folded\">{replies}<span class=\"about\"> {}</span></span>",
                plural(replies, "reply", "replies")
            );
        }
        let summary = self.view.summary(node);
        write!(
            f,
            " <span class=\"folded\">{} {}",
            summary.messages,
            plural(summary.messages, "message", "messages")
        )?;
        if summary.unread > 0 {
            write!(f, ", {} unread", summary.unread)?;
        }
        f.write_str("</span> <span class=\"about\">")?;
        for (place, name) in summary.participants.iter().take(MAX_NAMES).enumerate() {
            write!(f, "{}<bdi>{}</bdi>", if place > 0 { ", " } else { "" }, Escaped(name))?;
        }
        match summary.participants.len().saturating_sub(MAX_NAMES) {
            0 => {}
            more => write!(f, " and {more} more")?,
        }
        f.write_str("</span>")
    }
}

const fn plural(number: usize, one: &'static str, many: &'static str) -> &'static str {
    if number == 1 { one } else { many }
}

/// A colour for a name, the same on every page: FNV-1a, and its upper bits, so that names that differ in one letter differ.
fn hue(name: &str) -> u32 {
    let mix = |hash: u32, octet: u8| (hash ^ u32::from(octet)).wrapping_mul(0x0100_0193);
    (name.bytes().fold(0x811c_9dc5, mix).wrapping_mul(0x9e37_79b1) >> 16) % 360
}

/// Closes a message, and the list of its replies where it has one.
fn close(f: &mut fmt::Formatter<'_>, is_details: bool) -> fmt::Result {
    f.write_str(if is_details { "</ul></details></li>\n" } else { "</li>\n" })
}

/// Text inside an element or an attribute in quotes.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;"),
                '>' => f.write_str("&gt;"),
                '&' => f.write_str("&amp;"),
                '"' => f.write_str("&quot;"),
                '\'' => f.write_str("&#39;"),
                _ => f.write_char(character),
            }?;
        }
        Ok(())
    }
}
