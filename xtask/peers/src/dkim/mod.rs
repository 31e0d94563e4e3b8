//! The area `dkim`: verifying against mail-auth, mailrs-dkim, viadkim and the SHA-256 of ring, and limits of our own.
//!
//! Everybody gets the same keys and messages; mail-auth and mailrs-dkim have the keys parsed in a cache, we and viadkim parse
//! the record each time. viadkim (GPL, pure-Rust cryptography) is a program of its own.

mod auth;
mod limits;
mod mail;
mod mailrs;
mod stream;
mod verify;
mod viadkim;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "dkim",
    works: &[
        Work { name: "stream-1g", run: stream::run },
        Work { name: "rsa-5k", run: verify::rsa },
        Work { name: "ed25519-5k", run: verify::ed25519 },
        Work { name: "text-5m", run: verify::text },
        Work { name: "base64-5m", run: verify::base64 },
        Work { name: "two-signatures", run: verify::two_signatures },
        Work { name: "many-signatures", run: limits::signatures },
        Work { name: "long-header", run: limits::header },
    ],
};
