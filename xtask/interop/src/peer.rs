//! The other programs. Each is a script in `xtask/interop/scripts` that takes the folder and prints lines:
//!
//! - `missing WHY`: nothing can be done;
//! - `version NAME VERSION`;
//! - `lacks WHAT WHY`: what is left out (`ed25519`: our signatures of that algorithm are not judged);
//! - `verify FILE pass` or `verify FILE fail WHY`: what it says of a file in `ours`;
//! - `signed FILE`: it wrote that file in `theirs`; `unsigned FILE WHY`: it could not.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::cases::Folder;
use super::known;
use super::matrix::Matrix;

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    program: &'static str,
    script: &'static str,
}

pub(crate) const PEERS: [Peer; 3] = [
    Peer { name: "dkimpy", program: "python3", script: "dkimpy.py" },
    Peer { name: "Mail::DKIM", program: "perl", script: "mail_dkim.pl" },
    Peer { name: "OpenDKIM", program: "python3", script: "opendkim.py" },
];

/// What a peer printed.
#[derive(Default)]
pub(crate) struct Answers {
    version: String,
    pub(crate) lacks: Vec<String>,
    /// Whether it finds a file valid, and why not.
    verified: BTreeMap<String, (bool, String)>,
    signed: Vec<String>,
    unsigned: Vec<(String, String)>,
}

impl Peer {
    /// # Errors
    /// Why it is missing.
    pub(crate) fn ask(&self, folder: &Folder) -> Result<Answers, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(self.script);
        let output = Command::new(self.program).arg(script).arg(&folder.path).output();
        let output = output.map_err(|error| format!("{}: {error}", self.program))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if let Some(why) = text.lines().find_map(|line| line.strip_prefix("missing ")) {
            return Err(why.to_owned());
        }
        let mut answers = Answers::default();
        for line in text.lines() {
            answers.read(line);
        }
        if !output.status.success() {
            // What it has not said counts as wrong.
            let trace = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
            answers.lacks.push(format!("the rest, since it ended with {}: {trace}", output.status));
        }
        Ok(answers)
    }
}

impl Answers {
    fn read(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (name, more) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "version" => self.version = rest.to_owned(),
            "lacks" => self.lacks.push(format!("{name}: {more}")),
            "verify" => {
                let (result, why) = more.split_once(' ').unwrap_or((more, ""));
                self.verified.insert(name.to_owned(), (result == "pass", why.to_owned()));
            }
            "signed" => self.signed.push(name.to_owned()),
            "unsigned" => self.unsigned.push((name.to_owned(), more.to_owned())),
            _ => self.lacks.push(format!("this line of its says nothing: {line}")),
        }
    }

    fn knows(&self, file: &str) -> bool {
        !file.contains("ed25519") || !self.lacks.iter().any(|what| what.starts_with("ed25519:"))
    }

    /// Whether it judges our signatures rightly.
    pub(crate) fn of_ours(&self, peer: &str, folder: &Folder) -> Matrix {
        let mut matrix = Matrix::new(format!("{} verifies ours", self.version));
        for file in folder.ours().into_iter().filter(|file| self.knows(file)) {
            let valid = !file.ends_with(".broken");
            let why = match self.verified.get(&file) {
                Some((pass, _)) if *pass == valid => {
                    matrix.right(&file);
                    continue;
                }
                Some((true, _)) => "accepted with another From".to_owned(),
                Some((false, why)) => format!("refused: {why}"),
                None => "no answer".to_owned(),
            };
            matrix.wrong(&file, &why, known::fault(peer, &file));
        }
        matrix
    }

    /// Whether we judge its signatures rightly.
    pub(crate) fn of_theirs(&self, peer: &str, folder: &Folder) -> Result<Matrix, String> {
        let mut matrix = Matrix::new("  ours verifies its".to_owned());
        for file in &self.signed {
            match folder.judge_theirs(file)? {
                Ok(()) => matrix.right(file),
                Err(why) => matrix.wrong(file, &why, known::unsound(peer, file)),
            }
        }
        for (file, why) in &self.unsigned {
            matrix.wrong(file, &format!("it does not sign: {why}"), known::unsound(peer, file));
        }
        Ok(matrix)
    }
}
