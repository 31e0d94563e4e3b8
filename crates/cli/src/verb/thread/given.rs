//! What the verbs are given: a mailbox, and how its messages are threaded.

use std::path::PathBuf;

use clap::Args;
use mailwright_threading::{Algorithm, Blobs, IdMode, Merge, Options};

use super::Conversations;
use crate::exit::{Failure, reason};
use crate::input::{self, Format, Input, Variant};
use crate::progress::Progress;
use crate::shown::Shown;

/// A mailbox and the rules of threading.
#[derive(Args)]
pub(super) struct Given {
    #[command(flatten)]
    pub(super) source: Source,

    #[command(flatten)]
    rules: Rules,
}

/// A mailbox.
#[derive(Args)]
pub(super) struct Source {
    /// An mbox, a Maildir or a folder of messages; - for standard input. A path that is the name of a verb is given as
    /// ./NAME.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// What the path is, where it cannot be told by looking.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// How the mbox was written.
    #[arg(long, value_enum, value_name = "VARIANT", default_value_t)]
    mbox: Variant,
}

/// How messages are threaded.
#[derive(Args)]
pub(super) struct Rules {
    /// By what messages come together.
    #[arg(long, value_enum, value_name = "ALGORITHM", default_value_t)]
    algorithm: Way,

    /// As RFC 5256 has it and Dovecot answers: only Re, Fw and Fwd are marks, all threads of one subject are joined,
    /// malformed identifiers and dates are not mended.
    #[arg(long)]
    rfc: bool,

    /// Which threads of one subject are joined; guarded: by a reply within 30 days, with an address in common.
    #[arg(long, value_enum, value_name = "WHICH")]
    by_subject: Option<Joined>,

    /// Start a thread where the subject changes inside one.
    #[arg(long)]
    split: bool,

    /// Take `[TAG]` off subjects, as lists write it.
    #[arg(long, value_name = "TAG")]
    list_tag: Vec<String>,

    /// More marks of replies and forwards, one a line, as AW or Antw.
    #[arg(long, value_name = "FILE")]
    prefixes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Way {
    /// The identifiers that messages name, then the subject.
    #[default]
    References,
    /// The identifiers alone, threads by their newest message.
    Refs,
    /// The subject alone.
    Orderedsubject,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Joined {
    Never,
    Guarded,
    Always,
}

/// A mailbox that was read.
pub(super) struct Mailbox {
    pub(super) name: Shown,
    pub(super) conversations: Conversations,
    /// Why a file of a folder could not be read.
    pub(super) unreadable: Option<Failure>,
}

impl Rules {
    fn options(&self, rfc: bool) -> Result<Options, Failure> {
        let algorithm = match self.algorithm {
            Way::References => Algorithm::References,
            Way::Refs => Algorithm::Refs,
            Way::Orderedsubject => Algorithm::OrderedSubject,
        };
        let mut options = if self.rfc || rfc {
            Options::dovecot(algorithm)
        } else {
            Options { algorithm, ..Options::default() }
        };
        match self.by_subject {
            None => {}
            Some(Joined::Never) => options.subject.merge = Merge::Never,
            Some(Joined::Guarded) => options.subject.merge = Merge::default(),
            Some(Joined::Always) => options.subject.merge = Merge::Always,
        }
        options.subject.split = self.split;
        if !self.list_tag.is_empty() {
            let bare = |tag: &String| tag.trim_start_matches('[').trim_end_matches(']').to_owned();
            options.subject.rules.blobs = Blobs::Tags(self.list_tag.iter().map(bare).collect());
        }
        if let Some(path) = &self.prefixes {
            let lines = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
            options.subject.rules.prefixes.extend(&lines);
        }
        Ok(options)
    }
}

impl Given {
    /// `rfc` says that the rules are those of the standard in any case.
    pub(super) fn options(&self, rfc: bool) -> Result<Options, Failure> {
        self.rules.options(rfc)
    }

    /// As [`Source::read`].
    pub(super) fn read(&self, options: &Options, snippets: bool) -> Result<Mailbox, Failure> {
        self.source.read(options.ids, snippets)
    }
}

impl Source {
    /// Reads the headers; with `snippets` the bodies too, of which the beginning is kept.
    pub(super) fn read(&self, mode: IdMode, snippets: bool) -> Result<Mailbox, Failure> {
        read(&self.paths, self.format, self.mbox, mode, snippets)
    }
}

pub(super) fn read(
    paths: &[PathBuf],
    format: Format,
    variant: Variant,
    mode: IdMode,
    snippets: bool,
) -> Result<Mailbox, Failure> {
    let mut input = Input::open(paths, input::Options { format, variant, header_only: !snippets })?;
    let mut conversations = Conversations::new(mode);
    let mut progress = Progress::new(input.total, true);
    input.read(|item| {
        // an empty file is a mailbox without messages, but in a Maildir, and between the lines of an mbox, a message
        if item.raw.is_empty() && item.origin.place.is_none() && item.origin.maildir.is_none() {
            return Ok(());
        }
        if snippets {
            conversations.add_with_snippet(item.raw, &item.origin);
        } else {
            conversations.add(item.raw, &item.origin);
        }
        progress.at(item.read, conversations.len());
        Ok(())
    })?;
    drop(progress);
    Ok(Mailbox { name: input.name.clone(), conversations, unreadable: input.passed_over.failure() })
}
