//! A report as one page that needs nothing else: no script, no style or picture from elsewhere.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, Write};
use std::path::{Path, PathBuf};

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use tempfile::NamedTempFile;

use super::Report;
use crate::exit::Failure;
use crate::file::{beside, cannot, folder, persist};
use crate::section::{Block, Tone};
use crate::shown::Shown;

/// The page under way. Nothing stands under its name before [`finish`](Self::finish).
pub(crate) struct Html {
    /// What messages of failure call it.
    path: PathBuf,
    /// `None`: standard output, which is written when the page is whole.
    page: Option<BufWriter<NamedTempFile>>,
    /// Reports on single messages, which stand behind the summary although they come first: a mailbox may have more of
    /// them than memory holds.
    messages: BufWriter<File>,
    summary: String,
    title: Shown,
    templates: Environment<'static>,
    is_folded: bool,
}

impl Html {
    /// A page on standard output.
    pub(crate) fn to_stdout(is_folded: bool) -> Result<Self, Failure> {
        let path = PathBuf::from("standard output");
        let messages = tempfile::tempfile().map_err(|error| Failure::at(&path, cannot(&error)))?;
        Self::new(path, None, messages, is_folded)
    }

    /// A page at `path`, written as [`file::write`](crate::file::write). `is_folded` says that there will be many reports.
    pub(crate) fn create(path: &Path, is_folded: bool) -> Result<Self, Failure> {
        let (path, page) = beside(path)?;
        let messages =
            tempfile::tempfile_in(folder(&path)).map_err(|error| Failure::at(&path, cannot(&error)))?;
        Self::new(path, Some(BufWriter::new(page)), messages, is_folded)
    }

    fn new(
        path: PathBuf,
        page: Option<BufWriter<NamedTempFile>>,
        messages: File,
        is_folded: bool,
    ) -> Result<Self, Failure> {
        let templates = templates().map_err(|error| Failure::at(&path, error))?;
        let messages = BufWriter::new(messages);
        Ok(Self {
            path,
            page,
            messages,
            summary: String::new(),
            title: Shown::default(),
            templates,
            is_folded,
        })
    }

    /// Adds a report on a message, or the one on the mailbox.
    pub(crate) fn add(&mut self, report: &Report) -> Result<(), Failure> {
        let is_message = report.kind == "message";
        let shown = Shape::of(report, self.is_folded && is_message);
        let text = self.render("report.html", &shown)?;
        if self.title.is_empty() || !is_message {
            self.title = report.name.clone();
        }
        if is_message {
            let wrote = self.messages.write_all(text.as_bytes());
            wrote.map_err(|error| self.failure(&error))
        } else {
            self.summary = text;
            Ok(())
        }
    }

    /// Writes the page and gives it its name, and returns that; `None` where it went to `stdout`.
    pub(crate) fn finish(mut self, stdout: &mut impl Write) -> Result<Option<PathBuf>, Failure> {
        let head = self.render("head.html", &Head { title: &self.title })?;
        let foot = self.render("foot.html", &Foot { version: env!("CARGO_PKG_VERSION") })?;
        let Some(mut page) = self.page.take() else {
            self.write(stdout, &head, &foot)?;
            return Ok(None);
        };
        self.write(&mut page, &head, &foot).map_err(|error| self.failure(&error))?;
        let path = self.path;
        persist(page, &path)?;
        Ok(Some(path))
    }

    fn write(&mut self, page: &mut impl Write, head: &str, foot: &str) -> io::Result<()> {
        page.write_all(head.as_bytes())?;
        page.write_all(self.summary.as_bytes())?;
        self.messages.flush()?;
        let messages = self.messages.get_mut();
        messages.rewind()?;
        io::copy(messages, page)?;
        page.write_all(foot.as_bytes())?;
        page.write_all(b"\n")?;
        page.flush()
    }

    fn render(&self, template: &str, values: &impl Serialize) -> Result<String, Failure> {
        let rendered = self
            .templates
            .get_template(template)
            .and_then(|template| template.render(Value::from(Serde(values))));
        rendered.map_err(|error| Failure::at(&self.path, error))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        Failure::at(&self.path, cannot(error))
    }
}

/// Names that end in `.html` make every value escaped.
fn templates() -> Result<Environment<'static>, minijinja::Error> {
    let mut templates = Environment::new();
    templates.add_template("head.html", include_str!("page/head.html"))?;
    templates.add_template("report.html", include_str!("page/report.html"))?;
    templates.add_template("foot.html", include_str!("page/foot.html"))?;
    Ok(templates)
}

#[derive(Serialize)]
struct Head<'r> {
    title: &'r Shown,
}

#[derive(Serialize)]
struct Foot {
    version: &'static str,
}

/// What `report.html` draws.
#[derive(Serialize)]
struct Shape<'r> {
    folded: bool,
    name: &'r Shown,
    subject: &'r Option<Shown>,
    about: &'r Shown,
    verdict: &'static str,
    meaning: &'r Shown,
    tone: Tone,
    alerts: &'r [Shown],
    sections: Vec<SectionShape<'r>>,
}

#[derive(Serialize)]
struct SectionShape<'r> {
    title: &'static str,
    note: &'r Shown,
    tone: Tone,
    open: bool,
    blocks: &'r [Block],
}

impl<'r> Shape<'r> {
    fn of(report: &'r Report, folded: bool) -> Self {
        let sections = report.sections.iter().map(|section| SectionShape {
            title: section.title,
            note: &section.view.note,
            tone: section.view.tone,
            open: true,
            blocks: &section.view.blocks,
        });
        Self {
            folded,
            name: &report.name,
            subject: &report.subject,
            about: &report.about,
            verdict: report.verdict.word(),
            meaning: &report.meaning,
            tone: report.tone(),
            alerts: &report.alerts,
            sections: sections.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Verdict;

    #[test]
    fn text_of_the_message_is_no_mark_up() {
        let hostile = Shown::text("\"'><script>alert(1)</script>&\u{202e}");
        let report = Report {
            kind: "message",
            name: hostile.clone(),
            subject: Some(hostile.clone()),
            about: hostile,
            verdict: Verdict::NoDefect,
            meaning: Shown::default(),
            alerts: Vec::new(),
            origin: crate::input::Origin::default(),
            octets: 0,
            sections: Vec::new(),
        };
        let template = templates().unwrap();
        let page = template
            .get_template("report.html")
            .unwrap()
            .render(Value::from(Serde(Shape::of(&report, true))))
            .unwrap();
        assert!(!page.contains("<script") && !page.contains('\u{202e}'), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
    }
}
