//! Which lines of a text are the sender's own, and which are quoted.

mod phrases;
mod unflow;

use std::collections::HashMap;

use phrases::Phrases;
pub use unflow::unflow;

/// Lines that an attribution may be folded over.
pub const MAX_ATTRIBUTION_LINES: usize = 4;

/// Octets of a line that are searched for the words of an attribution or a separator: longer ones are running text.
pub const MAX_MARK_OCTETS: usize = 1000;

/// What a line of a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum Kind {
    /// The sender's own words.
    Own,
    /// The words of somebody else, and how many times they were quoted.
    Quoted(usize),
    /// `On ... wrote:` in front of a quote, in many languages.
    Attribution,
    /// `-----Original Message-----`, a rule of underscores, or the lines From, Sent, To, Subject behind it: what follows is
    /// quoted without marks.
    Separator,
    /// `---------- Forwarded message ---------`: what follows was passed on and is what the sender wants to show.
    Forwarded,
    /// `-- ` and what follows (RFC 3676 4.3), and what stands around a signed text (RFC 9580 7).
    Signature,
}

/// A line and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// What it is.
    pub kind: Kind,
    /// Its text without the line break; quote marks are still there.
    pub text: &'t str,
}

/// Says of each line of `text` what it is. Linear in the text.
///
/// `text` is plain text as shown: of `format=flowed` give what [`unflow`] makes of it.
///
/// ```
/// use mailwright_threading::quote::{Kind, lines};
///
/// let text = "Noon is fine.\n\nOn Fri, 3 Jan 2003, Zoe wrote:\n> At noon?\n-- \nJoe\n";
/// let own: Vec<_> = lines(text).into_iter().filter(|line| line.kind == Kind::Own).collect();
/// assert_eq!(own[0].text, "Noon is fine.");
/// assert!(own[1..].iter().all(|line| line.text.is_empty()));
/// ```
#[must_use]
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let phrases = Phrases::get();
    let mut lines: Vec<Line<'_>> = text.lines().map(|text| Line { kind: by_marks(text), text }).collect();
    by_names(&mut lines);
    let mut rest: Option<Kind> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at).copied() {
        if let Some(kind) = rest {
            // own words between quotes end a signature only where quotes follow, which mail programs do not write
            set(&mut lines, at, 1, if line.kind == Kind::Own { kind } else { line.kind });
            at += 1;
            continue;
        }
        let (kind, count, below) = match line.kind {
            Kind::Own => mark(phrases, lines.get(at..).unwrap_or_default()),
            kind => (kind, 1, None),
        };
        set(&mut lines, at, count, kind);
        rest = below;
        at += count;
    }
    lines
}

/// The beginning of the sender's own words, `width` characters at most, on one line; where there are none, that of what was
/// forwarded or quoted.
///
/// ```
/// use mailwright_threading::quote::snippet;
/// assert_eq!(snippet("> At noon?\nFine,\nsee you there.\n-- \nJoe", 12), "Fine, see yo\u{2026}");
/// ```
#[must_use]
pub fn snippet(text: &str, width: usize) -> String {
    let lines = lines(text);
    let of = |wanted: fn(Kind) -> bool| {
        let mut words =
            lines.iter().filter(|line| wanted(line.kind)).flat_map(|line| unmarked(line).split_whitespace());
        let mut out = String::new();
        let mut count = 0;
        while let Some(word) = words.next().filter(|_| count <= width) {
            let space = usize::from(!out.is_empty());
            out.extend((space > 0).then_some(' '));
            out.push_str(word);
            count += space + word.chars().count();
        }
        match out.char_indices().nth(width) {
            Some((end, _)) => out.get(..end).unwrap_or_default().to_owned() + "\u{2026}",
            None => out,
        }
    };
    let own = of(|kind| kind == Kind::Own);
    if own.is_empty() { of(|kind| matches!(kind, Kind::Quoted(_))) } else { own }
}

/// The text of a line without the marks of a quote.
fn unmarked<'t>(line: &Line<'t>) -> &'t str {
    match line.kind {
        Kind::Quoted(_) => line.text.trim_start_matches(['>', ' ']),
        _ => line.text,
    }
}

fn set(lines: &mut [Line<'_>], at: usize, count: usize, kind: Kind) {
    lines.iter_mut().skip(at).take(count).for_each(|line| line.kind = kind);
}

/// What the marks at the start of a line say.
fn by_marks(line: &str) -> Kind {
    // RFC 3676 4.5, and the blanks that many put between the marks
    let mut depth = 0;
    let mut rest = line;
    while let Some(behind) = rest.strip_prefix('>') {
        depth += 1;
        rest = behind.strip_prefix(' ').filter(|behind| behind.starts_with('>')).unwrap_or(behind);
    }
    if depth > 0 && !line.starts_with(">From ") { Kind::Quoted(depth) } else { Kind::Own }
}

/// Marks lines that start with a name and `>`, as `zoe> At noon?` of Emacs: quoted where two lines start so.
fn by_names(lines: &mut [Line<'_>]) {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for name in lines.iter().filter_map(|line| name_in_front(line.text)) {
        *times.entry(name).or_default() += 1;
    }
    for line in lines.iter_mut().filter(|line| line.kind == Kind::Own) {
        if name_in_front(line.text).is_some_and(|name| times.get(name).is_some_and(|times| *times > 1)) {
            line.kind = Kind::Quoted(1);
        }
    }
}

/// The word of letters in front of `> `.
fn name_in_front(line: &str) -> Option<&str> {
    const LETTERS: usize = 16;
    let (name, behind) = line.trim_start_matches(' ').split_once('>')?;
    let is_name = !name.is_empty() && name.len() <= LETTERS && name.chars().all(char::is_alphanumeric);
    (is_name && (behind.is_empty() || behind.starts_with([' ', '>']))).then_some(name)
}

/// What the lines start with: the kind, how many lines have it, and the kind of all that follows where that is known.
fn mark(phrases: &Phrases, lines: &[Line<'_>]) -> (Kind, usize, Option<Kind>) {
    let Some(first) = lines.first().map(|line| line.text) else { return (Kind::Own, 1, None) };
    // RFC 3676 4.3; RFC 9580 7: the signature stands behind the text
    if first == "-- " || first == "-----BEGIN PGP SIGNATURE-----" {
        return (Kind::Signature, 1, Some(Kind::Signature));
    }
    // RFC 9580 7: a header of the armour in front of it, to the empty line
    if first == "-----BEGIN PGP SIGNED MESSAGE-----" {
        let header = lines.iter().take_while(|line| !line.text.trim().is_empty()).count();
        return (Kind::Signature, header, None);
    }
    if first.trim().is_empty() || first.len() > MAX_MARK_OCTETS {
        return (Kind::Own, 1, None);
    }
    if phrases.is_forwarded(first) {
        return (Kind::Forwarded, 1, None);
    }
    let head = header_lines(phrases, lines);
    if head > 0 {
        return (Kind::Separator, head, Some(Kind::Quoted(1)));
    }
    if phrases.is_original(first)
        || is_rule(first) && header_lines(phrases, lines.get(1..).unwrap_or_default()) > 0
    {
        return (Kind::Separator, 1, Some(Kind::Quoted(1)));
    }
    if let Some(count) = attribution(phrases, lines) {
        return (Kind::Attribution, count, None);
    }
    (Kind::Own, 1, None)
}

/// How many lines a copied header has (`From: ...`, `Sent: ...`), 0 where there is none.
fn header_lines(phrases: &Phrases, lines: &[Line<'_>]) -> usize {
    let name = |line: &Line<'_>| {
        let text = line.text.trim_start_matches(['*', ' ']);
        let colon = text.char_indices().take(24).find(|(_, character)| matches!(character, ':' | '\u{ff1a}'));
        colon.and_then(|(end, _)| text.get(..end)).map(|name| name.trim_matches(['*', ' ']).to_lowercase())
    };
    let is_from = lines.first().and_then(name).is_some_and(|name| phrases.is_from(&name));
    let mut rest = lines.iter().skip(1);
    if !is_from || !rest.next().and_then(name).is_some_and(|name| phrases.is_sent(&name)) {
        return 0;
    }
    2 + rest.take(6).take_while(|line| name(line).is_some()).count()
}

/// A line of underscores or dashes, as Outlook draws it.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && (line.bytes().all(|octet| octet == b'_') || line.bytes().all(|octet| octet == b'-'))
}

/// How many lines the attribution at the start of `lines` has: it ends with a colon, holds a word for writing, and a quote
/// follows.
fn attribution(phrases: &Phrases, lines: &[Line<'_>]) -> Option<usize> {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate().take(MAX_ATTRIBUTION_LINES) {
        if line.kind != Kind::Own || line.text.trim().is_empty() || line.text.len() > MAX_MARK_OCTETS {
            return None;
        }
        text.push(' ');
        text.push_str(line.text.trim());
        if text.ends_with([':', '\u{ff1a}']) {
            let follows = lines.iter().skip(index + 1).find(|line| !line.text.trim().is_empty());
            let quoted = follows.is_some_and(|line| matches!(line.kind, Kind::Quoted(_)));
            return (quoted && phrases.is_attribution(&text)).then_some(index + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests;
