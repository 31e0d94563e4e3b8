//! Graphviz.

use std::fmt::{self, Write as _};

use crate::view::View;

impl View<'_> {
    /// The threads as a graph in the language of Graphviz, an arrow from each message to its replies.
    #[must_use]
    pub fn to_dot(&self) -> Dot<'_> {
        Dot { view: *self }
    }
}

/// Writes a graph; see [`View::to_dot`].
#[derive(Clone, Copy, Debug)]
pub struct Dot<'v> {
    view: View<'v>,
}

impl fmt::Display for Dot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digraph threads {\n  node [shape=box];\n")?;
        for visit in self.view.roots().into_iter().flat_map(|root| self.view.forest().walk_under(root)) {
            let number = visit.node.0;
            match self.view.card(visit.node) {
                Some(card) => {
                    write!(f, "  n{number} [label=\"")?;
                    quoted(f, &card.from)?;
                    f.write_str("\\n")?;
                    quoted(f, &card.subject)?;
                    f.write_str("\"];\n")?;
                }
                None => writeln!(f, "  n{number} [label=\"(missing)\", style=dashed];")?,
            }
            if let Some(parent) = self.view.forest().parent(visit.node) {
                writeln!(f, "  n{} -> n{number};", parent.0)?;
            }
        }
        f.write_str("}\n")
    }
}

/// Text inside quotes; a backslash would start an escape of Graphviz.
fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                f.write_char('\\')?;
                f.write_char(character)?;
            }
            _ if character.is_control() => f.write_char(' ')?,
            _ => f.write_char(character)?,
        }
    }
    Ok(())
}
