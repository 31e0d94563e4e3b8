//! `mailwright dmarc check`

use std::io::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use mailwright_dmarc::{
    Author, Config, DkimIdentifier, Identifiers, PublicSuffixList, SpfIdentifier, Verdict, evaluate,
};
use mailwright_dns::drive_blocking;
use mailwright_message_model::Message;
use mailwright_message_model::authres::{AuthResult, AuthenticationResults, ClaimedResults, FIELD_NAME};
use mailwright_message_model::domain::Domain;
use serde_json::json;

use super::{tone, write_lines};
use crate::dns::Ask;
use crate::exit::{Exit, Failure, reason};
use crate::output::Output;
use crate::report::json;
use crate::shown::Shown;

/// Evaluate DMARC for an author domain, from what SPF and DKIM found.
///
/// What they found is given by --spf and --dkim, or taken from the Authentication-Results fields of a server that is
/// named by --trust.
///
/// Exit status: 0 pass, 1 any other result, 2 wrong usage or a file that cannot be read.
#[derive(Args)]
#[command(after_help = "Examples:\n  mailwright dmarc check --from zoe@example.org --dkim example.org=pass\n  mailwright dmarc check message.eml --trust mx.example.net\n  mailwright dmarc check --from zoe@example.org --spf mail.example.org=pass --zone example.zone")]
pub(crate) struct Check {
    /// A message, whose From field names the author.
    #[arg(required_unless_present = "from", conflicts_with = "from")]
    message: Option<PathBuf>,

    /// The author, or the author domain.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,

    /// The result of SPF for the MAIL FROM domain.
    #[arg(long, value_name = "DOMAIN=RESULT")]
    spf: Option<Found>,

    /// The result of a DKIM signature; may be given several times.
    #[arg(long, value_name = "DOMAIN=RESULT")]
    dkim: Vec<Found>,

    /// Take what SPF, DKIM and ARC found from the fields of this server in the message.
    #[arg(long, value_name = "AUTHSERV-ID", requires = "message", conflicts_with_all = ["from", "spf", "dkim"])]
    trust: Option<String>,

    /// A sealer whose valid ARC chain is a reason not to apply the policy.
    #[arg(long, value_name = "DOMAIN")]
    sealer: Vec<Domain>,

    /// Evaluate by RFC 7489 with this public suffix list.
    #[arg(long, value_name = "FILE")]
    psl: Option<PathBuf>,

    #[command(flatten)]
    ask: Ask,

    /// Print an Authentication-Results field of this server.
    #[arg(long, value_name = "AUTHSERV-ID", conflicts_with = "json")]
    results: Option<String>,

    /// Write a JSON object.
    #[arg(long)]
    json: bool,
}

/// A domain and what a check of it gave.
#[derive(Clone, Debug)]
struct Found(Domain, AuthResult);

impl FromStr for Found {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (domain, result) = text.split_once('=').ok_or("not of the form DOMAIN=RESULT")?;
        match result.parse() {
            Ok(AuthResult::Other(_)) | Err(_) => Err(format!("{result} is no result of RFC 8601 2.7: pass, fail, softfail, neutral, none, policy, temperror, permerror")),
            Ok(result) => Ok(Self(domain.parse().map_err(|error| format!("{domain}: {error}"))?, result)),
        }
    }
}

impl Check {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let read = |path: &PathBuf| std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)));
        let raw = self.message.as_ref().map(read).transpose()?.unwrap_or_default();
        let message = Message::parse(&raw).map_err(|error| Failure::new(error.to_string()))?;
        let author = match &self.from {
            Some(from) if from.contains('@') => Author::of_addresses([from.as_str()]),
            Some(domain) => {
                Author::of_domain(domain.parse().map_err(|error| Failure::new(format!("--from: {error}")))?)
            }
            None => Author::of(&message),
        };
        let found = self.found(&message);
        let list = self.psl.as_ref().map(read).transpose()?;
        let list = list.map(|list| PublicSuffixList::parse(&String::from_utf8_lossy(&list)));
        let config = list.as_ref().map_or_else(Config::default, |list| Config::public_suffix(list));
        let config = self.sealer.iter().cloned().fold(config, Config::trust_sealer);
        let source = self.ask.source()?;
        let evaluation = drive_blocking(&source, |dns| evaluate(&author, &found, dns, &config));
        if self.json {
            json::line(&mut output.out, &json!(evaluation))?;
        } else if let Some(id) = &self.results {
            let results = AuthenticationResults::new(id).with_result(evaluation.auth_result());
            write!(output.out, "{}", results.to_field())?;
        } else {
            let text = evaluation.to_string();
            let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
            let tone = output.paint.tone(tone(&evaluation.verdict));
            writeln!(output.out, "{tone}{}{tone:#}", Shown::clipped(first, usize::MAX))?;
            rest.lines().try_for_each(|line| write_lines(output, &format!("  {line}")))?;
        }
        Ok(Exit::of(evaluation.verdict != Verdict::Pass))
    }

    fn found(&self, message: &Message<'_>) -> Identifiers {
        if let Some(trusted) = &self.trust {
            let fields = message.fields().filter(|field| field.is(FIELD_NAME));
            let claims = fields.filter_map(|field| ClaimedResults::parse(field.value()).ok()?.trust(trusted).ok());
            let mut all = AuthenticationResults::new(trusted);
            all.extend(claims.flat_map(|results| results.results().to_vec()));
            return Identifiers::of(&all);
        }
        let dkim = self.dkim.iter().map(|Found(domain, result)| DkimIdentifier::new(domain.clone(), None, result.clone()));
        Identifiers {
            spf: self.spf.as_ref().map(|Found(domain, result)| SpfIdentifier::new(domain.clone(), result.clone())),
            dkim: dkim.collect(),
            arc: None,
        }
    }
}
