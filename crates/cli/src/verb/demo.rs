//! `mailwright demo`: reports on samples that are built in.

use std::io::Write as _;

use clap::Args;

use crate::exit::{Exit, Failure};
use crate::input::{Item, Origin};
use crate::output::Output;
use crate::report::{Examiner, text};
use crate::section::Settings;

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
}

/// To add one, put it in `samples` and here.
const SAMPLES: &[Sample] = &[
    Sample {
        name: "good.eml",
        text: "A plain, well-formed message with an attachment.",
        raw: include_bytes!("../../samples/good.eml"),
    },
    Sample {
        name: "ambiguous.eml",
        text: "Made to be read twice: a gateway sees an invoice, a client may see the page hidden beside it.",
        raw: include_bytes!("../../samples/ambiguous.eml"),
    },
    Sample {
        name: "forward.eml",
        text: "A forward within a forward: each message keeps its own tree.",
        raw: include_bytes!("../../samples/forward.eml"),
    },
    Sample {
        name: "forged.eml",
        text: "The sender wrote the Authentication-Results himself, and shows another address than his own.",
        raw: include_bytes!("../../samples/forged.eml"),
    },
];

impl Demo {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        if let Some(name) = &self.print {
            let names: Vec<&str> = SAMPLES.iter().map(|sample| sample.name).collect();
            let sample = SAMPLES.iter().find(|sample| sample.name == name);
            let sample =
                sample.ok_or_else(|| Failure::new(format!("no such sample; there are {}", names.join(", "))))?;
            output.out.write_all(sample.raw)?;
            return Ok(Exit::Fine);
        }
        let mut examiner = Examiner::new(Settings::default());
        for sample in SAMPLES {
            let origin = Origin { path: Some(sample.name.into()), ..Origin::default() };
            let item = Item { raw: sample.raw, origin, read: 0 };
            writeln!(output.out, "── {}", sample.text)?;
            if let Some(report) = examiner.see(&item, true)? {
                text::write(output, &report)?;
            }
        }
        Ok(Exit::Fine)
    }
}
