//! The keys and the text, in a folder where everybody finds them; it is gone when this is.

use std::path::{Path, PathBuf};

use mailwright_message_model::transfer::base64;
use mailwright_smime::PrivateKey;
use mailwright_smime::pkcs12::{Pkcs12, Protection};
use mailwright_smime::{Random as _, SystemRandom};

/// What is signed and sealed: an entity with the line ends of mail.
pub(super) const CONTENT: &[u8] = b"Content-Type: text/plain\r\n\r\nLunch at one?\r\n";

/// What both sides know.
pub(super) const PASSWORD: &str = "between us";

/// The password of key files.
pub(super) const FILES: &str = "secret";

/// A key that both have, and its name.
pub(super) const SHARED: (&[u8], &[u8]) = (b"key-1", &[7; 32]);

pub(super) const CA: &[u8] = include_bytes!("../../../../crates/smime/tests/keys/ca.crt");

macro_rules! pairs {
    ($($name:literal),+) => {
        /// Names, keys and certificates.
        pub(super) const PAIRS: [(&str, &[u8], &[u8]); 6] = [$((
            $name,
            include_bytes!(concat!("../../../../crates/smime/tests/keys/", $name, ".key")),
            include_bytes!(concat!("../../../../crates/smime/tests/keys/", $name, ".crt")),
        )),+];
    };
}

pairs!("rsa", "p256", "p384", "p521", "ed25519", "x25519");

pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn new() -> Result<Self, String> {
        // The socket of an agent lies in it, whose path may have about 100 octets.
        let path = std::env::temp_dir().join(format!("mw-smime-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        let folder = Self { path };
        folder.fill()?;
        Ok(folder)
    }

    fn fill(&self) -> Result<(), String> {
        self.write("content", CONTENT)?;
        self.write("ca.crt", pem("CERTIFICATE", CA).as_bytes())?;
        for (name, der, certificate) in PAIRS {
            let key = PrivateKey::from_der(der).map_err(|error| error.to_string())?;
            self.write(&format!("{name}.pem"), pem("PRIVATE KEY", &key.to_pkcs8_der()).as_bytes())?;
            self.write(&format!("{name}.crt"), pem("CERTIFICATE", certificate).as_bytes())?;
            let mut file = Pkcs12::new();
            file.add(&key, &[certificate], Some(name));
            let mut random = SystemRandom::new();
            let mut fill = |octets: &mut [u8]| {
                // Files of a test that is over in a minute.
                let _ = random.fill(octets);
            };
            let der = file.to_der(FILES, &Protection::TripleDes { iterations: 2048 }, &mut fill);
            self.write(&format!("{name}.p12"), &der.map_err(|error| error.to_string())?)?;
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// A file of this name.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(super) fn content(&self) -> PathBuf {
        self.at("content")
    }

    pub(super) fn write(&self, name: &str, octets: &[u8]) -> Result<PathBuf, String> {
        let path = self.at(name);
        std::fs::write(&path, octets).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }

    /// A place where no file is.
    pub(super) fn place(&self, name: &str) -> Result<PathBuf, String> {
        let path = self.at(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.to_string()),
            _ => Ok(path),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(der).trim_end())
}
