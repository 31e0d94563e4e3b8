//! Entries from text.

use mailwright_message_model::domain::Domain;
use regex::RegexSetBuilder;

use super::entry::{Identity, MAX_ENTRIES, MAX_GLOBS, MAX_LINE, Row};
use super::{GLOB_BYTES, Lists, network};
use crate::{Error, ErrorKind, Place};

/// The entries of a file.
pub(super) fn lists(text: &str) -> Result<Lists, Error> {
    let mut lists = Lists::default();
    let mut globs: Vec<String> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line_number = number.saturating_add(1);
        let fail = |what: String| Error::new(ErrorKind::Lists(what)).at(Place::Line(line_number));
        let entry = line.split('#').next().unwrap_or_default().trim();
        if entry.is_empty() {
            continue;
        }
        if entry.len() > MAX_LINE {
            return Err(fail(format!("longer than {MAX_LINE} octets")));
        }
        if lists.rows.len() >= MAX_ENTRIES {
            return Err(fail(format!("more than {MAX_ENTRIES} entries")));
        }
        let words: Vec<&str> = entry.split_whitespace().collect();
        let (action, whose, what) = match words.as_slice() {
            [action, what] => (*action, None, *what),
            [action, whose, what] => (*action, Some(*whose), *what),
            _ => return Err(fail("an entry is: allow|deny [client|sender|from] WHAT".to_owned())),
        };
        let allow = match action {
            "allow" => true,
            "deny" => false,
            _ => return Err(fail(format!("{action:?} is neither allow nor deny"))),
        };
        let identity = match whose {
            None | Some("client") => None,
            Some("sender") => Some(Identity::Sender),
            Some("from") => Some(Identity::From),
            Some(other) => return Err(fail(format!("{other:?} is neither client nor sender nor from"))),
        };
        let row = lists.rows.len();
        let what = what.to_lowercase();
        let length = what.chars().filter(|character| !matches!(character, '*' | '?')).count();
        let network = if what.contains('@') { None } else { network::parse(&what).map_err(fail)? };
        match (network, whose) {
            (Some((ip, bits)), None | Some("client")) => lists.add_network(row, ip, bits),
            (Some(_), Some(_)) => return Err(fail("an address or network is a client's".to_owned())),
            (None, Some("client")) => return Err(fail(format!("{what:?} is no address or network"))),
            (None, _) if what.contains(['*', '?']) => {
                if globs.len() >= MAX_GLOBS {
                    return Err(fail(format!("more than {MAX_GLOBS} globs")));
                }
                globs.push(glob(&what));
                lists.glob_rows.push(row);
            }
            (None, _) => match what.rsplit_once('@') {
                Some(("", domain)) => add_domain(&mut lists, row, domain).map_err(fail)?,
                Some((local, domain)) => {
                    // The form in which addresses are compared: a domain in A-labels or as it is.
                    let domain: Domain =
                        domain.parse().map_err(|error| fail(format!("{domain:?}: {error}")))?;
                    let address = format!("{local}@{domain}").into_boxed_str();
                    lists.addresses.entry(address).or_default().push(row);
                }
                None => add_domain(&mut lists, row, &what).map_err(fail)?,
            },
        }
        lists.rows.push(Row { allow, identity, text: words.join(" "), line: line_number, length });
    }
    let set = RegexSetBuilder::new(&globs).size_limit(GLOB_BYTES).dfa_size_limit(GLOB_BYTES).build();
    lists.globs =
        set.map_err(|_| Error::new(ErrorKind::Lists("the globs are too long together".to_owned())))?;
    Ok(lists)
}

fn add_domain(lists: &mut Lists, row: usize, name: &str) -> Result<(), String> {
    let domain: Domain = name.parse().map_err(|error| format!("{name:?}: {error}"))?;
    lists.domains.entry(domain.as_str().into()).or_default().push(row);
    Ok(())
}

/// A glob as a regular expression: `*` any characters, `?` one. In `*@example.org` the at sign stands for itself; a glob without
/// one is of the domain.
fn glob(text: &str) -> String {
    let mut pattern = String::from("^");
    if !text.contains('@') {
        pattern.push_str(".*@");
    }
    for character in text.chars() {
        match character {
            '*' => pattern.push_str(".*"),
            '?' => pattern.push('.'),
            other => pattern.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern.push('$');
    pattern
}
