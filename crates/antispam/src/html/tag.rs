//! The source in pieces: text, tags and comments.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::entity;

/// A piece of the source.
pub(super) enum Piece<'s> {
    Text(&'s str),
    Comment {
        /// Whether letters stand straight before and behind.
        splits: bool,
    },
    Open(Tag<'s>),
    Close(&'s str),
}

/// An opening tag.
pub(super) struct Tag<'s> {
    pub(super) name: &'s str,
    /// What stands behind the name.
    attributes: &'s str,
    pub(super) splits: bool,
}

/// Iterator of pieces.
pub(super) struct Pieces<'s> {
    source: &'s str,
    pos: usize,
    /// The element whose content is no mark-up, after its opening tag.
    raw: Option<&'static str>,
    /// A quote was never closed: from there on quotes are letters, so that none is looked for twice.
    quotes_broken: bool,
}

impl<'s> Pieces<'s> {
    pub(super) const fn new(source: &'s str) -> Self {
        Self { source, pos: 0, raw: None, quotes_broken: false }
    }

    /// The content of a script or the like, up to its closing tag.
    fn raw_text(&mut self, rest: &'s str, name: &str) -> &'s str {
        let closes = |at: &usize| {
            let behind = at.saturating_add(2);
            let end = behind.saturating_add(name.len());
            rest.get(behind..end).is_some_and(|found| found.eq_ignore_ascii_case(name))
        };
        let end = memmem::find_iter(rest.as_bytes(), b"</").find(closes).unwrap_or(rest.len());
        self.pos = self.pos.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    /// Where a tag ends: behind the first `>` outside of quotes that belong to an attribute.
    fn tag_end(&mut self, tag: &str) -> usize {
        let mut quote = None;
        let mut before = b' ';
        for (at, octet) in tag.bytes().enumerate() {
            match quote {
                Some(mark) if octet == mark => quote = None,
                Some(_) => {}
                None if octet == b'>' => return at.saturating_add(1),
                None if matches!(octet, b'"' | b'\'') && before == b'=' && !self.quotes_broken => {
                    quote = Some(octet);
                }
                None => {}
            }
            if !octet.is_ascii_whitespace() {
                before = octet;
            }
        }
        // A quote that is never closed: the first `>` ends the tag after all.
        self.quotes_broken = true;
        memchr(b'>', tag.as_bytes()).map_or(tag.len(), |at| at.saturating_add(1))
    }

    /// Whether letters stand on both sides of `start..end`.
    fn splits(&self, start: usize, end: usize) -> bool {
        let before = self.source.get(..start).and_then(|text| text.chars().next_back());
        let behind = self.source.get(end..).and_then(|text| text.chars().next());
        before.is_some_and(char::is_alphanumeric) && behind.is_some_and(char::is_alphanumeric)
    }
}

impl<'s> Iterator for Pieces<'s> {
    type Item = Piece<'s>;

    fn next(&mut self) -> Option<Piece<'s>> {
        loop {
            let start = self.pos;
            let rest = self.source.get(start..).filter(|rest| !rest.is_empty())?;
            if let Some(name) = self.raw.take() {
                return Some(Piece::Text(self.raw_text(rest, name)));
            }
            let Some(inner) = rest.strip_prefix('<') else {
                let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                self.pos = start.saturating_add(end);
                return rest.get(..end).map(Piece::Text);
            };
            if let Some(comment) = inner.strip_prefix("!--") {
                // An unclosed comment hides the rest, as browsers have it.
                let end = memmem::find(comment.as_bytes(), b"-->").map(|at| at.saturating_add(3));
                let len = end.map_or(rest.len(), |end| end.saturating_add(4));
                self.pos = start.saturating_add(len);
                return Some(Piece::Comment { splits: self.splits(start, self.pos) });
            }
            let first = inner.bytes().next();
            let is_tag = first.is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'));
            if !is_tag {
                // A lone `<` is text.
                let end = memchr(b'<', inner.as_bytes()).map_or(rest.len(), |at| at.saturating_add(1));
                self.pos = start.saturating_add(end);
                return rest.get(..end).map(Piece::Text);
            }
            let len = self.tag_end(rest);
            self.pos = start.saturating_add(len);
            let body = rest.get(1..len).unwrap_or_default();
            let body = body.strip_suffix('>').unwrap_or(body);
            match first {
                Some(b'/') => {
                    let name = name_of(body.get(1..).unwrap_or_default());
                    return Some(Piece::Close(name));
                }
                Some(b'!' | b'?') => {
                    let declared = name_of(body.get(1..).unwrap_or_default());
                    if declared.eq_ignore_ascii_case("doctype") || first == Some(b'?') {
                        continue;
                    }
                    return Some(Piece::Comment { splits: self.splits(start, self.pos) });
                }
                _ => {
                    let name = name_of(body);
                    let attributes = body.get(name.len()..).unwrap_or_default();
                    self.raw = RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)).copied();
                    return Some(Piece::Open(Tag { name, attributes, splits: self.splits(start, self.pos) }));
                }
            }
        }
    }
}

/// Elements whose content is no mark-up.
const RAW: &[&str] = &["script", "style", "title", "textarea", "xmp"];

fn name_of(body: &str) -> &str {
    let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_')));
    body.get(..end.unwrap_or(body.len())).unwrap_or_default()
}

/// Elements of HTML 4 and 5, and those that mail programs write. Sorted.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "bgsound",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "ilayer",
    "image",
    "img",
    "input",
    "ins",
    "isindex",
    "kbd",
    "label",
    "layer",
    "legend",
    "li",
    "link",
    "listing",
    "main",
    "map",
    "mark",
    "marquee",
    "menu",
    "meta",
    "multicol",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "nolayer",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "param",
    "picture",
    "plaintext",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "select",
    "small",
    "source",
    "spacer",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xml",
    "xmp",
];

/// Elements that stand by themselves.
const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "link",
    "meta", "param", "source", "spacer", "wbr",
];

/// Elements that stay within a line: all others break it.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr",
];

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether the element breaks the line.
pub(super) fn breaks(name: &str) -> bool {
    !among(INLINE, name)
}

impl Tag<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn name_lower(&self) -> Cow<'_, str> {
        if self.name.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(self.name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(self.name)
        }
    }

    /// Whether HTML has the element, or the name is of a vocabulary of its own (`o:p`).
    pub(super) fn is_known(&self) -> bool {
        self.name.contains(':') || KNOWN.binary_search(&self.name_lower().as_ref()).is_ok()
    }

    pub(super) fn is_void(&self) -> bool {
        among(VOID, self.name) || self.attributes.ends_with('/')
    }

    pub(super) fn breaks(&self) -> bool {
        breaks(self.name)
    }

    /// Whether an attribute runs a script.
    pub(super) fn has_handler(&self) -> bool {
        self.pairs()
            .any(|(name, _)| name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on")) && name.len() > 4)
    }

    pub(super) fn changes_font(&self) -> bool {
        self.is("font")
            || self.is("big")
            || self
                .pairs()
                .any(|(name, _)| name.eq_ignore_ascii_case("bgcolor") || name.eq_ignore_ascii_case("color"))
    }

    /// The value of an attribute, entities undone.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let found = self.pairs().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| entity::decode(value).text.into_owned())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    pub(super) fn pairs(&self) -> Attributes<'_> {
        Attributes { rest: self.attributes }
    }
}

/// Names and raw values of attributes.
pub(super) struct Attributes<'s> {
    rest: &'s str,
}

impl<'s> Iterator for Attributes<'s> {
    type Item = (&'s str, &'s str);

    fn next(&mut self) -> Option<(&'s str, &'s str)> {
        let is_gap = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'');
        let rest = self.rest.trim_start_matches(is_gap);
        if rest.is_empty() {
            return None;
        }
        let end =
            rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end)?;
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            // A name that is empty is a stray octet: step over it, so that every turn moves on.
            self.rest = if name.is_empty() { rest.get(1..).unwrap_or_default() } else { behind };
            return Some((name, ""));
        };
        let value = value.trim_start();
        for mark in ['"', '\''] {
            if let Some(quoted) = value.strip_prefix(mark) {
                let (text, rest) = quoted.split_once(mark).unwrap_or((quoted, ""));
                self.rest = rest;
                return Some((name, text));
            }
        }
        let end = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
        let (text, rest) = value.split_at_checked(end)?;
        self.rest = rest;
        Some((name, text))
    }
}
