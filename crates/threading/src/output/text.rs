//! A tree of lines for the terminal.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::forest::NodeId;
use crate::view::{Row, View};

/// Levels that are drawn; a message deeper than that stands at the last one. A chain of a million replies would else take a
/// million columns.
pub const MAX_DRAWN: usize = 12;

/// Columns below which no line is cut: names and dates need that much.
pub const MIN_WIDTH: usize = 40;

impl View<'_> {
    /// The threads as a tree of box-drawing characters, a message a line, `width` columns at most.
    ///
    /// A subject is shown where it is another one than above. `[+N]` says how many messages are folded away.
    #[must_use]
    pub fn to_text(&self, width: usize) -> Text<'_> {
        Text { view: *self, width: width.max(MIN_WIDTH) }
    }
}

/// Writes a tree; see [`View::to_text`].
#[derive(Clone, Copy, Debug)]
pub struct Text<'v> {
    view: View<'v>,
    width: usize,
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.roots().into_iter().try_for_each(|root| self.thread(f, root))
    }
}

impl Text<'_> {
    fn thread(&self, f: &mut fmt::Formatter<'_>, root: NodeId) -> fmt::Result {
        // for each level drawn whether more siblings follow
        let mut open: Vec<bool> = Vec::new();
        let mut subject = "";
        for row in self.view.rows(root) {
            let level = row.visit.depth.min(MAX_DRAWN);
            open.truncate(level.saturating_sub(1));
            let mut line: String = open.iter().map(|more| if *more { "\u{2502} " } else { "  " }).collect();
            if level > 0 {
                let more = self.view.forest().next_sibling(row.visit.node).is_some();
                line.push_str(if more { "\u{251c}\u{2500}" } else { "\u{2514}\u{2500}" });
                open.push(more);
            }
            self.message(&mut line, &row, &mut subject);
            writeln!(f, "{}", cut(&line, self.width))?;
        }
        Ok(())
    }

    fn message<'s>(&'s self, line: &mut String, row: &Row, subject: &mut &'s str) {
        let Some(card) = self.view.card(row.visit.node) else {
            let what = if self.view.forest().message(row.visit.node).is_some() { "" } else { "(missing)" };
            line.push_str(what);
            return;
        };
        if row.visit.depth > MAX_DRAWN {
            line.push_str(&format!("({}) ", row.visit.depth));
        }
        if card.unread {
            line.push_str("* ");
        }
        line.push_str(if card.from.is_empty() { "(nobody)" } else { &card.from });
        if let Some(date) = card.day() {
            let (year, month, day) = (date.year(), date.month(), date.day());
            line.push_str(&format!(
                "  {year:04}-{month:02}-{day:02} {:02}:{:02}",
                date.hour(),
                date.minute()
            ));
        }
        if row.collapsed {
            let under = self.view.forest().walk_under(row.visit.node).skip(1).count();
            line.push_str(&format!("  [+{under}]"));
        }
        let is_new = !same_subject(subject, &card.subject);
        if row.visit.depth == 0 || is_new {
            line.push_str("  ");
            line.push_str(if card.subject.is_empty() { "(no subject)" } else { &card.subject });
            *subject = &card.subject;
        }
        if !card.snippet.is_empty() {
            line.push_str(" \u{2014} ");
            line.push_str(&card.snippet);
        }
    }
}

/// Whether `subject` is `above` with marks of replies in front.
pub(super) fn same_subject(above: &str, subject: &str) -> bool {
    subject.is_empty() || subject.ends_with(above) && !above.is_empty() || above.ends_with(subject)
}

/// `line` in `width` columns, an ellipsis at the end where it is cut.
fn cut(line: &str, width: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let mut columns = 1;
    let fits = |character: &char| {
        columns += character.width().unwrap_or(0);
        columns <= width
    };
    let mut out: String = line.chars().take_while(fits).collect();
    out.push('\u{2026}');
    out
}
