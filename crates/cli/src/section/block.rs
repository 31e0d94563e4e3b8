//! What a section is made of: a few shapes, each drawn once by the text report and once by the page.

use serde::Serialize;

use crate::shown::{Shown, grouped};

/// A piece of a section.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Block {
    /// Names and values.
    Facts { rows: Vec<Fact> },
    /// Lines with their depth.
    Tree { rows: Vec<Node> },
    /// What is wrong, each with its place.
    Findings { rows: Vec<Finding> },
    /// Lines of the message.
    Quote { lines: Vec<Shown> },
    /// A sentence of ours.
    Note { tone: Tone, text: Shown },
}

/// How a value is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    #[default]
    Plain,
    Quiet,
    Good,
    Warning,
    Bad,
}

/// A name and its value, with remarks of ours on lines of their own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fact {
    pub name: Shown,
    pub value: Shown,
    pub tone: Tone,
    pub remarks: Vec<Remark>,
}

impl Fact {
    pub(crate) fn new(name: impl Into<Shown>, value: impl Into<Shown>) -> Self {
        Self { name: name.into(), value: value.into(), tone: Tone::Plain, remarks: Vec::new() }
    }

    pub(crate) fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }

    pub(crate) fn remark(mut self, tone: Tone, text: impl Into<Shown>) -> Self {
        self.remarks.push(Remark { tone, text: text.into() });
        self
    }
}

/// A line of ours below a value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Remark {
    pub tone: Tone,
    pub text: Shown,
}

/// A line of a tree.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Node {
    /// Levels below the root.
    pub depth: usize,
    /// Levels that a page indents it by, which end before its width does.
    pub indent: usize,
    /// The branch in front, drawn with lines.
    pub branch: String,
    /// What leads to it, as `1.2`.
    pub number: Shown,
    pub label: Shown,
    /// Columns behind the label, the same in every line; empty where a line has nothing for it.
    pub details: Vec<Shown>,
    pub name: Shown,
    pub tone: Tone,
}

/// Something wrong, and where.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// One word: how bad it is.
    pub level: &'static str,
    pub tone: Tone,
    /// The name by which it can be looked up.
    pub title: Shown,
    pub rule: Shown,
    pub place: Shown,
    pub text: Shown,
    /// The octets it rests on.
    pub octets: Shown,
}

/// The note that ends a list of which `left` entries are not shown; `None` where all are.
pub(crate) fn more(left: usize) -> Option<Block> {
    (left > 0).then(|| Block::Note {
        tone: Tone::Quiet,
        text: format_args!("and {} more (--full shows all)", grouped(left as u64)).into(),
    })
}
