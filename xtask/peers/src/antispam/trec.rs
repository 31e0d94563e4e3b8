//! How well: each message of an index is judged, then learned with its label.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use mailwright_antispam::Class;
use mailwright_antispam::content::Key;
use mailwright_antispam::learn::Learner;
use mailwright_antispam::store::{MemoryStore, Scope};
use mailwright_message_model::Message;

use super::bayes::Bayes;
use super::corpus::{Corpus, Line};

/// The indexes, and what they are called.
const INDEXES: [(&str, &str); 2] = [("shuffled", "index.shuffle"), ("chronological", "index")];

pub(super) fn ours() -> Result<(), String> {
    let corpus = Corpus::unpack()?;
    for (name, index) in INDEXES {
        let mut learner = Learner::new(Key::default(), MemoryStore::new());
        let mut results = Vec::new();
        for line in corpus.lines(index, usize::MAX)? {
            results.push(one(&mut learner, &line)?);
        }
        corpus.rate(&format!("trec {name}"), &results)?;
    }
    println!(
        "antispam/trec: wanted on all, shuffled: 1-ROCA% 0.085 (goal 0.07), lam% 1.25 (goal 1.0); chronological: 1-ROCA% 0.12 (goal 0.10)"
    );
    Ok(())
}

fn one(learner: &mut Learner<MemoryStore>, line: &Line) -> Result<String, String> {
    let message = Message::parse(&line.raw).map_err(|error| error.to_string())?;
    let features = learner.features(&message);
    let opinion = learner.opinion_of(&features, &Scope::Shared).map_err(|error| error.to_string())?;
    let class = if line.is_spam { Class::Spam } else { Class::Ham };
    learner.train_on(&features, class, &Scope::Shared).map_err(|error| error.to_string())?;
    let verdict = if opinion.is_spam() { Class::Spam } else { Class::Ham };
    Ok(format!("{class} {:.16e} {verdict}", opinion.log_odds))
}

pub(super) fn spamassassin() -> Result<(), String> {
    let corpus = Corpus::unpack()?;
    for (name, index) in INDEXES {
        let mut peer = Bayes::start(&corpus, index)?;
        let mut results = Vec::new();
        for (at, line) in corpus.lines(index, usize::MAX)?.iter().enumerate() {
            let probability = peer.score(at, 1)?.1;
            peer.train(at, 1)?;
            results.push(format!("{} {probability:.17e}", label(line)));
        }
        corpus.rate(&format!("trec {name}, SpamAssassin {} Bayes", peer.version()), &results)?;
    }
    Ok(())
}

pub(super) fn bogofilter() -> Result<(), String> {
    let version = Command::new("bogofilter").arg("-V").output();
    let version = version.map_err(|error| format!("not measured: bogofilter: {error}"))?;
    let version = String::from_utf8_lossy(&version.stdout);
    let version = version.lines().next().unwrap_or_default();
    let corpus = Corpus::unpack()?;
    for (name, index) in INDEXES {
        let folder = corpus.scratch(name)?;
        let mut results = Vec::new();
        for line in corpus.lines(index, usize::MAX)? {
            // `S 0.999`, `H 0.001` or `U 0.5`.
            let said = filter(&folder, "-T", &line.raw)?;
            let mut words = said.split_whitespace();
            let verdict = if words.next() == Some("S") { "spam" } else { "ham" };
            let score = words.next().unwrap_or("0.5").to_owned();
            filter(&folder, if line.is_spam { "-s" } else { "-n" }, &line.raw)?;
            results.push(format!("{} {score} {verdict}", label(&line)));
        }
        corpus.rate(&format!("trec {name}, {version}"), &results)?;
    }
    Ok(())
}

fn filter(folder: &Path, option: &str, raw: &[u8]) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("bogofilter: {error}");
    let mut command = Command::new("bogofilter");
    command.arg("-d").arg(folder).args(["-e", option]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(raw).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

const fn label(line: &Line) -> &'static str {
    if line.is_spam { "spam" } else { "ham" }
}
