//! maildir: from the files of a Maildir to threads, the program as it is built for users, against `notmuch new`.

use std::path::Path;
use std::process::{Command, Stdio};

use mailwright_message_model::mbox;

use crate::contest::{Entrant, best_of, line};
use crate::{cli, data};

const ROUNDS: usize = 3;

/// Real messages with their bodies: 2,896 of 2005.
const MAILBOX: &str = "linux-mips-2005.full.mbox.zst";

pub(super) fn run() -> Result<(), String> {
    let version = Command::new("notmuch").arg("--version").output();
    let Ok(version) = version else { return Err("not measured: notmuch is not installed".into()) };
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let packed = data::folder("threading")?.join("corpora").join(MAILBOX);
    let mailbox = std::fs::read(&packed).and_then(|packed| zstd::decode_all(&packed[..]));
    let mailbox = mailbox.map_err(|error| format!("{}: {error}", packed.display()))?;
    let program = cli::build()?;
    let folder = std::env::temp_dir().join(format!("mailwright-bench-maildir-{}", std::process::id()));
    let ran = write(&folder, &mailbox)
        .map_err(|error| format!("{}: {error}", folder.display()))
        .and_then(|messages| contest(&program, &folder, &version, messages));
    let _ = std::fs::remove_dir_all(&folder);
    ran
}

fn contest(program: &Path, folder: &Path, version: &str, messages: usize) -> Result<(), String> {
    let maildir = folder.join("mail");
    let index = maildir.join(".notmuch");
    let settings = folder.join("settings");
    let text =
        format!("[database]\npath={}\n[user]\nname=x\nprimary_email=x@example.org\n", maildir.display());
    std::fs::write(&settings, text).map_err(|error| error.to_string())?;
    let ours = || succeeds(Command::new(program).arg("thread").arg(&maildir).arg("--imap"));
    let theirs = || {
        let _ = std::fs::remove_dir_all(&index);
        succeeds(Command::new("notmuch").arg("new").env("NOTMUCH_CONFIG", &settings))
    };
    // Once outside the contest, to see that both do their work.
    if ours() + theirs() > 0 {
        return Err("one of the programs fails".into());
    }
    let best = best_of(ROUNDS, &mut [Entrant::new("ours", ours), Entrant::new("notmuch", theirs)]);
    let [ours, theirs] = best[..] else { return Err("a turn is missing".into()) };
    line("threading/maildir", ours, &format!("{version}, `notmuch new`"), theirs, 10.0);
    println!("    {messages} messages; ours with the start of the program: {ours:.1?}, notmuch {theirs:.1?}");
    Ok(())
}

/// 0 where the program ends with status 0.
fn succeeds(command: &mut Command) -> usize {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    usize::from(!status.is_ok_and(|status| status.success()))
}

/// Writes the messages as a Maildir; how many they are.
fn write(folder: &Path, mailbox: &[u8]) -> std::io::Result<usize> {
    let maildir = folder.join("mail");
    for part in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(maildir.join(part))?;
    }
    let mut messages = 0;
    for message in mbox::split(mailbox) {
        let arrived = message.date_time().map_or(0, |date| date.to_unix());
        let name = format!("{arrived}.{messages}.example:2,S");
        std::fs::write(maildir.join("cur").join(name), message.unquoted())?;
        messages += 1;
    }
    Ok(messages)
}
