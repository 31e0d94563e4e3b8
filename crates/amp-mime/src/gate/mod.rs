//! Whether a client shows the AMP part of a message or its HTML, and why.
//!
//! Each client asks something else of a message; what, is data: [`ClientProfile`]. [`decide`] holds a message to a profile and gives
//! every requirement with its outcome, not only the first that fails.
//!
//! A field in a message proves nothing. What a sender is trusted by is an
//! [`AuthenticationResults`](mailwright_message_model::authres::AuthenticationResults): of the verifiers that ran, or of a field
//! whose server the caller names ([`SenderAuth::trusting`]). Without one no client renders.
//!
//! ```
//! use mailwright_amp_mime::gate::{ClientProfile, FallbackReason, NotKnown, SenderAuth, Verdict, decide};
//! use mailwright_message_model::Message;
//!
//! let raw = b"Authentication-Results: mx.example.org; dkim=pass header.d=example.net; spf=pass\r\n\
//!     From: news@example.net\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
//!     --b\r\n\r\nhello\r\n--b\r\nContent-Type: text/x-amp-html\r\n\r\n<p>hello</p>\r\n--b--\r\n";
//! let message = Message::parse(raw)?;
//! let gmail = ClientProfile::gmail();
//!
//! // The field is a claim until the caller says whose it is.
//! let decision = decide(&message, &SenderAuth::unknown(), &gmail, &NotKnown, 1_795_478_400);
//! assert_eq!(decision.verdict, Verdict::Fallback(FallbackReason::AuthFailed));
//!
//! let auth = SenderAuth::trusting(&message, "mx.example.org");
//! let decision = decide(&message, &auth, &gmail, &NotKnown, 1_795_478_400);
//! assert_eq!(decision.verdict, Verdict::Fallback(FallbackReason::InvalidAmp));
//! println!("{decision}");
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```

mod auth;
mod decide;
mod decision;
mod file;
mod profile;
mod registry;

pub use auth::SenderAuth;
pub use decide::decide;
pub use decision::{Check, Decision, FallbackReason, Outcome, Verdict};
pub use file::{ProfileError, ProfileErrorKind};
pub use profile::{ClientProfile, DkimMatch, DmarcRule, Registration, Support};
pub use registry::{NotKnown, Registered, SenderRegistry};

#[cfg(test)]
mod tests;
