//! The licences of all packages, from `cargo metadata`, where cargo-deny is not installed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Failure;
use crate::workspace::{cargo, output_of, root};

/// One sentence for each package whose licence is none of those that `deny.toml` allows.
pub(crate) fn wrong() -> Result<Vec<String>, Failure> {
    let allowed = allowed(&std::fs::read_to_string(root().join("deny.toml"))?);
    let text = output_of(&mut cargo(["metadata", "--format-version=1", "--all-features"]))
        .ok_or_else(|| Failure::Usage("`cargo metadata` failed".into()))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| Failure::Usage(error.to_string()))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    Ok(packages.filter_map(|package| objection(package, &allowed)).collect())
}

fn objection(package: &Value, allowed: &BTreeSet<String>) -> Option<String> {
    let text = |key: &str| package.get(key).and_then(Value::as_str);
    // Those that are not published carry no decision of their own.
    if package.get("publish").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        return None;
    }
    let name = text("name").unwrap_or_default();
    match text("license") {
        Some(licence) if permits(licence, allowed) => None,
        Some(licence) => Some(format!("{name}: {licence} is not among the licences of deny.toml")),
        None => Some(format!("{name} names no licence")),
    }
}

/// The list `allow` of `deny.toml`.
fn allowed(text: &str) -> BTreeSet<String> {
    let list =
        text.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).map_or("", |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression is content with the allowed licences. `AND` binds closer than `OR`; old manifests write `/`.
fn permits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    // For each open bracket: what the alternatives so far came to, and the terms of the last one.
    let mut open = vec![(false, true)];
    for word in spaced.split_whitespace() {
        match word {
            "(" => open.push((false, true)),
            ")" => {
                let (any, all) = open.pop().unwrap_or((false, false));
                if let Some((_, outer)) = open.last_mut() {
                    *outer &= any || all;
                }
            }
            "OR" => {
                if let Some((any, all)) = open.last_mut() {
                    *any |= *all;
                    *all = true;
                }
            }
            "AND" => {}
            licence => {
                if let Some((_, all)) = open.last_mut() {
                    *all &= allowed.contains(licence);
                }
            }
        }
    }
    matches!(open.as_slice(), [(any, all)] if *any || *all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_depended_on_is_allowed() {
        assert_eq!(wrong().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn expressions() {
        let allowed = allowed("[licenses]\nallow = [\n    \"MIT\",\n    \"ISC\",\n]\n");
        for good in
            ["MIT", "MIT OR GPL-3.0", "GPL-3.0/MIT", "ISC AND (GPL-3.0 OR MIT)", "GPL-3.0 OR (MIT AND ISC)"]
        {
            assert!(permits(good, &allowed), "{good}");
        }
        for bad in
            ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "GPL-3.0 AND ISC OR GPL-2.0", "MIT)"]
        {
            assert!(!permits(bad, &allowed), "{bad}");
        }
    }
}
