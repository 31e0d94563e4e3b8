//! A DNS server on loopback, over UDP and TCP, that can misbehave by name.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hickory_proto::op::{Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME, MX, NS, PTR, SOA, TXT};
use hickory_proto::rr::{Name as WireName, RData, Record, RecordType};
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use mailwright_dns::hickory::{Hickory, options};
use mailwright_dns::{Dns, Kind, Missing, Name, Records, Zone};

/// How the server treats a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Answers after so many milliseconds.
    Late(u64),
    /// Never answers.
    Silent,
    /// Sets TC by UDP and gives the whole answer by TCP.
    Truncated,
    /// Sets TC by UDP and closes TCP.
    TruncatedOnly,
    /// Another id.
    WrongId,
    /// Another name in the question.
    WrongName,
    /// Another type in the question.
    WrongType,
    /// The right answer, from another port.
    WrongSource,
    /// First the forged answer 192.0.2.66 with another id, then the true one.
    ForgedFirst,
    /// More forged answers than chance explains; TCP is honest.
    Flood,
    /// Random octets.
    Garbage,
    /// A good header and question, and a broken answer section.
    Broken,
    /// The name in lower case, whatever the question had.
    LowerCase,
    /// A response code.
    Code(ResponseCode),
    /// FORMERR when the query has EDNS.
    NoEdns,
    /// NS records of elsewhere, without an SOA.
    Referral,
    /// The alias alone, without what it leads to.
    AliasAlone,
    /// The answer of the question and, unasked, records of other names.
    Extra,
}

/// What to serve: a zone for the records, the aliases among its names, the faults.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    pub(crate) zone: Zone,
    aliases: HashMap<Name, Name>,
    faults: HashMap<Name, Fault>,
}

impl Script {
    pub(crate) fn fault(&mut self, name: &str, fault: Fault) {
        self.faults.insert(Name::new(name).unwrap(), fault);
    }

    /// An alias in the zone and in what is served.
    pub(crate) fn alias(&mut self, name: &str, target: &str) {
        self.zone.add_cname(name, target).unwrap();
        self.aliases.insert(Name::new(name).unwrap(), Name::new(target).unwrap());
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Udp,
    Tcp,
}

/// The seconds of every record and of the SOA.
pub(crate) const TTL: u32 = 300;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Vec<(Name, Transport, Message)>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    script: Script,
    log: Arc<Mutex<Vec<(Name, Transport, Message)>>>,
    stop: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn start(script: Script) -> Self {
        let (udp, tcp) = sockets();
        let address = udp.local_addr().unwrap();
        udp.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        tcp.set_nonblocking(true).unwrap();
        let (log, stop) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let shared = Arc::new(Shared { script, log: Arc::clone(&log), stop: Arc::clone(&stop) });
        let other = Arc::clone(&shared);
        let threads = vec![
            thread::spawn(move || serve_udp(&Arc::new(udp), &shared)),
            thread::spawn(move || serve_tcp(&tcp, &other)),
        ];
        Self { address, log, stop, threads }
    }

    /// How often a name was asked for by a transport.
    pub(crate) fn asked(&self, name: &str, by: Transport) -> usize {
        let name = Name::new(name).unwrap();
        self.log
            .lock()
            .unwrap()
            .iter()
            .filter(|(asked, transport, _)| *asked == name && *transport == by)
            .count()
    }

    /// Every query so far.
    pub(crate) fn queries(&self) -> Vec<Message> {
        self.log.lock().unwrap().iter().map(|(_, _, query)| query.clone()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// One port for both.
fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both UDP and TCP");
}

fn serve_udp(socket: &Arc<UdpSocket>, shared: &Shared) {
    let mut buffer = [0; 4096];
    while !shared.stop.load(Ordering::SeqCst) {
        let Ok((len, peer)) = socket.recv_from(&mut buffer) else { continue };
        let Ok(query) = Message::from_vec(&buffer[..len]) else { continue };
        let (fault, replies) = shared.replies(&query, Transport::Udp);
        match fault {
            Some(Fault::Late(wait)) => {
                let socket = Arc::clone(socket);
                thread::spawn(move || {
                    thread::sleep(Duration::from_millis(wait));
                    replies.iter().for_each(|reply| drop(socket.send_to(reply, peer)));
                });
            }
            Some(Fault::WrongSource) => {
                let other = UdpSocket::bind("127.0.0.1:0").unwrap();
                replies.iter().for_each(|reply| drop(other.send_to(reply, peer)));
            }
            _ => replies.iter().for_each(|reply| drop(socket.send_to(reply, peer))),
        }
    }
}

fn serve_tcp(listener: &TcpListener, shared: &Arc<Shared>) {
    while !shared.stop.load(Ordering::SeqCst) {
        match listener.accept() {
            Ok((stream, _)) => {
                let shared = Arc::clone(shared);
                thread::spawn(move || answer_tcp(stream, &shared));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(Duration::from_millis(2)),
            Err(_) => return,
        }
    }
}

/// Answers queries on a connection until it ends.
fn answer_tcp(mut stream: TcpStream, shared: &Shared) {
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    loop {
        let mut len = [0; 2];
        if stream.read_exact(&mut len).is_err() {
            return;
        }
        let mut octets = vec![0; usize::from(u16::from_be_bytes(len))];
        if stream.read_exact(&mut octets).is_err() {
            return;
        }
        let query = Message::from_vec(&octets).unwrap();
        let (fault, replies) = shared.replies(&query, Transport::Tcp);
        if fault == Some(Fault::TruncatedOnly) {
            return;
        }
        for reply in replies {
            let len = u16::try_from(reply.len()).unwrap().to_be_bytes();
            // In two pieces, as a network may cut them.
            if stream.write_all(&len).and_then(|()| stream.write_all(&reply)).is_err() {
                return;
            }
        }
    }
}

impl Shared {
    fn replies(&self, query: &Message, transport: Transport) -> (Option<Fault>, Vec<Vec<u8>>) {
        let asked = Name::from_labels(query.queries[0].name().iter()).unwrap();
        self.log.lock().unwrap().push((asked, transport, query.clone()));
        let fault = self.script.faults.get(&asked).copied();
        let honest = self.script.reply(query, fault);
        let octets = honest.to_vec().unwrap();
        let truncated = || {
            let mut cut = honest.clone();
            cut.answers.clear();
            cut.metadata.truncation = true;
            vec![cut.to_vec().unwrap()]
        };
        let forged = |id: u16| {
            let mut message = honest.clone();
            message.metadata.id = id;
            message.answers = vec![Record::from_rdata(
                query.queries[0].name().clone(),
                TTL,
                RData::A(A::new(192, 0, 2, 66)),
            )];
            message.to_vec().unwrap()
        };
        let udp = transport == Transport::Udp;
        let replies = match fault {
            Some(Fault::Silent) => vec![],
            Some(Fault::Truncated | Fault::TruncatedOnly) if udp => truncated(),
            None if udp && octets.len() > 1232 => truncated(),
            Some(Fault::WrongId) => vec![forged(query.id.wrapping_add(1))],
            Some(Fault::ForgedFirst) if udp => vec![forged(query.id ^ 0x8000), octets],
            Some(Fault::Flood) if udp => vec![forged(query.id ^ 1); 120],
            Some(Fault::Garbage) => vec![b"\x17garbage, and more of it".to_vec()],
            Some(Fault::Broken) => {
                // The answer's RDATA ends before its length says.
                vec![octets[..octets.len() - 2].to_vec()]
            }
            _ => vec![octets],
        };
        (fault, replies)
    }
}

impl Script {
    fn reply(&self, query: &Message, fault: Option<Fault>) -> Message {
        let asked = query.queries[0].clone();
        let mut reply = Message::new(query.id, MessageType::Response, OpCode::Query);
        reply.metadata.recursion_desired = query.recursion_desired;
        reply.metadata.recursion_available = true;
        reply.metadata.authoritative = true;
        let mut echoed = asked.clone();
        match fault {
            Some(Fault::WrongName) => {
                echoed.set_name(WireName::from_ascii("other.example.").unwrap());
            }
            Some(Fault::WrongType) => {
                echoed.set_query_type(RecordType::NULL);
            }
            Some(Fault::LowerCase) => {
                echoed.set_name(asked.name().to_lowercase());
            }
            _ => {}
        }
        reply.add_query(echoed);
        match fault {
            Some(Fault::Code(code)) => reply.metadata.response_code = code,
            Some(Fault::NoEdns) if query.edns.is_some() => {
                reply.metadata.response_code = ResponseCode::FormErr;
            }
            Some(Fault::Referral) => {
                let ns = RData::NS(NS(WireName::from_ascii("ns.elsewhere.example.").unwrap()));
                reply.metadata.authoritative = false;
                reply.add_authority(Record::from_rdata(asked.name().clone(), TTL, ns));
            }
            _ => self.fill(&asked, fault, &mut reply),
        }
        if fault == Some(Fault::Extra) {
            let other = WireName::from_ascii("other.example.").unwrap();
            reply.answers.insert(0, Record::from_rdata(other, TTL, RData::A(A::new(192, 0, 2, 66))));
            reply.add_additional(Record::from_rdata(
                asked.name().clone(),
                TTL,
                RData::A(A::new(192, 0, 2, 67)),
            ));
        }
        reply
    }

    /// The records of the question, with the aliases on the way.
    fn fill(&self, asked: &Query, fault: Option<Fault>, reply: &mut Message) {
        let mut name = Name::from_labels(asked.name().iter()).unwrap();
        let mut owner = asked.name().clone();
        for _ in 0..16 {
            let Some(target) = self.aliases.get(&name) else { break };
            let wire = wire_name(target);
            reply.add_answer(Record::from_rdata(owner, TTL, RData::CNAME(CNAME(wire.clone()))));
            if fault == Some(Fault::AliasAlone) {
                return;
            }
            (name, owner) = (*target, wire);
        }
        let kind = match asked.query_type() {
            RecordType::TXT => Kind::Txt,
            RecordType::A => Kind::A,
            RecordType::AAAA => Kind::Aaaa,
            RecordType::MX => Kind::Mx,
            RecordType::PTR => Kind::Ptr,
            other => panic!("asked for {other}"),
        };
        let data: Vec<RData> = match self.zone.query(&name, kind).result {
            Ok(Records::Txt(set)) => {
                set.iter().map(|txt| RData::TXT(TXT::from_bytes(txt.parts().collect()))).collect()
            }
            Ok(Records::A(set)) => set.iter().map(|address| RData::A(A(*address))).collect(),
            Ok(Records::Aaaa(set)) => set.iter().map(|address| RData::AAAA(AAAA(*address))).collect(),
            Ok(Records::Mx(set)) => {
                set.iter().map(|mx| RData::MX(MX::new(mx.preference, wire_name(&mx.exchange)))).collect()
            }
            Ok(Records::Ptr(set)) => set.iter().map(|name| RData::PTR(PTR(wire_name(name)))).collect(),
            Ok(other) => panic!("unknown records {other:?}"),
            Err(missing) => {
                if missing == Missing::NxDomain {
                    reply.metadata.response_code = ResponseCode::NXDomain;
                }
                let root = WireName::root();
                let soa = SOA::new(root.clone(), root.clone(), 1, 1, 1, 1, TTL);
                reply.add_authority(Record::from_rdata(root, TTL, RData::SOA(soa)));
                return;
            }
        };
        reply.add_answers(data.into_iter().map(|data| Record::from_rdata(owner.clone(), TTL, data)));
    }
}

fn wire_name(name: &Name) -> WireName {
    let mut wire = WireName::from_labels(name.labels()).unwrap();
    wire.set_fqdn(true);
    wire
}

/// The resolver of hickory, asking this server once.
pub(crate) fn hickory(server: SocketAddr, time: Duration) -> Hickory<TokioRuntimeProvider> {
    let mut config = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut config.connections {
        connection.port = server.port();
    }
    let mut options = options();
    (options.timeout, options.attempts) = (time, 1);
    let config = ResolverConfig::from_name_servers(vec![config]);
    let builder = hickory_resolver::Resolver::builder_with_config(config, TokioRuntimeProvider::default());
    Hickory::new(builder.with_options(options).build().unwrap())
}
