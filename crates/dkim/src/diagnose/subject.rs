//! Tags that lists and gateways put in front of a subject.

/// Tags that are taken off one after the other.
const MAX_TAGS: usize = 3;

/// The values that the subject may have had, each with the tags that were taken off.
pub(super) fn untagged(value: &[u8]) -> Vec<(String, Vec<u8>)> {
    let start = value.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(value.len());
    let (blank, text) = value.split_at_checked(start).unwrap_or((value, &[]));
    let mut found = Vec::new();
    // "Re: [list] x" was "Re: x".
    let replies = reply_prefix(text);
    for skip in [0, replies] {
        let (kept, mut rest) = text.split_at_checked(skip).unwrap_or((text, &[]));
        let mut tags: Vec<u8> = Vec::new();
        for _ in 0..MAX_TAGS {
            let Some(end) = tag(rest) else { break };
            let (tag, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            tags.extend_from_slice(tag);
            rest = behind;
            let shown = super::hint::shown(&tags);
            found.push((shown, [blank, kept, rest].concat()));
        }
        if replies == 0 {
            break;
        }
    }
    found.extend(in_encoded_word(text).map(|(tag, was)| (tag, [blank, &was].concat())));
    found
}

/// A tag that was put into the first encoded word (RFC 2047 4): "=?utf-8?q?=5Blist=5D_x?=".
fn in_encoded_word(text: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut marks = memchr::memchr_iter(b'?', text).take(4);
    let (_, before, start, end) = (marks.next()?, marks.next()?, marks.next()? + 1, marks.next()?);
    let (head, body, rest) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    if !text.starts_with(b"=?") {
        return None;
    }
    let encoding = text.get(before + 1..start - 1)?;
    let (tag, left) = if encoding.eq_ignore_ascii_case(b"q") {
        let open = [&b"=5B"[..], b"=5b", b"["].into_iter().find(|open| body.starts_with(open))?;
        let closes = |at: usize| {
            let rest = body.get(at..)?;
            [&b"=5D_"[..], b"=5d_", b"]_"]
                .into_iter()
                .find(|close| rest.starts_with(close))
                .map(|close| close.len())
        };
        let (at, len) = (0..body.len()).find_map(|at| Some((at, closes(at)?)))?;
        ([b"[", body.get(open.len()..at)?, b"]"].concat(), body.get(at + len..)?.to_vec())
    } else {
        let decoded = crate::base64::decode(body).ok()?;
        let (tag, left) = decoded.split_at_checked(tag(&decoded)?)?;
        (tag.to_vec(), crate::base64::encode(left).into_bytes())
    };
    Some((super::hint::shown(&tag), [head, &left, rest].concat()))
}

/// Octets of a tag at the start and the white space behind it.
fn tag(text: &[u8]) -> Option<usize> {
    /// A tag is a word or a few.
    const LONGEST: usize = 64;
    let near = text.get(..LONGEST).unwrap_or(text);
    let end = match text.first()? {
        b'[' => near.iter().position(|&b| b == b']')? + 1,
        b'(' => near.iter().position(|&b| b == b')')? + 1,
        b'{' => near.iter().position(|&b| b == b'}')? + 1,
        // "***SPAM***"
        b'*' => near.iter().rposition(|&b| b == b'*')? + 1,
        // "EXTERNAL:", but no encoded word.
        first if first.is_ascii_uppercase() => {
            let colon = near.iter().position(|&b| !(b.is_ascii_uppercase() || b == b'-'))?;
            (near.get(colon) == Some(&b':') && colon > 2).then_some(colon + 1)?
        }
        _ => return None,
    };
    let rest = text.get(end..)?;
    let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    // The line break at the end belongs to the field.
    (blanks < rest.len()).then_some(end + blanks)
}

/// Octets of "Re: " and its like at the start.
fn reply_prefix(text: &[u8]) -> usize {
    let prefixes: [&[u8]; 5] = [b"re: ", b"fwd: ", b"fw: ", b"aw: ", b"sv: "];
    let has =
        |prefix: &&&[u8]| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    prefixes.iter().find(has).map_or(0, |prefix| prefix.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(subject: &str) -> Vec<String> {
        let found = untagged(subject.as_bytes());
        found.into_iter().map(|(_, value)| String::from_utf8(value).unwrap()).collect()
    }

    #[test]
    fn tags() {
        assert_eq!(values(" [list] hello\r\n"), [" hello\r\n"]);
        assert_eq!(values(" [a] [b]hello\r\n"), [" [b]hello\r\n", " hello\r\n"]);
        assert_eq!(values(" Re: [list] hello\r\n"), [" Re: hello\r\n"]);
        assert_eq!(values(" ***SPAM*** hello\r\n"), [" hello\r\n"]);
        assert_eq!(values(" EXTERNAL: hello\r\n"), [" hello\r\n"]);
        assert!(values(" hello [list]\r\n").is_empty());
        assert!(values(" [list\r\n").is_empty());
        assert!(values(" [list]\r\n").is_empty());
        assert!(values("").is_empty());
        assert_eq!(untagged(b" [list] x")[0].0, "[list]");
        // "[list] Gr\u{fc}\u{df}e" and "Gr\u{fc}\u{df}e" (RFC 2047 4.1, 4.2)
        assert_eq!(
            values(" =?utf-8?q?=5Blist=5D_Gr=C3=BC=C3=9Fe?=\r\n"),
            [" =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"]
        );
        assert_eq!(values(" =?UTF-8?B?W2xpc3RdIEdyw7zDn2U=?=\r\n"), [" =?UTF-8?B?R3LDvMOfZQ==?=\r\n"]);
        assert!(
            values(" =?utf-8?q?=5Blist?=\r\n").is_empty() && values(" =?utf-8?B?W2xp?= ?x\r\n").is_empty()
        );
    }
}
