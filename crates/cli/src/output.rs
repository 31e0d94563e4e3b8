//! Standard output: whether it is coloured, how wide it is, and who reads it.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use crate::section::Tone;

/// Columns where neither a terminal nor the environment says how many there are.
const COLUMNS: usize = 100;

/// The least that a report is laid out for.
const LEAST_COLUMNS: usize = 40;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR, CLICOLOR or TERM say otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

/// Standard output and how to write to it.
pub(crate) struct Output {
    pub out: BufWriter<StdoutLock<'static>>,
    pub paint: Paint,
    pub columns: usize,
    pub is_terminal: bool,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let stdout = io::stdout();
        let is_on = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => anstream::AutoStream::choice(&stdout) != ColorChoice::Never,
        };
        Self {
            is_terminal: stdout.is_terminal(),
            columns: columns(&stdout),
            out: BufWriter::with_capacity(1 << 16, stdout.lock()),
            paint: Paint { is_on },
        }
    }
}

/// The terminal's width; else COLUMNS, which shells export to what they pipe.
fn columns(stdout: &io::Stdout) -> usize {
    let terminal = terminal_size::terminal_size_of(stdout).map(|(width, _)| usize::from(width.0));
    let stated = || std::env::var("COLUMNS").ok()?.trim().parse().ok();
    let known = terminal.filter(|width| *width > 0).or_else(stated);
    known.unwrap_or(COLUMNS).max(LEAST_COLUMNS)
}

/// Gives text its style, or leaves it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    is_on: bool,
}

impl Paint {
    pub(crate) fn tone(self, tone: Tone) -> Style {
        self.style(match tone {
            Tone::Plain => Style::new(),
            Tone::Quiet => Style::new().dimmed(),
            Tone::Good => AnsiColor::Green.on_default(),
            Tone::Warning => AnsiColor::Yellow.on_default(),
            Tone::Bad => AnsiColor::Red.on_default().bold(),
        })
    }

    pub(crate) fn title(self) -> Style {
        self.style(Style::new().bold())
    }

    pub(crate) fn name(self) -> Style {
        self.style(AnsiColor::Cyan.on_default())
    }

    const fn style(self, style: Style) -> Style {
        if self.is_on { style } else { Style::new() }
    }
}
