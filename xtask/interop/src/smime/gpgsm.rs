//! `gpgsm` of GnuPG, with a home of its own and an agent that ends with it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use mailwright_smime::{Cipher, Digest};

use super::case::{Form, Sealing, Signing, Way};
use super::folder::{CA, FILES, Folder};
use super::peer::{Peer, run_with, timed, version};

pub(super) struct Gpgsm<'f> {
    name: String,
    home: PathBuf,
    folder: &'f Folder,
}

impl<'f> Gpgsm<'f> {
    pub(super) fn new(folder: &'f Folder) -> Result<Self, String> {
        let name = version("gpgsm", "--version")?;
        let home = folder.at("gnupg");
        let made = std::fs::create_dir_all(&home);
        made.map_err(|error| error.to_string())?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(&home, mode).map_err(|error| error.to_string())?;
        }
        // RFC 5652 says nothing on trust: the list names the authority by its SHA-1.
        let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, CA);
        let hash: String = hash.as_ref().iter().map(|octet| format!("{octet:02X}")).collect();
        folder.write("gnupg/trustlist.txt", format!("{hash} S relax\n").as_bytes())?;
        folder.write("password", format!("{FILES}\n").as_bytes())?;
        folder.write("gnupg/gpg-agent.conf", b"allow-loopback-pinentry\n")?;
        let peer = Self { name, home, folder };
        for name in ["ca", "rsa", "p256", "p384", "p521", "ed25519", "x25519"] {
            peer.gpgsm(&["--import".into(), folder.at(&format!("{name}.crt")).into()])?;
        }
        // The only private key that this version reads: of a file with a key on a curve it dies.
        peer.gpgsm(&["--import".into(), folder.at("rsa.p12").into()])?;
        Ok(peer)
    }

    fn command(&self) -> Command {
        let mut command = timed("gpgsm");
        command.env("GNUPGHOME", &self.home).args([
            "--batch",
            "--yes",
            "--disable-crl-checks",
            "--disable-policy-checks",
            "--disable-dirmngr",
            "--pinentry-mode",
            "loopback",
            "--passphrase-fd",
            "0",
        ]);
        command
    }

    fn gpgsm(&self, arguments: &[OsString]) -> Result<(), String> {
        let password = std::fs::File::open(self.folder.at("password")).map_err(|error| error.to_string())?;
        run_with(&mut self.command(), arguments, password.into()).map(|_| ())
    }
}

impl Drop for Gpgsm<'_> {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").env("GNUPGHOME", &self.home).args(["--kill", "gpg-agent"]).output();
    }
}

const fn digest(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha384 => "SHA384",
        Digest::Sha512 => "SHA512",
        _ => "SHA256",
    }
}

impl Peer for Gpgsm<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn tag(&self) -> &'static str {
        "gpgsm"
    }

    fn sign(&mut self, case: &Signing, out: &Path) -> Result<(), String> {
        let way = match case.form {
            _ if case.scheme.pss => return Err("no PSS".to_owned()),
            Form::Detached => "--detach-sign",
            Form::Opaque => "--sign",
            Form::Message => return Err("no MIME".to_owned()),
        };
        let user = format!("<{}@example.org>", case.scheme.key);
        self.gpgsm(&[
            "--digest-algo".into(),
            digest(case.scheme.digest).into(),
            "--local-user".into(),
            user.into(),
            "--output".into(),
            out.into(),
            way.into(),
            self.folder.content().into(),
        ])
    }

    fn verify(&mut self, case: &Signing, file: &Path, content: &Path) -> Result<(), String> {
        let mut arguments: Vec<OsString> = vec!["--verify".into(), file.into()];
        match case.form {
            Form::Detached => arguments.push(content.into()),
            Form::Opaque => {}
            Form::Message => return Err("no MIME".to_owned()),
        }
        self.gpgsm(&arguments)
    }

    fn seal(&mut self, case: &Sealing, out: &Path) -> Result<(), String> {
        let cipher = match case.cipher.cipher {
            Cipher::Aes128Cbc => "AES",
            Cipher::Aes192Cbc => "AES192",
            Cipher::Aes256Cbc => "AES256",
            Cipher::TripleDesCbc => "3DES",
            _ => return Err("no such cipher".to_owned()),
        };
        let (Some(key), Way::Pkcs1 | Way::Ecdh) = (case.recipient.key, case.recipient.way) else {
            return Err("no such recipient".to_owned());
        };
        self.gpgsm(&[
            "--cipher-algo".into(),
            cipher.into(),
            "--recipient".into(),
            format!("<{key}@example.org>").into(),
            "--output".into(),
            out.into(),
            "--encrypt".into(),
            self.folder.content().into(),
        ])
    }

    fn open(&mut self, _: &Sealing, file: &Path) -> Result<Vec<u8>, String> {
        let out = self.folder.place("opened")?;
        self.gpgsm(&["--output".into(), out.as_path().into(), "--decrypt".into(), file.into()])?;
        std::fs::read(&out).map_err(|error| error.to_string())
    }
}
