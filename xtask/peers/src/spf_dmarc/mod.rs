//! The area `spf-dmarc`: SPF against viaspf, mailrs-spf and mail-auth, aggregate reports against mail-auth.

pub(crate) mod auth;
mod mailrs;
mod ours;
mod report;
pub(crate) mod spf;
mod suite;
mod viaspf;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "spf-dmarc",
    works: &[
        Work { name: "spf-parse", run: spf::parse },
        Work { name: "spf-cached", run: spf::cached },
        Work { name: "aggregate-1m", run: report::aggregate },
        Work { name: "gzip-10g", run: report::bomb },
    ],
};
