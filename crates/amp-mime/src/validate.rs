//! Validating a document.

use crate::engine::{Bounds, run};
use crate::report::{ErrorCode, Finding, Report, Severity, Status};

/// Octets of a document that are looked at; the rules allow 200,000. A longer one is not read at all, so that nobody
/// can make a receiver work for megabytes that no client would show.
pub const MAX_DOCUMENT: usize = 8 << 20;

/// What a validation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of a document, [`MAX_DOCUMENT`] by default. A longer document has one finding, with this limit.
    pub document: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document: MAX_DOCUMENT }
    }
}

/// A validator with limits of one's own.
///
/// ```
/// use mailwright_amp_mime::Validator;
///
/// let validator = Validator::new().max_errors(1);
/// let report = validator.validate("<!doctype html><html amp4email><p onclick=x>");
/// assert_eq!(report.findings.len(), 1);
/// assert!(!validator.is_valid("<p>"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Validator {
    limits: Limits,
    max_errors: Option<usize>,
}

/// Validates an AMP for Email document (AMP4EMAIL): the same findings as the official validator's.
///
/// The text is the part of the message after its transfer encoding and charset are decoded, with line ends as they are.
///
/// ```
/// use mailwright_amp_mime::{ErrorCode, validate};
///
/// let report = validate("<!doctype html><html \u{26a1}4email data-css-strict><head></head><body></body></html>");
/// assert!(!report.is_valid());
/// assert!(report.findings.iter().all(|finding| finding.code == ErrorCode::MandatoryTagMissing));
/// assert_eq!(report.findings[0].params, ["meta charset=utf-8"]);
/// ```
#[must_use]
pub fn validate(html: &str) -> Report {
    Validator::new().validate(html)
}

/// As [`validate`]; octets that are not UTF-8 are a finding at their place, beside those of the text with U+FFFD in
/// their stead.
#[must_use]
pub fn validate_bytes(html: &[u8]) -> Report {
    Validator::new().validate_bytes(html)
}

impl Validator {
    /// One with the default limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops after `n` findings, as soon as one of them is an error; findings beyond are left out.
    #[must_use]
    pub fn max_errors(self, n: usize) -> Self {
        Self { max_errors: Some(n), ..self }
    }

    /// Takes other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Validates a document.
    #[must_use]
    pub fn validate(&self, html: &str) -> Report {
        self.run(html, Bounds { findings: self.max_errors, first_error: false })
    }

    /// Validates a document whose octets may not be UTF-8.
    #[must_use]
    pub fn validate_bytes(&self, html: &[u8]) -> Report {
        let error = match std::str::from_utf8(html) {
            Ok(text) => return self.validate(text),
            Err(error) => error,
        };
        let valid = html.get(..error.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let lines = || before.split("\r\n").flat_map(|text| text.split(['\n', '\r']));
        let line = lines().count();
        let col = lines().last().unwrap_or_default().chars().count();
        let mut report = self.validate(&String::from_utf8_lossy(html));
        report.status = Status::Fail;
        let (line, col) = (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(col).unwrap_or(u32::MAX));
        let finding = Finding {
            severity: Severity::Error,
            code: ErrorCode::InvalidUtf8,
            line,
            col,
            params: Vec::new(),
            spec_url: None,
        };
        let at = report.findings.partition_point(|other| (other.line, other.col) <= (line, col));
        report.findings.insert(at, finding);
        if let Some(most) = self.max_errors {
            report.findings.truncate(most);
        }
        report
    }

    /// Whether a document is valid; ends at the first error.
    #[must_use]
    pub fn is_valid(&self, html: &str) -> bool {
        self.run(html, Bounds { findings: Some(0), first_error: true }).is_valid()
    }

    fn run(&self, html: &str, bounds: Bounds) -> Report {
        if html.len() <= self.limits.document {
            return run(html, bounds);
        }
        let finding = Finding {
            severity: Severity::Error,
            code: ErrorCode::DocumentSizeLimitExceeded,
            line: 1,
            col: 0,
            params: vec![self.limits.document.to_string(), html.len().to_string()],
            spec_url: None,
        };
        Report { status: Status::Fail, findings: vec![finding] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_that_are_no_text_have_their_place() {
        let place = |html: &[u8]| {
            let report = validate_bytes(html);
            let found = report.findings.iter().find(|finding| finding.code == ErrorCode::InvalidUtf8);
            found.map(|finding| (finding.line, finding.col))
        };
        // Every line end counts once; columns are characters.
        assert_eq!(place(b"a\rb\r\nc\n\xc3\xa4\xff"), Some((4, 1)));
        assert_eq!(place(b"\xff"), Some((1, 0)));
        assert_eq!(place(b"text"), None);
    }
}
