//! The area `threading`: against mail-threading, jwzthreading and `notmuch new`, and what hostile mailboxes cost.

mod corpora;
mod crate_peer;
mod hostile;
mod index;
mod maildir;
mod million;
mod parsed;
mod python_peer;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "threading",
    works: &[
        Work { name: "parsed", run: parsed::run },
        Work { name: "maildir", run: maildir::run },
        Work { name: "million", run: million::run },
        Work { name: "hostile", run: hostile::run },
        Work { name: "index", run: index::run },
    ],
};
