//! `mailwright bounce classify`

use std::io::BufRead as _;

use clap::Args;
use mailwright_bounces::{Class, Classifier, Reply};
use serde_json::json;

use super::{Given, rules, verdict};
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::report::json;

/// Classify SMTP replies: reason, hard or soft, advice.
///
/// Exit status: 0 no reply is hard, 1 one or more are, 2 wrong usage or rules that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright bounce classify '550 5.1.1 User unknown'\n  grep -h ' said: ' mail.log | mailwright bounce classify - --json")]
pub(crate) struct Classify {
    /// Replies; - for the lines of standard input.
    #[arg(required = true, value_name = "REPLY")]
    replies: Vec<String>,

    /// The server that answered.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,

    /// Write one JSON object a line.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    given: Given,
}

impl Classify {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let rules = rules(self.given.rules.as_deref())?;
        let classifier = Classifier::with_rules(&rules);
        let mut hard = false;
        for reply in &self.replies {
            if reply == "-" {
                for line in std::io::stdin().lock().lines() {
                    hard |= self.one(output, &classifier, &line?)?;
                }
            } else {
                hard |= self.one(output, &classifier, reply)?;
            }
        }
        Ok(Exit::of(hard))
    }

    fn one(&self, output: &mut Output, classifier: &Classifier<'_>, text: &str) -> Result<bool, Failure> {
        let reply = Reply::parse(text);
        let reply = match &self.host {
            Some(host) => reply.with_host(host),
            None => reply,
        };
        let found = classifier.classify(&reply);
        if self.json {
            json::line(&mut output.out, &json!({ "reply": text, "code": reply.code, "status": reply.status, "verdict": found }))?;
        } else {
            verdict(output, &found, &reply)?;
        }
        Ok(found.class == Class::Hard)
    }
}
