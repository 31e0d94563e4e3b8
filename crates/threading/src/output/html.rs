//! A page that folds without a script.

use std::fmt::{self, Write as _};

use mailwright_message_model::date::DateTime;

use crate::forest::NodeId;
use crate::view::View;

/// Levels of nested elements: browsers cut trees deeper than about 500, and screen readers say every level. A message deeper
/// than that stands in the list of the last one.
pub const MAX_NESTED: usize = 60;

/// Readable from 320 pixels on: the indentation shrinks with the page, and is none at all in deep threads.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.45 system-ui,sans-serif;margin:0 auto;padding:.75rem;max-width:60rem;overflow-wrap:anywhere}\
h1{font-size:1.25rem}\
ul{list-style:none;margin:0;padding:0}\
li li{margin-left:clamp(.35rem,1.5vw,1rem);border-left:1px solid #8886;padding-left:clamp(.35rem,1vw,.75rem)}\
li li li li li li li li li{margin-left:0;padding-left:.15rem}\
summary{cursor:pointer;padding:.5rem .25rem;min-height:1.75rem;border-radius:.25rem}\
summary:focus-visible{outline:3px solid #06c;outline-offset:1px}\
.leaf>summary{cursor:default}\
.from{font-weight:600}.unread .from::before{content:\"\\2022  \";color:#06c}\
.subject{display:block}time,.count{color:#666;font-size:.875rem;white-space:nowrap}\
p{margin:.25rem .25rem .5rem 1.25rem}\
@media(prefers-color-scheme:dark){time,.count{color:#aaa}}";

impl View<'_> {
    /// A whole page in which each message is a `<details>` with its replies inside, open unless it is folded away.
    ///
    /// It works with the keyboard alone and without a script; headers and snippets are escaped. `title` is that of the page.
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
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<ul>\n"
        )?;
        self.view.roots().into_iter().try_for_each(|root| self.thread(f, root))?;
        f.write_str("</ul>\n</main>\n</body>\n</html>\n")
    }
}

impl Html<'_> {
    fn thread(&self, f: &mut fmt::Formatter<'_>, root: NodeId) -> fmt::Result {
        let mut before: Option<usize> = None;
        // the whole thread: what is folded is closed, not left out
        for visit in self.view.forest().walk_under(root) {
            let level = visit.depth.min(MAX_NESTED);
            match before {
                Some(above) if level > above => f.write_str("<ul>\n")?,
                Some(above) => close(f, above - level)?,
                None => {}
            }
            self.message(f, visit.node, level == 0)?;
            before = Some(level);
        }
        close(f, before.unwrap_or_default())
    }

    /// The start of a message; its list item and its details stay open.
    fn message(&self, f: &mut fmt::Formatter<'_>, node: NodeId, is_root: bool) -> fmt::Result {
        let has_children = self.view.forest().first_child(node).is_some();
        let class = if has_children { "" } else { " class=\"leaf\"" };
        let Some(card) = self.view.card(node) else {
            write!(f, "<li><details{class} open><summary><span class=\"from\">(missing)</span>")?;
            return self.end_of_summary(f, node, is_root);
        };
        let open = if self.view.is_collapsed(node) { "" } else { " open" };
        let unread = if card.unread { " class=\"unread\"" } else { "" };
        write!(
            f,
            "<li{unread}><details{class}{open}><summary><span class=\"from\">{}</span>",
            Escaped(&card.from)
        )?;
        if let Some(date) = DateTime::from_unix(card.date, 0) {
            let (day, time) = ((date.year(), date.month(), date.day()), (date.hour(), date.minute()));
            write!(
                f,
                " <time datetime=\"{}\">{:04}-{:02}-{:02} {:02}:{:02}</time>",
                date.rfc3339(),
                day.0,
                day.1,
                day.2,
                time.0,
                time.1
            )?;
        }
        if is_root || !card.subject.is_empty() {
            let subject = if card.subject.is_empty() { "(no subject)" } else { &card.subject };
            write!(f, " <span class=\"subject\">{}</span>", Escaped(subject))?;
        }
        self.end_of_summary(f, node, is_root)?;
        if !card.snippet.is_empty() {
            writeln!(f, "<p>{}</p>", Escaped(&card.snippet))?;
        }
        Ok(())
    }

    fn end_of_summary(&self, f: &mut fmt::Formatter<'_>, node: NodeId, is_root: bool) -> fmt::Result {
        if is_root {
            let summary = self.view.summary(node);
            write!(f, " <span class=\"count\">{} messages", summary.messages)?;
            if summary.unread > 0 {
                write!(f, ", {} unread", summary.unread)?;
            }
            f.write_str("</span>")?;
        }
        f.write_str("</summary>\n")
    }
}

/// Closes a message and `levels` lists with their messages around it.
fn close(f: &mut fmt::Formatter<'_>, levels: usize) -> fmt::Result {
    f.write_str("</details></li>\n")?;
    (0..levels).try_for_each(|_| f.write_str("</ul>\n</details></li>\n"))
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
