//! What is odd about the place of an AMP part.

use std::fmt;

use crate::coded::coded;

coded! {
    /// Something odd that by itself keeps no client from showing the AMP part.
    StructureWarning:
    /// A text/html part stands before it.
    AmpAfterHtml, "AMP_AFTER_HTML",
        "HTML stands before the AMP part: clients that show the last part show AMP as text; put AMP between text and HTML";
    /// Content-Disposition calls it an attachment.
    AmpAttachment, "AMP_ATTACHMENT",
        "the AMP part is marked as an attachment: leave Content-Disposition out";
    /// It stands below a multipart/related inside the multipart/alternative.
    AmpInRelated, "AMP_IN_RELATED",
        "the AMP part stands below a multipart/related: AMP loads no parts by cid, put it directly into the alternative";
    /// It stands below another multipart inside the multipart/alternative.
    AmpNotDirect, "AMP_NOT_DIRECT",
        "the AMP part is no direct part of the multipart/alternative: clients may not look below";
    /// There are more AMP parts elsewhere in the message.
    AmpElsewhere, "AMP_ELSEWHERE", "there are AMP parts elsewhere in the message, which no client shows";
    /// There is text beside it but no HTML.
    NoHtml, "NO_HTML", "there is no HTML part: most clients then show the plain text";
    /// No Content-Type parameter names the charset.
    NoCharset, "NO_CHARSET", "the AMP part names no charset: write charset=\"utf-8\"";
    /// The charset is unknown, or not what the octets are in.
    BadCharset, "BAD_CHARSET", "the charset of the AMP part is unknown, or has no such octets: write it in UTF-8";
    /// The transfer encoding is unknown, or broken.
    BadEncoding, "BAD_ENCODING", "the transfer encoding of the AMP part cannot be undone without loss";
    /// The message has no Date, or one that cannot be read.
    NoDate, "NO_DATE", "without a Date a client cannot tell the age of the AMP part";
    /// The message has several Date fields.
    DuplicateDate, "DUPLICATE_DATE", "there are several Date fields: two clients may tell two ages";
    /// The Date lies more than a day ahead.
    FutureDate, "FUTURE_DATE", "the Date lies more than a day ahead";
    /// The message has several From fields.
    DuplicateFrom, "DUPLICATE_FROM", "there are several From fields: nobody can say whose message it is";
    /// The AMP part stands inside a signed or encrypted part of OpenPGP or S/MIME.
    AmpSigned, "AMP_SIGNED", "the AMP part is inside a multipart/signed: taking it out breaks that signature";
}

impl fmt::Display for StructureWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
