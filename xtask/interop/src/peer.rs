//! The other programs. Each is a script in `xtask/interop/scripts`: `SCRIPT FOLDER sign TAG` or `SCRIPT FOLDER verify DIR`. It
//! prints lines:
//!
//! - `missing WHY`: nothing can be done;
//! - `version NAME VERSION`;
//! - `lacks WHAT WHY`: what is left out (`ed25519`, `arc`, `arc-ed25519`: such files are not judged);
//! - `verify FILE pass` or `verify FILE fail WHY`: what it says of a file in DIR;
//! - `signed DIR/FILE`: it wrote that file; `unsigned DIR/FILE WHY`: it could not. DIR is `theirs/TAG` or `arc-theirs/TAG`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use super::cases::{Folder, Kind};
use super::known::{self, Fault};
use super::matrix::Matrix;

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The name of its folders.
    pub(crate) tag: &'static str,
    program: &'static str,
    script: &'static str,
}

pub(crate) const PEERS: [Peer; 3] = [
    Peer { name: "dkimpy", tag: "dkimpy", program: "python3", script: "dkimpy.py" },
    Peer { name: "Mail::DKIM", tag: "mail-dkim", program: "perl", script: "mail_dkim.pl" },
    Peer { name: "OpenDKIM", tag: "opendkim", program: "python3", script: "opendkim.py" },
];

/// What a peer printed.
pub(crate) struct Answers {
    pub(crate) peer: &'static Peer,
    version: String,
    pub(crate) lacks: Vec<String>,
    /// Whether it finds a file valid, and why not, by folder and file.
    verified: BTreeMap<String, (bool, String)>,
    signed: Vec<String>,
    unsigned: Vec<(String, String)>,
}

impl Peer {
    /// Has it sign.
    ///
    /// # Errors
    /// Why it is missing.
    pub(crate) fn sign(&'static self, folder: &Folder) -> Result<Answers, String> {
        let mut answers = Answers {
            peer: self,
            version: String::new(),
            lacks: Vec::new(),
            verified: BTreeMap::new(),
            signed: Vec::new(),
            unsigned: Vec::new(),
        };
        self.run(folder, ["sign", self.tag], &mut answers)?;
        Ok(answers)
    }

    fn run(&self, folder: &Folder, arguments: [&str; 2], answers: &mut Answers) -> Result<(), String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(self.script);
        let output = Command::new(self.program).arg(script).arg(&folder.path).args(arguments).output();
        let output = output.map_err(|error| format!("{}: {error}", self.program))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if let Some(why) = text.lines().find_map(|line| line.strip_prefix("missing ")) {
            return Err(why.to_owned());
        }
        let [_, place] = arguments;
        text.lines().for_each(|line| answers.read(line, place));
        if !output.status.success() {
            // What it has not said counts as wrong.
            let trace = String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned();
            answers.lacks.push(format!("the rest, since it ended with {}: {trace}", output.status));
        }
        Ok(())
    }
}

impl Answers {
    /// Has the peer verify all files of a folder.
    pub(crate) fn verify(&mut self, folder: &Folder, place: &str) -> Result<(), String> {
        self.peer.run(folder, ["verify", place], self)
    }

    fn read(&mut self, line: &str, place: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (name, more) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "version" => self.version = rest.to_owned(),
            "lacks" => {
                let what = format!("{name}: {more}");
                if !self.lacks.contains(&what) {
                    self.lacks.push(what);
                }
            }
            "verify" => {
                let (result, why) = more.split_once(' ').unwrap_or((more, ""));
                self.verified.insert(format!("{place}/{name}"), (result == "pass", why.to_owned()));
            }
            "signed" => self.signed.push(name.to_owned()),
            "unsigned" => self.unsigned.push((name.to_owned(), more.to_owned())),
            _ => self.lacks.push(format!("this line of its says nothing: {line}")),
        }
    }

    fn lacks(&self, what: &str) -> bool {
        self.lacks.iter().any(|line| line.starts_with(&format!("{what}:")))
    }

    pub(crate) fn does(&self, kind: Kind) -> bool {
        kind == Kind::Dkim || !self.lacks("arc")
    }

    /// Whether it can judge such a file.
    fn knows(&self, kind: Kind, file: &str) -> bool {
        let ed25519 = file.contains(".ed25519.");
        let lacks_ed25519 = self.lacks("ed25519") || kind == Kind::Arc && self.lacks("arc-ed25519");
        self.does(kind) && !(ed25519 && lacks_ed25519)
    }

    /// Whether it judges our signatures rightly.
    pub(crate) fn of_ours(&self, kind: Kind, all: &[Self], folder: &Folder) -> Matrix {
        let mut matrix = Matrix::new(format!("{} verifies ours", self.version), kind);
        for file in folder.ours(kind).into_iter().filter(|file| self.knows(kind, file)) {
            let valid = !file.contains(".broken");
            let path = format!("{}/{file}", kind.ours());
            let why = match self.verified.get(&path) {
                Some((pass, _)) if *pass == valid => {
                    matrix.right(&file, valid);
                    continue;
                }
                Some((true, _)) => "accepted though it was changed".to_owned(),
                Some((false, why)) => format!("refused: {why}"),
                None => "no answer".to_owned(),
            };
            let fault = known::fault(self.peer.name, &file);
            matrix.wrong(&file, &why, self.confirmed(fault, all, &path, valid));
        }
        matrix
    }

    /// Whether we judge its signatures rightly.
    pub(crate) fn of_theirs(&self, kind: Kind, all: &[Self], folder: &Folder) -> Result<Matrix, String> {
        let mut matrix = Matrix::new("  ours verifies its".to_owned(), kind);
        let prefix = format!("{}/{}/", kind.theirs(), self.peer.tag);
        for path in &self.signed {
            let Some(file) = path.strip_prefix(&prefix) else { continue };
            match folder.judge_theirs(kind, path)? {
                Ok(()) => matrix.right(file, true),
                Err(why) => {
                    let fault = known::unsound(self.peer.name, file);
                    matrix.wrong(file, &why, self.confirmed(fault, all, path, false));
                }
            }
        }
        for (path, why) in &self.unsigned {
            // Nobody judged anything here.
            let Some(file) = path.strip_prefix(&prefix) else { continue };
            let fault = known::unsound(self.peer.name, file).map(|fault| fault.why);
            matrix.wrong(file, &format!("it does not sign: {why}"), fault);
        }
        Ok(matrix)
    }

    /// The fault, where all others that judged the file, of which there must be one, say that it is `valid`.
    fn confirmed(&self, fault: Option<Fault>, all: &[Self], path: &str, valid: bool) -> Option<&'static str> {
        let fault = fault?;
        if fault.refuses_itself && self.verified.get(path).is_none_or(|(pass, _)| *pass) {
            return None;
        }
        let others = all.iter().filter(|other| other.peer.name != self.peer.name);
        let mut others = others.filter_map(|other| other.verified.get(path)).peekable();
        others.peek()?;
        others.all(|(pass, _)| *pass == valid).then_some(fault.why)
    }
}
