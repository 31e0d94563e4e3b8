//! `mailwright demo`: reports on samples that are built in.

use std::io::Write as _;

use clap::Args;
use mailwright_message_model::mbox;
use mailwright_threading::Options;
use mailwright_threading::view::{Folds, View};

use crate::conversations::Conversations;
use crate::dns::Source;
use crate::exit::{Exit, Failure};
use crate::input::{Item, Origin};
use crate::output::Output;
use crate::report::{Examiner, text};
use crate::authenticate::Receiver;
use crate::section::{Client, Settings, Verifying};
use crate::smime::Opening;

/// Show what `check` reports, on samples built into the program. Needs no file and no network.
#[derive(Args)]
pub(crate) struct Demo {
    /// Print the sample itself, to try other programs on.
    #[arg(long, value_name = "NAME")]
    print: Option<String>,
}

/// A message of ours, and what there is to see in it.
struct Sample {
    name: &'static str,
    text: &'static str,
    raw: &'static [u8],
    /// Whether its signature is verified, with the key in [`ZONE`].
    signed: bool,
}

/// The keys of the samples that are signed, and the time at which they are.
const ZONE: (&str, &[u8]) = ("signed.zone", include_bytes!("../../samples/signed.zone"));
const SIGNED_AT: u64 = 1_700_000_000;

/// What is signed and encrypted, with the certificate that its signer is judged by and the key that opens it; the time for
/// which certificates are judged.
const SEALED: [Sealed; 2] = [
    Sealed {
        name: "sealed.eml",
        text: "Signed by Alice, then encrypted for Bob. Opened with bob.pem and judged by root.pem, all of it is as she wrote it.",
        raw: include_bytes!("../../samples/sealed.eml"),
    },
    Sealed {
        name: "tampered.eml",
        text: "The same, opened by someone on the way, changed, and encrypted again: that opens, and the signature tells.",
        raw: include_bytes!("../../samples/tampered.eml"),
    },
];
const ROOT: (&str, &[u8]) = ("root.pem", include_bytes!("../../samples/root.pem"));
const BOB: (&str, &[u8]) = ("bob.pem", include_bytes!("../../samples/bob.pem"));
const SEALED_AT: u64 = 1_800_000_000;

/// A message of S/MIME, and what there is to see in it.
struct Sealed {
    name: &'static str,
    text: &'static str,
    raw: &'static [u8],
}

/// An AMP e-mail, what it is built of, and the server whose results it carries.
const RSVP: (&str, &[u8]) = ("rsvp.eml", include_bytes!("../../samples/rsvp.eml"));
const RSVP_OF: (&str, &[u8]) = ("rsvp.toml", include_bytes!("../../samples/rsvp.toml"));
const RSVP_SERVER: &str = "mx.example.org";
/// The day after it was sent.
const RSVP_AT: u64 = 1_795_600_000;

/// A mailbox, to show one conversation of.
const MAILBOX: (&str, &[u8]) = ("conversation.mbox", include_bytes!("../../samples/conversation.mbox"));

/// The message whose replies are folded away.
const FOLDED: u64 = 2;

/// To add one, put it in `samples` and here.
const SAMPLES: &[Sample] = &[
    Sample {
        name: "good.eml",
        text: "A plain, well-formed message with an attachment.",
        raw: include_bytes!("../../samples/good.eml"),
        signed: false,
    },
    Sample {
        name: "ambiguous.eml",
        text: "Made to be read twice: a gateway sees an invoice, a client may see the page hidden beside it.",
        raw: include_bytes!("../../samples/ambiguous.eml"),
        signed: false,
    },
    Sample {
        name: "forward.eml",
        text: "A forward within a forward: each message keeps its own tree.",
        raw: include_bytes!("../../samples/forward.eml"),
        signed: false,
    },
    Sample {
        name: "forged.eml",
        text: "The sender wrote the Authentication-Results himself, and shows another address than his own.",
        raw: include_bytes!("../../samples/forged.eml"),
        signed: false,
    },
    Sample {
        name: "signed.eml",
        text: "Signed by its sender. The key stands in signed.zone, as it would in DNS.",
        raw: include_bytes!("../../samples/signed.eml"),
        signed: true,
    },
    Sample {
        name: "changed.eml",
        text: "The same as a mailing list passes it on: the signature fails, and what the list did can be told.",
        raw: include_bytes!("../../samples/changed.eml"),
        signed: true,
    },
    Sample {
        name: RSVP.0,
        text: "An invitation with an answer form in AMP, built by `amp build` of the description rsvp.toml.",
        raw: RSVP.1,
        signed: false,
    },
];

impl Demo {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        if let Some(name) = &self.print {
            let sealed = SEALED.iter().map(|sample| (sample.name, sample.raw)).chain([ROOT, BOB]);
            let samples = SAMPLES.iter().map(|sample| (sample.name, sample.raw));
            let samples = samples.chain([ZONE, RSVP_OF]).chain(sealed).chain([MAILBOX]);
            let names: Vec<&str> = samples.clone().map(|(name, _)| name).collect();
            let sample = samples.clone().find(|(known, _)| known == name);
            let (_, raw) =
                sample.ok_or_else(|| Failure::new(format!("no such sample; there are {}", names.join(", "))))?;
            output.out.write_all(raw)?;
            return Ok(Exit::Fine);
        }
        for sample in SAMPLES {
            let (name, text) = ZONE;
            let source = sample.signed.then(|| Source::of_text(text, name.as_ref())).transpose()?;
            let verifying = source.map(|source| Verifying {
                source,
                receiver: Receiver { now: SIGNED_AT, ..Receiver::default() },
                client: Client::Unknown,
            });
            let mut examiner = Examiner::new(Settings { verifying, ..Settings::default() });
            let origin = Origin { path: Some(sample.name.into()), ..Origin::default() };
            let item = Item { raw: sample.raw, origin, read: 0 };
            text::rule(output, sample.text)?;
            if let Some(report) = examiner.see(&item, true)? {
                text::write(output, &report)?;
            }
        }
        sealed(output)?;
        conversation(output)?;
        text::rule(output, "Replies of servers: what they mean, and by which words.")?;
        super::bounce::demo(output)?;
        text::rule(output, "Which clients show the AMP part of rsvp.eml, and why the others do not.")?;
        super::amp::demo(output, RSVP.1, RSVP_SERVER, RSVP_AT)?;
        Ok(Exit::Fine)
    }
}

/// The samples of S/MIME, opened and judged.
fn sealed(output: &mut Output) -> Result<(), Failure> {
    for sample in SEALED {
        let smime = Opening::of(ROOT, BOB, SEALED_AT)?;
        let mut examiner = Examiner::new(Settings { smime, ..Settings::default() });
        let origin = Origin { path: Some(sample.name.into()), ..Origin::default() };
        text::rule(output, sample.text)?;
        if let Some(report) = examiner.see(&Item { raw: sample.raw, origin, read: 0 }, true)? {
            text::write(output, &report)?;
        }
    }
    Ok(())
}

/// The conversation in [`MAILBOX`], as `thread --snippets` shows it, with a part folded away.
fn conversation(output: &mut Output) -> Result<(), Failure> {
    let (name, mailbox) = MAILBOX;
    text::rule(
        output,
        "A conversation: replies below what they reply to, without what they quote; [+2] are folded away. \
         The last one lost its References, and is placed by its subject.",
    )?;
    let options = Options::default();
    let mut conversations = Conversations::new(options.ids);
    for message in mbox::split(mailbox) {
        let arrived = message.date_time().map(|date| date.to_unix());
        let origin = Origin { path: Some(name.into()), arrived, ..Origin::default() };
        conversations.add_with_snippet(&message.unquoted(), &origin);
    }
    let (forest, cards) = (conversations.forest(&options)?, conversations.harmless_cards());
    let folds: Folds = [FOLDED].into_iter().collect();
    let title = output.paint.title();
    writeln!(output.out, "{title}{name}{title:#}\n")?;
    write!(output.out, "{}", View::new(&forest, &cards, &folds).to_text(output.columns))?;
    Ok(())
}
