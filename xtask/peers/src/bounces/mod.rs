//! The area `bounces`: against flufl.bounce, and against what reading the message alone costs.

mod flufl;
mod lines;
mod messages;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "bounces",
    works: &[
        // The first use of the rules can be timed once a process.
        Work { name: "load", run: lines::load },
        Work { name: "classify", run: lines::classify },
        Work { name: "parse", run: messages::run },
        Work { name: "memory", run: messages::memory },
    ],
};
