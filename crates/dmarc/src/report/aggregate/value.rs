//! From texts to a report.

use std::borrow::Cow;
use std::net::IpAddr;
use std::str::FromStr;

use mailwright_message_model::authres::AuthResult;

use super::element::Element;
use super::{
    DiscoveryMethod, Disposition, DkimResult, DmarcResult, Extension, Form, Report, Row, Scope, SpfResult,
};
use crate::policy::{Alignment, Override, OverrideKind, Policy};
use crate::report::{Error, ErrorKind, Limits, WarningKind as Kind, Warnings};

/// Fills a report with what the elements say, and tells what is missing.
pub(super) struct Filler<'l> {
    pub(super) report: Report,
    pub(super) offset: usize,
    limits: &'l Limits,
    warnings: &'l mut Warnings,
    row: Row,
    dkim: DkimResult,
    spf: SpfResult,
    in_spf: bool,
    reason: (Option<OverrideKind>, Option<String>),
    /// Whether the elements that are required stood there.
    has_metadata: bool,
    has_policy: bool,
    has_count: bool,
    /// Entries of all rows so far.
    entries: usize,
}

impl<'l> Filler<'l> {
    pub(super) fn new(limits: &'l Limits, warnings: &'l mut Warnings) -> Self {
        Self {
            report: Report::default(),
            offset: 0,
            limits,
            warnings,
            row: Row::default(),
            dkim: DkimResult::default(),
            spf: SpfResult::default(),
            in_spf: false,
            reason: (None, None),
            has_metadata: false,
            has_policy: false,
            has_count: false,
            entries: 0,
        }
    }

    pub(super) fn warn(&mut self, kind: Kind, place: &'static str) {
        self.warnings.add(kind, place, self.offset);
    }

    /// Whether a list of `len` entries takes one more.
    fn takes(&mut self, len: usize) -> bool {
        let takes = len < self.limits.entries && self.entries < self.limits.all_entries;
        self.entries += usize::from(takes);
        takes
    }

    /// An element that holds others begins.
    pub(super) fn begin(&mut self, element: Element) {
        match element {
            Element::Record => {
                self.row = Row::default();
                self.has_count = false;
            }
            Element::Reason => self.reason = (None, None),
            Element::Dkim => {
                self.dkim = DkimResult::default();
                self.in_spf = false;
            }
            Element::Spf => {
                self.spf = SpfResult::default();
                self.in_spf = true;
            }
            _ => {}
        }
    }

    /// An element that holds others ends.
    pub(super) fn finish(&mut self, element: Element) {
        match element {
            Element::Record => self.record(),
            Element::Reason => {
                let (kind, comment) = std::mem::take(&mut self.reason);
                match kind {
                    Some(kind) => {
                        let entry = Override { kind, comment };
                        if self.takes(self.row.reasons.len()) {
                            self.row.reasons.push(entry);
                        } else {
                            self.warn(Kind::EntriesCut, "reason");
                        }
                    }
                    None => self.warn(Kind::ReasonWithoutType, "reason"),
                }
            }
            Element::Dkim => self.dkim_result(),
            Element::Spf => self.spf_result(),
            Element::Metadata => self.has_metadata = true,
            Element::Policy => self.has_policy = true,
            _ => {}
        }
    }

    pub(super) fn extension(&mut self, name: &str, definition: &str, in_record: bool) {
        let len = if in_record { self.row.extensions.len() } else { self.report.extensions.len() };
        if self.takes(len) {
            let list = if in_record { &mut self.row.extensions } else { &mut self.report.extensions };
            list.push(Extension { name: name.into(), definition: definition.into() });
        } else {
            self.warn(Kind::EntriesCut, "extension");
        }
    }

    /// The text of an element without others in it.
    pub(super) fn leaf(&mut self, element: Element, text: &str) {
        let report = &mut self.report;
        match element {
            Element::Version => {
                report.version = optional(text);
                if text.parse::<f32>() != Ok(1.0) {
                    self.warn(Kind::Version, "version");
                }
            }
            Element::OrgName => report.metadata.org_name = text.into(),
            Element::Email => report.metadata.email = text.into(),
            Element::ExtraContact => report.metadata.extra_contact_info = optional(text),
            Element::ReportId => report.metadata.report_id = text.into(),
            Element::Error => {
                if !text.is_empty() && room(&report.metadata.errors, self.limits) {
                    report.metadata.errors.push(text.into());
                }
            }
            Element::Generator => report.metadata.generator = optional(text),
            Element::Begin => self.report.metadata.begin = self.seconds(element, text),
            Element::End => self.report.metadata.end = self.seconds(element, text),
            Element::PolicyDomain => report.policy.domain = text.into(),
            Element::Discovery => {
                self.report.policy.discovery_method = self.word(element, text, DiscoveryMethod::of);
            }
            Element::P => self.report.policy.p = self.word(element, text, Policy::of),
            Element::Sp => self.report.policy.sp = self.word(element, text, Policy::of),
            Element::Np => self.report.policy.np = self.word(element, text, Policy::of),
            Element::Adkim => self.report.policy.adkim = self.word(element, text, Alignment::of),
            Element::Aspf => self.report.policy.aspf = self.word(element, text, Alignment::of),
            Element::Fo => report.policy.fo = optional(text),
            Element::Testing => self.report.policy.testing = self.word(element, text, yes_or_no),
            Element::Pct => self.report.policy.pct = self.number(element, text),
            _ => self.row_leaf(element, text),
        }
    }

    fn row_leaf(&mut self, element: Element, text: &str) {
        match element {
            Element::SourceIp => {
                self.row.source_ip = address(text);
                if self.row.source_ip.is_none() && !text.is_empty() {
                    self.warn(Kind::Address, "source_ip");
                }
            }
            Element::Count => {
                let count = self.number(element, text);
                self.has_count = count.is_some();
                self.row.count = count.unwrap_or_default();
            }
            Element::RowDisposition => self.row.disposition = self.word(element, text, Disposition::of),
            Element::RowDkim => self.row.dkim = self.word(element, text, DmarcResult::of),
            Element::RowSpf => self.row.spf = self.word(element, text, DmarcResult::of),
            Element::ReasonType if text.is_empty() => {}
            Element::ReasonType => self.reason.0 = self.word(element, text, OverrideKind::of),
            Element::Comment => self.reason.1 = optional(text).map(String::from),
            Element::HeaderFrom => self.row.header_from = text.into(),
            // RFC 9990 3.1.1.10: empty for the null reverse-path.
            Element::EnvelopeFrom => self.row.envelope_from = Some(text.into()),
            Element::EnvelopeTo => self.row.envelope_to = optional(text),
            Element::AuthDomain if self.in_spf => self.spf.domain = optional(text),
            Element::AuthDomain => self.dkim.domain = text.into(),
            Element::Selector => self.dkim.selector = optional(text),
            Element::Scope => self.spf.scope = self.word(element, text, Scope::of),
            Element::AuthResult => {
                let result = self.result(text);
                if self.in_spf { self.spf.result = result } else { self.dkim.result = result }
            }
            Element::HumanResult if self.in_spf => self.spf.human_result = optional(text),
            Element::HumanResult => self.dkim.human_result = optional(text),
            _ => {}
        }
    }

    /// A word of the schema; none, an unknown one and one in capitals are told.
    fn word<T>(&mut self, element: Element, text: &str, of: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        if text.is_empty() {
            self.warn(Kind::EmptyValue, element.name());
            return None;
        }
        let value = of(text);
        if value.is_none() {
            self.warn(Kind::UnknownWord, element.name());
        } else if text.bytes().any(|b| b.is_ascii_uppercase()) {
            self.warn(Kind::WordCase, element.name());
        }
        value
    }

    fn number<T: FromStr>(&mut self, element: Element, text: &str) -> Option<T> {
        if text.is_empty() {
            self.warn(Kind::EmptyValue, element.name());
            return None;
        }
        let number = text.strip_prefix('+').unwrap_or(text).parse().ok();
        if number.is_none() {
            self.warn(Kind::Number, element.name());
        }
        number
    }

    /// Seconds since the epoch; some write a fraction.
    fn seconds(&mut self, element: Element, text: &str) -> Option<i64> {
        let whole = text.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|b| b.is_ascii_digit()));
        if whole.is_some() {
            self.warn(Kind::Number, element.name());
        }
        self.number(element, whole.map_or(text, |(whole, _)| whole))
    }

    /// A result of SPF or DKIM. RFC 7489 appendix C, comments of the schema: `unknown` was temperror, `error` permerror;
    /// RFC 5451: `hardfail` was fail.
    fn result(&mut self, text: &str) -> Option<AuthResult> {
        let upper = text.bytes().any(|octet| octet.is_ascii_uppercase());
        let lower = if upper { Cow::Owned(text.to_ascii_lowercase()) } else { Cow::Borrowed(text) };
        let (result, old) = match &*lower {
            "unknown" => (AuthResult::TempError, true),
            "error" => (AuthResult::PermError, true),
            "hardfail" => (AuthResult::Fail, true),
            word => match word.parse() {
                Ok(AuthResult::Other(_)) | Err(_) => {
                    let kind = if word.is_empty() { Kind::EmptyValue } else { Kind::UnknownWord };
                    self.warn(kind, "result");
                    return None;
                }
                Ok(result) => (result, false),
            },
        };
        if old {
            self.warn(Kind::OldWord, "result");
        }
        if upper {
            self.warn(Kind::WordCase, "result");
        }
        Some(result)
    }

    fn dkim_result(&mut self) {
        let dkim = std::mem::take(&mut self.dkim);
        if dkim == DkimResult::default() {
            return self.warn(Kind::EmptyValue, "dkim");
        }
        if dkim.domain.is_empty() {
            self.warn(Kind::ResultWithoutDomain, "dkim");
        }
        if dkim.selector.is_none() && self.report.form == Form::Rfc9990 {
            self.warn(Kind::Missing, "selector");
        }
        if self.takes(self.row.dkim_results.len()) {
            self.row.dkim_results.push(dkim);
        } else {
            self.warn(Kind::EntriesCut, "dkim");
        }
    }

    fn spf_result(&mut self) {
        let spf = std::mem::take(&mut self.spf);
        if spf == SpfResult::default() {
            return self.warn(Kind::EmptyValue, "spf");
        }
        if spf.domain.is_none() {
            self.warn(Kind::ResultWithoutDomain, "spf");
        }
        if self.report.form == Form::Rfc9990 {
            if spf.scope == Some(Scope::Helo) {
                self.warn(Kind::UnknownWord, "scope");
            }
            if !self.row.spf_results.is_empty() {
                self.warn(Kind::Repeated, "spf");
            }
        }
        if self.takes(self.row.spf_results.len()) {
            self.row.spf_results.push(spf);
        } else {
            self.warn(Kind::EntriesCut, "spf");
        }
    }

    fn record(&mut self) {
        let row = std::mem::take(&mut self.row);
        if self.report.rows.len() >= self.limits.rows {
            return self.warn(Kind::RowsCut, "record");
        }
        for (missing, name) in [
            (row.source_ip.is_none(), "source_ip"),
            (!self.has_count, "count"),
            (row.disposition.is_none(), "disposition"),
            (row.dkim.is_none(), "dkim"),
            (row.spf.is_none(), "spf"),
            (row.header_from.is_empty(), "header_from"),
        ] {
            if missing {
                self.warn(Kind::Missing, name);
            }
        }
        self.report.rows.push(row);
    }

    /// The report, unless it says nothing at all.
    pub(super) fn done(mut self) -> Result<Report, Error> {
        self.offset = 0;
        let report = &self.report;
        let (metadata, policy) = (&report.metadata, &report.policy);
        let missing = [
            (metadata.org_name.is_empty(), "org_name"),
            (metadata.email.is_empty(), "email"),
            (metadata.report_id.is_empty(), "report_id"),
            (metadata.begin.is_none(), "begin"),
            (metadata.end.is_none(), "end"),
            (policy.domain.is_empty(), "domain"),
            (policy.p.is_none(), "p"),
            (report.rows.is_empty(), "record"),
        ];
        let says_nothing = !self.has_metadata && !self.has_policy && self.report.rows.is_empty();
        if says_nothing {
            return Err(Error::new(ErrorKind::NoFeedback));
        }
        for (is, name) in missing {
            if is {
                self.warn(Kind::Missing, name);
            }
        }
        Ok(self.report)
    }
}

fn room<T>(list: &[T], limits: &Limits) -> bool {
    list.len() < limits.entries
}

fn optional(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "y" | "Y" => Some(true),
        "n" | "N" => Some(false),
        _ => None,
    }
}

/// RFC 3986 3.2.2; brackets and a zone are taken off.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let text = text.split_once('%').map_or(text, |(address, _)| address);
    text.parse().ok()
}
