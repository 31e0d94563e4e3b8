//! The validated names of the client, for `ptr` and `%{p}` (RFC 7208 5.5, 7.3).

use mailwright_dns::{Dns, Kind, Missing, Name, Records};

use super::mechanism::{address_kind, any_within};
use super::{Evaluation, Stop};
use crate::record::DualPrefix;
use crate::trace::Observer;

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// The names that the client's address has and that have the client's address.
    ///
    /// A failure of DNS makes no match, never an error (RFC 7208 5.5); look-ups that find nothing count as any do.
    fn find_client_names(&mut self) -> Result<Vec<Name>, Stop> {
        let ip = self.request.ip;
        let reverse = Name::reverse(ip);
        let names = match self.query(&reverse, Kind::Ptr) {
            Ok(Records::Ptr(names)) => names,
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(Missing::Temporary(_)) => return Ok(Vec::new()),
            _ => {
                self.count_void()?;
                return Ok(Vec::new());
            }
        };
        let mut pending = false;
        let mut valid = Vec::new();
        // RFC 7208 4.6.4: further names are passed over.
        for name in names.iter().take(self.config.limits.client_names) {
            match self.query(name, address_kind(ip)) {
                Ok(addresses) if any_within(&addresses, ip, DualPrefix::default()) => valid.push(*name),
                Err(Missing::Pending) => pending = true,
                Ok(_) | Err(Missing::Temporary(_)) => {}
                Err(_) => self.count_void()?,
            }
        }
        if pending { Err(Stop::Pending) } else { Ok(valid) }
    }

    /// Whether a validated name of the client is `domain` or below it.
    pub(super) fn is_client_within(&mut self, domain: &Name) -> Result<bool, Stop> {
        Ok(self.find_client_names()?.iter().any(|name| name.is_within(domain)))
    }

    /// RFC 7208 7.3: the current domain if it is a name of the client, else one below it, else any, else `unknown`.
    pub(super) fn look_up_client_name(&mut self, domain: Option<&Name>) -> Result<(), Stop> {
        if self.client_names.is_none() {
            self.client_names = Some(self.find_client_names()?);
        }
        let names = self.client_names.as_deref().unwrap_or_default();
        let best = names
            .iter()
            .find(|name| Some(*name) == domain)
            .or_else(|| names.iter().find(|name| domain.is_some_and(|domain| name.is_within(domain))))
            .or(names.first());
        self.client_name = best.map(ToString::to_string).unwrap_or_default();
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
