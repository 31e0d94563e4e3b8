//! What a path is, and the messages in it, one at a time.

mod detect;
mod folder;
mod maildir;
mod mbox;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mailwright_message_model::Limits;
use serde::Serialize;

pub(crate) use detect::{Format, Variant};

use crate::exit::{Failure, reason};
use crate::shown::{Shown, count, grouped};

/// One message that was found.
pub(crate) struct Item<'a> {
    pub raw: &'a [u8],
    pub origin: Origin,
    /// Octets of the whole input that are read with this message, for the progress bar.
    pub read: u64,
}

/// Where a message is from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// The file, as given or as found in the folder; `None` for standard input.
    pub path: Option<PathBuf>,
    /// In an mbox: its number from 1 and the offset of its first octet in the file.
    pub place: Option<(usize, u64)>,
    /// In a Maildir: its subfolder and flags.
    pub maildir: Option<maildir::Info>,
    /// When it arrived, in seconds since 1970, as the mailbox says.
    pub arrived: Option<i64>,
    /// Octets that are missing at the end, because the message is longer than what is read.
    pub cut: u64,
}

impl Item<'_> {
    /// An error where the message is longer than what is read: what needs all of it cannot be done.
    pub(crate) fn whole(&self) -> Result<(), Failure> {
        match self.origin.cut {
            0 => Ok(()),
            _ => Err(Failure::new(format!("{}: longer than what is read", self.origin.name()))),
        }
    }
}

impl Origin {
    /// What the reports call it.
    pub(crate) fn name(&self) -> Shown {
        let file = self.path.as_deref().map_or("standard input".into(), Shown::path);
        match self.place {
            Some((number, _)) => format_args!("{file}, message {}", grouped(number as u64)).into(),
            None => file,
        }
    }

    pub(crate) fn named(&self) -> Named {
        Named {
            name: self.name(),
            path: self.path.as_deref().map(|path| path.to_string_lossy().into_owned()),
            number: self.place.map(|(number, _)| number),
        }
    }
}

/// How the reports tell a message from others: for people, and for programs that open it again.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Named {
    name: Shown,
    /// Exact where the path is UTF-8; absent for standard input.
    path: Option<String>,
    /// In an mbox.
    number: Option<usize>,
}

impl Named {
    pub(crate) const fn name(&self) -> &Shown {
        &self.name
    }
}

/// How the input was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Message,
    Mbox,
    Maildir,
    Folder,
    /// More than one path.
    Several,
}

impl Kind {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Mbox => "mbox",
            Self::Maildir => "Maildir",
            Self::Folder => "folder",
            Self::Several => "several paths",
        }
    }
}

/// What was opened.
pub(crate) struct Input {
    pub kind: Kind,
    /// Octets in all, where they are known before reading.
    pub total: Option<u64>,
    pub passed_over: PassedOver,
    /// What was given, for the case that there is no mail in it.
    pub name: Shown,
    sources: Vec<Source>,
    options: Options,
}

/// How to take the input.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    pub format: Format,
    pub variant: Variant,
    /// Of a file of a folder that is one message, only the header is read.
    pub header_only: bool,
}

/// Files of a mailbox that are not reported on, and why.
#[derive(Clone, Debug, Default)]
pub(crate) struct PassedOver {
    /// They do not begin like mail.
    pub no_mail: usize,
    /// In `tmp` of a Maildir: their delivery is not complete.
    pub undelivered: usize,
    /// A mail program renamed or removed them meanwhile.
    pub vanished: usize,
    /// The system refused them; the first with its reason.
    pub unreadable: usize,
    first_unreadable: Option<String>,
}

/// A file that was found, or the standard input.
enum Source {
    Open { path: Option<PathBuf>, head: Vec<u8>, rest: Box<dyn Read>, length: Option<u64>, is_mbox: bool },
    Found { path: PathBuf, maildir: Option<maildir::Info> },
}

impl Input {
    /// Opens `paths`; `-` is standard input.
    pub(crate) fn open(paths: &[PathBuf], options: Options) -> Result<Self, Failure> {
        let mut input = Self {
            kind: Kind::Several,
            total: Some(0),
            passed_over: PassedOver::default(),
            name: name(paths),
            sources: Vec::new(),
            options,
        };
        for path in paths {
            let kind = input.add(path)?;
            if paths.len() == 1 {
                input.kind = kind;
            }
        }
        Ok(input)
    }

    /// Takes standard input, of which `rest` is what there is to read.
    pub(crate) fn of(rest: Box<dyn Read>, options: Options) -> Result<Self, Failure> {
        let mut input = Self::open(&[], options)?;
        input.total = None;
        input.name = "standard input".into();
        input.kind = input.add_open(None, rest, None)?;
        Ok(input)
    }

    /// Whether it is one message and no mailbox.
    pub(crate) fn is_single(&self) -> bool {
        self.kind == Kind::Message
    }

    fn add(&mut self, path: &Path) -> Result<Kind, Failure> {
        if path.as_os_str() == "-" {
            self.total = None;
            return self.add_open(None, Box::new(io::stdin()), None);
        }
        let metadata = std::fs::metadata(path).map_err(|error| Failure::at(path, reason(&error)))?;
        if metadata.is_dir() {
            return self.add_folder(path);
        }
        if self.options.format == Format::Maildir {
            return Err(Failure::at(path, "no directory, so no Maildir; leave out --format"));
        }
        let file = File::open(path).map_err(|error| Failure::at(path, reason(&error)))?;
        let length = metadata.is_file().then_some(metadata.len());
        self.add_open(Some(path.to_owned()), Box::new(file), length)
    }

    fn add_open(
        &mut self,
        path: Option<PathBuf>,
        mut rest: Box<dyn Read>,
        length: Option<u64>,
    ) -> Result<Kind, Failure> {
        let head = detect::head(&mut rest).map_err(|error| failure(path.as_deref(), &error))?;
        let is_mbox = self.options.format.is_mbox(&head);
        self.total = self.total.zip(length).map(|(total, length)| total.saturating_add(length));
        self.sources.push(Source::Open { path, head, rest, length, is_mbox });
        Ok(if is_mbox { Kind::Mbox } else { Kind::Message })
    }

    fn add_folder(&mut self, path: &Path) -> Result<Kind, Failure> {
        let is_wanted = self.options.format == Format::Maildir;
        if is_wanted && !path.join("cur").is_dir() && !path.join("new").is_dir() {
            return Err(Failure::at(path, "no Maildir: it has neither cur nor new"));
        }
        let is_maildir = is_wanted || maildir::is_maildir(path);
        let before = self.sources.len();
        let octets = if is_maildir { maildir::list(path, self) } else { folder::list(path, self) }
            .map_err(|error| Failure::at(path, reason(&error)))?;
        self.total = self.total.map(|total| total.saturating_add(octets));
        if self.sources.len() == before {
            return Err(Failure::at(path, "no mail in it"));
        }
        Ok(if is_maildir { Kind::Maildir } else { Kind::Folder })
    }

    /// Gives every message to `each`, in the order in which they are found.
    ///
    /// Only one is held at a time. A file of a folder that cannot be read is passed over and counted.
    pub(crate) fn read(
        &mut self,
        mut each: impl FnMut(Item<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut read = 0;
        let mut is_empty = true;
        let mut each = |item: Item<'_>| {
            is_empty = false;
            each(item)
        };
        for source in std::mem::take(&mut self.sources) {
            match source {
                Source::Open { path, head, rest, length, is_mbox } => {
                    let file = head.chain(rest);
                    read = if is_mbox {
                        mbox::read(path, file, self.options.variant, read, &mut each)?
                    } else {
                        one(path, file, length, read, &mut each)?
                    };
                }
                Source::Found { path, maildir } => {
                    read = self.found(path, maildir, read, &mut each)?;
                }
            }
        }
        if is_empty {
            return Err(self
                .passed_over
                .failure()
                .unwrap_or_else(|| Failure::new(format!("{}: no mail in it", self.name))));
        }
        Ok(())
    }

    fn found(
        &mut self,
        path: PathBuf,
        maildir: Option<maildir::Info>,
        read: u64,
        each: &mut impl FnMut(Item<'_>) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let opened = File::open(&path).and_then(|mut file| {
            let length = file.metadata()?.len();
            Ok((detect::head(&mut file)?, file, length))
        });
        let (head, file, length) = match opened {
            Ok(opened) => opened,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.passed_over.vanished += 1;
                return Ok(read);
            }
            Err(error) => {
                self.passed_over.refuse(&path, &error);
                return Ok(read);
            }
        };
        if maildir.is_none() && self.options.format.is_mbox(&head) {
            return mbox::read(Some(path), head.chain(file), self.options.variant, read, each);
        }
        if maildir.is_none() && !detect::is_mail(&path, &head) {
            self.passed_over.no_mail += 1;
            return Ok(read);
        }
        let taken = match self.options.header_only {
            true => detect::header(head, file).map(|header| (header, 0)),
            false => whole(head.chain(file)),
        };
        let (raw, cut) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                self.passed_over.refuse(&path, &error);
                return Ok(read);
            }
        };
        let read = read.saturating_add(length);
        let arrived = maildir.as_ref().and_then(|info| info.arrived);
        let origin = Origin { path: Some(path), maildir, arrived, cut, ..Origin::default() };
        each(Item { raw: &raw, origin, read })?;
        Ok(read)
    }
}

impl PassedOver {
    fn refuse(&mut self, path: &Path, error: &io::Error) {
        self.unreadable += 1;
        self.first_unreadable.get_or_insert_with(|| format!("{}: {}", Shown::path(path), reason(error)));
    }

    /// The failure that there is if a file could not be read.
    pub(crate) fn failure(&self) -> Option<Failure> {
        let first = self.first_unreadable.as_ref()?;
        Some(Failure::new(match self.unreadable {
            0 | 1 => first.clone(),
            number => format!("{first} (and {} more that cannot be read)", number - 1),
        }))
    }
}

fn name(paths: &[PathBuf]) -> Shown {
    match paths {
        [path] if path.as_os_str() == "-" => "standard input".into(),
        [path] => Shown::path(path),
        _ => format_args!("{}", count(paths.len(), "path", "paths")).into(),
    }
}

/// A file that is one message.
fn one(
    path: Option<PathBuf>,
    file: impl Read,
    length: Option<u64>,
    read: u64,
    each: &mut impl FnMut(Item<'_>) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let too_large = |octets: Option<u64>| {
        let octets = octets.map_or("more".to_owned(), grouped);
        let limit = grouped(Limits::BYTES as u64);
        let name = path.as_deref().map_or("standard input".into(), Shown::path);
        Failure::new(format!("{name}: {octets} octets in one message, Limits::bytes allows {limit}"))
    };
    if let Some(length) = length.filter(|length| *length > Limits::BYTES as u64) {
        return Err(too_large(Some(length)));
    }
    let (raw, cut) = whole(file).map_err(|error| failure(path.as_deref(), &error))?;
    if cut > 0 {
        return Err(too_large(None));
    }
    let read = read.saturating_add(raw.len() as u64);
    each(Item { raw: &raw, origin: Origin { path, ..Origin::default() }, read })?;
    Ok(read)
}

/// Reads a message, and says how many octets more it has than are taken; at least 1 where it is not known.
fn whole(file: impl Read) -> io::Result<(Vec<u8>, u64)> {
    let mut raw = Vec::new();
    file.take(Limits::BYTES as u64 + 1).read_to_end(&mut raw)?;
    let cut = raw.len().saturating_sub(Limits::BYTES) as u64;
    raw.truncate(Limits::BYTES);
    Ok((raw, cut))
}

fn failure(path: Option<&Path>, error: &io::Error) -> Failure {
    match path {
        Some(path) => Failure::at(path, reason(error)),
        None => Failure::new(format!("standard input: {}", reason(error))),
    }
}
