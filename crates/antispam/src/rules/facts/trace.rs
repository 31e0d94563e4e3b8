//! Facts of the way that the message took, as Received tells it.

use mailwright_message_model::received::{Host, Received};

use super::people::is_freemail;
use super::{Ask, Fact, number};
use crate::rules::url::site;
use crate::rules::view::View;

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("received.count", |view| Fact::count(view.hops.len())),
    ("received.helo-is-address", |view| {
        hop(view, |hop| {
            helo(hop).and_then(|helo| match helo {
                Host::IpAddr(ip) => Some(format!("HELO {ip}")),
                Host::Name(name) => name.parse::<std::net::IpAddr>().is_ok().then(|| format!("HELO {name}")),
            })
        })
    }),
    ("received.helo-without-dot", |view| {
        hop(view, |hop| {
            let name = helo_name(hop)?;
            (hop.from_ip.is_some() && !name.contains('.') && !name.contains(':') && name != "localhost")
                .then(|| format!("HELO {name}"))
        })
    }),
    ("received.helo-freemail", |view| {
        hop(view, |hop| {
            // The name of a large provider, from a client that has another.
            let name = helo_name(hop)?;
            let claims = is_freemail(&name) || is_freemail(site(&name));
            let named = hop.from_rdns.as_deref().unwrap_or_default().to_lowercase();
            (claims && hop.from_ip.is_some() && site(&named) != site(&name))
                .then(|| format!("HELO {name}, client {named:?}"))
        })
    }),
    ("received.unnamed", |view| {
        // Clients without a name of their own.
        let unnamed = view.hops.iter().filter(|hop| hop.from_ip.is_some_and(is_outside) && is_unnamed(hop));
        Fact::count(unnamed.count())
    }),
    ("received.dial-up", |view| {
        hop(view, |hop| {
            let name = hop.from_rdns.as_deref()?.to_lowercase();
            is_dial_up(&name).then_some(name)
        })
    }),
    ("received.hours-under-way", |view| {
        let mut dates = view.hops.iter().filter_map(|hop| hop.date);
        let (Some(newest), Some(oldest)) = (dates.next(), dates.next_back()) else { return Fact::default() };
        let seconds = newest.to_unix().saturating_sub(oldest.to_unix());
        Fact::of(i32::try_from(seconds).map_or(0.0, f64::from) / 3600.0)
    }),
    ("received.unreadable", |view| {
        Fact::of(number(view.hops.iter().filter(|hop| hop.by.is_none() && hop.from.is_none()).count()))
    }),
];

fn hop(view: &View<'_>, ask: impl Fn(&Received<'_>) -> Option<String>) -> Fact {
    let fields = view.message.root().fields_named("Received");
    let found =
        view.hops.iter().zip(fields).find_map(|(hop, field)| ask(hop).map(|detail| (detail, field.span())));
    found.map_or_else(Fact::default, |(detail, span)| Fact { value: 1.0, span, detail })
}

/// Who the client said it is.
fn helo<'h>(hop: &'h Received<'_>) -> Option<&'h Host<'h>> {
    hop.helo.as_ref().or(hop.from.as_ref())
}

fn helo_name(hop: &Received<'_>) -> Option<String> {
    match helo(hop)? {
        Host::Name(name) => Some(name.trim_end_matches('.').to_lowercase()),
        Host::IpAddr(_) => None,
    }
}

fn is_outside(ip: std::net::IpAddr) -> bool {
    match ip {
        std::net::IpAddr::V4(ip) => !(ip.is_private() || ip.is_loopback()),
        std::net::IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unique_local()),
    }
}

fn is_unnamed(hop: &Received<'_>) -> bool {
    hop.from_rdns.as_deref().is_none_or(|name| name.eq_ignore_ascii_case("unknown"))
}

/// Whether the name is one that a network gives to its customers' lines: numbers of the address in it, and a word for the line.
fn is_dial_up(name: &str) -> bool {
    const LINES: &[&str] = &[
        "dsl",
        "dial",
        "dyn",
        "ppp",
        "cable",
        "pool",
        "dhcp",
        "client",
        "cust",
        "broadband",
        "modem",
        "catv",
        "user",
    ];
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    digits >= 4 && LINES.iter().any(|line| name.contains(line))
}
