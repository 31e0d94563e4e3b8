//! What S/MIME needs beside the message: keys, certificates, revocation lists and responses, from files that the user names.

mod given;
mod keys;
mod large;
mod objects;
mod password;
mod time;
mod trust;

pub(crate) use given::{Given, Opening};
pub(crate) use keys::{identities, keys};
pub(crate) use large::{Large, Taken, Unwrapped, take};
pub(crate) use objects::{Objects, Wanted};
pub(crate) use password::PasswordFrom;
pub(crate) use time::At;
pub(crate) use trust::{Checked, Trust};
