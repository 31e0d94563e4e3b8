//! Folding of header fields (RFC 5322 2.2.3).

use super::{ComposeError, ComposeErrorKind};

/// Characters that a line should have at most, without its line break (RFC 5322 2.1.1).
pub const LINE_SHOULD: usize = 78;

/// Characters that a line with an encoded word has at most (RFC 2047 2).
const LINE_ENCODED: usize = 76;

/// Octets that a line must have at most, without its line break (RFC 5322 2.1.1, RFC 6532 3.4).
pub const LINE_MUST: usize = 998;

/// Writes one field unit by unit, folded in front of the unit that does not fit into [`LINE_SHOULD`], or 76 characters
/// where the line has an encoded word (RFC 2047 2).
///
/// A unit is what may not be broken: a word, an encoded word, a quoted string, an address with its comma. So no fold
/// falls into one, and no line has only blanks.
///
/// ```
/// use mailwright_message_model::compose::Folder;
///
/// let mut folder = Folder::new("X-Numbers")?;
/// for number in ["1;"; 25] {
///     folder.unit(" ", number)?;
/// }
/// let field = folder.finish();
/// assert!(field.starts_with("X-Numbers: 1; 1; 1;") && field.ends_with(" 1;\r\n"));
/// assert!(field.lines().all(|line| line.len() <= 78 && !line.trim().is_empty()));
/// # Ok::<(), mailwright_message_model::compose::ComposeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    out: String,
    /// Octets of `out` in front of the current line.
    line: usize,
    is_first: bool,
    /// Whether the current line has an encoded word.
    is_encoded: bool,
}

impl Folder {
    /// Begins the field `name`.
    ///
    /// # Errors
    /// [`ComposeErrorKind::FieldName`] and [`ComposeErrorKind::LineTooLong`].
    pub fn new(name: &str) -> Result<Self, ComposeError> {
        // RFC 5322 3.6.8: ftext
        if name.is_empty() || !name.bytes().all(|octet| octet.is_ascii_graphic() && octet != b':') {
            return Err(ComposeErrorKind::FieldName.into());
        }
        if name.len() >= LINE_MUST {
            return Err(ComposeErrorKind::LineTooLong.into());
        }
        Ok(Self { out: format!("{name}:"), line: 0, is_first: true, is_encoded: false })
    }

    /// Octets of the current line.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.out.len() - self.line
    }

    /// Appends `blanks` and `unit`, with a line break in front of both if they do not fit into the line and there are
    /// blanks. Behind the colon a break is written only where it makes the unit fit.
    ///
    /// # Errors
    /// [`ComposeErrorKind::LineBreak`] if the unit has CR, LF or NUL, or `blanks` something else than blanks and tabs;
    /// [`ComposeErrorKind::LineTooLong`].
    pub fn unit(&mut self, blanks: &str, unit: &str) -> Result<(), ComposeError> {
        if !blanks.bytes().all(|octet| matches!(octet, b' ' | b'\t')) || has_line_break(unit.as_bytes()) {
            return Err(ComposeErrorKind::LineBreak.into());
        }
        let width = blanks.len() + unit.len();
        let end = self.column() + width;
        self.is_encoded |= unit.contains("=?");
        let most = if self.is_encoded { LINE_ENCODED } else { LINE_SHOULD };
        let helps = !self.is_first || width <= most || end > LINE_MUST;
        if end > most && helps && !blanks.is_empty() && !unit.trim_matches([' ', '\t']).is_empty() {
            self.out.push_str("\r\n");
            self.line = self.out.len();
            self.is_encoded = unit.contains("=?");
        }
        self.out.push_str(blanks);
        self.out.push_str(unit);
        self.is_first = false;
        if self.column() > LINE_MUST {
            return Err(ComposeErrorKind::LineTooLong.into());
        }
        Ok(())
    }

    /// The field with its line break.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.out.push_str("\r\n");
        self.out
    }
}

/// Whether CR, LF or NUL are in `octets`: what ends a line or a string somewhere on the way.
pub(super) fn has_line_break(octets: &[u8]) -> bool {
    memchr::memchr3(b'\r', b'\n', 0, octets).is_some()
}

/// Writes a value that is folded already: all from behind the colon to the end of its last line, without the line break
/// of that one.
pub(super) fn write_folded(name: &str, value: &str) -> Result<String, ComposeError> {
    let Folder { out, .. } = Folder::new(name)?;
    let mut before = out.len();
    for (at, line) in value.split("\r\n").enumerate() {
        let is_continued = line.starts_with([' ', '\t']);
        if has_line_break(line.as_bytes()) || (at > 0 && !is_continued && !line.is_empty()) {
            return Err(ComposeErrorKind::LineBreak.into());
        }
        // RFC 5322 3.2.2: no line that is entirely made up of blanks.
        if at > 0 && line.trim_matches([' ', '\t']).is_empty() {
            return Err(ComposeErrorKind::Folding.into());
        }
        if before + line.len() > LINE_MUST {
            return Err(ComposeErrorKind::LineTooLong.into());
        }
        before = 0;
    }
    Ok(format!("{out}{value}\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(value: &str) -> Result<String, ComposeErrorKind> {
        write_folded("X", value).map_err(|error| error.kind())
    }

    #[test]
    fn a_break_falls_in_front_of_what_does_not_fit() {
        let mut folder = Folder::new("X").unwrap();
        folder.unit(" ", &"a".repeat(75)).unwrap();
        folder.unit(" ", "b").unwrap();
        folder.unit("", "c").unwrap();
        assert_eq!(folder.finish(), format!("X: {}\r\n bc\r\n", "a".repeat(75)));
    }

    #[test]
    fn the_first_unit_moves_only_if_that_helps() {
        let mut folder = Folder::new("Subject").unwrap();
        folder.unit(" ", &"a".repeat(77)).unwrap();
        assert_eq!(folder.finish(), format!("Subject:\r\n {}\r\n", "a".repeat(77)));
        let mut folder = Folder::new("Subject").unwrap();
        folder.unit(" ", &"a".repeat(78)).unwrap();
        assert_eq!(folder.finish(), format!("Subject: {}\r\n", "a".repeat(78)));
        let mut folder = Folder::new("Subject").unwrap();
        assert_eq!(folder.unit(" ", &"a".repeat(998)).unwrap_err().kind(), ComposeErrorKind::LineTooLong);
    }

    #[test]
    fn nothing_can_be_injected() {
        for name in ["", "A B", "A:", "A\r\n", "Ä", "A\0"] {
            assert_eq!(Folder::new(name).unwrap_err().kind(), ComposeErrorKind::FieldName, "{name:?}");
        }
        for unit in ["a\nb", "a\rb", "a\0b"] {
            let error = Folder::new("X").and_then(|mut folder| folder.unit(" ", unit)).unwrap_err();
            assert_eq!(error.kind(), ComposeErrorKind::LineBreak);
        }
    }

    #[test]
    fn what_is_folded_already_is_checked() {
        assert_eq!(folded(" a;\r\n\tb").unwrap(), "X: a;\r\n\tb\r\n");
        for injected in [" a\r\nBcc: b", " a\nb", " a\r b", " a\0", " a\r\n b\n c"] {
            assert_eq!(folded(injected), Err(ComposeErrorKind::LineBreak), "{injected:?}");
        }
        for blank in [" a\r\n", " a\r\n \r\n b", " a\r\n\t"] {
            assert_eq!(folded(blank), Err(ComposeErrorKind::Folding), "{blank:?}");
        }
        assert_eq!(folded(&"a".repeat(997)), Err(ComposeErrorKind::LineTooLong));
        assert!(folded(&"a".repeat(996)).is_ok());
    }
}
