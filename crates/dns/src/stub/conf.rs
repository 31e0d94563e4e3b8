//! The text of resolv.conf(5), given by the caller.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

/// The port of DNS (RFC 1035 4.2).
pub const PORT: u16 = 53;
/// The servers that are used of a resolv.conf, as the C library does.
pub const MAX_SERVERS: usize = 3;

/// The name servers that a resolv.conf text names, at most [`MAX_SERVERS`]; the local host where it names none, as resolv.conf(5)
/// says. Lines that are not understood are passed over; search lists do not apply, since names here are always absolute.
///
/// ```
/// let servers = mailwright_dns::name_servers("# by hand\nsearch example.com\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n");
/// assert_eq!(servers, ["192.0.2.53:53".parse()?, "[2001:db8::53]:53".parse()?]);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[must_use]
pub fn name_servers(resolv_conf: &str) -> Vec<SocketAddr> {
    let servers: Vec<SocketAddr> = resolv_conf
        .lines()
        .filter_map(|line| {
            let mut words = line.split_ascii_whitespace();
            (words.next() == Some("nameserver")).then(|| words.next())?
        })
        .filter_map(server)
        .take(MAX_SERVERS)
        .collect();
    if servers.is_empty() { vec![(Ipv4Addr::LOCALHOST, PORT).into()] } else { servers }
}

/// An address, of which a link-local one may have a scope in digits.
fn server(text: &str) -> Option<SocketAddr> {
    if let Some((address, scope)) = text.split_once('%') {
        let address: Ipv6Addr = address.parse().ok()?;
        return Some(SocketAddrV6::new(address, PORT, 0, scope.parse().ok()?).into());
    }
    Some(SocketAddr::new(text.parse::<IpAddr>().ok()?, PORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_resolv_conf() {
        let text = "nameserver\nnameserver fe80::1%2\n nameserver 10.0.0.1 ; ours\nnameserver example\noptions timeout:1\nnameserver ::1\nnameserver 10.0.0.9\n";
        let expected: Vec<SocketAddr> = vec![
            "[fe80::1%2]:53".parse().unwrap(),
            "10.0.0.1:53".parse().unwrap(),
            "[::1]:53".parse().unwrap(),
        ];
        assert_eq!(name_servers(text), expected);
        assert_eq!(name_servers(""), ["127.0.0.1:53".parse().unwrap()]);
    }
}
