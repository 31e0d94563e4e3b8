//! What a receiver writes down: `Received-SPF` (RFC 7208 9.1) and the entry of Authentication-Results (RFC 8601 2.7.2).

use std::fmt::Write as _;

use mailwright_message_model::authres::{AuthResult, Method, MethodResult, PropertyType};

use crate::outcome::{Identity, Outcome, SpfResult};
use crate::request::Request;

impl From<SpfResult> for AuthResult {
    fn from(result: SpfResult) -> Self {
        match result {
            SpfResult::None => Self::None,
            SpfResult::Neutral => Self::Neutral,
            SpfResult::Pass => Self::Pass,
            SpfResult::Fail => Self::Fail,
            SpfResult::SoftFail => Self::SoftFail,
            SpfResult::TempError => Self::TempError,
            SpfResult::PermError => Self::PermError,
        }
    }
}

impl Outcome<'_> {
    /// The entry `spf=` with the identity that was checked, `smtp.mailfrom` or `smtp.helo`.
    ///
    /// For the null reverse-path `smtp.mailfrom` is `postmaster@` and the HELO name, which is what was checked (RFC 7208 2.4).
    /// Take out the fields that forge your authserv-id before you add yours (`message_model::authres::claim`).
    ///
    /// ```
    /// use mailwright_dns::Zone;
    /// use mailwright_message_model::authres::AuthenticationResults;
    /// use mailwright_spf::{Config, Request, check_host};
    ///
    /// let mut zone = Zone::new();
    /// zone.add_txt("example.org", "v=spf1 ip4:192.0.2.0/24 -all")?;
    /// let request = Request::mail_from("192.0.2.7".parse()?, "zoe@example.org", "mx.example.org");
    /// let outcome = check_host(&request, &zone, &Config::default());
    /// let results = AuthenticationResults::new("mx.example.net").with_result(outcome.method_result(&request));
    /// assert_eq!(results.to_string(), "mx.example.net; spf=pass smtp.mailfrom=zoe@example.org");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn method_result(&self, request: &Request<'_>) -> MethodResult {
        let mut entry = MethodResult::new(Method::Spf, self.result.into());
        if let Some(problem) = &self.problem {
            entry = entry.with_reason(problem);
        }
        match self.identity {
            Identity::Helo => entry.with_prop(PropertyType::Smtp, "helo", request.helo),
            Identity::MailFrom => {
                let sender = format!("{}@{}", request.local, request.domain);
                entry.with_prop(PropertyType::Smtp, "mailfrom", sender)
            }
        }
    }

    /// The field `Received-SPF`, folded, with its final CRLF; to be put above all other fields.
    ///
    /// Values are quoted, and controls in them become `?`, so that a sender cannot write fields of its own.
    ///
    /// ```
    /// use mailwright_dns::Zone;
    /// use mailwright_spf::{Config, Request, check_host};
    ///
    /// let mut zone = Zone::new();
    /// zone.add_txt("example.com", "v=spf1 a:mx.example.com -all")?;
    /// zone.add_a("mx.example.com", [192, 0, 2, 1].into())?;
    /// let request = Request::mail_from("192.0.2.1".parse()?, "myname@example.com", "foo.example.com")
    ///     .receiver("mybox.example.org");
    /// assert_eq!(
    ///     check_host(&request, &zone, &Config::default()).received_spf(&request),
    ///     "Received-SPF: pass (mybox.example.org: 192.0.2.1 may send for example.com)\r\n\
    ///      \treceiver=mybox.example.org; client-ip=192.0.2.1;\r\n\
    ///      \tenvelope-from=\"myname@example.com\"; helo=foo.example.com;\r\n\
    ///      \tidentity=mailfrom; mechanism=\"a:mx.example.com\"\r\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn received_spf(&self, request: &Request<'_>) -> String {
        let receiver = if request.receiver.is_empty() { "unknown" } else { request.receiver };
        let ip = request.ip;
        let says = match self.result {
            SpfResult::Pass => format!("{ip} may send for {}", self.domain),
            SpfResult::Fail => format!("{ip} may not send for {}", self.domain),
            SpfResult::SoftFail => format!("{ip} probably may not send for {}", self.domain),
            SpfResult::Neutral => format!("{} says nothing of {ip}", self.domain),
            SpfResult::None => format!("{} has no SPF record", self.domain),
            SpfResult::TempError => format!("DNS did not answer for {}", self.domain),
            SpfResult::PermError => format!("the record of {} cannot be used", self.domain),
        };
        let envelope = match (self.identity, request.null_path) {
            (_, true) => String::from("<>"),
            _ => format!("{}@{}", request.local, request.domain),
        };
        let identity = match self.identity {
            Identity::MailFrom => "mailfrom",
            Identity::Helo => "helo",
        };
        let mut field =
            format!("Received-SPF: {} ({}: {})\r\n\t", self.result, comment(receiver), comment(&says));
        let _ = write!(field, "receiver={}; client-ip={};\r\n\t", value(receiver), value(&ip.to_string()));
        if self.identity == Identity::MailFrom {
            let _ = write!(field, "envelope-from={}; ", value(&envelope));
        }
        let _ = write!(field, "helo={};\r\n\tidentity={identity}", value(request.helo));
        if let Some(matched) = &self.matched {
            let _ = write!(field, "; mechanism={}", value(matched.term()));
        }
        if let Some(problem) = &self.problem {
            let _ = write!(field, ";\r\n\tproblem={}", value(&problem.to_string()));
        }
        field.push_str("\r\n");
        field
    }
}

/// `dot-atom` where it is one, else `quoted-string` (RFC 5322 3.2.3, 3.2.4).
fn value(text: &str) -> String {
    let atext = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&octet);
    let is_dot_atom = text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext));
    if is_dot_atom {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for found in text.chars() {
        match found {
            '"' | '\\' => quoted.extend(['\\', found]),
            _ if found.is_control() => quoted.push('?'),
            _ => quoted.push(found),
        }
    }
    quoted.push('"');
    quoted
}

/// Text for a comment (RFC 5322 3.2.2).
fn comment(text: &str) -> String {
    let safe = |found: char| match found {
        '(' | ')' | '\\' => '_',
        _ if found.is_control() => '?',
        _ => found,
    };
    text.chars().map(safe).collect()
}

#[cfg(test)]
mod tests {
    use mailwright_dns::Zone;

    use super::*;
    use crate::eval::{Config, check_host};

    /// RFC 7208 9.1 and 11.5: nothing that a sender says makes another field.
    #[test]
    fn senders_write_no_fields() {
        let ip = "2001:db8::1".parse().unwrap();
        let request = Request::mail_from(ip, "\"a\r\nX: y\"@example.org", "he\nlo (x").receiver("mx(");
        let field = check_host(&request, &Zone::new(), &Config::default()).received_spf(&request);
        assert_eq!(
            field,
            "Received-SPF: none (mx_: example.org has no SPF record)\r\n\treceiver=\"mx(\"; client-ip=\"2001:db8::1\";\r\n\
             \tenvelope-from=\"\\\"a??X: y\\\"@example.org\"; helo=\"he?lo (x\";\r\n\tidentity=mailfrom;\r\n\
             \tproblem=\"example.org publishes no SPF record (RFC 7208 4.5)\"\r\n"
        );
    }

    /// RFC 7208 2.4, RFC 8601 2.7.2
    #[test]
    fn identities() {
        let ip = "192.0.2.1".parse().unwrap();
        let entry = |request: &Request<'_>| {
            check_host(request, &Zone::new(), &Config::default()).method_result(request).to_string()
        };
        let reason = "spf=none reason=\"mx.example.org publishes no SPF record (RFC 7208 4.5)\"";
        assert_eq!(entry(&Request::helo(ip, "mx.example.org")), format!("{reason} smtp.helo=mx.example.org"));
        assert_eq!(
            entry(&Request::mail_from(ip, "", "mx.example.org")),
            format!("{reason} smtp.mailfrom=postmaster@mx.example.org")
        );
    }
}
