//! What a message says about mail that was sent.

use std::ops::Range;

use crate::classify::Verdict;
use crate::reason::Command;
use crate::status::Status;

/// What a message is, and what it says about the mail that it answers to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// What it is.
    pub kind: Kind,
    /// The recipients it speaks of, in its order.
    pub recipients: Vec<Recipient>,
    /// The message it answers to.
    pub original: Option<Original>,
    /// The server that reports (RFC 3464 2.2.2).
    pub reporting_mta: Option<String>,
    /// The envelope identifier that the sender gave (RFC 3464 2.2.1).
    pub envelope_id: Option<String>,
    /// To whom the report was sent: the envelope sender of the original, which may carry a tag.
    pub sent_to: Vec<String>,
    /// What a feedback report says beside its recipients.
    pub feedback: Option<Feedback>,
    /// Why it counts as an automatic answer.
    pub auto_reply: Option<AutoReply>,
    /// What was odd, cut or passed over.
    pub warnings: Vec<Warning>,
}

impl Report {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self {
            kind,
            recipients: Vec::new(),
            original: None,
            reporting_mta: None,
            envelope_id: None,
            sent_to: Vec::new(),
            feedback: None,
            auto_reply: None,
            warnings: Vec::new(),
        }
    }

    /// The recipients that did not get the mail, or did not get it yet.
    pub fn failures(&self) -> impl Iterator<Item = &Recipient> {
        self.recipients.iter().filter(|recipient| recipient.action.is_failure())
    }
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Kind {
    /// Mail was not delivered to at least one recipient.
    Bounce,
    /// Mail was not delivered yet; the server keeps trying.
    DelayWarning,
    /// Mail was delivered, relayed or expanded, and the sender had asked to hear of it.
    DeliveryNotification,
    /// Somebody complained of a message, or it failed authentication (RFC 5965, RFC 6591).
    FeedbackReport,
    /// A program answered in a person's place (RFC 3834).
    AutoReply,
    /// The mail was displayed, deleted or the like (RFC 8098).
    ReadReceipt,
    /// Anything else, people's mail about bounces included.
    NotBounce,
}

impl Kind {
    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::DelayWarning => "delay_warning",
            Self::DeliveryNotification => "delivery_notification",
            Self::FeedbackReport => "feedback_report",
            Self::AutoReply => "auto_reply",
            Self::ReadReceipt => "read_receipt",
            Self::NotBounce => "not_bounce",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// What a report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Recipient {
    /// The address, as the report states it.
    pub address: String,
    /// The address that the sender wrote, where the report gives it besides (RFC 3464 2.3.1).
    pub original: Option<String>,
    /// What became of the mail.
    pub action: Action,
    /// The enhanced status: of its field, but where that is missing or generic that of the diagnostic.
    pub status: Option<Status>,
    /// That of the field Status.
    pub status_field: Option<Status>,
    /// That in the diagnostic.
    pub status_diagnostic: Option<Status>,
    /// The SMTP reply code.
    pub reply_code: Option<u16>,
    /// The command that was answered.
    pub command: Option<Command>,
    /// The server that refused.
    pub remote_mta: Option<String>,
    /// What was said, in one line without control characters.
    pub diagnostic: String,
    /// What it means.
    pub verdict: Verdict,
    /// Where it was found.
    pub source: Source,
    /// The octets of the message that it was read from: the block, or the line. Of an encoded part all.
    pub span: Range<usize>,
}

/// What became of the mail (RFC 3464 2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Action {
    /// Given up.
    Failed,
    /// Not yet delivered.
    Delayed,
    /// Delivered.
    Delivered,
    /// Passed on to a server that gives no reports.
    Relayed,
    /// Delivered to a list or to several addresses.
    Expanded,
    /// The report does not say; it is a failure, or there would be no report.
    NotStated,
}

impl Action {
    /// Whether the recipient did not get the mail (yet).
    #[must_use]
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Delayed | Self::NotStated)
    }

    /// The name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Relayed => "relayed",
            Self::Expanded => "expanded",
            Self::NotStated => "not_stated",
        }
    }
}

/// Where a recipient was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Source {
    /// Fields of a delivery status (RFC 3464 2.3).
    DsnField,
    /// Fields of a feedback report (RFC 5965 3.2).
    FeedbackField,
    /// Text in the format of this name.
    Text(String),
    /// A header field of the report.
    Header,
    /// The returned message: the weakest, since it names all recipients and not the one that failed.
    Original,
}

/// The message that a report is about. Anybody can write anything here: see [`sent_by_us`](crate::sent_by_us).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Original {
    /// Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// The address of From.
    pub from: Option<String>,
    /// The addresses of To.
    pub to: Vec<String>,
    /// Subject, decoded.
    pub subject: Option<String>,
    /// List-Id, the identifier alone.
    pub list_id: Option<String>,
    /// Feedback-ID.
    pub feedback_id: Option<String>,
    /// The envelope sender as Return-Path has it.
    pub return_path: Option<String>,
}

/// What a feedback report says (RFC 5965).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Feedback {
    /// Feedback-Type in lower case, as `abuse`.
    pub feedback_type: Option<String>,
    /// User-Agent.
    pub user_agent: Option<String>,
    /// Source-IP.
    pub source_ip: Option<String>,
    /// Original-Mail-From.
    pub original_mail_from: Option<String>,
    /// Reported-Domain.
    pub reported_domain: Vec<String>,
    /// Auth-Failure (RFC 6591 3.1).
    pub auth_failure: Option<String>,
    /// Incidents; 1 where it is not said.
    pub incidents: u64,
}

/// By what an automatic answer was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AutoReply {
    /// The header field, as `Auto-Submitted`.
    pub field: String,
}

/// What was odd, cut or passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Warning {
    /// The message is longer than [`Limits::input`](crate::Limits::input); the rest was not read.
    InputCut,
    /// More recipients than [`Limits::recipients`](crate::Limits::recipients).
    RecipientsCut,
    /// A field or diagnostic was cut at its limit.
    FieldCut,
    /// Text was read up to [`Limits::text`](crate::Limits::text).
    TextCut,
    /// A group of a delivery status that names no recipient.
    NoRecipient,
    /// A Status that is none.
    BadStatus,
    /// An Action that RFC 3464 does not have.
    UnknownAction,
    /// A multipart/report without the part that its type promises.
    NoReportPart,
    /// The recipients were taken from the returned message.
    RecipientsFromOriginal,
}
