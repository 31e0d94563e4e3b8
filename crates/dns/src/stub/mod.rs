//! A blocking stub resolver over UDP and TCP.

mod cache;
mod conf;
mod exchange;

use core::sync::atomic::{AtomicUsize, Ordering};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::message::UDP_SIZE;
use crate::{Answer, MAX_QUESTIONS_A_ROUND, Missing, Question, Resolver, Temporary, TemporaryKind};
use cache::Cache;
pub use conf::{MAX_SERVERS, PORT, name_servers};
use exchange::{Exchange, Told};

/// Memory for kept answers, in octets: some ten thousand of them.
pub const CACHE_OCTETS: usize = 8 << 20;

/// How a [`Stub`] asks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StubOptions {
    /// How long one server gets for one question, 2 seconds.
    pub try_time: Duration,
    /// How often every server is tried, 2 times.
    pub tries: u32,
    /// How long one batch may take in all, 8 seconds: less than half of what an evaluation gets, so that one dead name
    /// leaves time for the rest.
    pub total_time: Duration,
    /// The UDP payload announced by EDNS, [`UDP_SIZE`].
    pub udp_size: u16,
    /// Send names in random case and take only replies that repeat it, which makes forging harder still (draft-vixie-dnsext-dns0x20).
    /// Off: there are servers that do not repeat it.
    pub random_case: bool,
    /// Memory for kept answers, [`CACHE_OCTETS`]; 0 keeps none.
    pub cache_octets: usize,
}

impl Default for StubOptions {
    fn default() -> Self {
        Self {
            try_time: Duration::from_secs(2),
            tries: 2,
            total_time: Duration::from_secs(8),
            udp_size: UDP_SIZE,
            random_case: false,
            cache_octets: CACHE_OCTETS,
        }
    }
}

/// A blocking client of one or more resolving name servers.
///
/// Every query goes out from a new socket on a random port with a random id. A reply counts only if it comes from the server's
/// address and port and repeats id, name, type and class (RFC 5452 9.1); anything else is passed over while time is left. A
/// truncated reply is asked again by TCP. A server that fails or stays silent is followed by the next; the last failure is the
/// answer. Answers and void answers are kept for their TTL.
///
/// It trusts its servers: they, and the way to them, are where DNSSEC is validated.
///
/// ```no_run
/// use mailwright_dns::{Dns, Name, Stub, StubOptions, drive_blocking, name_servers};
/// let conf = std::fs::read_to_string("/etc/resolv.conf")?;
/// let stub = Stub::new(name_servers(&conf), StubOptions::default());
/// let name = Name::new("example.com")?;
/// println!("{:?}", drive_blocking(&stub, |dns| dns.txt(&name)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stub {
    servers: Vec<SocketAddr>,
    options: StubOptions,
    cache: Mutex<Cache>,
}

impl Stub {
    /// A client of these servers, asked in this order. Without any every answer is a temporary failure.
    #[must_use]
    pub fn new(servers: impl IntoIterator<Item = SocketAddr>, options: StubOptions) -> Self {
        let cache = Mutex::new(Cache::new(options.cache_octets));
        Self { servers: servers.into_iter().collect(), options, cache }
    }

    /// Answers one question, blocking.
    pub fn resolve(&self, question: &Question) -> Answer {
        self.answer(question, later(self.options.total_time))
    }

    /// From the cache, else from the servers, following aliases.
    fn answer(&self, question: &Question, deadline: Instant) -> Answer {
        if let Some(answer) = self.cache().get(question, Instant::now()) {
            return answer;
        }
        let mut asked = *question;
        let (mut links, mut ttl) = (0usize, u32::MAX);
        let answer = loop {
            match self.ask(&asked, links, deadline) {
                Ok(Told::Answer(mut answer)) => {
                    answer.ttl = answer.ttl.min(ttl);
                    break answer;
                }
                Ok(Told::Alias(alias)) => {
                    (links, ttl) = (alias.links, ttl.min(alias.ttl));
                    asked.name = alias.target;
                }
                Err(why) => break Answer::missing(Missing::Temporary(why), 0),
            }
        };
        self.cache().insert(*question, &answer, Instant::now());
        answer
    }

    /// Tries the servers in turn until one answers or the time is over.
    fn ask(&self, question: &Question, links: usize, deadline: Instant) -> Result<Told, Temporary> {
        let mut last = Temporary::with_detail(TemporaryKind::Network, "no name server");
        for _ in 0..self.options.tries {
            for server in &self.servers {
                if Instant::now() >= deadline {
                    return Err(Temporary::with_detail(TemporaryKind::Timeout, last.to_string()));
                }
                let until = later(self.options.try_time).min(deadline);
                let exchange = Exchange { server: *server, options: &self.options, until, links };
                match exchange.run(question) {
                    Ok(told) => return Ok(told),
                    Err(why) => last = why,
                }
            }
        }
        Err(last)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        // Every entry is whole before it is put in.
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver for Stub {
    /// Asks all questions at once, each on a thread of its own up to [`MAX_QUESTIONS_A_ROUND`], so that a batch takes as long as
    /// its slowest question.
    fn resolve_all(&self, questions: &[Question]) -> Vec<Answer> {
        let deadline = later(self.options.total_time);
        let answers: Vec<OnceLock<Answer>> = questions.iter().map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            let claim = || next.fetch_add(1, Ordering::Relaxed);
            while let Some((question, slot)) =
                Some(claim()).and_then(|at| Some((questions.get(at)?, answers.get(at)?)))
            {
                slot.get_or_init(|| self.answer(question, deadline));
            }
        };
        thread::scope(|scope| {
            for _ in 1..questions.len().min(MAX_QUESTIONS_A_ROUND) {
                // Where no thread is to be had this one does the work alone.
                if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                    break;
                }
            }
            work();
        });
        let unanswered = || Answer::temporary(TemporaryKind::Timeout);
        answers.into_iter().map(|slot| slot.into_inner().unwrap_or_else(unanswered)).collect()
    }
}

/// So long from now; a day where the clock cannot say it.
fn later(time: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + Duration::from_secs(86_400))
}
