//! A report as text for a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::Report;
use crate::output::{Output, Paint};
use crate::section::{Block, Fact, Finding, Node, Tone};
use crate::shown::Shown;

/// Widest column of names and of types; longer ones push their line.
const NAME_COLUMN: usize = 16;
const TYPE_COLUMN: usize = 44;

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

/// The lines of a tree without a report around them; with a name, a line for it and an empty line behind.
pub(crate) fn tree(output: &mut Output, name: Option<&Shown>, nodes: &[Node]) -> io::Result<()> {
    let (paint, columns) = (output.paint, output.columns);
    let title = paint.title();
    if let Some(name) = name {
        writeln!(output.out, "{title}{name}{title:#}")?;
    }
    Page { out: &mut output.out, paint, columns }.tree(nodes, "")?;
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
        let tone = self.paint.tone(report.verdict.tone());
        writeln!(self.out, "{title}{}{title:#}  {quiet}{}{quiet:#}", report.name, report.about)?;
        let word = report.verdict.word().to_uppercase();
        writeln!(self.out, "{tone}{word}{tone:#}: {}", report.meaning)?;
        let alerts = report.sections.iter().filter_map(|section| section.view.alert.as_ref());
        let tone = self.paint.tone(Tone::Warning);
        alerts.into_iter().try_for_each(|alert| writeln!(self.out, "{tone}NOTE{tone:#}: {alert}"))
    }

    fn block(&mut self, block: &Block) -> io::Result<()> {
        match block {
            Block::Facts { rows } => self.facts(rows),
            Block::Tree { rows } => self.tree(rows, "  "),
            Block::Findings { rows } => rows.iter().try_for_each(|row| self.finding(row)),
            Block::Quote { lines } => {
                let quiet = self.paint.tone(Tone::Quiet);
                lines
                    .iter()
                    .try_for_each(|line| self.wrapped(line.as_str(), 2, &format!("{quiet}│{quiet:#} "), ""))
            }
            Block::Note { tone, text } => {
                let tone = self.paint.tone(*tone);
                self.wrapped(text.as_str(), 2, &format!("{tone}"), &format!("{tone:#}"))
            }
        }
    }

    fn facts(&mut self, rows: &[Fact]) -> io::Result<()> {
        let column = rows.iter().map(|row| row.name.width()).max().unwrap_or(0).min(NAME_COLUMN);
        for row in rows {
            let (name, tone) = (self.paint.name(), self.paint.tone(row.tone));
            let pad = padding(&row.name, column);
            writeln!(self.out, "  {name}{}{name:#}{pad}  {tone}{}{tone:#}", row.name, row.value)?;
            for remark in &row.remarks {
                let tone = self.paint.tone(remark.tone);
                self.wrapped(remark.text.as_str(), column + 4, &format!("{tone}"), &format!("{tone:#}"))?;
            }
        }
        Ok(())
    }

    fn tree(&mut self, rows: &[Node], indent: &str) -> io::Result<()> {
        let numbers = rows.iter().map(|row| row.number.width()).max().unwrap_or(0).min(NAME_COLUMN);
        let width = |row: &Node| row.branch.width() + row.label.width();
        let types = rows.iter().map(width).max().unwrap_or(0).min(TYPE_COLUMN);
        let columns = detail_columns(rows);
        let quiet = self.paint.tone(Tone::Quiet);
        for row in rows {
            let (name, tone) = (self.paint.name(), self.paint.tone(row.tone));
            write!(self.out, "{indent}{name}{}{name:#}", row.number)?;
            if numbers > 0 {
                write!(self.out, "{}  ", padding(&row.number, numbers))?;
            }
            write!(self.out, "{quiet}{}{quiet:#}{tone}{}{tone:#}", row.branch, row.label)?;
            // Blanks are written in front of what follows, so that no line ends in them.
            let mut gap = types.saturating_sub(width(row));
            for (detail, column) in row.details.iter().zip(&columns) {
                if detail.is_empty() {
                    gap += if *column > 0 { column + 2 } else { 0 };
                } else {
                    write!(self.out, "{:gap$}  {quiet}{detail}{quiet:#}", "")?;
                    gap = column.saturating_sub(detail.width());
                }
            }
            if !row.name.is_empty() {
                write!(self.out, "{:gap$}  \"{}\"", "", row.name)?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finding(&mut self, row: &Finding) -> io::Result<()> {
        let (title, quiet, tone) =
            (self.paint.title(), self.paint.tone(Tone::Quiet), self.paint.tone(row.tone));
        let level = row.level.to_uppercase();
        write!(self.out, "  {tone}{level:<9}{tone:#}  {title}{}{title:#}", row.title)?;
        writeln!(self.out, "  {quiet}{}{quiet:#}  {}", row.rule, row.place)?;
        self.wrapped(row.text.as_str(), 13, "", "")?;
        if !row.octets.is_empty() {
            writeln!(self.out, "             {quiet}│ {}{quiet:#}", row.octets)?;
        }
        Ok(())
    }

    /// A text of ours over several lines, each with `indent` blanks in front.
    fn wrapped(&mut self, text: &str, indent: usize, on: &str, off: &str) -> io::Result<()> {
        let room = self.columns.saturating_sub(indent).max(20);
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > room {
                writeln!(self.out, "{:indent$}{on}{line}{off}", "")?;
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        writeln!(self.out, "{:indent$}{on}{line}{off}", "")
    }
}

/// How wide each column of details is.
fn detail_columns(rows: &[Node]) -> Vec<usize> {
    let mut columns: Vec<usize> = Vec::new();
    for row in rows {
        columns.resize(columns.len().max(row.details.len()), 0);
        for (column, detail) in columns.iter_mut().zip(&row.details) {
            *column = (*column).max(detail.width().min(TYPE_COLUMN));
        }
    }
    columns
}

fn padding(text: &Shown, column: usize) -> String {
    " ".repeat(column.saturating_sub(text.width()))
}
