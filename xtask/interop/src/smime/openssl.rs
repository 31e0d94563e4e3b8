//! `openssl cms`.

use std::ffi::OsString;
use std::path::Path;

use mailwright_smime::{Cipher, Digest};

use super::case::{Form, Sealing, Signing, Way};
use super::folder::{Folder, PASSWORD, SHARED};
use super::peer::{Peer, run, timed, version};

pub(super) struct OpenSsl<'f> {
    name: String,
    folder: &'f Folder,
}

impl<'f> OpenSsl<'f> {
    pub(super) fn new(folder: &'f Folder) -> Result<Self, String> {
        Ok(Self { name: version("openssl", "version")?, folder })
    }

    /// `openssl cms` with these words, then these files behind their options.
    fn cms(&self, words: &str, files: &[(&str, &Path)]) -> Result<(), String> {
        let mut arguments: Vec<OsString> = vec!["cms".into()];
        arguments.extend(words.split_whitespace().map(OsString::from));
        for (option, path) in files {
            arguments.push((*option).into());
            arguments.push((*path).into());
        }
        run(&mut timed("openssl"), &arguments).map(|_| ())
    }

    /// What names the recipient, for sealing and for opening.
    fn recipient(&self, case: &Sealing, opening: bool) -> String {
        let hex: fn(&[u8]) -> String = |octets| octets.iter().map(|octet| format!("{octet:02x}")).collect();
        let file = |ending: &str| {
            let name = case.recipient.key.unwrap_or_default();
            self.folder.at(&format!("{name}.{ending}")).display().to_string()
        };
        match case.recipient.way {
            Way::Password => String::new(),
            Way::Shared => format!("-secretkey {} -secretkeyid {}", hex(SHARED.1), hex(SHARED.0)),
            _ if opening => format!("-recip {} -inkey {}", file("crt"), file("pem")),
            Way::Oaep => format!(
                "-recip {} -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256",
                file("crt")
            ),
            Way::Pkcs1 | Way::Ecdh => format!("-recip {}", file("crt")),
        }
    }

    /// The password has a blank in it.
    fn with_password(&self, case: &Sealing, words: &str, files: &[(&str, &Path)]) -> Result<(), String> {
        let mut files = files.to_vec();
        if case.recipient.way == Way::Password {
            files.push(("-pwri_password", Path::new(PASSWORD)));
        }
        self.cms(words, &files)
    }
}

const fn digest(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha384 => "-md sha384",
        Digest::Sha512 => "-md sha512",
        _ => "-md sha256",
    }
}

const fn cipher(cipher: Cipher) -> &'static str {
    match cipher {
        Cipher::Aes128Cbc => "-aes-128-cbc",
        Cipher::Aes192Cbc => "-aes-192-cbc",
        Cipher::Aes256Cbc => "-aes-256-cbc",
        Cipher::Aes128Gcm => "-aes-128-gcm",
        Cipher::Aes192Gcm => "-aes-192-gcm",
        Cipher::Aes256Gcm => "-aes-256-gcm",
        Cipher::TripleDesCbc => "-des-ede3-cbc",
        _ => "-rc2-cbc -provider legacy -provider default",
    }
}

impl Peer for OpenSsl<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn tag(&self) -> &'static str {
        "openssl"
    }

    fn sign(&mut self, case: &Signing, out: &Path) -> Result<(), String> {
        let mut words = format!("-sign -binary {}", digest(case.scheme.digest));
        words.push_str(match case.form {
            Form::Detached => " -outform DER",
            Form::Opaque => " -outform DER -nodetach",
            Form::Message => " -outform SMIME",
        });
        let key = |ending: &str| self.folder.at(&format!("{}.{ending}", case.scheme.key));
        let (certificate, key) = (key("crt"), key("pem"));
        let content = self.folder.content();
        let mut files =
            vec![("-signer", certificate.as_path()), ("-inkey", &key), ("-in", &content), ("-out", out)];
        if case.scheme.pss {
            // What is asked of a signer stands behind him.
            let options = ["rsa_padding_mode:pss", "rsa_pss_saltlen:digest"];
            files.extend(options.map(|option| ("-keyopt", Path::new(option))));
        }
        self.cms(&words, &files)
    }

    fn verify(&mut self, case: &Signing, file: &Path, content: &Path) -> Result<(), String> {
        let (authority, out) = (self.folder.at("ca.crt"), self.folder.at("out"));
        let mut files = vec![("-CAfile", authority.as_path()), ("-in", file), ("-out", &out)];
        if case.form == Form::Detached {
            files.push(("-content", content));
        }
        // Of a message the line ends are those of mail; of a file they are what they are.
        let form = if case.form == Form::Message { "-inform SMIME" } else { "-binary -inform DER" };
        self.cms(&format!("-verify {form}"), &files)
    }

    fn seal(&mut self, case: &Sealing, out: &Path) -> Result<(), String> {
        let words = format!(
            "-encrypt -binary -outform DER {} {}",
            cipher(case.cipher.cipher),
            self.recipient(case, false)
        );
        let content = self.folder.content();
        self.with_password(case, &words, &[("-in", &content), ("-out", out)])
    }

    fn open(&mut self, case: &Sealing, file: &Path) -> Result<Vec<u8>, String> {
        let legacy = if matches!(case.cipher.cipher, Cipher::Rc2Cbc(_)) {
            "-provider legacy -provider default"
        } else {
            ""
        };
        let words = format!("-decrypt -binary -inform DER {legacy} {}", self.recipient(case, true));
        let out = self.folder.place("opened")?;
        self.with_password(case, &words, &[("-in", file), ("-out", &out)])?;
        std::fs::read(&out).map_err(|error| error.to_string())
    }
}
