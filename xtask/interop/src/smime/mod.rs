//! Our CMS structures and S/MIME messages with other programs, and theirs with us: `interop smime`.
//!
//! For each program two tables, of signatures and of encryption, each cell in both directions. A cell is right where what is
//! valid is taken and what was changed is refused. Marks: `ok`; `-` one of both does not know it, for a reason that stands below;
//! `neither`; `WRONG`, for which the exit status is 1.

mod bouncy_castle;
mod case;
mod folder;
mod gpgsm;
mod known;
mod nss;
mod openssl;
mod ours;
mod peer;

use std::collections::BTreeMap;

use case::{CIPHERS, Case, Direction, FORMS, RECIPIENTS, SCHEMES, Sealing, Signing};
use folder::Folder;
use known::{Known, known};
use peer::{Peer, Peers};

/// Whether no cell is wrong.
///
/// With `alone`, of the program whose tag that is.
pub(crate) fn run(alone: Option<&str>) -> Result<bool, String> {
    let folder = Folder::new()?;
    let mut right = true;
    let mut any = false;
    for found in Peers::all(&folder) {
        match found {
            Ok(peer) if alone.is_some_and(|tag| tag != peer.tag()) => {}
            Ok(mut peer) => {
                any = true;
                right &= Table::new(peer.as_mut(), &folder).print()?;
            }
            Err(missing) => println!("missing: {missing}\n"),
        }
    }
    println!(
        "ok: right both on what is valid and on what was changed; -: one of both does not know it; neither: nobody does"
    );
    if any { Ok(right) } else { Err("no other program is installed".to_owned()) }
}

/// One program under way.
struct Table<'t> {
    peer: &'t mut dyn Peer,
    folder: &'t Folder,
    /// Reasons of cells that are not right, with the cells.
    reasons: BTreeMap<&'static str, Vec<String>>,
    wrong: Vec<String>,
    cells: usize,
}

impl<'t> Table<'t> {
    fn new(peer: &'t mut dyn Peer, folder: &'t Folder) -> Self {
        Self { peer, folder, reasons: BTreeMap::new(), wrong: Vec::new(), cells: 0 }
    }

    fn print(mut self) -> Result<bool, String> {
        println!("{}", self.peer.name());
        self.row("  signatures", SCHEMES.iter().map(|scheme| scheme.name.to_owned()));
        for form in FORMS {
            for direction in Direction::BOTH {
                let cells = SCHEMES.map(|scheme| self.signature(&Signing { scheme, form }, direction));
                self.row(&format!("  {} {}", form.name(), direction.name()), cells.into_iter());
            }
        }
        self.row("  encryption", CIPHERS.iter().map(|cipher| cipher.name.to_owned()));
        for recipient in RECIPIENTS {
            for direction in Direction::BOTH {
                let cells = CIPHERS.map(|cipher| self.seal(&Sealing { recipient, cipher }, direction));
                self.row(&format!("  {} {}", recipient.name, direction.name()), cells.into_iter());
            }
        }
        println!("  {} cells right", self.cells);
        for (why, cells) in &self.reasons {
            println!("  {why}: {}", shortened(cells));
        }
        for wrong in &self.wrong {
            println!("  WRONG: {wrong}");
        }
        println!();
        Ok(self.wrong.is_empty())
    }

    fn row(&self, head: &str, cells: impl Iterator<Item = String>) {
        let cells: String = cells.map(|cell| format!("{cell:>12}")).collect();
        println!("{head:34}{cells}");
    }

    fn signature(&mut self, case: &Signing, direction: Direction) -> String {
        let judged = match direction {
            Direction::OursThere => self.our_signature(case),
            Direction::TheirsHere => self.their_signature(case),
        };
        self.cell(case, direction, judged)
    }

    fn seal(&mut self, case: &Sealing, direction: Direction) -> String {
        let judged = match direction {
            Direction::OursThere => self.our_seal(case),
            Direction::TheirsHere => self.their_seal(case),
        };
        self.cell(case, direction, judged)
    }

    fn our_signature(&mut self, case: &Signing) -> Result<(), String> {
        let made = ours::sign(case)?;
        let file = self.folder.write("made", &made)?;
        let content = self.folder.content();
        self.peer.verify(case, &file, &content).map_err(|why| format!("refused: {why}"))?;
        let (changed, other) = ours::changed(case, &made);
        let file = self.folder.write("changed", &changed)?;
        let content = self.folder.write("other", &other)?;
        match self.peer.verify(case, &file, &content) {
            Ok(()) => Err("taken though it was changed".to_owned()),
            Err(_) => Ok(()),
        }
    }

    fn their_signature(&mut self, case: &Signing) -> Result<(), String> {
        let file = self.folder.place("theirs")?;
        self.peer.sign(case, &file).map_err(|why| format!("it does not sign: {why}"))?;
        let made = std::fs::read(&file).map_err(|error| error.to_string())?;
        ours::verify(case, &made, folder::CONTENT).map_err(|why| format!("we refuse: {why}"))?;
        let (changed, other) = ours::changed(case, &made);
        match ours::verify(case, &changed, &other) {
            Ok(()) => Err("we take what was changed".to_owned()),
            Err(_) => Ok(()),
        }
    }

    fn our_seal(&mut self, case: &Sealing) -> Result<(), String> {
        let made = ours::seal(case)?;
        let file = self.folder.write("made", &made)?;
        let opened = self.peer.open(case, &file).map_err(|why| format!("not opened: {why}"))?;
        same(&opened)?;
        if case.cipher.is_authenticated() {
            let file = self.folder.write("changed", &ours::flipped(&made))?;
            if self.peer.open(case, &file).is_ok() {
                return Err("opened though it was changed".to_owned());
            }
        }
        Ok(())
    }

    fn their_seal(&mut self, case: &Sealing) -> Result<(), String> {
        let file = self.folder.place("theirs")?;
        self.peer.seal(case, &file).map_err(|why| format!("it does not encrypt: {why}"))?;
        let made = std::fs::read(&file).map_err(|error| error.to_string())?;
        same(&ours::open_sealed(&made).map_err(|why| format!("we do not open it: {why}"))?)?;
        if case.cipher.is_authenticated() && ours::open_sealed(&ours::flipped(&made)).is_ok() {
            return Err("we open what was changed".to_owned());
        }
        Ok(())
    }

    /// The mark of a cell.
    fn cell(&mut self, case: &dyn Case, direction: Direction, judged: Result<(), String>) -> String {
        let place = || format!("{} {}", case.name(), direction.name());
        let known = known(self.peer.tag(), case, direction);
        let mark = match (judged, known) {
            (Ok(()), known) => {
                self.cells += 1;
                if let Some(known) = known {
                    println!("  right, though known.rs says otherwise ({}): {}", known.why(), place());
                }
                "ok"
            }
            (Err(why), None) => {
                self.wrong.push(format!("{}: {why}", place()));
                "WRONG"
            }
            (Err(_), Some(known)) => {
                self.reasons.entry(known.why()).or_default().push(place());
                match known {
                    Known::Lacks(_) => "-",
                    Known::Neither(_) => "neither",
                }
            }
        };
        mark.to_owned()
    }
}

fn same(opened: &[u8]) -> Result<(), String> {
    if opened == folder::CONTENT { Ok(()) } else { Err("another text came out".to_owned()) }
}

/// A list of cells, cut where it is long.
fn shortened(cells: &[String]) -> String {
    const MOST: usize = 6;
    let shown = cells.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if cells.len() > MOST { format!("{shown} and {} more", cells.len() - MOST) } else { shown }
}
