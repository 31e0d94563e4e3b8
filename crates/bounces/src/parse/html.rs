//! HTML to lines of text: as much of it as reports need.

/// The text, a line for each block; tags, comments, styles and scripts are dropped.
pub(super) fn to_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        push_text(&mut out, before);
        let Some((tag, behind)) = tag.split_once('>') else {
            rest = "";
            break;
        };
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = behind;
        match name.as_str() {
            "style" | "script" | "head" | "title" if !tag.starts_with('/') => {
                let close = format!("</{name}");
                let lower_end = find_ignore_case(behind, &close);
                rest = lower_end.and_then(|at| behind.get(at..)).unwrap_or("");
            }
            "br" | "p" | "div" | "tr" | "li" | "pre" | "h1" | "h2" | "h3" | "h4" | "table" | "ul"
            | "blockquote" | "hr" => {
                out.push('\n');
            }
            "td" | "th" => out.push(' '),
            // `<jo@example.org>` that nobody escaped.
            _ if tag.contains('@') && !tag.contains(' ') => {
                out.push('<');
                out.push_str(tag);
                out.push('>');
            }
            _ => {}
        }
    }
    push_text(&mut out, rest);
    out
}

fn find_ignore_case(text: &str, wanted: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find(|at| {
        bytes
            .get(*at..at.saturating_add(wanted.len()))
            .is_some_and(|head| head.eq_ignore_ascii_case(wanted.as_bytes()))
    })
}

fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        out.push_str(before);
        let end = entity.bytes().take(10).position(|octet| octet == b';');
        let name = end.and_then(|end| entity.get(..end));
        match name.and_then(character) {
            Some(character) => {
                out.push(character);
                rest = entity.get(end.unwrap_or(0).saturating_add(1)..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = entity;
            }
        }
    }
    out.push_str(rest);
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code).filter(|character| !character.is_control() || *character == '\n')?
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn blocks_are_lines() {
        let html = "<html><head><title>x</title></head><style>a{}</style>Hi&nbsp;<b>jo</b><br>&lt;a@b.example&gt;: full<p>5 &#60; 6 & 7";
        assert_eq!(super::to_text(html), "Hi jo\n<a@b.example>: full\n5 < 6 & 7");
        assert_eq!(super::to_text("a < b"), "a ");
    }
}
