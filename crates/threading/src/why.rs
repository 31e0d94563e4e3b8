//! Why a message is where it is: which header says so, which id in it, and which rule.

use std::borrow::Cow;
use std::fmt;

use crate::forest::{Forest, NodeId};
use crate::{Algorithm, Header, MessageIds, Options, Rule};

/// What put a message where it is, in its own words and those of the standard; from [`Forest::why`].
///
/// ```
/// use mailwright_threading::{Header, Options, Place, thread};
///
/// let headers = [
///     Header { message_id: b"<1@a>", ..Header::default() },
///     Header { message_id: b"<3@a>", references: b"<1@a> <2@a>", ..Header::default() },
/// ];
/// let options = Options::default();
/// let forest = thread(headers, &options)?;
/// let why = forest.why(1, |message| headers[message], &options);
/// assert_eq!(why.id.as_deref(), Some(&b"2@a"[..]));
/// assert_eq!(why.place, Place::Above { message: 0, id: Some((&b"1@a"[..]).into()), by_itself: true });
/// # Ok::<(), mailwright_threading::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why<'a> {
    /// The rule that put it there.
    pub rule: Rule,
    /// The last id that it names: that of the message it replies to.
    pub id: Option<Cow<'a, [u8]>>,
    /// The base subject, of a message that was put there by that.
    pub base_subject: Option<String>,
    /// Where it is.
    pub place: Place<'a>,
    /// Whether a limit dropped some of the ids that it names.
    pub cut: bool,
    algorithm: Algorithm,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place<'a> {
    /// At the top.
    Top,
    /// At the top although it names an id: the message of that is below it, and no link may close a loop.
    Loop,
    /// Under the message that it names.
    Under(usize),
    /// Under the next message above the one that it names, which is missing.
    Above {
        /// That message.
        message: usize,
        /// Its id.
        id: Option<Cow<'a, [u8]>>,
        /// Whether the message itself names that id too; else others said what is above.
        by_itself: bool,
    },
    /// Beside others whose common root is missing.
    Beside,
}

impl Forest {
    /// Why `message` is where it is. `header` gives the header of any message of this forest, `options` are those by which
    /// it was made. Looks at the messages of one thread.
    pub fn why<'a>(
        &self,
        message: usize,
        header: impl Fn(usize) -> Header<'a>,
        options: &Options,
    ) -> Why<'a> {
        let ids = |message| MessageIds::of(&header(message), options.ids, &options.limits);
        let own = ids(message);
        let rule = self.rule(message);
        let by_id = matches!(rule, Rule::References | Rule::InReplyTo);
        let id = own.references.last().cloned().filter(|_| options.algorithm != Algorithm::OrderedSubject);
        let node = self.node_of(message);
        let parent = node.and_then(|node| self.parent(node));
        let place = match (parent, parent.and_then(|parent| self.message(parent))) {
            (None, _) if id.is_some() && by_id && self.is_below(node, &id, &ids) => Place::Loop,
            (None, _) => Place::Top,
            (Some(_), None) => Place::Beside,
            (Some(_), Some(above)) if !by_id => Place::Under(above),
            (Some(_), Some(above)) => match ids(above).own {
                its if its == id => Place::Under(above),
                its => {
                    let by_itself = its.as_ref().is_some_and(|its| own.references.contains(its));
                    Place::Above { message: above, id: its, by_itself }
                }
            },
        };
        let subject = || options.subject.rules.base(header(message).subject).text.into_owned();
        let base_subject = matches!(rule, Rule::Subject | Rule::Split).then(subject);
        Why { rule, id, base_subject, place, cut: own.cut, algorithm: options.algorithm }
    }

    /// Whether the message of `id` is under `node`.
    fn is_below<'a>(
        &self,
        node: Option<NodeId>,
        id: &Option<Cow<'a, [u8]>>,
        ids: &impl Fn(usize) -> MessageIds<'a>,
    ) -> bool {
        node.into_iter().flat_map(|node| self.messages_under(node)).any(|below| ids(below).own == *id)
    }

    fn messages_under(&self, node: NodeId) -> impl Iterator<Item = usize> + '_ {
        self.walk_under(node).filter_map(|visit| self.message(visit.node))
    }
}

impl fmt::Display for Why<'_> {
    /// One sentence, and the section of the standard. Identifiers are a stranger's text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = match self.rule {
            Rule::References => "References ends with",
            Rule::InReplyTo => "In-Reply-To names",
            Rule::Subject => {
                let section = if self.algorithm == Algorithm::OrderedSubject {
                    "ORDEREDSUBJECT"
                } else {
                    "REFERENCES 5"
                };
                let subject = self.base_subject.as_deref().unwrap_or_default();
                return write!(f, "its base subject is that of the thread: {subject} (RFC 5256 3 {section})");
            }
            Rule::Split => {
                let subject = self.base_subject.as_deref().unwrap_or_default();
                return write!(
                    f,
                    "its base subject differs from that of the message it replies to: {subject}"
                );
            }
            Rule::ThreadIndex => return f.write_str("its Thread-Index says so (MS-OXOMSG 2.2.1.3)"),
            Rule::GmailThread => return f.write_str("its X-GM-THRID is that of the thread"),
            _ => {
                let what = match self.place {
                    Place::Top => "it names no other message, so it starts a thread",
                    _ => "others were joined to it",
                };
                return write!(f, "{what} (RFC 5256 3)");
            }
        };
        let id = self.id.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        write!(f, "{names} <{id}>, ")?;
        match &self.place {
            Place::Under(_) => f.write_str("which is the message above (RFC 5256 3 REFERENCES 1.B)"),
            Place::Above { id, by_itself, .. } => {
                let above = id.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
                let who = if *by_itself { "the same field" } else { "another message" };
                write!(f, "which is not here; above it {who} names <{above}> (RFC 5256 3 REFERENCES 1.A, 3)")
            }
            Place::Beside => {
                f.write_str("which is not here, as the root of others is not (RFC 5256 3 REFERENCES 3)")
            }
            Place::Loop => {
                f.write_str("which is below it: no link may close a loop (RFC 5256 3 REFERENCES 1.B)")
            }
            Place::Top => {
                f.write_str("which is not here, and nothing else is above it (RFC 5256 3 REFERENCES 3)")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thread;

    fn why(headers: &[Header<'static>], message: usize) -> String {
        let options = Options::dovecot(Algorithm::References);
        let forest = thread(headers.iter().copied(), &options).unwrap();
        forest.why(message, |message| headers[message], &options).to_string()
    }

    fn header(message_id: &'static str, references: &'static str) -> Header<'static> {
        Header {
            message_id: message_id.as_bytes(),
            references: references.as_bytes(),
            subject: message_id.as_bytes(),
            ..Header::default()
        }
    }

    #[test]
    fn each_place_has_its_reason() {
        let headers = [
            header("<1@a>", ""),
            header("<2@a>", "<1@a>"),
            header("<4@a>", "<1@a> <3@a>"),
            header("<5@a>", "<x@a>"),
            header("<6@a>", "<x@a>"),
            header("<7@a>", "<y@a>"),
        ];
        assert!(why(&headers, 0).starts_with("it names no other message"));
        assert!(why(&headers, 1).starts_with("References ends with <1@a>, which is the message above"));
        assert!(why(&headers, 2).contains("<3@a>, which is not here; above it the same field names <1@a>"));
        assert!(why(&headers, 4).contains("as the root of others is not"));
        assert!(why(&headers, 5).contains("nothing else is above it"));
    }

    #[test]
    fn a_loop_is_told() {
        let ring = [header("<1@a>", "<2@a>"), header("<2@a>", "<1@a>")];
        let whys = [why(&ring, 0), why(&ring, 1)];
        assert!(whys.iter().any(|why| why.contains("no link may close a loop")), "{whys:?}");
    }
}
