//! hostile: inputs made to be slow or deep, on a stack of 512 KiB: their time, and how it grows with their size.

use std::time::Duration;

use mailwright_message_model::Message;

use crate::contest::{Entrant, best_of};

const STACK: usize = 512 << 10;
const ROUNDS: usize = 7;
const RETRIES: usize = 4;
/// What an input may take, and how much longer one of twice the size.
const ALLOWED: Duration = Duration::from_millis(200);
const GROWTH: f64 = 2.5;
/// Below this the growth says more about caches and the clock than about the work.
const MEASURABLE: Duration = Duration::from_millis(5);

/// An input of about `n` units of its kind.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    n: usize,
    make: fn(usize) -> Vec<u8>,
}

const MB: usize = 1_000_000;

pub(crate) const SHAPES: &[Shape] = &[
    Shape { name: "nested-rfc822", n: 100_000, make: |n| b"Content-Type: message/rfc822\n\n".repeat(n) },
    Shape { name: "boundaries-that-never-occur", n: 20_000, make: never_occurring },
    Shape { name: "nested-closed-multiparts", n: 20_000, make: nested_closed },
    Shape { name: "header-fields", n: MB, make: |n| b"X-Header: value of it\r\n".repeat(n / 23) },
    Shape {
        name: "folded-field",
        n: MB,
        make: |n| [b"Subject: a\r\n".as_slice(), &b" folded text\r\n".repeat(n / 14)].concat(),
    },
    Shape { name: "encoded-words", n: MB, make: |n| field("Subject", "=?utf-8?q?=C3=A9?= ", n) },
    Shape { name: "address-list", n: MB, make: |n| field("To", "\"Jo (x)\" <jo@example.org>, ", n) },
    Shape { name: "unclosed-encoded-words", n: MB, make: |n| field("Subject", "=?utf-8?q?a ", n) },
    Shape { name: "comments", n: MB, make: |n| field("To", "(", n) },
    Shape { name: "quotes", n: MB, make: |n| field("To", "\"a\\\" ", n) },
    Shape { name: "groups", n: MB, make: |n| field("To", "g:a@b;", n) },
    Shape { name: "angle-brackets", n: MB, make: |n| field("References", "<", n) },
    Shape { name: "message-ids", n: MB, make: |n| field("References", "<1@a.example> ", n) },
    Shape { name: "parameters", n: MB, make: |n| field("Content-Type", "text/plain; a=b", n) },
    Shape { name: "rfc2231-segments", n: MB, make: segments },
    Shape {
        name: "percent-escapes",
        n: MB,
        make: |n| field("Content-Disposition", "a; filename*=utf-8''%C3%A9", n),
    },
    Shape {
        name: "received",
        n: MB,
        make: |n| field("Received", "from a (b [192.0.2.1]) by c with SMTP id d; ", n),
    },
    Shape { name: "dates", n: MB, make: |n| field("Date", "1 Jan 2000 00:00 (", n) },
    Shape { name: "delimiters-of-one", n: MB, make: |n| multipart(b"--b\n", n / 4) },
    Shape { name: "delimiters-that-are-longer", n: MB, make: |n| multipart(b"--bb\n", n / 5) },
    Shape { name: "close-delimiters", n: MB, make: |n| multipart(b"--b--\n", n / 6) },
    Shape { name: "dashes", n: MB, make: |n| multipart(b"--", n / 2) },
    Shape {
        name: "digest",
        n: MB,
        make: |n| {
            [b"Content-Type: multipart/digest; boundary=b\n\n".as_slice(), &b"--b\n\nA: b\n\n".repeat(n / 11)]
                .concat()
        },
    },
    Shape { name: "depth-and-delimiters", n: MB, make: deep_then_delimiters },
    Shape { name: "base64-body", n: MB, make: |n| encoded("base64", b"QUFBQUFB\r\n", n) },
    Shape { name: "base64-rubbish", n: MB, make: |n| encoded("base64", b"Q=!\xff", n) },
    Shape { name: "quoted-printable-blanks", n: MB, make: |n| encoded("quoted-printable", b" ", n) },
    Shape { name: "quoted-printable-escapes", n: MB, make: |n| encoded("quoted-printable", b"=C3=A9=\n", n) },
    Shape { name: "bare-cr", n: MB, make: |n| b"A: b\r".repeat(n / 5) },
    Shape { name: "nul", n: MB, make: |n| vec![0; n] },
    Shape { name: "blank-lines", n: MB, make: |n| b" \n".repeat(n / 2) },
    Shape { name: "colons", n: MB, make: |n| b":\n".repeat(n / 2) },
    Shape { name: "no-colons", n: MB, make: |n| b"a\n".repeat(n / 2) },
    Shape {
        name: "text-in-an-odd-charset",
        n: MB,
        make: |n| {
            [b"Content-Type: text/plain; charset=iso-2022-jp\n\n".as_slice(), &b"\x1b$B\x1b(B".repeat(n / 6)]
                .concat()
        },
    },
    Shape {
        name: "html",
        n: MB,
        make: |n| [b"Content-Type: text/html\n\n".as_slice(), &b"<a href=\"<!--".repeat(n / 13)].concat(),
    },
];

pub(super) fn run() -> Result<(), String> {
    let worker =
        std::thread::Builder::new().stack_size(STACK).spawn(all).map_err(|error| error.to_string())?;
    match worker.join() {
        Ok(0) => Ok(()),
        Ok(count) => Err(format!("{count} inputs take longer than they may")),
        Err(_) => Err("a panic".into()),
    }
}

/// How many take too long or grow too fast.
fn all() -> usize {
    SHAPES.iter().filter(|shape| is_bad(shape)).count()
}

fn is_bad(shape: &Shape) -> bool {
    let [once, twice] = shape.once_and_twice();
    let mut turns = [
        Entrant::new("parse", || parse(&once)),
        Entrant::new("parse", || parse(&twice)),
        Entrant::new("read all", || read_all(&once)),
        Entrant::new("read all", || read_all(&twice)),
    ];
    is_missed(&format!("message-model/hostile {}", shape.name), once.len(), ROUNDS, &mut turns)
}

impl Shape {
    /// The input, and one of twice the size.
    pub(crate) fn once_and_twice(&self) -> [Vec<u8>; 2] {
        [self.n, 2 * self.n].map(self.make)
    }
}

/// Prints the line on an input of `octets`. `turns` are pairs, of work on the input and on one of twice the size.
pub(crate) fn is_missed(line: &str, octets: usize, rounds: usize, turns: &mut [Entrant<'_>]) -> bool {
    let mut best = best_of(rounds, turns);
    // On a busy machine a round may be disturbed; what is slow by itself stays slow.
    for _ in 0..RETRIES {
        if best.chunks(2).any(is_slow) {
            let again = best_of(rounds, turns);
            best.iter_mut().zip(again).for_each(|(best, again)| *best = again.min(*best));
        }
    }
    print!("{line}: {:.2} MB", octets as f64 / 1e6);
    for (turn, times) in turns.iter().step_by(2).zip(best.chunks(2)) {
        print!(", {} {:.2?} (2n: {:.2} x)", turn.name, times[0], growth(times));
    }
    let bad = best.chunks(2).any(is_slow);
    println!(" (want {ALLOWED:?}, {GROWTH} x){}", if bad { " MISSED" } else { "" });
    bad
}

/// How many times as long an input of twice the size takes.
fn growth(times: &[Duration]) -> f64 {
    times[1].as_secs_f64() / times[0].as_secs_f64()
}

fn is_slow(times: &[Duration]) -> bool {
    times[0] > ALLOWED || (growth(times) > GROWTH && times[0] > MEASURABLE)
}

fn parse(raw: &[u8]) -> usize {
    Message::parse(raw).map_or(0, |message| message.walk().len())
}

/// Every view of every entity and field, as a program that shows all of it would ask for.
fn read_all(raw: &[u8]) -> usize {
    let Ok(message) = Message::parse(raw) else { return 0 };
    let mut seen = message.inspect().len() + message.tiles().len() + message.preview(100).len();
    let bodies = message.bodies();
    seen += bodies.text.len() + bodies.html.len() + bodies.attachments.len();
    for entity in message.walk() {
        seen += entity.decoded().bytes.len() + entity.text().map_or(0, |text| text.len());
        seen += entity.file_name().map_or(0, |name| name.len());
        for field in entity.fields() {
            seen += super::views::all(&field);
        }
    }
    seen
}

/// A header that is one field of `unit` over and over.
fn field(name: &str, unit: &str, n: usize) -> Vec<u8> {
    format!("{name}: {}\r\n\r\nbody\r\n", unit.repeat(n / unit.len())).into_bytes()
}

fn segments(n: usize) -> Vec<u8> {
    let segments: String = (0..n / 20).map(|index| format!(";\r\n name*{index}*=%41")).collect();
    format!("Content-Type: text/plain{segments}\r\n\r\nbody\r\n").into_bytes()
}

fn never_occurring(n: usize) -> Vec<u8> {
    let flat = (0..n).map(|index| format!("--o\nContent-Type: multipart/mixed; boundary=\"b{index}\"\n\n"));
    format!("Content-Type: multipart/mixed; boundary=o\n\n{}", flat.collect::<String>()).into_bytes()
}

fn nested_closed(n: usize) -> Vec<u8> {
    let open: String =
        (0..n).map(|i| format!("Content-Type: multipart/mixed; boundary=\"b{i}\"\n\n--b{i}\n")).collect();
    let close: String = (0..n).rev().map(|i| format!("\n--b{i}--\n")).collect();
    format!("{open}Content-Type: text/plain\n\nx\n{close}").into_bytes()
}

fn deep_then_delimiters(n: usize) -> Vec<u8> {
    let open: String =
        (0..90).map(|i| format!("Content-Type: multipart/mixed; boundary=\"b{i}\"\n\n--b{i}\n")).collect();
    [format!("{open}\n\n").as_bytes(), &b"--b\n".repeat(n / 4)].concat()
}

fn multipart(unit: &[u8], times: usize) -> Vec<u8> {
    [b"Content-Type: multipart/mixed; boundary=b\n\n".as_slice(), &unit.repeat(times)].concat()
}

fn encoded(encoding: &str, unit: &[u8], n: usize) -> Vec<u8> {
    let header = format!("Content-Type: text/plain\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n");
    [header.as_bytes(), &unit.repeat(n / unit.len())].concat()
}
