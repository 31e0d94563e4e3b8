//! Name constraints applied (RFC 5280 6.1.3 (b), (c), 6.1.4 (g), RFC 9598 6).

use super::forms::{self, Fit};
use super::refusal::Rule;
use crate::x509::certificate::SMTP_UTF8_MAILBOX;
use crate::x509::name::NameKey;
use crate::x509::{Certificate, GeneralName, Name, Subtree};

/// What the certificates above allow.
#[derive(Debug, Default)]
pub(super) struct NameState<'a> {
    /// One list for each certificate that permits: a name has to be within one subtree of its form in each.
    permitted: Vec<Vec<Prepared<'a>>>,
    excluded: Vec<Prepared<'a>>,
}

/// A subtree; of a directory name, prepared for comparison.
#[derive(Debug)]
struct Prepared<'a> {
    subtree: Subtree<'a>,
    directory: Option<NameKey>,
}

/// One name of a certificate, for comparison.
#[derive(Debug)]
enum Subject<'a> {
    Name(GeneralName<'a>),
    /// A distinguished name, prepared.
    Directory(Name<'a>, NameKey),
    /// A mailbox that may have other characters than ASCII.
    Utf8Mailbox(&'a str),
}

impl<'a> NameState<'a> {
    /// Adds the constraints of a certificate (RFC 5280 6.1.4 (g)), of a trust anchor as well (RFC 5937 3.2).
    pub(super) fn add(&mut self, certificate: &Certificate<'a>) -> Result<(), Rule> {
        let Some(constraints) = certificate.name_constraints()? else { return Ok(()) };
        let all = constraints.permitted.iter().chain(&constraints.excluded);
        if all.clone().any(|subtree| !forms::is_constraint(&subtree.base)) {
            return Err(Rule::NameConstraints("a subtree is malformed"));
        }
        if !constraints.permitted.is_empty() {
            self.permitted.push(constraints.permitted.into_iter().map(Prepared::new).collect());
        }
        self.excluded.extend(constraints.excluded.into_iter().map(Prepared::new));
        Ok(())
    }

    /// How many subtrees there are.
    fn len(&self) -> usize {
        self.permitted.iter().map(Vec::len).fold(self.excluded.len(), usize::saturating_add)
    }

    /// Whether all names of the certificate are allowed (RFC 5280 6.1.3 (b), (c)). At most `comparisons` are made.
    pub(super) fn check(&self, certificate: &Certificate<'a>, comparisons: u64) -> Result<(), Rule> {
        if self.len() == 0 {
            return Ok(());
        }
        // Counted before anything is read: attributes of the subject are names as well.
        let alternative = certificate.subject_alt_names()?.map_or(0, Iterator::count);
        let names = certificate.subject().attributes().count().saturating_add(alternative);
        let pairs = names.saturating_mul(self.len());
        if u64::try_from(pairs).unwrap_or(u64::MAX) > comparisons {
            return Err(Rule::Limit("name_comparisons"));
        }
        let subject = certificate.subject();
        if !subject.is_empty() {
            self.check_name(&Subject::directory(subject))?;
        }
        // RFC 5280 4.2.1.10 asks for this where there is no alternative name; an address is used wherever it stands.
        for address in subject.email_addresses() {
            self.check_name(&Subject::Name(GeneralName::Rfc822(address.as_bytes())))?;
        }
        for name in certificate.subject_alt_names()?.into_iter().flatten() {
            let name = match name? {
                GeneralName::Directory(name) => Subject::directory(name),
                GeneralName::Other { form, value } if form == SMTP_UTF8_MAILBOX => {
                    let mailbox = crate::x509::certificate::smtp_utf8_mailbox(value);
                    Subject::Utf8Mailbox(mailbox.ok_or(Rule::Malformed("SmtpUTF8Mailbox"))?)
                }
                name => Subject::Name(name),
            };
            self.check_name(&name)?;
        }
        Ok(())
    }

    fn check_name(&self, name: &Subject<'_>) -> Result<(), Rule> {
        for subtree in &self.excluded {
            if matches(name, subtree)? == Fit::Within {
                return Err(Rule::NameExcluded(name.to_string()));
            }
        }
        for permitted in &self.permitted {
            let (mut of_form, mut within) = (false, false);
            for subtree in permitted {
                let fit = matches(name, subtree)?;
                of_form |= fit != Fit::OtherForm;
                within |= fit == Fit::Within;
            }
            if of_form && !within {
                return Err(Rule::NameNotPermitted(name.to_string()));
            }
        }
        Ok(())
    }
}

impl<'a> Prepared<'a> {
    fn new(subtree: Subtree<'a>) -> Self {
        let directory = match subtree.base {
            GeneralName::Directory(name) => Some(name.key()),
            _ => None,
        };
        Self { subtree, directory }
    }
}

impl<'a> Subject<'a> {
    fn directory(name: Name<'a>) -> Self {
        Self::Directory(name, name.key())
    }
}

fn matches(name: &Subject<'_>, subtree: &Prepared<'_>) -> Result<Fit, Rule> {
    let fit = match (name, &subtree.directory) {
        (Subject::Directory(_, key), Some(base)) => {
            if key.is_within(base) {
                Fit::Within
            } else {
                Fit::Outside
            }
        }
        (Subject::Directory(..), None) | (_, Some(_)) => Fit::OtherForm,
        // RFC 9598 6: constraints of rfc822Name apply to both kinds of mailbox.
        (Subject::Utf8Mailbox(mailbox), None) => match &subtree.subtree.base {
            GeneralName::Rfc822(base) => forms::mailbox(mailbox.as_bytes(), base)?,
            GeneralName::Other { form, .. } if *form == SMTP_UTF8_MAILBOX => {
                return Err(Rule::NameConstraints("SmtpUTF8Mailbox as a constraint"));
            }
            _ => Fit::OtherForm,
        },
        (Subject::Name(name), None) => forms::general(name, &subtree.subtree.base)?,
    };
    if fit != Fit::OtherForm && !subtree.subtree.whole {
        return Err(Rule::NameConstraints("minimum or maximum is given"));
    }
    Ok(fit)
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Directory(name, _) => name.fmt(f),
            Self::Utf8Mailbox(mailbox) => f.write_str(&mailbox.escape_debug().to_string()),
            Self::Name(GeneralName::Rfc822(text) | GeneralName::Dns(text) | GeneralName::Uri(text)) => {
                f.write_str(&text.escape_ascii().to_string())
            }
            Self::Name(GeneralName::Ip(octets)) => {
                match (<[u8; 4]>::try_from(*octets), <[u8; 16]>::try_from(*octets)) {
                    (Ok(v4), _) => std::net::Ipv4Addr::from(v4).fmt(f),
                    (_, Ok(v6)) => std::net::Ipv6Addr::from(v6).fmt(f),
                    _ => f.write_str("of an IP address"),
                }
            }
            Self::Name(GeneralName::Other { form, .. }) => write!(f, "of the form {form}"),
            Self::Name(_) => f.write_str("of another form"),
        }
    }
}
