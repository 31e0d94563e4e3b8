//! A MIME tree as lines of a terminal, none of them longer than that is wide.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use super::lay_out::fit;
use crate::output::Paint;
use crate::section::{Node, Tone};

/// Widest columns of numbers, types and details that others are aligned with; longer ones push their line.
const NUMBER: usize = 16;
const TYPE: usize = 44;
/// What is kept free for a file name, the last of a line.
const NAME: usize = 24;

/// The lines of `rows`, each with `indent` in front, in `columns`.
pub(super) fn write(
    out: &mut impl Write,
    paint: Paint,
    columns: usize,
    rows: &[Node],
    indent: &str,
) -> io::Result<()> {
    let room = columns.saturating_sub(indent.width());
    let shape = Shape::of(rows, room);
    for row in rows {
        write!(out, "{indent}")?;
        shape.line(&mut Line { out, room }, paint, row)?;
        writeln!(out)?;
    }
    Ok(())
}

struct Shape {
    numbers: usize,
    /// The widest branch; a deeper one states its level instead.
    branch: usize,
    types: usize,
    /// How wide each column of details is, as many as there is room for.
    details: Vec<usize>,
}

impl Shape {
    fn of(rows: &[Node], room: usize) -> Self {
        let widest =
            |width: &dyn Fn(&Node) -> usize, most: usize| rows.iter().map(width).max().unwrap_or(0).min(most);
        let numbers = widest(&|row| row.number.width(), NUMBER);
        let mut shape = Self { numbers, branch: room / 2, types: 0, details: Vec::new() };
        shape.types = widest(&|row| shape.branch(row).width() + row.label.width(), TYPE);
        let name = widest(&|row| if row.name.is_empty() { 0 } else { row.name.width() + 4 }, NAME);
        let mut left = room.saturating_sub(numbers + 2 + shape.types + name);
        for column in 0..rows.iter().map(|row| row.details.len()).max().unwrap_or(0) {
            let width = |row: &Node| row.details.get(column).map_or(0, |detail| detail.width());
            let wide = widest(&width, TYPE);
            let taken = if wide > 0 { wide + 2 } else { 0 };
            let Some(rest) = left.checked_sub(taken) else { break };
            left = rest;
            shape.details.push(wide);
        }
        shape
    }

    fn branch<'r>(&self, row: &'r Node) -> Cow<'r, str> {
        if row.branch.width() > self.branch {
            return Cow::Owned(format!("⋯ level {} ", row.depth));
        }
        Cow::Borrowed(&row.branch)
    }

    fn line<W: Write>(&self, line: &mut Line<'_, W>, paint: Paint, row: &Node) -> io::Result<()> {
        let quiet = paint.tone(Tone::Quiet);
        line.put(0, paint.name(), row.number.as_str())?;
        let gap = if self.numbers > 0 { self.numbers.saturating_sub(row.number.width()) + 2 } else { 0 };
        let branch = self.branch(row);
        // Blanks are written in front of what follows, so that no line ends in them.
        if branch.is_empty() {
            line.put(gap, paint.tone(row.tone), row.label.as_str())?;
        } else {
            line.put(gap, quiet, &branch)?;
            line.put(0, paint.tone(row.tone), row.label.as_str())?;
        }
        let mut gap = self.types.saturating_sub(branch.width() + row.label.width());
        for (detail, column) in row.details.iter().zip(&self.details) {
            if detail.is_empty() {
                gap += if *column > 0 { column + 2 } else { 0 };
            } else {
                line.put(gap + 2, quiet, detail.as_str())?;
                gap = column.saturating_sub(detail.width());
            }
        }
        if !row.name.is_empty() {
            line.put(gap + 2, Style::new(), &format!("\"{}\"", row.name))?;
        }
        Ok(())
    }
}

/// A line under way, and the columns that are left of it.
struct Line<'w, W> {
    out: &'w mut W,
    room: usize,
}

impl<W: Write> Line<'_, W> {
    /// Writes `text` behind `gap` blanks, cut to what is left; nothing where that is nothing.
    fn put(&mut self, gap: usize, style: Style, text: &str) -> io::Result<()> {
        let Some(room) = self.room.checked_sub(gap).filter(|room| *room > 0) else {
            self.room = 0;
            return Ok(());
        };
        let text = fit(text, room);
        self.room = room.saturating_sub(text.width());
        write!(self.out, "{:gap$}{style}{text}{style:#}", "")
    }
}
