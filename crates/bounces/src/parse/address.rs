//! Addresses in running text.

/// An address and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'t> {
    pub(super) address: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The addresses of a line, from left to right.
pub(super) fn addresses(line: &str) -> impl Iterator<Item = Found<'_>> {
    let mut from = 0;
    memchr::memchr_iter(b'@', line.as_bytes()).filter_map(move |at| {
        let found = around(line, at, from)?;
        from = found.end;
        Some(found)
    })
}

/// The first address of a line.
pub(super) fn first(line: &str) -> Option<Found<'_>> {
    addresses(line).next()
}

/// The address around the `@` at `at`, not reaching back behind `from`.
fn around(line: &str, at: usize, from: usize) -> Option<Found<'_>> {
    let before = line.get(from..at)?;
    let behind = line.get(at.saturating_add(1)..)?;
    let start = local_start(before)?;
    let domain = behind.len().saturating_sub(behind.trim_start_matches(in_domain).len());
    let domain = behind.get(..domain)?.trim_end_matches(['.', '-', '_']);
    let domain = if domain.is_empty() { literal(behind)? } else { domain };
    let start = from.saturating_add(start);
    let end = at.saturating_add(1).saturating_add(domain.len());
    Some(Found { address: line.get(start..end)?, start, end })
}

/// Where the local part begins that ends at the end of `before`.
fn local_start(before: &str) -> Option<usize> {
    if let Some(inner) = before.strip_suffix('"') {
        // RFC 5321 4.1.2: a quoted string.
        return inner.rfind('"').filter(|at| at.saturating_add(1) < inner.len());
    }
    let local = before.len().saturating_sub(before.trim_end_matches(in_local).len());
    let mut start = before.len().saturating_sub(local);
    let text = before.get(start..)?;
    // `SMTP=jo@example.org` of X.400 addresses.
    if let Some((name, _)) = text.split_once('=')
        && (name.eq_ignore_ascii_case("smtp") || name.eq_ignore_ascii_case("rfc822"))
    {
        start = start.saturating_add(name.len()).saturating_add(1);
    }
    let text = before.get(start..)?;
    // An encoded word (RFC 2047) that nobody decoded is a name all the same.
    let encoded = text.starts_with("=?") && text.ends_with("?=");
    let trimmed = if encoded { text } else { text.trim_start_matches(['.', '\'', '*', '=', '`', '|', '/']) };
    (!trimmed.is_empty()).then(|| before.len().saturating_sub(trimmed.len()))
}

/// `[192.0.2.1]` (RFC 5321 4.1.3).
fn literal(behind: &str) -> Option<&str> {
    let inner = behind.strip_prefix('[')?;
    let end = inner.find(']')?;
    let literal = inner.get(..end)?;
    let plain = literal
        .bytes()
        .all(|octet| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':' | b'I' | b'P' | b'v'));
    if plain { behind.get(..end.saturating_add(2)) } else { None }
}

/// RFC 5322 3.2.3 atext and dot; RFC 6532 3.2 beyond ASCII.
fn in_local(character: char) -> bool {
    character.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(character)
}

fn in_domain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '-' | '_')
}

/// Whether a text is a mail address, with nothing around it.
pub(super) fn is_address(text: &str) -> bool {
    first(text).is_some_and(|found| found.start == 0 && found.end == text.len())
}

/// Without angle brackets, quotes and `mailto:` around.
pub(super) fn clean(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map(|(_, inner)| inner);
    let text = inner.unwrap_or(text);
    let text = text.trim().trim_matches(['<', '>', ';', ',']);
    let lower = text.get(..7).is_some_and(|head| head.eq_ignore_ascii_case("mailto:"));
    if lower { text.get(7..).unwrap_or(text) } else { text }.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(line: &str) -> Vec<&str> {
        addresses(line).map(|found| found.address).collect()
    }

    #[test]
    fn in_running_text() {
        assert_eq!(all("<jo@example.org>: unknown"), ["jo@example.org"]);
        assert_eq!(all("c=us;dda:SMTP=jo@example.org; on Friday"), ["jo@example.org"]);
        assert_eq!(all("[SMTP:jo@example.org], to a@b, c@d."), ["jo@example.org", "a@b", "c@d"]);
        assert_eq!(
            all("\"jo doe\"@example.org and jo@[192.0.2.1]"),
            ["\"jo doe\"@example.org", "jo@[192.0.2.1]"]
        );
        assert_eq!(all("bounce+a=b.example@list.example"), ["bounce+a=b.example@list.example"]);
        assert!(all("@ @@ a@ @b").is_empty());
        assert_eq!(clean(" \"Jo\" <jo@example.org> "), "jo@example.org");
        assert_eq!(clean("<mailto:jo@example.org>"), "jo@example.org");
    }
}
