//! A report as text for a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

use super::lay_out::{fit, wrap};
use super::{Report, tree};
use crate::output::{Output, Paint};
use crate::section::{Block, Fact, Finding, Node, Tone};
use crate::shown::Shown;

/// Widest column of names; longer ones push their line.
const NAME_COLUMN: usize = 16;
/// Where what is told of a finding begins, behind how bad it is.
const BEHIND_LEVEL: usize = 13;

/// Writes `report`, with an empty line behind it.
pub(crate) fn write(output: &mut Output, report: &Report) -> io::Result<()> {
    let columns = output.columns;
    let mut page = Page { out: &mut output.out, paint: output.paint, columns };
    page.heading(report)?;
    for section in &report.sections {
        let title = page.paint.title();
        write!(page.out, "\n{title}{}{title:#}", section.title)?;
        if !section.view.note.is_empty() {
            let tone = page.paint.tone(section.view.tone);
            write!(page.out, "  {tone}{}{tone:#}", section.view.note)?;
        }
        writeln!(page.out)?;
        section.view.blocks.iter().try_for_each(|block| page.block(block))?;
    }
    writeln!(page.out)
}

/// A line around reports, as long as it must be.
pub(crate) fn rule(output: &mut Output, text: &str) -> io::Result<()> {
    let lines = wrap(text, output.columns.saturating_sub(3));
    lines.iter().try_for_each(|line| writeln!(output.out, "── {line}"))
}

/// A sentence with `indent` blanks in front of each line.
pub(crate) fn indented(output: &mut Output, text: &str, indent: usize) -> io::Result<()> {
    let lines = wrap(text, output.columns.saturating_sub(indent));
    lines.iter().try_for_each(|line| writeln!(output.out, "{:indent$}{line}", ""))
}

/// A sentence that is indented, its further lines a little more.
pub(crate) fn sentence(output: &mut Output, tone: Tone, text: &str, indent: usize) -> io::Result<()> {
    let (tone, text) = (output.paint.tone(tone), Shown::clipped(text, usize::MAX));
    let lines = wrap(text.as_str(), output.columns.saturating_sub(indent + 2));
    lines.iter().enumerate().try_for_each(|(at, line)| {
        let indent = if at > 0 { indent + 2 } else { indent };
        writeln!(output.out, "{:indent$}{tone}{line}{tone:#}", "")
    })
}

/// The lines of a tree without a report around them; with a name, a line for it and an empty line behind.
pub(crate) fn tree(output: &mut Output, name: Option<&Shown>, nodes: &[Node]) -> io::Result<()> {
    let (paint, columns) = (output.paint, output.columns);
    let title = paint.title();
    if let Some(name) = name {
        writeln!(output.out, "{title}{name}{title:#}")?;
    }
    tree::write(&mut output.out, paint, columns, nodes, "")?;
    if name.is_some() { writeln!(output.out) } else { Ok(()) }
}

struct Page<'o, W> {
    out: &'o mut W,
    paint: Paint,
    columns: usize,
}

impl<W: Write> Page<'_, W> {
    fn heading(&mut self, report: &Report) -> io::Result<()> {
        let (title, quiet) = (self.paint.title(), self.paint.tone(Tone::Quiet));
        write!(self.out, "{title}{}{title:#}", report.name)?;
        let is_long = report.name.width() + 2 + report.about.width() > self.columns;
        writeln!(self.out, "{}{quiet}{}{quiet:#}", if is_long { "\n  " } else { "  " }, report.about)?;
        self.sentence(&report.verdict.word().to_uppercase(), report.tone(), report.meaning.as_str())?;
        report.alerts.iter().try_for_each(|alert| self.sentence("NOTE", Tone::Warning, alert.as_str()))
    }

    fn block(&mut self, block: &Block) -> io::Result<()> {
        match block {
            Block::Facts { rows } => self.facts(rows),
            Block::Tree { rows } => tree::write(self.out, self.paint, self.columns, rows, "  "),
            Block::Findings { rows } => rows.iter().try_for_each(|row| self.finding(row)),
            Block::Quote { lines } => {
                let quiet = self.paint.tone(Tone::Quiet);
                let room = self.columns.saturating_sub(4);
                let mut lines = lines.iter().flat_map(|line| wrap(line.as_str(), room));
                lines.try_for_each(|line| writeln!(self.out, "  {quiet}│{quiet:#} {line}"))
            }
            Block::Note { tone, text } => self.wrapped(text.as_str(), 2, *tone),
        }
    }

    fn facts(&mut self, rows: &[Fact]) -> io::Result<()> {
        let column = rows.iter().map(|row| row.name.width()).max().unwrap_or(0).min(NAME_COLUMN);
        for row in rows {
            let (name, tone) = (self.paint.name(), self.paint.tone(row.tone));
            write!(self.out, "  {name}{}{name:#}", row.name)?;
            let indent = column + 4;
            let mut lines = wrap(row.value.as_str(), self.columns.saturating_sub(indent)).into_iter();
            let first = lines.next().unwrap_or_default();
            if row.name.width() > column && 4 + row.name.width() + first.width() > self.columns {
                writeln!(self.out)?;
                writeln!(self.out, "{:indent$}{tone}{first}{tone:#}", "")?;
            } else {
                writeln!(self.out, "{}  {tone}{first}{tone:#}", padding(&row.name, column))?;
            }
            lines.try_for_each(|line| writeln!(self.out, "{:indent$}{tone}{line}{tone:#}", ""))?;
            for remark in &row.remarks {
                self.wrapped(remark.text.as_str(), indent, remark.tone)?;
            }
        }
        Ok(())
    }

    fn finding(&mut self, row: &Finding) -> io::Result<()> {
        let (title, quiet, tone) =
            (self.paint.title(), self.paint.tone(Tone::Quiet), self.paint.tone(row.tone));
        let level = row.level.to_uppercase();
        write!(self.out, "  {tone}{level:<9}{tone:#}  {title}{}{title:#}", row.title)?;
        write!(self.out, "  {quiet}{}{quiet:#}", row.rule)?;
        let wide = BEHIND_LEVEL + row.title.width() + 2 + row.rule.width() + 2 + row.place.width();
        if wide > self.columns {
            writeln!(self.out)?;
            self.wrapped(row.place.as_str(), BEHIND_LEVEL, Tone::Plain)?;
        } else {
            writeln!(self.out, "  {}", row.place)?;
        }
        self.wrapped(row.text.as_str(), BEHIND_LEVEL, Tone::Plain)?;
        if !row.octets.is_empty() {
            let octets = fit(row.octets.as_str(), self.columns.saturating_sub(BEHIND_LEVEL + 2));
            writeln!(self.out, "{:BEHIND_LEVEL$}{quiet}│ {octets}{quiet:#}", "")?;
        }
        Ok(())
    }

    /// A text over several lines, each with `indent` blanks in front, and in the style of `tone`.
    fn wrapped(&mut self, text: &str, indent: usize, tone: Tone) -> io::Result<()> {
        let tone = self.paint.tone(tone);
        let lines = wrap(text, self.columns.saturating_sub(indent));
        lines.iter().try_for_each(|line| writeln!(self.out, "{:indent$}{tone}{line}{tone:#}", ""))
    }

    /// `WORD: text`, with the lines that follow the first indented.
    fn sentence(&mut self, word: &str, tone: Tone, text: &str) -> io::Result<()> {
        let tone = self.paint.tone(tone);
        let mut lines = wrap(&format!("{word}: {text}"), self.columns.saturating_sub(2)).into_iter();
        let first = lines.next().unwrap_or_default();
        match first.strip_prefix(word) {
            Some(behind) => writeln!(self.out, "{tone}{word}{tone:#}{behind}")?,
            None => writeln!(self.out, "{first}")?,
        }
        lines.try_for_each(|line| writeln!(self.out, "  {line}"))
    }
}

fn padding(text: &Shown, column: usize) -> String {
    " ".repeat(column.saturating_sub(text.width()))
}
