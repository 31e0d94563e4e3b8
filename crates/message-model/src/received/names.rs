//! What the clauses and comments of a trace field name.

use std::fmt;

/// An enum of names, each with its variant here, its variant in mail-parser, and its written form.
macro_rules! names {
    ($(#[$doc:meta])* $name:ident: $($variant:ident = $theirs:ident: $text:literal,)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $text, "`")]
                #[cfg_attr(feature = "serde", serde(rename = $text))]
                $variant,
            )+
        }

        impl $name {
            /// The written form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            pub(super) fn of(theirs: mail_parser::$name) -> Self {
                match theirs {
                    $(mail_parser::$name::$theirs => Self::$variant,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// A protocol of the with clause: the mail transmission types registered at IANA and some that are in use. `Local`
    /// is what comes from the same machine (a pipe, a socket).
    Protocol:
    Smtp = SMTP: "SMTP",
    Esmtp = ESMTP: "ESMTP",
    Esmtpa = ESMTPA: "ESMTPA",
    Esmtps = ESMTPS: "ESMTPS",
    Esmtpsa = ESMTPSA: "ESMTPSA",
    Lmtp = LMTP: "LMTP",
    Lmtpa = LMTPA: "LMTPA",
    Lmtps = LMTPS: "LMTPS",
    Lmtpsa = LMTPSA: "LMTPSA",
    Mms = MMS: "MMS",
    Utf8Smtp = UTF8SMTP: "UTF8SMTP",
    Utf8Smtpa = UTF8SMTPA: "UTF8SMTPA",
    Utf8Smtps = UTF8SMTPS: "UTF8SMTPS",
    Utf8Smtpsa = UTF8SMTPSA: "UTF8SMTPSA",
    Utf8Lmtp = UTF8LMTP: "UTF8LMTP",
    Utf8Lmtpa = UTF8LMTPA: "UTF8LMTPA",
    Utf8Lmtps = UTF8LMTPS: "UTF8LMTPS",
    Utf8Lmtpsa = UTF8LMTPSA: "UTF8LMTPSA",
    Http = HTTP: "HTTP",
    Https = HTTPS: "HTTPS",
    Imap = IMAP: "IMAP",
    Pop3 = POP3: "POP3",
    Local = Local: "Local",
}

names! {
    /// The command that opened the session.
    Greeting:
    Helo = Helo: "HELO",
    Ehlo = Ehlo: "EHLO",
    Lhlo = Lhlo: "LHLO",
}

names! {
    /// A version of SSL, TLS or DTLS.
    TlsVersion:
    Ssl2 = SSLv2: "SSLv2",
    Ssl3 = SSLv3: "SSLv3",
    Tls1_0 = TLSv1_0: "TLSv1.0",
    Tls1_1 = TLSv1_1: "TLSv1.1",
    Tls1_2 = TLSv1_2: "TLSv1.2",
    Tls1_3 = TLSv1_3: "TLSv1.3",
    Dtls1_0 = DTLSv1_0: "DTLSv1.0",
    Dtls1_2 = DTLSv1_2: "DTLSv1.2",
    Dtls1_3 = DTLSv1_3: "DTLSv1.3",
}
