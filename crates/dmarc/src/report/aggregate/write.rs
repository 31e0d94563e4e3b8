//! Writing the XML of RFC 9990.

use std::fmt;

use mailwright_message_model::authres::AuthResult;

use super::{Disposition, DkimResult, DmarcResult, NAMESPACE, Report, Row, Scope, SpfResult};
use crate::policy::{Override, OverrideKind, Policy};

/// Why a report cannot be written in the form of RFC 9990.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteError {
    kind: WriteErrorKind,
    row: Option<usize>,
}

/// The kinds of [`WriteError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// There is no row (RFC 9990 3.1.1.2).
    NoRows,
    /// Something required is missing or empty; its element.
    Missing(&'static str),
    /// More than one SPF result, or one of HELO (RFC 9990 3.1.1.11, 3.1.1.13).
    Spf,
    /// A result that the mechanism does not have (RFC 9990 3.1.1.12, 3.1.1.13).
    Result,
    /// A reason that only RFC 7489 has (RFC 9990 3.1.6).
    Reason,
    /// Neither mechanism aligned, another thing was done than a published policy says, and no reason is given
    /// (RFC 9990 3.1.1.9).
    NoReason,
    /// A row of no messages.
    NoMessages,
}

impl WriteError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> WriteErrorKind {
        self.kind
    }

    /// In which row, from 0.
    #[must_use]
    pub const fn row(&self) -> Option<usize> {
        self.row
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        match self.kind {
            WriteErrorKind::NoRows => f.write_str("a report needs a row (RFC 9990 3.1.1.2)"),
            WriteErrorKind::Missing(element) => write!(f, "{element} is required (RFC 9990 3.1.1)"),
            WriteErrorKind::Spf => {
                f.write_str("one SPF result, of MAIL FROM, is allowed (RFC 9990 3.1.1.13)")
            }
            WriteErrorKind::Result => f.write_str("the mechanism has no such result (RFC 8601 2.7)"),
            WriteErrorKind::Reason => f.write_str("RFC 9990 has no such reason (3.1.6)"),
            WriteErrorKind::NoReason => f.write_str("the disposition needs a reason (RFC 9990 3.1.1.9)"),
            WriteErrorKind::NoMessages => f.write_str("a row is of one message at least"),
        }
    }
}

impl std::error::Error for WriteError {}

impl Report {
    /// Writes the report in the form of RFC 9990, whatever the form it came in. Extensions and `pct` are left out, characters that
    /// XML cannot hold become U+FFFD.
    ///
    /// # Errors
    /// [`WriteError`] where the report has something that the form has not, or lacks what it requires.
    pub fn to_xml(&self) -> Result<String, WriteError> {
        let (metadata, policy) = (&self.metadata, &self.policy);
        let fail = |kind| Err(WriteError { kind, row: None });
        if self.rows.is_empty() {
            return fail(WriteErrorKind::NoRows);
        }
        let missing = |element| WriteError { kind: WriteErrorKind::Missing(element), row: None };
        for (text, element) in [
            (&metadata.org_name, "org_name"),
            (&metadata.email, "email"),
            (&metadata.report_id, "report_id"),
            (&policy.domain, "domain"),
        ] {
            if text.is_empty() {
                return Err(missing(element));
            }
        }
        let (begin, end) = (metadata.begin.ok_or(missing("begin"))?, metadata.end.ok_or(missing("end"))?);
        let p = policy.p.ok_or(missing("p"))?;
        let mut xml = Xml {
            out: String::with_capacity(self.rows.len().saturating_mul(1024).saturating_add(2048)),
            depth: 1,
        };
        xml.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback xmlns=\"");
        xml.out.push_str(NAMESPACE);
        xml.out.push_str("\">\n");
        // RFC 9990 3.1.1.2: it has this value where it is there.
        xml.leaf("version", "1.0");
        xml.open("report_metadata");
        xml.leaf("org_name", &metadata.org_name);
        xml.leaf("email", &metadata.email);
        xml.optional("extra_contact_info", metadata.extra_contact_info.as_deref());
        xml.leaf("report_id", &metadata.report_id);
        xml.open("date_range");
        xml.leaf("begin", &begin.to_string());
        xml.leaf("end", &end.to_string());
        xml.close("date_range");
        // The schema has one element for all errors.
        let errors = metadata.errors.join("; ");
        xml.optional("error", Some(errors.as_str()));
        xml.optional("generator", metadata.generator.as_deref());
        xml.close("report_metadata");
        xml.open("policy_published");
        xml.leaf("domain", &policy.domain);
        xml.optional("discovery_method", policy.discovery_method.map(|method| method.as_str()));
        xml.leaf("p", p.as_str());
        xml.optional("sp", policy.sp.map(Policy::as_str));
        xml.optional("np", policy.np.map(Policy::as_str));
        xml.optional("fo", policy.fo.as_deref());
        xml.optional("adkim", policy.adkim.map(|mode| mode.as_str()));
        xml.optional("aspf", policy.aspf.map(|mode| mode.as_str()));
        xml.optional("testing", policy.testing.map(|testing| if testing { "y" } else { "n" }));
        xml.close("policy_published");
        let published: Vec<Policy> = [Some(p), policy.sp, policy.np].into_iter().flatten().collect();
        for (at, row) in self.rows.iter().enumerate() {
            xml.row(row, &published).map_err(|kind| WriteError { kind, row: Some(at) })?;
        }
        xml.out.push_str("</feedback>\n");
        Ok(xml.out)
    }
}

struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    fn open(&mut self, name: &str) {
        self.indent();
        self.depth = self.depth.saturating_add(1);
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn close(&mut self, name: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.indent();
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.indent();
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        escape(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push_str(">\n");
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.leaf(name, text);
        }
    }

    /// The children of record, policy_evaluated and auth_results have a fixed order (RFC 9990 3.1.1.7, 3.1.1.9, 3.1.1.11).
    fn row(&mut self, row: &Row, published: &[Policy]) -> Result<(), WriteErrorKind> {
        let missing = WriteErrorKind::Missing;
        let ip = row.source_ip.ok_or(missing("source_ip"))?;
        let disposition = row.disposition.ok_or(missing("disposition"))?;
        let (dkim, spf) = (row.dkim.ok_or(missing("dkim"))?, row.spf.ok_or(missing("spf"))?);
        if row.count == 0 {
            return Err(WriteErrorKind::NoMessages);
        }
        if row.header_from.is_empty() {
            return Err(missing("header_from"));
        }
        let fails = dkim == DmarcResult::Fail && spf == DmarcResult::Fail;
        if fails
            && row.reasons.is_empty()
            && !published.iter().any(|policy| disposition_of(*policy) == disposition)
        {
            return Err(WriteErrorKind::NoReason);
        }
        self.open("record");
        self.open("row");
        self.leaf("source_ip", &ip.to_string());
        self.leaf("count", &row.count.to_string());
        self.open("policy_evaluated");
        self.leaf("disposition", disposition.as_str());
        self.leaf("dkim", dkim.as_str());
        self.leaf("spf", spf.as_str());
        row.reasons.iter().try_for_each(|reason| self.reason(reason))?;
        self.close("policy_evaluated");
        self.close("row");
        self.open("identifiers");
        self.leaf("header_from", &row.header_from);
        if let Some(domain) = &row.envelope_from {
            self.leaf("envelope_from", domain);
        }
        self.optional("envelope_to", row.envelope_to.as_deref());
        self.close("identifiers");
        self.open("auth_results");
        row.dkim_results.iter().try_for_each(|result| self.dkim(result))?;
        match row.spf_results.as_slice() {
            [] => {}
            [one] if one.scope != Some(Scope::Helo) => self.spf(one)?,
            _ => return Err(WriteErrorKind::Spf),
        }
        self.close("auth_results");
        self.close("record");
        Ok(())
    }

    fn reason(&mut self, reason: &Override) -> Result<(), WriteErrorKind> {
        if matches!(reason.kind, OverrideKind::Forwarded | OverrideKind::SampledOut) {
            return Err(WriteErrorKind::Reason);
        }
        self.open("reason");
        self.leaf("type", reason.kind.as_str());
        self.optional("comment", reason.comment.as_deref());
        self.close("reason");
        Ok(())
    }

    fn dkim(&mut self, dkim: &DkimResult) -> Result<(), WriteErrorKind> {
        let missing = WriteErrorKind::Missing;
        let selector = dkim.selector.as_deref().ok_or(missing("selector"))?;
        let result = dkim.result.as_ref().ok_or(missing("result"))?;
        if dkim.domain.is_empty() {
            return Err(missing("domain"));
        }
        if !allowed(result) || *result == AuthResult::SoftFail {
            return Err(WriteErrorKind::Result);
        }
        self.open("dkim");
        self.leaf("domain", &dkim.domain);
        self.leaf("selector", selector);
        self.leaf("result", result.as_str());
        self.optional("human_result", dkim.human_result.as_deref());
        self.close("dkim");
        Ok(())
    }

    fn spf(&mut self, spf: &SpfResult) -> Result<(), WriteErrorKind> {
        let missing = WriteErrorKind::Missing;
        let domain = spf.domain.as_deref().filter(|domain| !domain.is_empty()).ok_or(missing("domain"))?;
        let result = spf.result.as_ref().ok_or(missing("result"))?;
        if !allowed(result) {
            return Err(WriteErrorKind::Result);
        }
        self.open("spf");
        self.leaf("domain", domain);
        self.optional("scope", spf.scope.map(|scope| scope.as_str()));
        self.leaf("result", result.as_str());
        self.optional("human_result", spf.human_result.as_deref());
        self.close("spf");
        Ok(())
    }
}

/// What is done where a policy is applied.
pub(super) const fn disposition_of(policy: Policy) -> Disposition {
    match policy {
        Policy::None => Disposition::None,
        Policy::Quarantine => Disposition::Quarantine,
        Policy::Reject => Disposition::Reject,
    }
}

/// RFC 8601 2.7.1, 2.7.2.
const fn allowed(result: &AuthResult) -> bool {
    matches!(
        result,
        AuthResult::None
            | AuthResult::Pass
            | AuthResult::Fail
            | AuthResult::SoftFail
            | AuthResult::Policy
            | AuthResult::Neutral
            | AuthResult::TempError
            | AuthResult::PermError
    )
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML 1.0 2.11: a parser makes a line feed of it.
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            // XML 1.0 2.2, Char.
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}
