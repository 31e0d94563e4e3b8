//! hostile: mailboxes made to be slow or deep, on a stack of 256 KiB: their time, and how it grows with their size.

use std::time::Duration;

use mailwright_threading::{Algorithm, Header, Options, thread};

use crate::contest::{Entrant, best_of};

const STACK: usize = 256 << 10;
const ROUNDS: usize = 3;
const RETRIES: usize = 3;
/// How much longer twice as many messages may take, and ten times as many.
const TWICE: f64 = 2.5;
const TENFOLD: f64 = 20.0;

/// The ids that message `n` of `count` has and names, and its subject.
struct Shape {
    name: &'static str,
    count: usize,
    /// Whether a tenth of the messages have a tenth of the octets.
    is_linear: bool,
    subject: fn(usize) -> String,
    references: fn(usize, usize) -> String,
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "chain",
        count: 1_000_000,
        is_linear: true,
        subject: each,
        references: |n, _| id(n.checked_sub(1)),
    },
    Shape {
        name: "ring",
        count: 1_000_000,
        is_linear: true,
        subject: each,
        references: |n, count| id(Some(n.checked_sub(1).unwrap_or(count - 1))),
    },
    Shape {
        name: "star",
        count: 1_000_000,
        is_linear: true,
        subject: each,
        references: |n, _| id((n > 0).then_some(0)),
    },
    Shape {
        name: "same_subject",
        count: 1_000_000,
        is_linear: true,
        subject: |_| "hello".into(),
        references: |_, _| String::new(),
    },
    Shape {
        name: "full_refs",
        count: 3_000,
        is_linear: false,
        subject: each,
        references: |n, _| (0..n).map(|above| id(Some(above))).collect(),
    },
];

fn each(n: usize) -> String {
    format!("s{n}")
}

fn id(n: Option<usize>) -> String {
    n.map_or_else(String::new, |n| format!("<{n}@x> "))
}

pub(super) fn run() -> Result<(), String> {
    let worker =
        std::thread::Builder::new().stack_size(STACK).spawn(all).map_err(|error| error.to_string())?;
    match worker.join() {
        Ok(0) => Ok(()),
        Ok(missed) => Err(format!("{missed} mailboxes take longer than they may")),
        Err(_) => Err("panicked".into()),
    }
}

fn all() -> usize {
    let mut missed = 0;
    let ways = [("default", Options::default()), ("REFERENCES", Options::dovecot(Algorithm::References))];
    for shape in SHAPES {
        let mailboxes = [shape.count / 10, shape.count, shape.count * 2].map(|count| shape.mailbox(count));
        for (way, options) in &ways {
            missed += usize::from(shape.is_missed(way, options, &mailboxes));
        }
    }
    missed
}

/// The Message-ID, References and Subject of each message.
type Mailbox = Vec<[String; 3]>;

impl Shape {
    fn mailbox(&self, count: usize) -> Mailbox {
        let one = |n| [id(Some(n)), (self.references)(n, count), (self.subject)(n)];
        (0..count).map(one).collect()
    }

    fn is_missed(&self, way: &str, options: &Options, mailboxes: &[Mailbox; 3]) -> bool {
        let [tenth, once, twice] = mailboxes;
        let mut best = [Duration::MAX; 3];
        // another try where something else may have had the machine
        for _ in 0..=RETRIES {
            let mut entrants =
                [tenth, once, twice].map(|mailbox| Entrant::new("", || threads(mailbox, options)));
            for (best, time) in best.iter_mut().zip(best_of(ROUNDS, &mut entrants)) {
                *best = (*best).min(time);
            }
            if self.growths(&best).iter().all(|(growth, most)| growth <= most) {
                break;
            }
        }
        let growths = self.growths(&best);
        let told: Vec<String> = growths.iter().map(|(growth, _)| format!("{growth:.2} x")).collect();
        let wanted: Vec<String> = growths.iter().map(|(_, most)| format!("{most} x")).collect();
        let what = if self.is_linear { "2n, and n to n/10" } else { "2n" };
        println!(
            "threading/hostile {} {}, {way}: {:.1?} ({what}: {}) (want at most {})",
            self.name,
            self.count,
            best[1],
            told.join(", "),
            wanted.join(", ")
        );
        growths.iter().any(|(growth, most)| growth > most)
    }

    /// Growths and what they may be.
    fn growths(&self, best: &[Duration; 3]) -> Vec<(f64, f64)> {
        let [tenth, once, twice] = best.map(|time| time.as_secs_f64());
        let mut growths = vec![(twice / once, TWICE)];
        if self.is_linear {
            growths.push((once / tenth, TENFOLD));
        }
        growths
    }
}

/// How many threads there are; each message must be in one.
fn threads(mailbox: &Mailbox, options: &Options) -> usize {
    let headers = mailbox.iter().map(|[message_id, references, subject]| Header {
        message_id: message_id.as_bytes(),
        references: references.as_bytes(),
        subject: subject.as_bytes(),
        ..Header::default()
    });
    let forest = thread(headers, options).expect("the limits allow millions");
    assert_eq!(forest.walk().filter(|visit| forest.message(visit.node).is_some()).count(), mailbox.len());
    forest.roots().len()
}
