//! The area `smime`: messages verified, opened and sealed against OpenSSL in this process (crate `openssl`), whole files
//! against `openssl cms`, memory, and what the time of decryption tells.
//!
//! OpenSSL is the one that is installed, with its headers (Debian: `libssl-dev`, `pkg-config`). Both get the same keys,
//! messages and trust, and both read the structure anew each time; private keys are read once.

mod file;
mod key;
mod seal;
mod stream;
mod timing;
mod verify;

use crate::{Area, Work};

pub(crate) const AREA: Area = Area {
    name: "smime",
    works: &[
        // Before anything else has taken memory.
        Work { name: "stream-1g", run: stream::run },
        Work { name: "verify-10k", run: verify::small },
        Work { name: "verify-1m", run: verify::middle },
        Work { name: "verify-100m", run: verify::large },
        Work { name: "encrypt-100m", run: seal::encrypt },
        Work { name: "decrypt-cbc-100m", run: seal::cbc },
        Work { name: "decrypt-gcm-100m", run: seal::gcm },
        Work { name: "decrypt-10k", run: seal::small },
        Work { name: "decrypt-3des-1m", run: seal::triple_des },
        Work { name: "file-100m", run: file::run },
        Work { name: "timing", run: timing::run },
    ],
};
