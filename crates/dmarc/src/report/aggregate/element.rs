//! The elements of a report and where they may stand (RFC 9990 appendix A, RFC 7489 appendix C).

macro_rules! elements {
    ($($name:ident = $text:literal in $($parent:ident)|+;)+) => {
        /// An element that means something where it stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Element {
            /// Around the report.
            Outside,
            /// An element that means nothing here, and all that is in it.
            Unknown,
            /// The report.
            Feedback,
            $($name,)+
        }

        impl Element {
            /// The element `name` in this one.
            #[inline]
            pub(super) fn child(self, name: &str) -> Self {
                match (self, name) {
                    (Self::Outside, "feedback") => Self::Feedback,
                    (Self::Outside, _) => Self::Outside,
                    $(($(Self::$parent)|+, $text) => Self::$name,)+
                    _ => Self::Unknown,
                }
            }

            /// The name in the schema.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    Self::Outside | Self::Unknown => "",
                    Self::Feedback => "feedback",
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

elements! {
    Version = "version" in Feedback;
    Metadata = "report_metadata" in Feedback;
    Policy = "policy_published" in Feedback;
    Record = "record" in Feedback;
    Extensions = "extensions" in Feedback | Record;
    Extension = "extension" in Extensions;
    OrgName = "org_name" in Metadata;
    Email = "email" in Metadata;
    ExtraContact = "extra_contact_info" in Metadata;
    ReportId = "report_id" in Metadata;
    DateRange = "date_range" in Metadata;
    Error = "error" in Metadata;
    Generator = "generator" in Metadata;
    Begin = "begin" in DateRange;
    End = "end" in DateRange;
    PolicyDomain = "domain" in Policy;
    Discovery = "discovery_method" in Policy;
    P = "p" in Policy;
    Sp = "sp" in Policy;
    Np = "np" in Policy;
    Adkim = "adkim" in Policy;
    Aspf = "aspf" in Policy;
    Fo = "fo" in Policy;
    Testing = "testing" in Policy;
    Pct = "pct" in Policy;
    Row = "row" in Record;
    Identifiers = "identifiers" in Record;
    // A draft of 2011 had this name.
    Identities = "identities" in Record;
    AuthResults = "auth_results" in Record;
    SourceIp = "source_ip" in Row;
    Count = "count" in Row;
    Evaluated = "policy_evaluated" in Row;
    RowDisposition = "disposition" in Evaluated;
    RowDkim = "dkim" in Evaluated;
    RowSpf = "spf" in Evaluated;
    Reason = "reason" in Evaluated;
    ReasonType = "type" in Reason;
    Comment = "comment" in Reason;
    HeaderFrom = "header_from" in Identifiers | Identities;
    EnvelopeFrom = "envelope_from" in Identifiers | Identities;
    EnvelopeTo = "envelope_to" in Identifiers | Identities;
    Dkim = "dkim" in AuthResults;
    Spf = "spf" in AuthResults;
    AuthDomain = "domain" in Dkim | Spf;
    Selector = "selector" in Dkim;
    Scope = "scope" in Spf;
    AuthResult = "result" in Dkim | Spf;
    HumanResult = "human_result" in Dkim | Spf;
}

impl Element {
    /// Whether it has text and no elements.
    pub(super) const fn is_leaf(self) -> bool {
        !matches!(
            self,
            Self::Outside
                | Self::Unknown
                | Self::Feedback
                | Self::Metadata
                | Self::Policy
                | Self::Record
                | Self::Extensions
                | Self::Extension
                | Self::DateRange
                | Self::Row
                | Self::Identifiers
                | Self::Identities
                | Self::AuthResults
                | Self::Evaluated
                | Self::Reason
                | Self::Dkim
                | Self::Spf
        )
    }
}
