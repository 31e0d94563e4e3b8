//! A CHANGELOG in the form of Keep a Changelog.

use crate::Failure;

const UNRELEASED: &str = "## Unreleased";

/// What stands under `## Unreleased` moved under a heading of its own.
///
/// # Errors
/// Says what to do where there is no such heading, or nothing under it.
pub(crate) fn release(text: &str, version: &str, date: &str) -> Result<String, Failure> {
    let (before, after) = split(text)?;
    let end = after.find("\n## ").map_or(after.len(), |at| at.saturating_add(1));
    let (entries, older) = after.split_at_checked(end).unwrap_or((after, ""));
    if !entries.lines().any(|line| line.trim_start().starts_with('-')) {
        return Err(Failure::Usage(format!(
            "nothing stands under `{UNRELEASED}`: write there what changed for its users"
        )));
    }
    let gap = if older.is_empty() { "" } else { "\n" };
    Ok(format!("{before}{UNRELEASED}\n\n## {version} - {date}\n\n{}\n{gap}{older}", entries.trim()))
}

/// Whether a version has a heading.
pub(crate) fn has(text: &str, version: &str) -> bool {
    let heading = format!("## {version}");
    text.lines()
        .any(|line| line == heading || line.strip_prefix(&heading).is_some_and(|rest| rest.starts_with(' ')))
}

fn split(text: &str) -> Result<(&str, &str), Failure> {
    let at = text.lines().scan(0usize, |at, line| {
        let here = *at;
        *at = at.saturating_add(line.len()).saturating_add(1);
        Some((here, line))
    });
    let (start, line) = at.into_iter().find(|(_, line)| line.trim_end() == UNRELEASED).ok_or_else(|| {
        Failure::Usage(format!("no heading `{UNRELEASED}`: add it above the newest version"))
    })?;
    let after = text.get(start.saturating_add(line.len())..).unwrap_or_default();
    Ok((text.get(..start).unwrap_or_default(), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_move_under_their_version() {
        let text =
            "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-01-02\n\n- First.\n";
        let released = release(text, "0.2.0", "2026-11-24").unwrap_or_default();
        assert_eq!(
            released,
            "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-11-24\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-01-02\n\n- First.\n"
        );
        assert!(has(&released, "0.2.0") && has(&released, "0.1.0") && !has(&released, "0.2"));
        assert!(release(&released, "0.3.0", "2026-11-25").is_err());
        assert!(release("# Changelog\n", "0.1.0", "2026-11-24").is_err());
    }
}
