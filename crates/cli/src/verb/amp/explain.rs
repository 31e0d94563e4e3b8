//! `mailwright amp explain`

use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use mailwright_amp_mime::gate::{
    Check, ClientProfile, Decision, NotKnown, Outcome, Registered, Registration, SenderAuth, SenderRegistry, Support,
    Verdict, decide,
};
use mailwright_amp_mime::lint::{Lint, lint};
use mailwright_amp_mime::locate::{Structure, StructureWarning, locate};
use mailwright_amp_mime::{Report, validate};
use mailwright_dmarc::{Author, PublicSuffixList};
use mailwright_message_model::Message;
use mailwright_message_model::domain::OrgDomain;
use serde::Serialize;

use crate::authenticate::{Delivery, Receiver, authenticate};
use crate::dns::Ask;
use crate::exit::{Exit, Failure, reason};
use crate::input::{Input, Options};
use crate::line_ends::as_sent;
use crate::output::Output;
use crate::report::json;
use crate::report::text::sentence;
use crate::section::Tone;

/// Findings of a kind that people are shown of one message.
const SHOWN: usize = 20;

/// Say for each mail client whether it shows the AMP part, and if it does not, why.
///
/// Clients show AMP of senders that are authenticated. What was found about the sender is taken from the
/// Authentication-Results fields of the server that --trust names, or verified with --resolve or --zone; without either,
/// nothing is known, and no client shows AMP. What else is not known (TLS, registrations) is said and fails nothing.
///
/// Exit status: 0 every client that is asked about and shows AMP shows this part, 1 one does not, 2 wrong usage or a file that
/// cannot be read.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
#[command(group = ArgGroup::new("answers").args(["resolve", "zone"]).multiple(true))]
pub(crate) struct Explain {
    /// A message, mbox, Maildir or folder; - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Take what was found about the sender from the fields of this server, which removes them from what comes from outside.
    #[arg(long, value_name = "AUTHSERV-ID", conflicts_with_all = ["resolve", "zone"])]
    trust: Option<String>,

    /// Ask about this client only; may be given several times.
    #[arg(long, value_name = "NAME")]
    client: Vec<String>,

    /// Requirements of clients of your own, in the form of `clients/clients.toml` of the crate.
    #[arg(long, value_name = "FILE")]
    profiles: Option<PathBuf>,

    /// An address or DKIM domain that is registered with all clients; those that are not given are not. May be repeated.
    #[arg(long, value_name = "ADDRESS")]
    registered: Vec<String>,

    /// Tell organizational domains by this public suffix list; else only equal domains match.
    #[arg(long, value_name = "FILE")]
    psl: Option<PathBuf>,

    /// Whether the message came over TLS.
    #[arg(long, value_name = "YES")]
    tls: Option<bool>,

    /// Verify SPF, DKIM and DMARC: ask the name servers of the system, unless --zone has the answers.
    #[arg(long)]
    resolve: bool,

    #[command(flatten)]
    ask: Ask,

    /// The address of the client that sent the message, to check SPF too.
    #[arg(long, value_name = "ADDRESS", requires = "answers")]
    ip: Option<IpAddr>,

    /// The reverse-path; empty for the null one.
    #[arg(long, value_name = "ADDRESS", requires = "ip")]
    mail_from: Option<String>,

    /// The name that the client gave in HELO or EHLO.
    #[arg(long, value_name = "NAME", requires = "ip")]
    helo: Option<String>,

    /// Write one JSON object a line, one for each message.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  mailwright amp explain message.eml --trust mx.example.net --psl public_suffix_list.dat
  mailwright amp explain message.eml --trust mx.example.net --client gmail --registered news@example.org
  mailwright amp explain message.eml --resolve --ip 192.0.2.1 --mail-from news@example.org --json";

/// All that is said of one message.
#[derive(Serialize)]
struct Explanation {
    structure: Structure,
    warnings: Vec<StructureWarning>,
    validation: Option<Report>,
    lints: Vec<Lint>,
    clients: Vec<Decision>,
}

impl Explain {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        let profiles = self.profiles()?;
        let list = self.psl.as_deref().map(text).transpose()?.map(|list| PublicSuffixList::parse(&list));
        let registered = self.registered(&profiles)?;
        let registry: &dyn SenderRegistry = match &registered {
            Some(registered) => registered,
            None => &NotKnown,
        };
        let source = self.ask.source_if(self.resolve)?;
        let now = self.ask.now();
        let receiver = Receiver { now, ..Receiver::default() };
        let delivery = self.ip.map(|ip| Delivery {
            ip,
            helo: self.helo.clone().unwrap_or_default(),
            mail_from: self.mail_from.clone(),
        });
        let mut input = Input::open(&self.paths, Options::default())?;
        let mut falls_back = false;
        input.read(|item| {
            item.whole()?;
            let message = Message::parse(item.raw)
                .map_err(|error| Failure::new(format!("{}: {error}", item.origin.name())))?;
            let auth = match (&source, &self.trust) {
                (Some(source), _) => {
                    let sent = as_sent(item.raw);
                    let found = authenticate(&sent, &Author::of(&message), delivery.as_ref(), &receiver, source);
                    SenderAuth::verified(found.results)
                }
                (None, Some(server)) => SenderAuth::trusting(&message, server),
                (None, None) => SenderAuth::unknown(),
            };
            let auth = match &list {
                Some(list) => auth.with_org_domain(list as &dyn OrgDomain),
                None => auth,
            };
            let auth = self.tls.map_or(auth.clone(), |tls| auth.with_tls(tls));
            let explained = explain(&message, &auth, &profiles, registry, now);
            falls_back |= explained.falls_back(&profiles);
            if self.json {
                let value = serde_json::to_value(&explained).unwrap_or_default();
                return Ok(json::line(&mut output.out, &json::found(&item.origin, value))?);
            }
            let title = output.paint.title();
            writeln!(output.out, "{title}{}{title:#}", item.origin.name())?;
            Ok(explained.write(output)?)
        })?;
        match input.passed_over.failure() {
            Some(failure) => Err(failure),
            None => Ok(Exit::of(falls_back)),
        }
    }

    fn profiles(&self) -> Result<Vec<ClientProfile>, Failure> {
        let all = match &self.profiles {
            None => ClientProfile::all(),
            Some(path) => ClientProfile::parse(&text(path)?).map_err(|error| Failure::at(path, error))?,
        };
        if let Some(unknown) = self.client.iter().find(|name| all.iter().all(|profile| profile.id != **name)) {
            let names: Vec<&str> = all.iter().map(|profile| profile.id.as_str()).collect();
            return Err(Failure::new(format!("--client: no `{unknown}`; there are {}", names.join(", "))));
        }
        let is_asked = |profile: &ClientProfile| self.client.is_empty() || self.client.contains(&profile.id);
        Ok(all.into_iter().filter(is_asked).collect())
    }

    fn registered(&self, profiles: &[ClientProfile]) -> Result<Option<Registered>, Failure> {
        let mut registered = Registered::new();
        for entry in &self.registered {
            let at = |error: &dyn std::fmt::Display| Failure::new(format!("--registered: {entry}: {error}"));
            for profile in profiles {
                registered = match (profile.registration, entry.contains('@')) {
                    (Registration::From, true) => {
                        registered.with_address(&profile.id, entry.parse().map_err(|error| at(&error))?)
                    }
                    (Registration::DkimDomain, false) => {
                        registered.with_dkim_domain(&profile.id, entry.parse().map_err(|error| at(&error))?)
                    }
                    _ => registered,
                };
            }
        }
        Ok((!self.registered.is_empty()).then_some(registered))
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    let octets = std::fs::read(path).map_err(|error| Failure::at(path, reason(&error)))?;
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

fn explain(
    message: &Message<'_>,
    auth: &SenderAuth<'_>,
    profiles: &[ClientProfile],
    registry: &dyn SenderRegistry,
    now: u64,
) -> Explanation {
    let found = locate(message, Some(now));
    let text = found.amp.map(|amp| amp.text());
    Explanation {
        structure: found.structure,
        warnings: found.warnings,
        validation: text.as_deref().map(validate),
        lints: text.as_deref().map(lint).unwrap_or_default(),
        clients: profiles.iter().map(|profile| decide(message, auth, profile, registry, now)).collect(),
    }
}

impl Explanation {
    /// Whether a client that shows AMP does not show this one.
    fn falls_back(&self, profiles: &[ClientProfile]) -> bool {
        let mut decisions = self.clients.iter().zip(profiles);
        decisions.any(|(decision, profile)| {
            profile.support != Support::Ended && matches!(decision.verdict, Verdict::Fallback(_))
        })
    }

    fn write(&self, output: &mut Output) -> std::io::Result<()> {
        for decision in &self.clients {
            let (word, tone) = match decision.verdict {
                Verdict::Render => ("shows the AMP part", Tone::Good),
                Verdict::Manual => ("shows the AMP part when its user asks for it", Tone::Plain),
                _ => ("shows HTML or text", Tone::Bad),
            };
            sentence(output, tone, &format!("{}: {word}", decision.name), 2)?;
            decision.failed().try_for_each(|check| reason_of(output, check))?;
            decision.unknown().try_for_each(|check| reason_of(output, check))?;
        }
        for warning in &self.warnings {
            sentence(output, Tone::Warning, &format!("{warning} ({})", warning.code()), 2)?;
        }
        let findings = self.validation.iter().flat_map(|report| &report.findings);
        for finding in findings.take(SHOWN) {
            sentence(output, Tone::Warning, &finding.to_string(), 2)?;
        }
        self.lints.iter().take(SHOWN).try_for_each(|lint| sentence(output, Tone::Quiet, &lint.to_string(), 2))
    }
}

fn reason_of(output: &mut Output, check: &Check) -> std::io::Result<()> {
    match check.outcome {
        Outcome::Failed => {
            sentence(output, Tone::Plain, &format!("because {} ({})", check.detail, check.reason), 4)
        }
        _ => sentence(output, Tone::Quiet, &format!("not known: {}", check.detail), 4),
    }
}

/// Shows for `demo` what the clients do with a message whose field of `server` is trusted.
pub(crate) fn demo(output: &mut Output, raw: &[u8], server: &str, now: u64) -> Result<(), Failure> {
    let message = Message::parse(raw).map_err(|error| Failure::new(error.to_string()))?;
    let auth = SenderAuth::trusting(&message, server);
    Ok(explain(&message, &auth, &ClientProfile::all(), &NotKnown, now).write(output)?)
}
