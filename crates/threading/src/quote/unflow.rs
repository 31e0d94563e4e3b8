//! RFC 3676: text whose lines flow.

/// The text of a `format=flowed` body with its flowed lines joined: one line a paragraph, quoted ones with their marks and a
/// space. `delsp` is the parameter DelSp.
///
/// ```
/// use mailwright_threading::quote::unflow;
/// assert_eq!(unflow("> At noon \n> or later?\nNoon \nis fine.\n From me\n", false),
///     "> At noon or later?\nNoon is fine.\nFrom me\n");
/// ```
#[must_use]
pub fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // the depth of the paragraph that goes on
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let content = line.trim_start_matches('>');
        let depth = line.len() - content.len();
        // RFC 3676 4.4: space-stuffing
        let content = content.strip_prefix(' ').unwrap_or(content);
        let is_signature = content == "-- ";
        let flows = content.ends_with(' ') && !is_signature;
        if let Some(before) = open.take()
            && (before != depth || is_signature)
        {
            // RFC 3676 4.5: a paragraph ends where the depth changes
            end(&mut out);
            start(&mut out, depth);
        } else if out.is_empty() || out.ends_with('\n') {
            start(&mut out, depth);
        }
        out.push_str(if flows && delsp { content.strip_suffix(' ').unwrap_or(content) } else { content });
        if flows {
            open = Some(depth);
        } else {
            out.push('\n');
        }
    }
    if open.is_some() {
        end(&mut out);
    }
    out
}

fn start(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n('>', depth));
    out.extend((depth > 0).then_some(' '));
}

/// Ends a paragraph that was to go on.
fn end(out: &mut String) {
    let length = out.trim_end_matches(' ').len();
    out.truncate(length);
    out.push('\n');
}
