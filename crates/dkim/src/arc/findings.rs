//! What goes into ARC-Authentication-Results (RFC 8617 4.1.1).

use mailwright_message_model::authres::{AuthenticationResults, ClaimedResults, FIELD_NAME, Method};
use mailwright_message_model::{Field, Header};

use super::field::{Cv, FieldKind};
use super::seal::SealError;
use crate::tags::{is_fws, outside_quotes};

/// Longer lines are folded where there is a blank (RFC 5322 2.1.1).
const LINE: usize = 78;

/// What a server found about a message, as it is put under the seal.
///
/// ```
/// use mailwright_dkim::arc::Findings;
/// let message = b"Authentication-Results: mx.example.org; spf=pass (no\r\n reason) smtp.helo=a.example; arc=pass\r\n\
///     Authentication-Results: mx.example.net; dmarc=pass\r\n\r\n";
/// let found = Findings::of_message(message, "mx.example.org")?;
/// assert_eq!(found.results(), ["spf=pass (no reason) smtp.helo=a.example"]);
/// # Ok::<(), mailwright_dkim::arc::SealError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings {
    /// As it stands in the field: a token or a quoted string.
    authserv_id: String,
    /// An entry for the chain itself, which is kept where it says what the seal says.
    chain: Option<String>,
    results: Vec<String>,
}

impl Findings {
    /// What the Authentication-Results fields with this authserv-id say, top to bottom, in their own words.
    ///
    /// Only right when every message from outside has lost its fields of that name before (RFC 8601 5). Entries of method
    /// `arc` are left out: the sealer writes its own. Fields of another version are passed over.
    ///
    /// # Errors
    /// [`SealError::AuthservId`]: empty, or with control characters.
    pub fn of_message(message: &[u8], authserv_id: &str) -> Result<Self, SealError> {
        if authserv_id.is_empty() || authserv_id.chars().any(char::is_control) {
            return Err(SealError::AuthservId(authserv_id.to_owned()));
        }
        // Whose field it is stands in its first part, whatever the others are.
        let own = |field: &Field<'_>| {
            let first = outside_quotes(field.value(), b';').next().unwrap_or_default();
            let claimed = ClaimedResults::parse(&[first, b"; none"].concat());
            claimed.is_ok_and(|claimed| claimed.trust(authserv_id).is_ok())
        };
        let fields = Header::new(message).filter(|field| field.is(FIELD_NAME)).filter(own);
        let results = fields.flat_map(|field| {
            // The first part is the authserv-id.
            outside_quotes(field.value(), b';')
                .skip(1)
                .filter(|part| !part.is_empty())
                .map(one_line)
                .collect::<Vec<_>>()
        });
        let results = results.filter(|result| result != "none" && !is_of_arc(result)).collect();
        Ok(Self { authserv_id: written(authserv_id), chain: None, results })
    }

    /// The results in their order, without that of the chain.
    #[must_use]
    pub fn results(&self) -> &[String] {
        &self.results
    }

    /// The whole field, with its line break.
    pub(super) fn to_field(&self, instance: u32, cv: Cv) -> String {
        let plain = format!("arc={cv}");
        let says_so = |chain: &&String| {
            chain.strip_prefix(&plain).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let chain = self.chain.as_ref().filter(says_so).unwrap_or(&plain);
        let mut out = format!("{}: i={instance}; {}", FieldKind::Results, self.authserv_id);
        for result in core::iter::once(chain).chain(&self.results) {
            out.push_str(";\r\n");
            fold(result, &mut out);
        }
        out.push_str("\r\n");
        out
    }
}

impl From<&AuthenticationResults> for Findings {
    fn from(results: &AuthenticationResults) -> Self {
        let text = |of_arc: bool| {
            results
                .results()
                .iter()
                .filter(move |r| (*r.method() == Method::Arc) == of_arc)
                .map(ToString::to_string)
        };
        Self {
            authserv_id: written(results.authserv_id()),
            chain: text(true).next(),
            results: text(false).collect(),
        }
    }
}

/// An authserv-id as it stands in a field (RFC 8601 2.2: a `value` of RFC 2045 5.1).
fn written(authserv_id: &str) -> String {
    let alone = AuthenticationResults::new(authserv_id).to_string();
    alone.strip_suffix("; none").unwrap_or(&alone).to_owned()
}

/// With each run of white space made one blank. Other control characters, which no field may have, become question marks.
fn one_line(part: &[u8]) -> String {
    let text = String::from_utf8_lossy(part);
    let words = text.split(|c: char| u8::try_from(c).is_ok_and(is_fws)).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn is_of_arc(result: &str) -> bool {
    let method = result.split(['=', '/', ' ', '(']).next().unwrap_or_default();
    method.eq_ignore_ascii_case("arc")
}

/// Appends a line, folded in front of blanks that are there already: in relaxed form (RFC 6376 3.4.2) nothing changes.
fn fold(text: &str, out: &mut String) {
    let mut column = 0usize;
    for word in text.split(' ') {
        if column > 0 && column + 1 + word.len() > LINE {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(' ');
        out.push_str(word);
        column += 1 + word.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_words_of_own_fields() {
        let message = b"Authentication-Results: MX.example.org 1;\r\n\
            \tdkim=pass (a;b \"c)\r\n  reason=\"x; y\"   header.d=a.example; ;\r\n arc=fail (x); ARC/1=pass\r\n\
            Authentication-Results: mx.example.org; none\r\n\
            Authentication-Results: mx.example.org; dmarc=pass\r\n\
            Authentication-Results: evil.example; spf=pass\r\n\r\n\
            Authentication-Results: mx.example.org; spf=pass\r\n";
        let found = Findings::of_message(message, "mx.example.org").unwrap();
        assert_eq!(found.results(), ["dkim=pass (a;b \"c) reason=\"x; y\" header.d=a.example", "dmarc=pass"]);
        assert_eq!(
            found.to_field(3, Cv::Pass),
            "ARC-Authentication-Results: i=3; mx.example.org;\r\n arc=pass;\r\n \
             dkim=pass (a;b \"c) reason=\"x; y\" header.d=a.example;\r\n dmarc=pass\r\n"
        );
    }

    #[test]
    fn what_the_verifier_said_of_the_chain_is_kept_where_it_is_so() {
        let arc = "mx.example.org; arc=pass smtp.remote-ip=192.0.2.1; spf=pass";
        let results = arc.parse::<ClaimedResults>().unwrap().trust("mx.example.org").unwrap();
        let found = Findings::from(&results);
        assert!(found.to_field(2, Cv::Pass).contains("arc=pass smtp.remote-ip=192.0.2.1;\r\n spf=pass"));
        assert!(found.to_field(2, Cv::Fail).contains("arc=fail;\r\n spf=pass"));
    }

    #[test]
    fn long_lines_are_folded() {
        let results = format!("x; spf=pass ({})", "word ".repeat(400));
        let message = format!("Authentication-Results: {results}\r\n\r\n");
        let field = Findings::of_message(message.as_bytes(), "x").unwrap().to_field(1, Cv::None);
        assert!(field.lines().all(|line| line.len() <= LINE + 1));
        assert_eq!(field.matches("word").count(), 400);
    }
}
