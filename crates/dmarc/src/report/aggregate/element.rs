//! The elements of a report and where they may stand (RFC 9990 appendix A, RFC 7489 appendix C).

macro_rules! elements {
    ({ $($name:ident = $text:literal,)+ } $($parent:ident => $($child:ident)+;)+) => {
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
                match self {
                    Self::Outside if name == "feedback" => Self::Feedback,
                    Self::Outside => Self::Outside,
                    // Those of one parent are few, and most differ in length.
                    $(Self::$parent => match name {
                        $(name if name == Self::$child.name() => Self::$child,)+
                        _ => Self::Unknown,
                    },)+
                    _ => Self::Unknown,
                }
            }

            /// The name in the schema.
            #[inline]
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
    {
        Version = "version",
        Metadata = "report_metadata",
        Policy = "policy_published",
        Record = "record",
        Extensions = "extensions",
        Extension = "extension",
        OrgName = "org_name",
        Email = "email",
        ExtraContact = "extra_contact_info",
        ReportId = "report_id",
        DateRange = "date_range",
        Error = "error",
        Generator = "generator",
        Begin = "begin",
        End = "end",
        PolicyDomain = "domain",
        Discovery = "discovery_method",
        P = "p",
        Sp = "sp",
        Np = "np",
        Adkim = "adkim",
        Aspf = "aspf",
        Fo = "fo",
        Testing = "testing",
        Pct = "pct",
        Row = "row",
        Identifiers = "identifiers",
        // A draft of 2011 had this name.
        Identities = "identities",
        AuthResults = "auth_results",
        SourceIp = "source_ip",
        Count = "count",
        Evaluated = "policy_evaluated",
        RowDisposition = "disposition",
        RowDkim = "dkim",
        RowSpf = "spf",
        Reason = "reason",
        ReasonType = "type",
        Comment = "comment",
        HeaderFrom = "header_from",
        EnvelopeFrom = "envelope_from",
        EnvelopeTo = "envelope_to",
        Dkim = "dkim",
        Spf = "spf",
        AuthDomain = "domain",
        Selector = "selector",
        Scope = "scope",
        AuthResult = "result",
        HumanResult = "human_result",
    }
    Feedback => Version Metadata Policy Record Extensions;
    Record => Extensions Row Identifiers Identities AuthResults;
    Extensions => Extension;
    Metadata => OrgName Email ExtraContact ReportId DateRange Error Generator;
    DateRange => Begin End;
    Policy => PolicyDomain Discovery P Sp Np Adkim Aspf Fo Testing Pct;
    Row => SourceIp Count Evaluated;
    Evaluated => RowDisposition RowDkim RowSpf Reason;
    Reason => ReasonType Comment;
    Identifiers => HeaderFrom EnvelopeFrom EnvelopeTo;
    Identities => HeaderFrom EnvelopeFrom EnvelopeTo;
    AuthResults => Dkim Spf;
    Dkim => AuthDomain Selector AuthResult HumanResult;
    Spf => AuthDomain Scope AuthResult HumanResult;
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
