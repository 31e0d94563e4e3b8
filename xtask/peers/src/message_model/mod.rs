//! The area `message-model`: mail-parser, of which 1.0.1 is the fastest known and 0.11.9 the one that ours stands on.

mod decode;
mod header;
pub(crate) mod hostile;
mod mbox;
mod trees;
mod views;

use crate::{Area, Work, data};

pub(crate) const AREA: Area = Area {
    name: "message-model",
    works: &[
        Work { name: "mbox", run: mbox::run },
        Work { name: "parse-decode", run: decode::run },
        Work { name: "header", run: header::run },
        Work { name: "trees", run: trees::run },
        Work { name: "hostile", run: hostile::run },
    ],
};

/// The peers' names in the report.
const PEER_1: &str = "mail-parser 1.0.1";
const PEER_0: &str = "mail-parser 0.11.9";

/// The messages of the conformance suite.
fn messages() -> Result<Vec<Vec<u8>>, String> {
    data::files(&data::folder("message-model")?.join("messages"))
}

/// Turns each entrant gets; a turn is all messages once.
const ROUNDS: usize = 400;
