//! `mailwright spam score` and `mailwright spam explain`

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::rules::RuleSet;
use mailwright_antispam::store::{MemoryStore, Scope};
use mailwright_antispam::{Action, Check as _, Filter, Findings, Input as Judged, Verdict};

use super::model;
use crate::exit::{Exit, Failure};
use crate::input::{Input, Options};
use crate::output::Output;
use crate::report::json;
use crate::shown::Shown;

/// Judge messages: the action, the points, and how probable it is by the content that a message is spam.
///
/// Nothing is learned. Without a model the rules judge alone; no DNS is asked.
///
/// Exit status: 0 no message is to be tagged or rejected, 1 one or more are, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spam score mail.eml\n  mailwright spam score --model my.model inbox.mbox --json")]
pub(crate) struct Score {
    #[command(flatten)]
    given: Given,
}

/// Judge messages and say why: every finding with its points, and the words that spoke loudest for and against.
///
/// Exit status: as `mailwright spam score`.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright spam explain --model my.model mail.eml")]
pub(crate) struct Explain {
    #[command(flatten)]
    given: Given,
}

#[derive(Args)]
struct Given {
    /// The file of the model.
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,

    /// Messages, mboxes, Maildirs or folders of messages; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Score {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        self.given.run(output, false)
    }
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        self.given.run(output, true)
    }
}

impl Given {
    fn run(self, output: &mut Output, explains: bool) -> Result<Exit, Failure> {
        let mut learner = self.model.as_deref().map(model::load).transpose()?;
        let filter = Filter::new();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut input = Input::open(&self.paths, Options::default())?;
        let mut found = false;
        input.read(|item| {
            item.whole()?;
            let message = super::parse(item.raw).map_err(|error| Failure::new(error.to_string()))?;
            let verdict = judge(&filter, learner.as_mut(), &Judged::new(&message, now), explains || self.json);
            found |= matches!(verdict.action, Action::Tag | Action::Reject);
            if self.json {
                let value = serde_json::to_value(&verdict).unwrap_or_default();
                return Ok(json::line(&mut output.out, &json::found(&item.origin, value))?);
            }
            let title = output.paint.title();
            writeln!(output.out, "{title}{}{title:#}: {}", item.origin.name(), words(&verdict))?;
            if explains {
                write_reasons(output, &verdict)?;
            }
            Ok(())
        })?;
        match input.passed_over.failure() {
            Some(failure) => Err(failure),
            None => Ok(Exit::of(found)),
        }
    }
}

fn judge(
    filter: &Filter,
    learner: Option<&mut Learner<MemoryStore>>,
    input: &Judged<'_>,
    with_tokens: bool,
) -> Verdict {
    let mut findings = Findings::new();
    RuleSet::builtin().check(input, &mut findings);
    let opinion = learner.map(|learner| match with_tokens {
        true => learner.explain(input.message, &Scope::Shared),
        false => learner.opinion(input.message, &Scope::Shared),
    });
    filter.judge_with(input, findings, opinion.as_ref().map(Result::as_ref))
}

fn words(verdict: &Verdict) -> String {
    let content = verdict.probability.map(|probability| format!(", content {:.1}% spam", probability * 100.0));
    format!("{}, {:.1} points{}", verdict.action, verdict.score, content.unwrap_or_default())
}

/// What a message says is shown so that it cannot steer the terminal.
fn write_reasons(output: &mut Output, verdict: &Verdict) -> Result<(), Failure> {
    for finding in &verdict.findings {
        writeln!(output.out, "  {}", Shown::text(&finding.to_string()))?;
    }
    for evidence in &verdict.tokens {
        writeln!(output.out, "  {:+.2} {}", evidence.log_odds, Shown::text(&evidence.token))?;
    }
    Ok(())
}
