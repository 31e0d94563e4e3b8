//! A name server on loopback that serves a zone by UDP: what a test needs of RFC 1035, and no more.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mailwright_dns::{Dns, Kind, Missing, Name, Records, Zone};

pub(super) struct Server {
    pub(super) address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(zone: Zone) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let (address, stop) = (socket.local_addr().unwrap(), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut query = [0; 512];
            while !stopped.load(Ordering::SeqCst) {
                if let Ok((len, peer)) = socket.recv_from(&mut query) {
                    socket.send_to(&reply(&query[..len], &zone), peer).unwrap();
                }
            }
        });
        Self { address, stop, thread: Some(thread) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// RFC 1035 4.1: the header and the question come back, the records behind them.
fn reply(query: &[u8], zone: &Zone) -> Vec<u8> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while query[at] > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(&query[at + 1..end]);
        at = end;
    }
    let question = &query[12..at + 5];
    let number = query[at + 2];
    let kind = match number {
        1 => Kind::A,
        12 => Kind::Ptr,
        15 => Kind::Mx,
        16 => Kind::Txt,
        28 => Kind::Aaaa,
        other => panic!("asked for type {other}"),
    };
    let found = zone.query(&Name::from_labels(labels).unwrap(), kind).result;
    let code = match &found {
        Ok(_) | Err(Missing::NoData) => 0,
        Err(Missing::NxDomain) => 3,
        Err(_) => 2,
    };
    let data = found.map_or_else(|_| Vec::new(), |records| data(&records));
    let count = u8::try_from(data.len()).unwrap();
    // Void answers have an SOA, by which they are told from referrals (RFC 2308 2.2).
    let authority = u8::from(data.is_empty() && code != 2);
    let mut out = [&query[..2], &[0x85, 0x80 | code, 0, 1, 0, count, 0, authority, 0, 0], question].concat();
    for data in data {
        out.extend([0xc0, 12, 0, number, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    if authority > 0 {
        out.extend([0, 0, 6, 0, 1, 0, 0, 0, 60, 0, 22]);
        out.extend([0; 22]);
    }
    out
}

fn data(records: &Records) -> Vec<Vec<u8>> {
    let name = |name: &Name| {
        let labels = name.labels().flat_map(|label| [&[u8::try_from(label.len()).unwrap()], label].concat());
        labels.chain([0]).collect::<Vec<u8>>()
    };
    match records {
        Records::A(set) => set.iter().map(|ip| ip.octets().to_vec()).collect(),
        Records::Aaaa(set) => set.iter().map(|ip| ip.octets().to_vec()).collect(),
        Records::Mx(set) => {
            set.iter().map(|mx| [&mx.preference.to_be_bytes(), &*name(&mx.exchange)].concat()).collect()
        }
        Records::Ptr(set) => set.iter().map(name).collect(),
        Records::Txt(set) => {
            let part = |part: &[u8]| [&[u8::try_from(part.len()).unwrap()], part].concat();
            set.iter().map(|txt| txt.parts().flat_map(part).collect()).collect()
        }
        other => panic!("no records of RFC 1035: {other:?}"),
    }
}
