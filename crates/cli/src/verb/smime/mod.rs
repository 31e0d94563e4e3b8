//! `mailwright smime`: verify, decrypt, sign, encrypt, info.

mod decrypt;
mod encrypt;
mod info;
mod sign;
mod verify;

use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use mailwright_smime::Verdict;

use crate::exit::{Exit, Failure};
use crate::file;
use crate::input::{Format, Input, Item, Options, Origin};
use crate::output::Output;
use crate::report::text::sentence;
use crate::section::Tone;
use crate::smime::{Large, Taken, take};

/// S/MIME (RFC 8551): verify, decrypt, sign, encrypt.
#[derive(Args)]
pub(crate) struct Smime {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Verify(verify::Verify),
    Decrypt(decrypt::Decrypt),
    Sign(sign::Sign),
    Encrypt(encrypt::Encrypt),
    Info(info::Info),
}

impl Smime {
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        match self.verb {
            Verb::Verify(verb) => verb.run(output),
            Verb::Decrypt(verb) => verb.run(output),
            Verb::Sign(verb) => verb.run(output),
            Verb::Encrypt(verb) => verb.run(output),
            Verb::Info(verb) => verb.run(output),
        }
    }
}

/// A message that another one is made of, and where that goes.
#[derive(Args)]
struct Given {
    /// A message; - for standard input.
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// Write to this file, which is not the one that is read; else to standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Given {
    /// Opens the message; `beside` are the other files that are read, which are not written over either.
    fn take<'p>(&'p self, beside: impl IntoIterator<Item = &'p PathBuf>) -> Result<Taken, Failure> {
        let paths = std::slice::from_ref(&self.path);
        if let Some(output) = &self.output {
            file::spare(paths.iter().chain(beside), output)?;
        }
        take(paths, Options { format: Format::Message, ..Options::default() })
    }

    /// Gives the message to `make`, and writes what that makes; where that is nothing, no file is touched.
    fn write(
        &self,
        mut input: Input,
        output: &mut Output,
        make: impl FnOnce(&Item<'_>) -> Result<Option<Vec<u8>>, Failure>,
    ) -> Result<Exit, Failure> {
        let mut make = Some(make);
        let mut made = None;
        input.read(|item| {
            item.whole()?;
            if let Some(make) = make.take() {
                made = make(&item)?;
            }
            Ok(())
        })?;
        let Some(made) = made else { return Ok(Exit::Finding) };
        put(output, self.output.as_deref(), &made)?;
        Ok(Exit::Fine)
    }
}

impl Given {
    /// Gives a message that is too large to be held to `make`, which writes what it makes of it.
    fn stream(
        &self,
        mut large: Large,
        output: &mut Output,
        make: impl FnOnce(&mut dyn Read, &mut dyn Write) -> Result<(), mailwright_smime::Error>,
    ) -> Result<Exit, Failure> {
        self.write_to(output, |out| large.make(out, make))?;
        Ok(Exit::Fine)
    }

    /// Gives `write` the file, which gets its name when it is whole, or standard output.
    fn write_to(
        &self,
        output: &mut Output,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(path) = &self.output else { return write(&mut output.out) };
        let (path, written) = file::beside(path)?;
        let mut written = BufWriter::new(written);
        write(&mut written)?;
        file::persist(written, &path)
    }
}

/// Writes to a file, or to standard output.
fn put(output: &mut Output, path: Option<&Path>, octets: &[u8]) -> Result<(), Failure> {
    match path {
        Some(path) => file::write(path, |file| file.write_all(octets)).map(|_| ()),
        None => Ok(output.out.write_all(octets)?),
    }
}

/// One line on standard error about what is done, or not done.
fn tell(origin: &Origin, what: &str) -> Result<(), Failure> {
    let line = Failure::new(format!("{}: {what}", origin.name()));
    Ok(writeln!(io::stderr(), "mailwright: {line}")?)
}

/// A report for people: its lines as they are indented, the last one, which is the verdict, with its tone.
fn write_report(output: &mut Output, report: &str, verdict: &Verdict) -> io::Result<()> {
    let mut lines = report.lines().peekable();
    while let Some(line) = lines.next() {
        let text = line.trim_start();
        let indent = line.len().saturating_sub(text.len());
        let is_last = lines.peek().is_none();
        sentence(output, if is_last { tone(verdict) } else { Tone::Plain }, text, indent)?;
    }
    Ok(())
}

/// How a verdict is meant.
pub(crate) const fn tone(verdict: &Verdict) -> Tone {
    match verdict {
        Verdict::Good => Tone::Good,
        Verdict::Bad(_) => Tone::Bad,
        Verdict::Unknown(_) => Tone::Warning,
        Verdict::Unsigned | _ => Tone::Quiet,
    }
}
