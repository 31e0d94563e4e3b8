//! `mailwright check`: everything that can be told about a message or a mailbox.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{ArgGroup, Args};
use mailwright_message_model::Message;
use mailwright_message_model::authres::claim::Claims;

use crate::authenticate::Delivered;
use crate::dns::Ask;
use crate::exit::{Exit, Failure};
use crate::file;
use crate::input::{Format, Input, Kind, Options, PassedOver, Variant};
use crate::line_ends::as_stored;
use crate::output::Output;
use crate::progress::Progress;
use crate::report::{Examiner, Report, html::Html, json, text};
use crate::section::{Case, Settings, Verifying};
use crate::shown::{Shown, count};
use crate::smime::Given;

/// Report on a message or a mailbox: structure, defects, addresses, claimed authentication.
///
/// Of a mailbox, a summary is reported: how many messages have which defect, and which are the worst. Nothing is sent
/// or fetched, and no attachment is opened; with --resolve the name servers of the system are asked for keys.
///
/// Exit status: 0 nothing ambiguous, 1 a message that two readers may see differently or that was not read whole, 2 a
/// file that cannot be read.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("answers").args(["resolve", "zone"]).multiple(true))]
#[command(group = ArgGroup::new("client").args(["ip", "hop"]))]
#[command(group = ArgGroup::new("identity").args(["helo", "mail_from"]).multiple(true))]
pub(crate) struct Check {
    /// A message, an mbox, a Maildir or a folder of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Report on every message of a mailbox, not on all of them together only.
    #[arg(long)]
    each: bool,

    /// Write one JSON object a line: one for each message, and for a mailbox one more with the summary.
    #[arg(long)]
    json: bool,

    /// Write the report to FILE, as one page that needs no network; - for standard output.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Show long lists whole.
    #[arg(long)]
    full: bool,

    /// What the path is, where it cannot be told by looking.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// How the mbox was written.
    #[arg(long, value_enum, value_name = "VARIANT", default_value_t)]
    mbox: Variant,

    /// Verify signatures and DMARC too: ask the name servers of the system, unless --zone has the answers.
    #[arg(long)]
    resolve: bool,

    #[command(flatten)]
    ask: Ask,

    #[command(flatten)]
    delivered: Delivered,

    #[command(flatten)]
    smime: Given,
}

const EXAMPLES: &str = "\
Examples:
  mailwright check message.eml
  mailwright check - --json < message.eml
  mailwright check archive.mbox --each
  mailwright check ~/Maildir --html report.html
  mailwright check message.eml --resolve
  mailwright check sealed.eml --trust root.pem --key alice.p12
  mailwright check message.eml --resolve --ip 192.0.2.1 --helo mx.example.org --mail-from zoe@example.org
  mailwright check message.eml --resolve --hop 1 --add-header mx.example.net";

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let input = Input::open(&self.paths, Options { format: self.format, variant: self.mbox, ..Options::default() })?;
        let source = self.ask.source_if(self.resolve)?;
        let verifying = source.map(|source| Verifying {
            source,
            receiver: self.delivered.receiver(self.ask.now()),
            client: self.delivered.client(),
        });
        let smime = self.smime.read(self.ask.now())?;
        let settings = Settings { full: self.full, verifying, smime };
        if let Some(name) = &self.delivered.add_header {
            return add_header(name, input, &settings, output);
        }
        let mut run = Run {
            examiner: Examiner::new(settings),
            html: self.page(!input.is_single())?,
            each: self.each || input.is_single(),
            json: self.json,
            only: None,
            output,
        };
        run.all(input)
    }

    /// The page that is asked for. `is_folded` says that there will be many reports.
    fn page(&self, is_folded: bool) -> Result<Option<Html>, Failure> {
        match self.html.as_deref() {
            None => Ok(None),
            Some(path) if path.as_os_str() != "-" => {
                file::spare(&self.paths, path)?;
                Html::create(path, is_folded).map(Some)
            }
            Some(_) if self.json => Err(Failure::new("--json and --html - both write standard output")),
            Some(_) => Html::to_stdout(is_folded).map(Some),
        }
    }
}

/// Prints the Authentication-Results field of the server `name` for one message, with the message's line breaks.
fn add_header(name: &str, mut input: Input, settings: &Settings, output: &mut Output) -> Result<Exit, Failure> {
    if !input.is_single() {
        return Err(Failure::new("--add-header takes one message, no mailbox"));
    }
    input.read(|item| {
        item.whole()?;
        let at = |what: &str| Failure::new(format!("{}: {what}", item.origin.name()));
        let message = Message::parse(item.raw).map_err(|error| at(&error.to_string()))?;
        let case = Case::new(&message, &[], settings);
        if let Some(Err(why)) = settings.verifying.as_ref().map(|verifying| verifying.client.of(&message)) {
            return Err(at(why));
        }
        if let Some(found) = case.found() {
            output.out.write_all(as_stored(&found.results.to_field(), item.raw).as_bytes())?;
        }
        // RFC 8601 5: whoever trusts the name would trust them too.
        let forged = Claims::of(name).spans(item.raw).len();
        if forged > 0 {
            let fields = count(forged, "field", "fields");
            let said = format!("{fields} of this name in the message: remove before you add yours (RFC 8601 5)");
            writeln!(std::io::stderr(), "mailwright: {}", at(&said))?;
        }
        Ok(())
    })?;
    Ok(Exit::Fine)
}

/// A check under way.
struct Run<'o> {
    examiner: Examiner,
    html: Option<Html>,
    /// Whether each message is reported.
    each: bool,
    json: bool,
    /// The first message of a mailbox: shown as a message where it turns out to be the only one.
    only: Option<Report>,
    output: &'o mut Output,
}

impl Run<'_> {
    fn all(&mut self, mut input: Input) -> Result<Exit, Failure> {
        let is_free = !(self.each && self.output.is_terminal);
        let mut progress = Progress::new(input.total, is_free);
        input.read(|item| {
            let is_first = self.examiner.messages == 0;
            let report = self.examiner.see(&item, self.each || self.json || is_first)?;
            progress.at(item.read, self.examiner.messages);
            match report {
                Some(report) if self.each => self.write(&report),
                Some(report) => {
                    if self.json {
                        json::line(&mut self.output.out, &report)?;
                    }
                    self.only = is_first.then_some(report);
                    Ok(())
                }
                None => Ok(()),
            }
        })?;
        drop(progress);

        if self.examiner.messages == 1
            && let Some(only) = self.only.take()
        {
            self.write_but_json(&only)?;
        }
        if !input.is_single() && (self.examiner.messages != 1 || self.json) {
            let summary = self.examiner.mailbox(input.name.clone(), about(input.kind, &input.passed_over));
            self.write(&summary)?;
        }
        if let Some(html) = self.html.take() {
            let written = html.finish(&mut self.output.out)?;
            if let Some(path) = written.filter(|_| !self.json) {
                let (path, worst) = (Shown::path(&path), self.examiner.worst().word());
                writeln!(self.output.out, "wrote {path}; worst message: {worst}")?;
            }
        }
        match input.passed_over.failure() {
            Some(failure) => Err(failure),
            None => Ok(Exit::of(self.examiner.worst().is_finding())),
        }
    }

    fn write(&mut self, report: &Report) -> Result<(), Failure> {
        if self.json {
            json::line(&mut self.output.out, report)?;
        }
        self.write_but_json(report)
    }

    fn write_but_json(&mut self, report: &Report) -> Result<(), Failure> {
        if let Some(html) = &mut self.html {
            html.add(report)?;
        } else if !self.json {
            text::write(self.output, report)?;
        }
        Ok(())
    }
}

fn about(kind: Kind, passed_over: &PassedOver) -> Shown {
    let mut words = vec![kind.word().to_owned()];
    let mut add = |number: usize, what: &str| {
        if number > 0 {
            words.push(format!("{} passed over: {what}", count(number, "file", "files")));
        }
    };
    add(passed_over.no_mail, "not mail");
    add(passed_over.undelivered, "in tmp, not yet delivered");
    add(passed_over.vanished, "gone meanwhile");
    add(passed_over.unreadable, "unreadable");
    format_args!("{}", words.join("; ")).into()
}
