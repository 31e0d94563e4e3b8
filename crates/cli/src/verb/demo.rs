//! `mailwright demo`: reports on samples that are built in.

use std::io::Write as _;

use clap::Args;

use crate::dns::Source;
use crate::exit::{Exit, Failure};
use crate::input::{Item, Origin};
use crate::output::Output;
use crate::report::{Examiner, text};
use crate::section::{Settings, Verifying};

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
];

impl Demo {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        if let Some(name) = &self.print {
            let samples = SAMPLES.iter().map(|sample| (sample.name, sample.raw)).chain([ZONE]);
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
            let verifying = source.map(|source| Verifying { source, now: SIGNED_AT });
            let mut examiner = Examiner::new(Settings { verifying, ..Settings::default() });
            let origin = Origin { path: Some(sample.name.into()), ..Origin::default() };
            let item = Item { raw: sample.raw, origin, read: 0 };
            text::rule(output, sample.text)?;
            if let Some(report) = examiner.see(&item, true)? {
                text::write(output, &report)?;
            }
        }
        Ok(Exit::Fine)
    }
}
