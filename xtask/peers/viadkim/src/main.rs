//! viadkim over one message: a command a line on standard input, each answered by a line.
//!
//! `key NAME TEXT`: a TXT record. `message N`, and N octets behind the line: what is verified from now on. `verify N`: verifies it N
//! times, and says how many signatures passed.
#![forbid(unsafe_code)]

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{self, BufRead, Read, Write};
use std::sync::Arc;

use viadkim::header::HeaderFields;
use viadkim::verifier::{Config, LookupTxt, VerificationStatus};

/// Names in lower case with their final dot.
#[derive(Clone, Default)]
struct Zone(Arc<HashMap<String, Vec<u8>>>);

impl LookupTxt for Zone {
    type Answer = Vec<io::Result<Vec<u8>>>;
    type Query<'a> = Ready<io::Result<Self::Answer>>;

    fn lookup_txt(&self, domain: &str) -> Self::Query<'_> {
        ready(match self.0.get(&domain.to_ascii_lowercase()) {
            Some(text) => Ok(vec![Ok(text.clone())]),
            None => Err(io::ErrorKind::NotFound.into()),
        })
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    // The messages have a time of their own.
    let config = Config { allow_expired: true, allow_timestamp_in_future: true, ..Config::default() };
    let (mut zone, mut message) = (Zone::default(), String::new());
    let mut input = io::stdin().lock();
    let mut line = String::new();
    while matches!(input.read_line(&mut line), Ok(1..)) {
        let mut words = line.trim_end().splitn(3, ' ');
        let answer = match (words.next(), words.next(), words.next()) {
            (Some("key"), Some(name), Some(text)) => {
                let known = Arc::make_mut(&mut zone.0);
                known.insert(format!("{}.", name.to_ascii_lowercase()), text.as_bytes().to_vec());
                known.len()
            }
            (Some("message"), Some(octets), None) => {
                let mut raw = vec![0; octets.parse().expect("a number")];
                input.read_exact(&mut raw).expect("a message");
                message = String::from_utf8(raw).expect("UTF-8");
                message.len()
            }
            (Some("verify"), Some(times), None) => {
                let times: usize = times.parse().expect("a number");
                (0..times).map(|_| runtime.block_on(passing(&zone, &message, &config))).sum()
            }
            _ => break,
        };
        println!("{answer}");
        let _ = io::stdout().flush();
        line.clear();
    }
}

/// How many signatures pass.
async fn passing(zone: &Zone, message: &str, config: &Config) -> usize {
    let (header, body) = message.split_once("\r\n\r\n").expect("a body");
    let header: HeaderFields = header.parse().expect("fields");
    let found = viadkim::verify(zone, &header, body.as_bytes(), config).await;
    found.iter().filter(|result| result.status == VerificationStatus::Success).count()
}
