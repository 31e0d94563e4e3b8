//! `cmsutil` of NSS.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use mailwright_smime::{Cipher, Digest};

use super::case::{Form, Sealing, Signing, Way};
use super::folder::{FILES, Folder};
use super::peer::{Peer, run, timed};

pub(super) struct Nss<'f> {
    name: String,
    database: OsString,
    folder: &'f Folder,
}

impl<'f> Nss<'f> {
    pub(super) fn new(folder: &'f Folder) -> Result<Self, String> {
        // It says no version of its own.
        let package =
            Command::new("dpkg-query").args(["--show", "--showformat=${Version}", "libnss3-tools"]).output();
        let package = package.ok().filter(|output| output.status.success());
        let version = package.map(|output| format!(" {}", String::from_utf8_lossy(&output.stdout).trim()));
        let folder_of_database = folder.at("nss");
        std::fs::create_dir_all(&folder_of_database).map_err(|error| error.to_string())?;
        let mut database = OsString::from("sql:");
        database.push(&folder_of_database);
        let name = format!("NSS cmsutil{}", version.unwrap_or_default());
        let peer = Self { name, database, folder };
        run(&mut timed("cmsutil"), &["-H"]).err().filter(|why| why.contains("127")).map_or(Ok(()), Err)?;
        peer.tool("certutil", &["-N".into(), "--empty-password".into()])?;
        let authority = folder.at("ca.crt");
        let trust = ["-A", "-n", "ca", "-t", "CT,CT,CT", "-i"].map(OsString::from);
        peer.tool("certutil", &[&trust[..], &[authority.into()]].concat())?;
        for name in ["rsa", "p256", "p384", "p521"] {
            let file = folder.at(&format!("{name}.p12"));
            peer.tool("pk12util", &["-i".into(), file.into(), "-W".into(), FILES.into()])?;
        }
        Ok(peer)
    }

    fn tool(&self, program: &str, arguments: &[OsString]) -> Result<(), String> {
        let mut command = timed(program);
        command.arg("-d").arg(&self.database);
        run(&mut command, arguments).map(|_| ())
    }

    fn cmsutil(&self, words: &[&str], files: &[(&str, &Path)]) -> Result<(), String> {
        let mut arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
        for (option, path) in files {
            arguments.push((*option).into());
            arguments.push((*path).into());
        }
        self.tool("cmsutil", &arguments)
    }

    fn content(&self) -> PathBuf {
        self.folder.content()
    }
}

const fn digest(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha384 => "SHA384",
        Digest::Sha512 => "SHA512",
        _ => "SHA256",
    }
}

impl Peer for Nss<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn tag(&self) -> &'static str {
        "nss"
    }

    fn sign(&mut self, case: &Signing, out: &Path) -> Result<(), String> {
        if case.scheme.pss {
            return Err("no PSS".to_owned());
        }
        let mut words = vec!["-S", "-N", case.scheme.key, "-H", digest(case.scheme.digest)];
        match case.form {
            Form::Detached => words.push("-T"),
            Form::Opaque => {}
            Form::Message => return Err("no MIME".to_owned()),
        }
        self.cmsutil(&words, &[("-i", &self.content()), ("-o", out)])
    }

    fn verify(&mut self, case: &Signing, file: &Path, content: &Path) -> Result<(), String> {
        let mut files = vec![("-i", file)];
        match case.form {
            Form::Detached => files.push(("-c", content)),
            Form::Opaque => {}
            Form::Message => return Err("no MIME".to_owned()),
        }
        self.cmsutil(&["-D", "-n"], &files)
    }

    fn seal(&mut self, case: &Sealing, out: &Path) -> Result<(), String> {
        // It chooses the cipher by what it knows of the recipient, and without anything AES-128.
        if case.cipher.cipher != Cipher::Aes128Cbc {
            return Err("no choice of the cipher".to_owned());
        }
        let (Some(key), Way::Pkcs1 | Way::Ecdh) = (case.recipient.key, case.recipient.way) else {
            return Err("no such recipient".to_owned());
        };
        self.cmsutil(&["-E", "-r", &format!("{key}@example.org")], &[("-i", &self.content()), ("-o", out)])
    }

    fn open(&mut self, _: &Sealing, file: &Path) -> Result<Vec<u8>, String> {
        let out = self.folder.place("opened")?;
        self.cmsutil(&["-D"], &[("-i", file), ("-o", &out)])?;
        std::fs::read(&out).map_err(|error| error.to_string())
    }
}
