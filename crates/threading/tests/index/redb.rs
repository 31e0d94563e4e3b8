//! The same in a file; and what a crash leaves.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use mailwright_threading::index::store::Redb;
use mailwright_threading::index::{Index, Kind, partition};
use proptest::prelude::*;

use crate::model::{Mail, Model, Text};
use crate::{header, mail, parts, steps, threads};

fn file(folder: &Path) -> Redb {
    Redb::open(folder.join("threads.redb")).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn as_the_model(steps in steps()) {
        let folder = tempfile::tempdir().unwrap();
        let mut model = Model::new(Index::new(file(folder.path())));
        steps.iter().for_each(|(step, undo)| model.step(step, *undo));
    }

    #[test]
    fn as_in_memory(mails in prop::collection::vec(mail(), 0..30)) {
        let mails: Vec<(u64, Mail)> = (0..).zip(mails).collect();
        let folder = tempfile::tempdir().unwrap();
        let expected = parts(Index::in_memory(), &mails);
        prop_assert_eq!(parts(Index::new(file(folder.path())), &mails), expected);
        // together, into the same file, which knows them all
        let mut index = Index::new(file(folder.path()));
        let texts: Vec<Text> = mails.iter().map(|(_, mail)| Text::of(mail)).collect();
        let all = mails.iter().zip(&texts).map(|((key, mail), text)| (*key, text.header(mail)));
        prop_assert!(index.insert_all(all).unwrap().iter().all(|change| change.is_empty()));
    }
}

#[test]
fn all_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut index = Index::new(file(folder.path()));
    for (key, name) in (1..).zip([b"<1@a>", b"<2@a>", b"<3@a>"]) {
        index.insert(key, &header(name, b"", 1)).unwrap();
    }
    let join = index.join(1, 2).unwrap().op.unwrap();
    let removed = index.remove(3).unwrap().op.unwrap();
    let state = index.state().unwrap();
    drop(index);
    let mut index = Index::new(file(folder.path()));
    assert_eq!(index.state().unwrap(), state);
    assert_eq!(threads(&mut index, &[1, 2, 3]), [1, 1, 0]);
    index.undo(removed).unwrap();
    index.undo(join).unwrap();
    assert_eq!(threads(&mut index, &[1, 2, 3]), [1, 2, 3]);
}

#[test]
fn an_error_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let error = Redb::open(folder.path().join("no/such")).err().unwrap();
    assert!(error.to_string().contains("no/such"), "{error}");
    let kind = mailwright_threading::index::Error::from(error).kind();
    assert_eq!(kind, Kind::Store);
}

/// Messages of a few conversations that meet now and then.
fn crash_mail(key: u64) -> Mail {
    let id = |number: u64| u8::try_from(number % 251).unwrap();
    Mail { own: Some(id(key)), refs: vec![id(key / 7), id(key * key)], arrived: id(key) }
}

const FILE: &str = "MAILWRIGHT_TEST_CRASH_FILE";

/// What runs in the process that is killed: inserts, and tells each one that was answered.
#[test]
fn crash_child() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let mut index = Index::new(Redb::open(path).unwrap());
    let mut out = std::io::stdout();
    for key in 0.. {
        let mail = crash_mail(key);
        index.insert(key, &Text::of(&mail).header(&mail)).unwrap();
        writeln!(out, "answered {key}").unwrap();
    }
}

#[test]
fn a_crash_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("threads.redb");
    let mut answered = 0;
    for round in 0..5 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "in_a_file::crash_child", "--nocapture"])
            .env(FILE, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = lines.filter_map(|line| line.ok()?.rsplit_once("answered ")?.1.parse::<u64>().ok());
        for key in told {
            answered = answered.max(key + 1);
            if key >= 40 * (round + 1) {
                // SIGKILL, while it inserts the next ones
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();

        let mut index = Index::new(Redb::open(&path).unwrap());
        let keys: Vec<u64> = (0..answered).collect();
        let found = index.threads_of(&keys).unwrap();
        let found: Vec<_> = keys.iter().zip(found).map(|(key, thread)| (*key, thread.unwrap())).collect();
        // one more may be in, whose answer was not heard
        let mut extra = answered;
        while index.thread_of(extra).unwrap().is_some() {
            extra += 1;
        }
        let mails: Vec<(u64, Mail)> = (0..extra).map(|key| (key, crash_mail(key))).collect();
        let mut threads = parts(Index::in_memory(), &mails);
        threads.iter_mut().for_each(|part| part.retain(|key| *key < answered));
        threads.retain(|part| !part.is_empty());
        threads.sort();
        assert_eq!(partition(&found), threads);
    }
    assert!(answered > 200);
}
