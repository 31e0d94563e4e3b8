//! The area `antispam`: how well and how fast spam is told from ham, beside SpamAssassin's Bayes and bogofilter where they are
//! installed. Peers are programs of their own.

mod bayes;
mod corpus;
mod speed;
mod trec;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "antispam",
    works: &[
        Work { name: "trec", run: trec::ours },
        Work { name: "speed", run: speed::run },
        Work { name: "memory", run: speed::memory },
        // Two programs started a message, or tens of milliseconds: minutes each.
        Work { name: "trec-spamassassin", run: trec::spamassassin },
        Work { name: "trec-bogofilter", run: trec::bogofilter },
    ],
};
