//! Finds the parts of an address list in one pass: words, angle brackets, comments, and what divides entries.

use std::borrow::Cow;

use super::phrase::{self, Word};
use super::{Address, AddressList, Head, MAX_ENTRIES, MAX_FIELD_BYTES, Run, spec};
use crate::Span;
use crate::cfws::{self, EncodedWords};

pub(super) fn list(value: &[u8]) -> AddressList<'_> {
    let field = cfws::field(value);
    let read = field.get(..MAX_FIELD_BYTES).unwrap_or(field);
    let mut parser = Parser::new(read);
    parser.list.cut = read.len() < field.len();
    parser.run();
    parser.list
}

struct Parser<'a> {
    value: &'a [u8],
    at: usize,
    encoded: EncodedWords<'a>,
    /// A quote was not closed: none behind it is, so that none of them is searched for again.
    no_more_quotes: bool,
    /// Words outside of angle brackets of the entry being read.
    words: Vec<Word>,
    /// How many of the words stand in front of the angle brackets, and what these hold.
    angle: Option<(usize, Span)>,
    comments: Vec<Cow<'a, str>>,
    start: Option<usize>,
    end: usize,
    head: Option<Head<'a>>,
    /// First entry of the run being read.
    first: usize,
    list: AddressList<'a>,
}

impl<'a> Parser<'a> {
    fn new(value: &'a [u8]) -> Self {
        Self {
            value,
            at: 0,
            encoded: EncodedWords::new(value),
            no_more_quotes: false,
            words: Vec::new(),
            angle: None,
            comments: Vec::new(),
            start: None,
            end: 0,
            head: None,
            first: 0,
            list: AddressList::default(),
        }
    }

    fn run(&mut self) {
        while let Some(&byte) = self.value.get(self.at) {
            if self.is_full() {
                self.list.cut = true;
                break;
            }
            let at = self.at;
            match byte {
                b',' => {
                    self.at += 1;
                    self.end_entry();
                }
                // RFC 5322 3.4: group = display-name ":" [group-list] ";"
                b':' => {
                    self.at += 1;
                    self.start_group();
                }
                b';' => {
                    self.at += 1;
                    self.end_entry();
                    self.end_run();
                    self.list.divided |= !self.list.runs.is_empty();
                }
                b'<' => self.angle_addr(),
                b'(' => {
                    self.at = cfws::comment_end(self.value, at);
                    self.comment(Span::new(at, self.at));
                    self.touch(at);
                }
                b'"' => self.quoted(),
                // a ">" without "<" says nothing
                b'>' => self.at += 1,
                byte if cfws::is_space(byte) => self.at += 1,
                _ => self.atom(),
            }
        }
        self.end_entry();
        self.end_run();
    }

    /// Groups count too: empty ones cost memory as well.
    fn is_full(&self) -> bool {
        self.list.addresses.len() + self.list.runs.len() >= MAX_ENTRIES
    }

    /// The entry reaches from `start` to here.
    fn touch(&mut self, start: usize) {
        self.start.get_or_insert(start);
        self.end = self.at;
    }

    fn comment(&mut self, span: Span) {
        let text = phrase::comment(self.value, span);
        if !text.is_empty() {
            self.comments.push(text);
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let end = if self.no_more_quotes { None } else { cfws::quoted_end(self.value, start) };
        match end {
            Some(end) => {
                self.at = end;
                self.words.push(Word { quoted: true, has_at: false, span: Span::new(start, end) });
                self.touch(start);
            }
            None => {
                // never closed: the quote is dropped, so that the address behind it is not lost
                self.no_more_quotes = true;
                self.at += 1;
            }
        }
    }

    fn atom(&mut self) {
        let start = self.at;
        if let Some(end) = self.encoded.end(start) {
            self.at = end;
            self.words.push(Word { quoted: false, has_at: false, span: Span::new(start, end) });
            self.touch(start);
            return;
        }
        let mut has_at = false;
        while let Some(&byte) = self.value.get(self.at) {
            match byte {
                b',' | b':' | b';' | b'<' | b'>' | b'(' | b'"' => break,
                byte if cfws::is_space(byte) => break,
                b'@' => has_at = true,
                // RFC 5322 3.4.1: a domain literal holds colons
                b'[' if self.value.get(..self.at).is_some_and(|before| before.ends_with(b"@")) => {
                    let rest = self.value.get(self.at..).unwrap_or_default();
                    let end = |&b: &u8| cfws::is_space(b) || matches!(b, b']' | b',' | b'<' | b'>');
                    self.at += rest.iter().position(end).unwrap_or(rest.len());
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.words.push(Word { quoted: false, has_at, span: Span::new(start, self.at) });
        self.touch(start);
    }

    fn angle_addr(&mut self) {
        if let Some((before, _)) = self.angle {
            // two addresses in one entry: the comma between them is missing
            let behind = self.words.split_off(before.min(self.words.len()));
            self.end_entry();
            self.words = behind;
            self.start = self.words.first().map(|word| word.span.start);
        }
        let start = self.at;
        let content = spec::angle(self.value, start + 1, self.no_more_quotes);
        self.at = content.next;
        if content.span.of(self.value).iter().all(|&b| cfws::is_space(b)) {
            // "<>" holds no address, and the first "<" of "<<" says nothing
            return;
        }
        for comment in content.comments {
            self.comment(comment);
        }
        self.angle = Some((self.words.len(), content.span));
        self.touch(start);
    }

    fn start_group(&mut self) {
        let words = std::mem::take(&mut self.words);
        let comments = std::mem::take(&mut self.comments);
        self.end_run();
        self.list.divided = true;
        let words_span = phrase::span(&words);
        let mut name = phrase::decode(self.value, &words).unwrap_or_default();
        // an address in front of the colon is part of what names the group
        if let Some((_, span)) = self.angle.take() {
            let address = spec::written(self.value, span);
            name = if name.is_empty() { address } else { Cow::Owned(format!("{name} {address}")) };
        }
        let span = words_span.unwrap_or_else(|| Span::new(self.at - 1, self.at - 1));
        self.start = None;
        self.head = Some(Head { name, comments, span });
    }

    /// Stores what was read since the last comma.
    fn end_entry(&mut self) {
        // the memory of the words serves the next entry
        let mut words = std::mem::take(&mut self.words);
        self.store(&words);
        words.clear();
        self.words = words;
    }

    fn store(&mut self, words: &[Word]) {
        let mut comments = std::mem::take(&mut self.comments);
        let span = Span::new(self.start.take().unwrap_or(self.end), self.end);
        if let Some((_, angle)) = self.angle.take() {
            self.push(words, Some(angle), comments, span);
        } else if spec::may_hold_address(words) {
            let mut rest = words;
            while let Some((name, addr, behind)) = spec::bare(self.value, rest) {
                // words behind the last address are its name, if it has no other
                let last = spec::bare(self.value, behind).is_none();
                let name = if last && name.is_empty() { behind } else { name };
                self.push(name, Some(addr), std::mem::take(&mut comments), span);
                rest = behind;
            }
        } else if let ([word], false) = (words, comments.is_empty()) {
            // "root (Charlie Root)": RFC 822 mail of one machine
            self.push(&[], Some(word.span), comments, span);
        } else if !words.is_empty() || !comments.is_empty() {
            self.push(words, None, comments, span);
        }
    }

    fn push(&mut self, name: &[Word], addr_span: Option<Span>, comments: Vec<Cow<'a, str>>, span: Span) {
        if self.is_full() {
            self.list.cut = true;
            return;
        }
        let written = addr_span.map(|span| spec::written(self.value, span)).unwrap_or_default();
        let addr = spec::canonical(&written);
        self.list.addresses.push(Address {
            name: phrase::decode(self.value, name),
            written,
            addr,
            comments,
            span,
            name_span: phrase::span(name),
            addr_span,
        });
    }

    fn end_run(&mut self) {
        let members = self.first..self.list.addresses.len();
        self.first = members.end;
        let head = self.head.take();
        if head.is_some() || !members.is_empty() {
            self.list.runs.push(Run { head, members });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each entry as `name|addr`, those of groups behind `group:`.
    fn read(value: &str) -> Vec<String> {
        let list = AddressList::parse(value.as_bytes());
        let entry = |a: &Address<'_>| format!("{}|{}", a.name_with_comments().unwrap_or_default(), a.addr());
        let mut out = Vec::new();
        for group in list.groups() {
            out.extend(group.name_with_comments().map(|name| format!("{name}:")));
            out.extend(group.addresses().iter().map(entry));
        }
        out
    }

    #[test]
    fn rfc_5322_appendix_a() {
        assert_eq!(
            read("Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"),
            ["Mary Smith|mary@x.test", "|jdoe@example.org", "Who?|one@y.test"]
        );
        assert_eq!(
            read("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"),
            ["A Group:", "Ed Jones|c@a.test", "|joe@where.test", "John|jdoe@one.test"]
        );
        assert_eq!(read("Undisclosed recipients:;"), ["Undisclosed recipients:"]);
        assert_eq!(
            read("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"),
            ["Pete (A nice ) chap his account his host)|pete@silly.test"]
        );
        assert_eq!(
            read("Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example"),
            ["Mary Smith|mary@example.net", "|jdoe@test.example"]
        );
        assert_eq!(
            read("John Doe <jdoe@machine(comment).  example>"),
            ["John Doe (comment)|jdoe@machine.example"]
        );
    }

    #[test]
    fn quoted_local_parts() {
        assert_eq!(read(r#"<"a > b, \"c"@d.example>"#), [r#"|"a > b, \"c"@d.example"#]);
        assert_eq!(read(r#""john doe"@x.example, "J" <b@c>"#), [r#"|"john doe"@x.example"#, "J|b@c"]);
        assert_eq!(read(r#"Joe "j"."d"@x.example"#), [r#"Joe|"j"."d"@x.example"#]);
    }

    #[test]
    fn domain_literals() {
        assert_eq!(
            read("a@[IPv6:2001:db8::1], <b@[192.0.2.1]>"),
            ["|a@[IPv6:2001:db8::1]", "|b@[192.0.2.1]"]
        );
        assert_eq!(read("a@[x, b@c"), ["|a@[x", "|b@c"]);
    }

    #[test]
    fn brackets_and_commas_missing() {
        assert_eq!(read("John <a@b, Mary <c@d>"), ["John|a@b", "Mary|c@d"]);
        assert_eq!(read("John <a@b"), ["John|a@b"]);
        assert_eq!(read("A <a@b> C <c@d>"), ["A|a@b", "C|c@d"]);
        assert_eq!(read("a@b c@d"), ["|a@b", "|c@d"]);
        assert_eq!(read("Big Bug bb@bug.example"), ["Big Bug|bb@bug.example"]);
        assert_eq!(read("Joe Q. public@x.example Junior"), ["Joe Q.|public@x.example"]);
        assert_eq!(read("bb@bug.example Big Bug"), ["Big Bug|bb@bug.example"]);
        assert_eq!(read("<<a@b>>"), ["|a@b"]);
        assert_eq!(read("\"John <a@b>, c@d"), ["John|a@b", "|c@d"]);
        assert_eq!(read("a@b; c@d"), ["|a@b", "|c@d"]);
        assert_eq!(read("<>"), [""; 0]);
    }

    #[test]
    fn no_address() {
        assert_eq!(read("Joe User"), ["Joe User|"]);
        assert_eq!(read("root (Charlie Root)"), ["Charlie Root|root"]);
        let list = AddressList::parse(b"Joe User, (nothing)");
        assert_eq!((list.addresses().len(), list.mailboxes().count()), (2, 0));
    }

    #[test]
    fn names_that_claim_an_address() {
        let claims = |value: &str| {
            let list = AddressList::parse(value.as_bytes());
            list.mailboxes().next().and_then(|a| a.address_in_name().map(str::to_owned))
        };
        assert_eq!(claims("\"boss@bank.example\" <x@evil.example>").as_deref(), Some("boss@bank.example"));
        assert_eq!(claims("boss@bank.example <x@evil.example>").as_deref(), Some("boss@bank.example"));
        assert_eq!(claims("x@evil.example (via 'boss@bank.example')").as_deref(), Some("boss@bank.example"));
        assert_eq!(claims("boss＠bank.example <x@evil.example>").as_deref(), Some("boss＠bank.example"));
        assert_eq!(claims("Boss @ Bank <x@evil.example>"), None);
    }

    #[test]
    fn spans_point_into_the_value() {
        let value = b" \"J. Doe\" (x)\r\n <j@d.example> ,a@b";
        let list = AddressList::parse(value);
        let [first, second] = list.addresses() else { panic!("two") };
        assert_eq!(first.name_span().unwrap().of(value), b"\"J. Doe\"");
        assert_eq!(first.addr_span().unwrap().of(value), b"j@d.example");
        assert_eq!(first.span().of(value), b"\"J. Doe\" (x)\r\n <j@d.example>");
        assert_eq!(second.span().of(value), b"a@b");
    }

    #[test]
    fn eight_bit_and_borrowing() {
        assert_eq!(read("Jürgen <j@bücher.example>"), ["Jürgen|j@bücher.example"]);
        let list = AddressList::parse(b"J\xfcrgen <j@d>");
        assert_eq!(list.addresses().first().unwrap().name(), Some("J\u{fffd}rgen"));
        let list = AddressList::parse(b"\"Doe, J\" <j@d>");
        assert!(matches!(list.addresses().first().unwrap().name, Some(Cow::Borrowed("Doe, J"))));
    }

    #[test]
    fn long_lists_are_cut() {
        assert!(!AddressList::parse(&b"a@b,".repeat(100)).is_cut());
        let value = b"a@b,".repeat(MAX_ENTRIES + 1);
        let list = AddressList::parse(&value);
        assert!(list.is_cut() && list.addresses().len() <= MAX_ENTRIES);
        assert!(AddressList::parse(&b" ".repeat(MAX_FIELD_BYTES + 1)).is_cut());
    }
}
