//! Bouncy Castle, by `scripts/BouncyCastle.java`: one virtual machine that is asked line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use mailwright_smime::Digest;

use super::case::{Form, Sealing, Signing, Way};
use super::folder::Folder;
use super::peer::Peer;

/// Where Debian puts the archives.
const ARCHIVES: [&str; 4] = ["bcprov", "bcpkix", "bcutil", "bcmail"];
const ARCHIVE_FOLDER: &str = "/usr/share/java";

pub(super) struct BouncyCastle<'f> {
    name: String,
    folder: &'f Folder,
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl<'f> BouncyCastle<'f> {
    pub(super) fn new(folder: &'f Folder) -> Result<Self, String> {
        let archives = ARCHIVES.map(|name| Path::new(ARCHIVE_FOLDER).join(format!("{name}.jar")));
        if let Some(missing) = archives.iter().find(|path| !path.is_file()) {
            return Err(format!("Bouncy Castle: no {}", missing.display()));
        }
        let archives = archives.map(|path| path.display().to_string()).join(":");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/BouncyCastle.java");
        let mut command = Command::new("java");
        command.args(["-cp", &archives]).arg(script).arg(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("Bouncy Castle: java: {error}"))?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("Bouncy Castle: no pipes".to_owned());
        };
        let mut peer = Self { name: String::new(), folder, child, stdin, stdout: BufReader::new(stdout) };
        peer.name = peer.line()?;
        Ok(peer)
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        let read = self.stdout.read_line(&mut line).map_err(|error| error.to_string())?;
        if read == 0 { Err("Bouncy Castle: it ended".to_owned()) } else { Ok(line.trim_end().to_owned()) }
    }

    fn ask(&mut self, words: &str, files: &[&Path]) -> Result<(), String> {
        let mut line = words.to_owned();
        for path in files {
            line.push(' ');
            line.push_str(&path.display().to_string());
        }
        writeln!(self.stdin, "{line}")
            .and_then(|()| self.stdin.flush())
            .map_err(|error| error.to_string())?;
        match self.line()?.as_str() {
            "ok" => Ok(()),
            answer => Err(answer.strip_prefix("no ").unwrap_or(answer).to_owned()),
        }
    }
}

impl Drop for BouncyCastle<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const fn digest(digest: Digest) -> &'static str {
    match digest {
        Digest::Sha384 => "SHA384",
        Digest::Sha512 => "SHA512",
        _ => "SHA256",
    }
}

impl Peer for BouncyCastle<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn tag(&self) -> &'static str {
        "bouncy-castle"
    }

    fn sign(&mut self, case: &Signing, out: &Path) -> Result<(), String> {
        let form = match case.form {
            Form::Detached => "detached",
            Form::Opaque => "opaque",
            Form::Message => return Err("no MIME".to_owned()),
        };
        let padding = if case.scheme.pss { "pss" } else { "plain" };
        let words = format!("sign {} {} {padding} {form}", case.scheme.key, digest(case.scheme.digest));
        let content = self.folder.content();
        self.ask(&words, &[&content, out])
    }

    fn verify(&mut self, case: &Signing, file: &Path, content: &Path) -> Result<(), String> {
        match case.form {
            Form::Detached => self.ask("verify", &[file, content]),
            Form::Opaque => self.ask("verify", &[file, Path::new("-")]),
            Form::Message => Err("no MIME".to_owned()),
        }
    }

    fn seal(&mut self, case: &Sealing, out: &Path) -> Result<(), String> {
        let way = match case.recipient.way {
            Way::Pkcs1 => "pkcs1",
            Way::Oaep => "oaep",
            Way::Ecdh => "ecdh",
            Way::Password => "password",
            Way::Shared => "shared",
        };
        let name = case.recipient.key.unwrap_or("password");
        let content = self.folder.content();
        self.ask(&format!("encrypt {name} {way} {}", case.cipher.name), &[&content, out])
    }

    fn open(&mut self, case: &Sealing, file: &Path) -> Result<Vec<u8>, String> {
        let out = self.folder.place("opened")?;
        let name = match case.recipient.way {
            Way::Shared => "shared",
            _ => case.recipient.key.unwrap_or("password"),
        };
        self.ask(&format!("decrypt {name}"), &[file, &out])?;
        std::fs::read(&out).map_err(|error| error.to_string())
    }
}
