//! One question to one server.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use super::StubOptions;
use crate::message::{self, Alias, Case, Reply};
use crate::{Answer, Name, Question, Temporary, TemporaryKind};

/// Messages that are no reply to the question, after which UDP is given up for TCP: somebody is guessing (RFC 5452 9.3).
const MAX_FOREIGN: u32 = 100;
/// Random ports tried before the system chooses.
const PORT_TRIES: usize = 8;
/// The first port that any user may bind.
const FIRST_PORT: u16 = 1024;

pub(super) struct Exchange<'o> {
    pub(super) server: SocketAddr,
    pub(super) options: &'o StubOptions,
    pub(super) until: Instant,
    /// Aliases followed before.
    pub(super) links: usize,
}

/// What the server knows.
pub(super) enum Told {
    Answer(Answer),
    Alias(Box<Alias>),
}

#[derive(Clone, Copy)]
enum Transport {
    Udp,
    Tcp,
}

impl Exchange<'_> {
    /// Asks by UDP, by TCP where the reply was cut or forged replies came, without EDNS where the server does not know it.
    pub(super) fn run(&self, question: &Question) -> Result<Told, Temporary> {
        let (mut transport, mut edns) = (Transport::Udp, Some(self.options.udp_size));
        // Why TCP was tried.
        let mut cause = TemporaryKind::Truncated;
        loop {
            let reply = match transport {
                Transport::Udp => self.attempt(question, edns, Self::udp),
                Transport::Tcp => self.attempt(question, edns, Self::tcp),
            };
            match (reply, transport) {
                (Ok(Reply::Answer(answer)), _) => return Ok(Told::Answer(answer)),
                (Ok(Reply::Alias(alias)), _) => return Ok(Told::Alias(alias)),
                // RFC 7766 5.
                (Ok(Reply::Truncated), Transport::Udp) => transport = Transport::Tcp,
                // More of them than chance explains.
                (Ok(Reply::Foreign), Transport::Udp) => {
                    (transport, cause) = (Transport::Tcp, TemporaryKind::Malformed);
                }
                (Ok(Reply::NoEdns), _) if edns.is_some() => edns = None,
                (Ok(Reply::Truncated), Transport::Tcp) => {
                    return Err(Temporary::new(TemporaryKind::Truncated));
                }
                (Ok(Reply::Foreign), Transport::Tcp) => {
                    return Err(self.failure(TemporaryKind::Malformed, "reply to another question"));
                }
                (Ok(Reply::NoEdns), _) => {
                    return Err(self.failure(TemporaryKind::OtherCode, "query refused as malformed"));
                }
                (Ok(Reply::Failed(why)), _) => return Err(why),
                (Err(error), Transport::Udp) => return Err(self.io_failure(&error)),
                (Err(error), Transport::Tcp) => {
                    // There was an answer by UDP, which could not be used: say so.
                    return Err(Temporary::with_detail(
                        cause,
                        format!("by TCP: {}", self.io_failure(&error)),
                    ));
                }
            }
        }
    }

    /// A fresh id, name case and query for one transport.
    fn attempt(
        &self,
        question: &Question,
        edns: Option<u16>,
        send: fn(&Self, &Asked) -> io::Result<Reply>,
    ) -> io::Result<Reply> {
        let mut id = [0u8; 2];
        random(&mut id)?;
        let id = u16::from_be_bytes(id);
        let mut sent = *question;
        let case = if self.options.random_case {
            sent.name = random_case(&sent.name)?;
            Case::Exact
        } else {
            Case::Ignored
        };
        let octets = message::query(&sent, id, edns).map_err(io::Error::other)?;
        send(self, &Asked { question: sent, links: self.links, id, case, octets })
    }

    fn udp(&self, asked: &Asked) -> io::Result<Reply> {
        let socket = self.socket()?;
        // The kernel now passes on what comes from this address and port alone (RFC 5452 9.1).
        socket.connect(self.server)?;
        socket.send(&asked.octets)?;
        let mut buffer = vec![0u8; usize::from(u16::MAX)];
        for _ in 0..MAX_FOREIGN {
            socket.set_read_timeout(Some(self.left()?))?;
            let len = match socket.recv(&mut buffer) {
                Ok(len) => len,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            match asked.read(buffer.get(..len).unwrap_or_default()) {
                Reply::Foreign => {}
                reply => return Ok(reply),
            }
        }
        Ok(Reply::Foreign)
    }

    fn tcp(&self, asked: &Asked) -> io::Result<Reply> {
        let mut stream = TcpStream::connect_timeout(&self.server, self.left()?)?;
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(self.left()?))?;
        // RFC 1035 4.2.2: two octets of length; RFC 7766 8: in one write.
        let len = u16::try_from(asked.octets.len()).map_err(io::Error::other)?;
        stream.write_all(&[&len.to_be_bytes(), asked.octets.as_slice()].concat())?;
        let mut len = [0u8; 2];
        self.read_exact(&mut stream, &mut len)?;
        let mut message = vec![0u8; usize::from(u16::from_be_bytes(len))];
        self.read_exact(&mut stream, &mut message)?;
        Ok(asked.read(&message))
    }

    /// Fills the buffer before the time is over, however slowly the octets drip.
    fn read_exact(&self, stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
        let mut free = buffer;
        while !free.is_empty() {
            stream.set_read_timeout(Some(self.left()?))?;
            match stream.read(free) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(len) => free = free.get_mut(len..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A socket on a port that cannot be guessed (RFC 5452 9.2), with the system's choice as the way out.
    fn socket(&self) -> io::Result<UdpSocket> {
        let any = |port: u16| match self.server {
            SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)),
            SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, port)),
        };
        for _ in 0..PORT_TRIES {
            let mut port = [0u8; 2];
            random(&mut port)?;
            let port = u16::from_be_bytes(port);
            if port < FIRST_PORT {
                continue;
            }
            if let Ok(socket) = UdpSocket::bind(any(port)) {
                return Ok(socket);
            }
        }
        UdpSocket::bind(any(0))
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    fn io_failure(&self, error: &io::Error) -> Temporary {
        match error.kind() {
            // What a read timeout is called depends on the system.
            ErrorKind::WouldBlock | ErrorKind::TimedOut => self.failure(TemporaryKind::Timeout, "no reply"),
            _ => self.failure(TemporaryKind::Network, error),
        }
    }

    fn failure(&self, kind: TemporaryKind, what: impl core::fmt::Display) -> Temporary {
        Temporary::with_detail(kind, format!("{what} ({})", self.server))
    }
}

struct Asked {
    question: Question,
    links: usize,
    id: u16,
    case: Case,
    octets: Vec<u8>,
}

impl Asked {
    fn read(&self, octets: &[u8]) -> Reply {
        message::reply_after(self.links, &self.question, self.id, self.case, octets)
    }
}

fn random(octets: &mut [u8]) -> io::Result<()> {
    getrandom::fill(octets).map_err(io::Error::other)
}

/// The name with every letter in upper or lower case, as the coin falls.
fn random_case(name: &Name) -> io::Result<Name> {
    let mut coins = [0u8; 32];
    random(&mut coins)?;
    let mut flips = coins.iter().flat_map(|octet| (0..8).map(move |bit| octet >> bit & 1 == 1));
    let labels = name.labels().map(|label| {
        let letters = label.iter().map(|octet| match flips.next() {
            Some(true) => octet.to_ascii_uppercase(),
            _ => octet.to_ascii_lowercase(),
        });
        letters.collect::<Vec<u8>>()
    });
    Name::from_labels(labels).map_err(io::Error::other)
}
