//! The validated names of the client, for `ptr` and `%{p}` (RFC 7208 5.5, 7.3).

use mailwright_dns::{Dns, Kind, Missing, Name};

use super::{Evaluation, Stop, address_kind, addresses_of};
use crate::trace::Observer;

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// The names that the client's address has and that have the client's address.
    ///
    /// A failure of DNS makes no match, never an error (RFC 7208 5.5).
    fn client_names(&mut self) -> Result<Vec<Name>, Stop> {
        let ip = self.request.ip;
        let reverse = Name::reverse(ip);
        let names = match self.dns.ptr(&reverse) {
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(Missing::Temporary(_)) => return Ok(Vec::new()),
            Err(missing) => {
                self.ask::<()>(&reverse, Err(missing))?;
                return Ok(Vec::new());
            }
            Ok(names) => names,
        };
        let mut pending = false;
        let mut valid = Vec::new();
        // RFC 7208 4.6.4: further names are passed over.
        for name in names.iter().take(self.config.limits.client_names) {
            match addresses_of(self.dns, name, ip) {
                Ok(addresses) if addresses.contains(&ip) => valid.push(*name),
                Err(Missing::Pending) => pending = true,
                _ => {}
            }
        }
        if pending { Err(Stop::Pending) } else { Ok(valid) }
    }

    /// Whether a validated name of the client is `domain` or below it.
    pub(super) fn is_client_within(&mut self, domain: &Name) -> Result<bool, Stop> {
        Ok(self.client_names()?.iter().any(|name| name.is_within(domain)))
    }

    /// RFC 7208 7.3: the current domain if it is a name of the client, else one below it, else any, else `unknown`.
    pub(super) fn look_up_client_name(&mut self) -> Result<(), Stop> {
        if self.client_name.is_some() {
            return Ok(());
        }
        let names = self.client_names()?;
        let domain = self.frames.last().map(|frame| frame.name);
        let best = names.iter().find(|name| Some(**name) == domain);
        let best =
            best.or_else(|| names.iter().find(|name| domain.is_some_and(|domain| name.is_within(&domain))));
        self.client_name =
            best.or(names.first()).map(ToString::to_string).or_else(|| Some(String::from("unknown")));
        Ok(())
    }

    /// Says that the client's names may be asked for.
    pub(super) fn announce_client(&self) {
        let ip = self.request.ip;
        let reverse = Name::reverse(ip);
        self.dns.announce(&reverse, Kind::Ptr);
        if let Ok(names) = self.dns.ptr(&reverse) {
            for name in names.iter().take(self.config.limits.client_names) {
                self.dns.announce(name, address_kind(ip));
            }
        }
    }
}
