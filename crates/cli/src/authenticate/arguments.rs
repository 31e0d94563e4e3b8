//! The arguments of verbs that authenticate.

use std::net::IpAddr;

use clap::Args;
use mailwright_message_model::domain::Domain;

use super::{Delivery, Receiver, unbracketed};
use crate::section::Client;

/// Who delivered a message, and who judges it.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Authentication")]
pub(crate) struct Delivered {
    /// The address of the client, to check SPF too; with --helo, --mail-from or both.
    #[arg(long, value_name = "ADDRESS", requires = "identity", requires = "answers")]
    ip: Option<IpAddr>,

    /// The name that the client gave in HELO or EHLO.
    #[arg(long, value_name = "NAME", requires = "ip")]
    helo: Option<String>,

    /// The reverse-path; empty or `<>` for the null one.
    #[arg(long, value_name = "ADDRESS", requires = "client")]
    mail_from: Option<String>,

    /// Take the client from the Received field at this place from the top, which your own server wrote (1 is the first), and the
    /// reverse-path from the Return-Path above it.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["ip", "helo"], requires = "answers")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    hop: Option<u16>,

    /// A sealer whose valid ARC chain is a reason not to apply the policy of DMARC; may be given several times.
    #[arg(long, value_name = "DOMAIN", requires = "answers")]
    sealer: Vec<Domain>,

    /// Print nothing but the Authentication-Results field of the server NAME.
    #[arg(long, value_name = "NAME", requires = "answers", conflicts_with_all = ["json", "html", "each"])]
    pub(crate) add_header: Option<String>,
}

impl Delivered {
    pub(crate) fn receiver(&self, now: u64) -> Receiver {
        let name = self.add_header.clone().unwrap_or_default();
        Receiver { name, now, sealers: self.sealer.clone() }
    }

    fn mail_from(&self) -> Option<String> {
        self.mail_from.as_deref().map(|path| unbracketed(path).to_owned())
    }

    pub(crate) fn client(&self) -> Client {
        match (self.ip, self.hop) {
            (Some(ip), _) => {
                let helo = self.helo.clone().unwrap_or_default();
                Client::Known(Delivery { ip, helo, mail_from: self.mail_from() })
            }
            (None, Some(hop)) => Client::Hop(hop.into(), self.mail_from()),
            (None, None) => Client::Unknown,
        }
    }
}
