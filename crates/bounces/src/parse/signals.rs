//! What the message's own header says of its kind.

use mailwright_message_model::{Field, Message};

use super::mark::{AUTO_SUBJECT, DAEMON, DELAYED, SUBJECT};
use super::marks;

/// The top of a message.
#[derive(Debug, Default)]
pub(super) struct Signals {
    /// The address of From, or its name, is one of those that reports have.
    pub(super) daemon: bool,
    /// The address itself is, and not the name alone, which phishers choose.
    pub(super) daemon_address: bool,
    /// Return-Path is `<>` (RFC 5321 4.5.5).
    pub(super) null_path: bool,
    /// There is no From, or an empty one.
    pub(super) no_from: bool,
    /// The domain of From.
    pub(super) from_domain: Option<String>,
    /// Auto-Submitted in lower case, without parameters (RFC 3834 5).
    pub(super) auto_submitted: Option<String>,
    /// The field that marks an automatic answer.
    pub(super) auto_field: Option<&'static str>,
    /// The subject is one of those that reports have.
    pub(super) subject: bool,
    /// The subject says that the server keeps trying.
    pub(super) delayed: bool,
    /// The subject is one of those that automatic answers have.
    pub(super) auto_subject: bool,
    /// A person answers or forwards.
    pub(super) personal: bool,
    /// Addresses of X-Failed-Recipients, which Exim and Gmail write.
    pub(super) failed: Vec<String>,
    /// To whom the report goes: the sender of the original.
    pub(super) to: Vec<String>,
    /// List-Id or List-Unsubscribe: mail to many.
    pub(super) listed: bool,
}

/// Addresses of one field that are kept.
const MOST: usize = 1000;

impl Signals {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let mut signals = Self { no_from: true, ..Self::default() };
        let mut path_seen = false;
        for field in message.fields() {
            let name = field.name();
            let is = |wanted: &[u8]| name.eq_ignore_ascii_case(wanted);
            match name.len() {
                2 if is(b"To") => signals.to.extend(addresses(&field)),
                4 if is(b"From") && signals.no_from => signals.from(&field),
                7 if is(b"Subject") => signals.subject(&field),
                7 if is(b"List-Id") => signals.listed = true,
                10 if is(b"Precedence") => {
                    let value = field.text().trim().to_ascii_lowercase();
                    if matches!(value.as_str(), "auto_reply" | "auto-reply" | "autoreply") {
                        signals.auto_field = Some("Precedence");
                    }
                }
                11 if is(b"Return-Path") && !path_seen => {
                    path_seen = true;
                    signals.null_path = field.value().trim_ascii() == b"<>";
                }
                14 if is(b"Auto-Submitted") => {
                    // RFC 3834 5.1
                    let text = field.text();
                    let word =
                        text.split([';', '(', ' ']).find(|word| !word.trim().is_empty()).unwrap_or_default();
                    signals.auto_submitted = Some(word.trim().to_ascii_lowercase());
                }
                16 if is(b"List-Unsubscribe") => signals.listed = true,
                19 if is(b"X-Failed-Recipients") => signals.failed.extend(addresses(&field)),
                _ => signals.auto(name),
            }
        }
        signals
    }

    fn from(&mut self, field: &Field<'_>) {
        let value = field.text();
        let value = value.trim();
        self.no_from = value.is_empty() || value == "<>";
        let list = field.addresses();
        let address = list.addresses().first();
        self.daemon = marks::bits(value.as_bytes()) & DAEMON != 0;
        let local = address.map_or(value, |address| address.local_part());
        self.daemon_address = marks::bits(local.as_bytes()) & DAEMON != 0
            || address.is_some_and(|address| marks::bits(address.addr().as_bytes()) & DAEMON != 0)
            || address.is_none_or(|address| address.addr().is_empty()) && self.daemon;
        self.from_domain = address.and_then(|address| address.domain()).map(str::to_owned);
    }

    fn subject(&mut self, field: &Field<'_>) {
        let text = field.text();
        let text = text.trim();
        let head: String = text.chars().take(5).collect::<String>().to_lowercase();
        let answers = ["re:", "re :", "aw:", "fw:", "fwd:", "wg:", "tr:", "rv:", "rif:", "sv:", "odp:"];
        self.personal = answers.iter().any(|mark| head.starts_with(mark));
        let bits = marks::bits(text.as_bytes());
        self.subject = bits & SUBJECT != 0;
        self.delayed = bits & DELAYED != 0;
        // At the beginning: "Re: Automatic reply" is a person's.
        let mut auto = false;
        marks::scan(text.to_lowercase().as_bytes(), |code, end| {
            auto |= code & AUTO_SUBJECT != 0 && end <= MOST_AUTO;
        });
        self.auto_subject = auto && !self.personal;
        if text.to_lowercase().ends_with("(automatic response)")
            || text.to_lowercase().contains("(out of office)")
        {
            self.auto_subject = true;
        }
    }

    fn auto(&mut self, name: &[u8]) {
        const FIELDS: [&str; 10] = [
            "X-Autoreply",
            "X-Autorespond",
            "X-Autoresponder",
            "X-Auto-Response",
            "X-Auto-Reply",
            "X-Autoreply-From",
            "X-Autogenerated",
            "X-Mail-Autoreply",
            "X-Autoresponse",
            "X-Vacation",
        ];
        if name.first() == Some(&b'X') || name.first() == Some(&b'x') {
            let known = FIELDS.iter().find(|field| name.eq_ignore_ascii_case(field.as_bytes()));
            self.auto_field = self.auto_field.or(known.copied());
        }
    }

    /// Whether the sender is a mail system, as far as the header tells.
    pub(super) const fn is_system(&self) -> bool {
        self.daemon_address || self.null_path || self.no_from || !self.failed.is_empty()
    }

    /// By which field this is an automatic answer (RFC 3834 2).
    pub(super) fn auto_reply(&self) -> Option<&'static str> {
        if self.auto_submitted.as_deref() == Some("auto-replied") {
            return Some("Auto-Submitted");
        }
        self.auto_field.or(self.auto_subject.then_some("Subject"))
    }
}

/// Octets of a subject within which the words of an automatic answer end.
const MOST_AUTO: usize = 64;

fn addresses(field: &Field<'_>) -> Vec<String> {
    let list = field.addresses();
    list.addresses().iter().take(MOST).map(|address| address.addr().to_owned()).collect()
}
