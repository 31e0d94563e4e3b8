//! From the patterns of the rules, which are regular expressions, to the matchers of `rules/pattern.rs`.

use super::list;

/// The pattern in Rust. One that no matcher is written for is refused; the tests of the crate compare each matcher
/// with its expression.
pub(super) fn rust(regex: &str) -> Result<String, String> {
    let variant = match regex {
        "__amp_source_origin" => "Contains(&[\"__amp_source_origin\"])",
        "__amp_source_origin|{{|}}" => "Contains(&[\"__amp_source_origin\", \"{{\", \"}}\"])",
        "<!--" => "Contains(&[\"<!--\"])",
        "__amp_source_origin|(.|\\s){{|}}(.|\\s)|^{{.*[^}][^}]$|^[^{][^{].*}}$|^}}|{{$|{{#|{{/|{{\\^" => {
            "OnePlaceholder"
        }
        "[0-9]*" | "(|[0-9]+)" => "DigitsOrNone",
        "[0-9]+" | "\\d+" => "Digits",
        "[1AaIi]" => "ListType",
        "tap:.*" => "Tap",
        "." => "AnyText",
        "(^|\\W)i-amphtml-" => "ReservedPrefix",
        "\\s*body\\s*{\\s*visibility:\\s*hidden;?\\s*}\\s*" => "Boilerplate",
        "\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?(Z|[+-][0-1][0-9]:[0-5][0-9])" => {
            "DateTime"
        }
        "auto|initial|inherit|[-+]?[0-9]+" => "ZIndex",
        "([-+]?0)|([-+]?100)|([-+]?[1-9][0-9]?)" => "ZIndexTo100",
        other if other.starts_with("(fade-in|fade-in-scroll|") => "Effects",
        other if other.starts_with("^ *((blur|") => "Filter",
        other if other.starts_with("^ *((initial|unset)|(((none|") => "Transition",
        other if other.starts_with("^ *(initial|unset|(none|") => "TransitionProperty",
        other => return words(other),
    };
    Ok(format!("Pattern::{variant}"))
}

/// `(^|\s)(a|b\S*|)(\s|$)`: words that may not occur, and beginnings of words.
fn words(regex: &str) -> Result<String, String> {
    let unknown = || format!("no matcher is written for the pattern {regex}");
    let inner = regex.strip_prefix("(^|\\s)(").and_then(|rest| rest.strip_suffix(")(\\s|$)"));
    let (mut exact, mut prefixes, mut empty) = (Vec::new(), Vec::new(), false);
    for word in alternatives(inner.ok_or_else(unknown)?) {
        let (word, is_prefix) = match word.strip_suffix("\\S*").or_else(|| word.strip_suffix(".*")) {
            Some(prefix) => (prefix, true),
            None => (word.as_str(), false),
        };
        let word = word.replace("\\$", "$");
        if word.contains(|char: char| !(char.is_ascii_alphanumeric() || "-_$".contains(char))) {
            return Err(unknown());
        }
        match (word.is_empty(), is_prefix) {
            (true, false) => empty = true,
            (true, true) => return Err(unknown()),
            (false, true) => prefixes.push(word),
            (false, false) => exact.push(word),
        }
    }
    // By length, so that only the words of the same length are compared.
    exact.sort_by_key(|word| (word.len(), word.clone()));
    let texts = |words: &[String]| list(&words.iter().map(String::as_str).collect::<Vec<_>>());
    Ok(format!(
        "Pattern::Words {{ exact: {}, prefixes: {}, empty: {empty} }}",
        texts(&exact),
        texts(&prefixes)
    ))
}

/// The words of `a|(b|c)d`: `a`, `bd`, `cd`.
fn alternatives(inner: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = inner;
    while let Some(open) = rest.find('(') {
        let (before, after) = rest.split_at(open);
        let (group, after) = after.split_once(')').unwrap_or((after, ""));
        let (tail, next) = after.split_once('|').unwrap_or((after, ""));
        words.extend(before.split_terminator('|').map(str::to_owned));
        words.extend(group.trim_start_matches('(').split('|').map(|start| format!("{start}{tail}")));
        rest = next;
        if next.is_empty() {
            return words;
        }
    }
    words.extend(rest.split('|').map(str::to_owned));
    words
}
