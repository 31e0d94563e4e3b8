//! The reasons for which mail is not delivered, and what each of them means.

use std::fmt;
use std::str::FromStr;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $category:ident, $nature:ident, $advice:ident, $sisimai:literal;)+) => {
        /// Why a message was not delivered.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Reason {
            /// All reasons, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in JSON and in rule files, as `recipient_unknown`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What the reason is about.
            #[must_use]
            pub const fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category,)+ }
            }

            /// The name of the variant, for generated code.
            #[allow(dead_code, reason = "build.rs asks for it")]
            #[must_use]
            pub(crate) const fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }

            /// What makes the reason hard or soft.
            #[must_use]
            pub const fn nature(self) -> Nature {
                match self { $(Self::$variant => Nature::$nature,)+ }
            }

            /// The advice where a rule gives no other, for a failure that is meant for good.
            #[must_use]
            pub const fn advice(self) -> Advice {
                match self { $(Self::$variant => Advice::$advice,)+ }
            }

            /// What Sisimai calls a like reason, for those who move from it.
            #[must_use]
            pub const fn sisimai_name(self) -> &'static str {
                match self { $(Self::$variant => $sisimai,)+ }
            }

            /// One sentence for a postmaster.
            #[must_use]
            pub const fn describe(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

reasons! {
    /// No such mailbox at the destination.
    RecipientUnknown = "recipient_unknown", Recipient, Permanent, Suppress, "userunknown";
    /// The mailbox exists but is disabled, suspended or locked.
    RecipientDisabled = "recipient_disabled", Recipient, ByReply, Suppress, "suspend";
    /// The recipient has moved or the mailbox has another owner.
    RecipientMoved = "recipient_moved", Recipient, Lasting, Suppress, "hasmoved";
    /// The recipient, or a filter of the recipient's, refuses this mail.
    RecipientFiltered = "recipient_filtered", Recipient, Soft, CountThenSuppress, "filtered";
    /// The address is not one that can exist.
    BadAddressSyntax = "bad_address_syntax", Recipient, Lasting, Suppress, "syntaxerror";
    /// The mailbox is full.
    MailboxFull = "mailbox_full", Recipient, Soft, RetryLater, "mailboxfull";
    /// The domain of the recipient does not exist.
    DomainNotFound = "domain_not_found", Domain, Permanent, Suppress, "hostunknown";
    /// The domain takes no mail (RFC 7504, RFC 7505).
    DomainNotAccepting = "domain_not_accepting", Domain, Lasting, Suppress, "notaccept";
    /// Trouble inside the destination's system.
    ServerError = "server_error", Server, ByReply, CountThenSuppress, "systemerror";
    /// The destination's system has no room, for nobody.
    ServerFull = "server_full", Server, Soft, RetryLater, "systemfull";
    /// The program that delivers into the mailbox failed.
    LocalDeliveryError = "local_delivery_error", Server, Soft, CountThenSuppress, "mailererror";
    /// The destination's server could not be reached.
    NetworkError = "network_error", Network, Soft, RetryLater, "networkerror";
    /// The message goes in a circle, or nobody knows where to send it.
    RoutingError = "routing_error", Network, Soft, ContactRecipient, "networkerror";
    /// No protected connection could be made.
    TlsFailure = "tls_failure", Network, Soft, RetryLater, "failedstarttls";
    /// A command or its order was not as the other side wants it.
    ProtocolError = "protocol_error", Network, Soft, FixInfrastructure, "syntaxerror";
    /// Refused for the first minutes, as for every new sender (RFC 6647).
    Greylisted = "greylisted", Network, Soft, RetryLater, "greylisted";
    /// The sending server has given up after days.
    DeliveryExpired = "delivery_expired", Network, Soft, CountThenSuppress, "expired";
    /// Too much mail or too many connections in too short a time.
    RateLimited = "rate_limited", Rate, Soft, SlowDown, "speeding";
    /// Too many recipients in one message.
    TooManyRecipients = "too_many_recipients", Rate, Soft, SlowDown, "toomanyconn";
    /// The IP address of the sending server is blocked or listed.
    IpBlocked = "ip_blocked", Reputation, Soft, FixReputation, "blocked";
    /// The sending server or domain has a bad reputation.
    BadReputation = "bad_reputation", Reputation, Soft, FixReputation, "badreputation";
    /// The sending server's IP address has no name, or a wrong one.
    ReverseDns = "reverse_dns", Reputation, Soft, FixInfrastructure, "requireptr";
    /// SPF, DKIM, DMARC or ARC did not pass.
    AuthFailure = "auth_failure", Authentication, Soft, FixAuthentication, "authfailure";
    /// The server asks for a login, TLS or a permission.
    SecurityRequired = "security_required", Authentication, Soft, FixInfrastructure, "securityerror";
    /// The server does not take mail for this domain from this host.
    RelayDenied = "relay_denied", Authentication, Soft, ContactRecipient, "norelaying";
    /// The sender's address or domain is refused.
    SenderRejected = "sender_rejected", Authentication, Soft, FixInfrastructure, "rejected";
    /// The message is larger than the server, or the mailbox, takes.
    MessageTooLarge = "message_too_large", Content, Soft, FixContent, "mesgtoobig";
    /// The message looks like spam.
    SpamContent = "spam_content", Content, Soft, FixContent, "spamdetected";
    /// Something in the message is refused.
    ContentRejected = "content_rejected", Content, Soft, FixContent, "contenterror";
    /// An attachment of a refused kind.
    ProhibitedAttachment = "prohibited_attachment", Content, Soft, FixContent, "contenterror";
    /// The message carries a virus.
    Virus = "virus", Content, Soft, FixContent, "virusdetected";
    /// The message is not as RFC 5322 or MIME want it.
    MessageMalformed = "message_malformed", Content, Soft, FixContent, "notcompliantrfc";
    /// A rule of the destination that says no more.
    Policy = "policy", Content, Soft, ContactRecipient, "policyviolation";
    /// The address stands on the sending service's own suppression list: no server was asked.
    Suppressed = "suppressed", Other, Soft, None, "suppressed";
    /// Nothing in the text or the codes tells the reason.
    Unknown = "unknown", Other, ByReply, CountThenSuppress, "undefined";
    /// The reply says that the message was taken (2yz).
    None = "none", Other, Taken, None, "delivered";
}

impl Reason {
    /// Whether the reason is the address or its domain: the only ones for which an address may ever be suppressed at once.
    #[must_use]
    pub const fn is_recipient(self) -> bool {
        matches!(self.category(), Category::Recipient | Category::Domain)
    }

    /// Hard or soft, where the reply is permanent (`Some(true)`), transient, or says neither.
    #[must_use]
    pub const fn class(self, permanent: Option<bool>) -> Class {
        match (self.nature(), permanent) {
            (Nature::Taken, _) => Class::Delivered,
            (Nature::Soft, _) => Class::Soft,
            (Nature::Lasting, _) | (Nature::Permanent, None) => Class::Hard,
            (Nature::Permanent | Nature::ByReply, Some(true)) => Class::Hard,
            (Nature::Permanent | Nature::ByReply, Some(false)) => Class::Soft,
            (Nature::ByReply, None) => match self {
                Self::Unknown => Class::Unknown,
                Self::RecipientDisabled => Class::Hard,
                _ => Class::Soft,
            },
        }
    }

    /// The advice for this reason where the failure is of `class`.
    #[must_use]
    pub const fn advice_for(self, class: Class) -> Advice {
        match (self.advice(), class) {
            // What a server says for now is no reason to give an address up.
            (Advice::Suppress, Class::Soft) => Advice::RetryLater,
            (Advice::CountThenSuppress, Class::Soft) if matches!(self, Self::ServerError | Self::Unknown) => {
                Advice::RetryLater
            }
            (advice, _) => advice,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Reason {
    type Err = NoSuchName;

    fn from_str(name: &str) -> Result<Self, NoSuchName> {
        Self::ALL.iter().copied().find(|reason| reason.name() == name).ok_or(NoSuchName(()))
    }
}

/// A name that no value has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchName(());

impl fmt::Display for NoSuchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no value has this name")
    }
}

impl std::error::Error for NoSuchName {}

/// What a [`Reason`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Category {
    /// The address.
    Recipient,
    /// Its domain.
    Domain,
    /// The destination's system.
    Server,
    /// The way there.
    Network,
    /// How much is sent how fast.
    Rate,
    /// What is known of the sending server.
    Reputation,
    /// Who may send.
    Authentication,
    /// The message.
    Content,
    /// Anything else.
    Other,
}

/// What makes a [`Reason`] hard or soft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Nature {
    /// Hard, whatever the code.
    Lasting,
    /// Hard, but soft where the reply is a transient one.
    Permanent,
    /// As the first digit of the reply says.
    ByReply,
    /// Soft, whatever the code: it is not the address that is at fault, or it may get better.
    Soft,
    /// No failure.
    Taken,
}

macro_rules! names {
    ($(#[$meta:meta])* $type:ident { $($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum $type {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $type {
            /// All values.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in JSON and in rule files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The name of the variant, for generated code.
            #[allow(dead_code, reason = "build.rs asks for it, and not of every type")]
            #[must_use]
            pub(crate) const fn variant(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = NoSuchName;

            fn from_str(name: &str) -> Result<Self, NoSuchName> {
                Self::ALL.iter().copied().find(|value| value.name() == name).ok_or(NoSuchName(()))
            }
        }
    };
}

names! {
    /// What the server meant: for good, or for now.
    Class {
        /// For good: the address or its domain will not take mail.
        Hard = "hard",
        /// For now, or for this message.
        Soft = "soft",
        /// Nothing says which.
        Unknown = "unknown",
        /// Taken: no failure.
        Delivered = "delivered",
    }
}

names! {
    /// What to do.
    Advice {
        /// Send nothing more to this address.
        Suppress = "suppress",
        /// Suppress after several failures over days.
        CountThenSuppress = "count_then_suppress",
        /// Send again later.
        RetryLater = "retry_later",
        /// Send less at a time.
        SlowDown = "slow_down",
        /// Change the message.
        FixContent = "fix_content",
        /// Repair SPF, DKIM or DMARC.
        FixAuthentication = "fix_authentication",
        /// Find out why the server is listed, and have it removed.
        FixReputation = "fix_reputation",
        /// Repair DNS, TLS or the configuration of the sending server.
        FixInfrastructure = "fix_infrastructure",
        /// Only the recipient, or its postmaster, can change it.
        ContactRecipient = "contact_recipient",
        /// Nothing.
        None = "none",
    }
}

names! {
    /// The SMTP command that was answered (RFC 5321 4.1).
    Command {
        /// The connection itself, before any command.
        Connect = "CONN",
        /// EHLO.
        Ehlo = "EHLO",
        /// HELO.
        Helo = "HELO",
        /// STARTTLS (RFC 3207).
        StartTls = "STARTTLS",
        /// AUTH (RFC 4954).
        Auth = "AUTH",
        /// MAIL FROM.
        Mail = "MAIL",
        /// RCPT TO.
        Rcpt = "RCPT",
        /// DATA, or the end of the message.
        Data = "DATA",
        /// BDAT (RFC 3030).
        Bdat = "BDAT",
        /// RSET.
        Rset = "RSET",
        /// QUIT.
        Quit = "QUIT",
        /// VRFY.
        Vrfy = "VRFY",
        /// ETRN and others.
        Other = "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for reason in Reason::ALL {
            assert_eq!(reason.name().parse(), Ok(*reason));
            assert!(!reason.describe().is_empty());
        }
        assert!("user_unknown".parse::<Reason>().is_err());
    }

    #[test]
    fn only_the_address_and_its_domain_can_be_hard_for_good() {
        for reason in Reason::ALL {
            let suppressed = reason.advice_for(reason.class(Some(true))) == Advice::Suppress;
            assert!(!suppressed || reason.is_recipient(), "{reason}");
        }
        assert_eq!(Reason::RecipientUnknown.class(Some(false)), Class::Soft);
        assert_eq!(Reason::MailboxFull.class(Some(true)), Class::Soft);
        assert_eq!(Reason::Unknown.class(None), Class::Unknown);
    }
}
