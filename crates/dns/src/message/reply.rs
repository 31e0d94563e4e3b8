//! What the sections of a reply say about a question.

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::rdata::opt::{EdnsCode, EdnsOption};
use hickory_proto::rr::{DNSClass, RData, Record};

use super::{Alias, MAX_NEGATIVE_TTL, MAX_TTL, Reply, from_hickory};
use crate::{
    Answer, Kind, MAX_CNAME_LINKS, Missing, Mx, Name, Question, Records, Temporary, TemporaryKind, Txt,
};

/// Reads a decoded message whose question is known to be this one.
pub(super) fn read(question: &Question, links: usize, message: &Message) -> Reply {
    let code = message.metadata.response_code;
    match code {
        ResponseCode::NoError | ResponseCode::NXDomain => {}
        ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS => return Reply::NoEdns,
        _ => return Reply::Failed(failure(code, message)),
    }
    let end = match follow(question, links, &message.answers) {
        Step::Records(records, ttl) => return Reply::Answer(Answer::records(records, ttl)),
        Step::TooLong(ttl) => {
            return Reply::Answer(Answer::missing(Missing::NoData, ttl.min(MAX_NEGATIVE_TTL)));
        }
        Step::End(end) => end,
    };
    let negative = negative_ttl(&message.authorities);
    let void = |why, seconds: u32| Reply::Answer(Answer::missing(why, seconds.min(end.ttl)));
    // RFC 6604 3: the code is about the last name of the chain.
    if code == ResponseCode::NXDomain {
        return void(Missing::NxDomain, negative.unwrap_or(0));
    }
    match negative {
        Some(seconds) => void(Missing::NoData, seconds),
        None if end.links > links => Reply::Alias(end),
        // RFC 2308 2.2: NS without SOA is a referral, which a server that resolves for others does not give.
        None if message.authorities.iter().any(|record| matches!(record.data, RData::NS(_))) => {
            Reply::Failed(Temporary::with_detail(TemporaryKind::Refused, "referral to another server"))
        }
        // RFC 2308 5: without an SOA it should not be kept.
        None => void(Missing::NoData, 0),
    }
}

/// Where the records of an answer section lead from a question.
#[derive(Debug)]
pub(crate) enum Step {
    /// To records; the TTL is the smallest on the way.
    Records(Records, u32),
    /// To a name of which the section has no record of the type.
    End(Box<Alias>),
    /// Along more than [`MAX_CNAME_LINKS`] aliases.
    TooLong(u32),
}

/// Follows the aliases of an answer section, of which `links` were followed before. Records of other names are not looked at: RFC 5452 6.
pub(crate) fn follow(question: &Question, links: usize, answers: &[Record]) -> Step {
    let mut name = question.name;
    let mut ttl = MAX_TTL;
    for links in links..=MAX_CNAME_LINKS {
        let mut found = Found::default();
        let mut alias = None;
        for record in answers.iter().filter(|record| record.dns_class == DNSClass::IN) {
            if from_hickory(&record.name) != Some(name) {
                continue;
            }
            if let RData::CNAME(target) = &record.data {
                alias = alias.or_else(|| Some((from_hickory(&target.0)?, lifetime(record.ttl))));
            } else if found.take(question.kind, &record.data) {
                ttl = ttl.min(lifetime(record.ttl));
            }
        }
        if let Some(records) = found.records(question.kind) {
            return Step::Records(records, ttl);
        }
        let Some((target, alias_ttl)) = alias else {
            return Step::End(Box::new(Alias { target: name, links, ttl }));
        };
        ttl = ttl.min(alias_ttl);
        name = target;
    }
    Step::TooLong(ttl)
}

/// Records of the wanted type, as they are found.
#[derive(Default)]
struct Found {
    txt: Vec<Txt>,
    a: Vec<std::net::Ipv4Addr>,
    aaaa: Vec<std::net::Ipv6Addr>,
    mx: Vec<Mx>,
    ptr: Vec<Name>,
}

impl Found {
    /// Whether the data was of the kind.
    fn take(&mut self, kind: Kind, data: &RData) -> bool {
        match (kind, data) {
            (Kind::Txt, RData::TXT(txt)) => {
                Txt::from_parts(&txt.txt_data).map(|record| self.txt.push(record)).is_ok()
            }
            (Kind::A, RData::A(address)) => {
                self.a.push(address.0);
                true
            }
            (Kind::Aaaa, RData::AAAA(address)) => {
                self.aaaa.push(address.0);
                true
            }
            (Kind::Mx, RData::MX(mx)) => from_hickory(&mx.exchange)
                .map(|exchange| self.mx.push(Mx { preference: mx.preference, exchange }))
                .is_some(),
            (Kind::Ptr, RData::PTR(name)) => from_hickory(&name.0).map(|name| self.ptr.push(name)).is_some(),
            _ => false,
        }
    }

    fn records(self, kind: Kind) -> Option<Records> {
        let records = match kind {
            Kind::Txt => Records::Txt(self.txt.into()),
            Kind::A => Records::A(self.a.into()),
            Kind::Aaaa => Records::Aaaa(self.aaaa.into()),
            Kind::Mx => Records::Mx(self.mx.into()),
            Kind::Ptr => Records::Ptr(self.ptr.into()),
        };
        (!records.is_empty()).then_some(records)
    }
}

/// RFC 2181 8: a TTL with the highest bit set is 0.
pub(crate) fn lifetime(ttl: u32) -> u32 {
    if ttl > i32::MAX.unsigned_abs() { 0 } else { ttl.min(MAX_TTL) }
}

/// RFC 2308 5: the smaller of the SOA's TTL and its minimum; none without an SOA.
fn negative_ttl(authorities: &[Record]) -> Option<u32> {
    authorities.iter().find_map(|record| match &record.data {
        RData::SOA(soa) => Some(lifetime(record.ttl).min(lifetime(soa.minimum)).min(MAX_NEGATIVE_TTL)),
        _ => None,
    })
}

fn failure(code: ResponseCode, message: &Message) -> Temporary {
    let kind = match code {
        ResponseCode::ServFail if is_bogus(message) => TemporaryKind::Bogus,
        ResponseCode::ServFail => TemporaryKind::ServFail,
        ResponseCode::Refused => TemporaryKind::Refused,
        _ => return Temporary::with_detail(TemporaryKind::OtherCode, code.to_str()),
    };
    Temporary::new(kind)
}

/// RFC 8914 4.7 and following: the resolver says that validation failed.
fn is_bogus(message: &Message) -> bool {
    let option = message.edns.as_ref().and_then(|edns| edns.option(EdnsCode::Unknown(15)));
    match option {
        Some(EdnsOption::Unknown(_, octets)) => {
            octets.first_chunk().is_some_and(|code| (6..=12).contains(&u16::from_be_bytes(*code)))
        }
        _ => false,
    }
}
