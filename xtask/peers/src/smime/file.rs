//! Whole files: the program against `openssl cms`, a process each.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::key::{CERTIFICATES, RSA_KEY, said, text};
use super::seal::compare;
use crate::cli;
use crate::contest::Entrant;

const OCTETS: usize = 100_000_000;

/// Files for one comparison, which are gone afterwards.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("mailwright-bench-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let folder = Self(path);
        let pem = |label: &str, der: &[u8]| {
            let text = openssl::base64::encode_block(der);
            let lines = text.as_bytes().chunks(64).flat_map(|line| [line, b"\n"]).flatten().copied();
            let lines: Vec<u8> = lines.collect();
            [
                format!("-----BEGIN {label}-----\n").as_bytes(),
                &lines,
                format!("-----END {label}-----\n").as_bytes(),
            ]
            .concat()
        };
        std::fs::write(folder.file("ca.pem"), pem("CERTIFICATE", &CERTIFICATES.authority)).map_err(said)?;
        std::fs::write(folder.file("rsa.pem"), pem("CERTIFICATE", &CERTIFICATES.rsa)).map_err(said)?;
        std::fs::write(folder.file("rsa.key"), pem("PRIVATE KEY", RSA_KEY)).map_err(said)?;
        Ok(folder)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// An entity of text of about so many octets.
    pub(super) fn entity(&self, octets: usize) -> Result<PathBuf, String> {
        let path = self.file("entity");
        let mut file = BufWriter::new(File::create(&path).map_err(said)?);
        file.write_all(b"Content-Type: text/plain\r\n\r\n").map_err(said)?;
        let lines = text(1 << 20);
        for _ in 0..octets / lines.len() {
            file.write_all(&lines).map_err(said)?;
        }
        file.flush().map_err(said)?;
        Ok(path)
    }

    /// Signed by `openssl cms`, which streams here.
    pub(super) fn signed(&self, entity: &Path) -> Result<PathBuf, String> {
        let signed = self.file("signed.eml");
        let (signer, key) = (self.file("rsa.pem"), self.file("rsa.key"));
        let mut command = Command::new("openssl");
        command
            .args(["cms", "-sign", "-binary", "-stream", "-from", "rsa@example.org", "-signer"])
            .arg(signer);
        command.arg("-inkey").arg(key).arg("-in").arg(entity).arg("-out").arg(&signed);
        openssl(&mut command)?;
        Ok(signed)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the folder for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs the program `openssl`.
pub(super) fn openssl(command: &mut Command) -> Result<(), String> {
    if succeeds(command) { Ok(()) } else { Err("not measured: the program openssl does not run here".into()) }
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

pub(super) fn run() -> Result<(), String> {
    let binary = cli::build()?;
    let folder = Folder::new("file")?;
    let signed = folder.signed(&folder.entity(OCTETS)?)?;
    let ca = folder.file("ca.pem");
    let ours = || {
        let mut command = Command::new(&binary);
        command.args(["smime", "verify"]).arg(&signed).arg("--trust").arg(&ca);
        usize::from(succeeds(&mut command))
    };
    let theirs = || {
        let mut command = Command::new("openssl");
        command
            .args(["cms", "-verify", "-in"])
            .arg(&signed)
            .arg("-CAfile")
            .arg(&ca)
            .args(["-out", "/dev/null"]);
        usize::from(succeeds(&mut command))
    };
    let entrants =
        [Entrant::new("mailwright smime verify", ours), Entrant::new("openssl cms -verify", theirs)];
    compare("smime/file-100m", entrants, (OCTETS, (3, 1)), Some(10.0))
}
