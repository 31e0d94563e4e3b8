//! The operation `path`: RFC 5280 validation of one certificate.

use mailwright_smime::Policy;
use mailwright_smime::path::{Path, PathError, Purpose, Validator};
use mailwright_smime::x509::{Certificate, Crl};
use serde_json::Value;

use super::expect::Expect;
use super::given::{Given, objects_of, policy_set};
use crate::case::Verdict;
use crate::json;

/// The DER of certificates and lists that a case gives.
pub(super) struct Known {
    pub(super) trust: Vec<Vec<u8>>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) crls: Vec<Vec<u8>>,
}

impl Known {
    pub(super) fn read(given: &Given) -> Result<Self, String> {
        let mut certificates = given.objects("certs", "CERTIFICATE")?;
        certificates.extend(given.objects("intermediates", "CERTIFICATE")?);
        Ok(Self {
            trust: given.objects("trust", "CERTIFICATE")?,
            certificates,
            crls: given.objects("crls", "CRL")?,
        })
    }

    /// Validation of what the case gives, without purpose.
    pub(super) fn validator(&self, given: &Given) -> Result<Validator<'_>, String> {
        let validator = Validator::new(certificates(&self.trust))
            .certificates(certificates(&self.certificates))
            .crls(self.crls.iter().filter_map(|der| Crl::from_der(der).ok()))
            .policies(given.policies()?)
            .revocation(given.revocation()?);
        Ok(match given.time()? {
            Some(time) => validator.at(time),
            None => validator,
        })
    }
}

/// Those that can be read: a broken one that is not needed breaks nothing.
pub(super) fn certificates(ders: &[Vec<u8>]) -> impl Iterator<Item = Certificate<'_>> {
    ders.iter().filter_map(|der| Certificate::from_der(der).ok())
}

pub(super) fn judge(given: &Given, want: &Expect) -> Result<Verdict, String> {
    let known = Known::read(given)?;
    let ders = objects_of(&given.file("file")?, "CERTIFICATE")?;
    let mut validator = known.validator(given)?.purpose(match given.optional("purpose")? {
        None => Purpose::Any,
        Some("email-sign") => Purpose::EmailSign,
        Some("email-encrypt") => Purpose::EmailEncrypt,
        Some(other) => return Err(format!("`purpose` is {other}")),
    });
    if let Some(address) = given.optional("email")? {
        validator = validator.address(address);
    }
    let run = |policy: Policy| {
        let der = ders.first().ok_or_else(|| "no certificate".to_owned())?;
        let certificate = Certificate::from_der(der).map_err(|error| error.to_string())?;
        validator.clone().policy(policy).validate(&certificate).map_err(|error: PathError| error.to_string())
    };
    if want.wants("policy") {
        return Ok(match run(Policy::strict()) {
            Ok(_) => Verdict::wrong("invalid under strict rules", "valid"),
            Err(_) => grade(&run(Policy::interop()), "policy", want)?,
        });
    }
    grade(&run(given.rules()?), "valid", want)
}

/// Grades a path, whose outcome is called `valid` where there is one.
pub(super) fn grade(path: &Result<Path<'_>, String>, valid: &str, want: &Expect) -> Result<Verdict, String> {
    match path {
        Err(why) => Ok(want.outcome("invalid", why)),
        Ok(path) => match want.outcome(valid, "valid") {
            Verdict::Right => policies(path, want),
            wrong => Ok(wrong),
        },
    }
}

/// The policy sets, where they are wanted.
fn policies(path: &Path<'_>, want: &Expect) -> Result<Verdict, String> {
    let ours = path.policies();
    if let Some(required) = want.fields.get("explicit_policy_required")
        && *required != Value::Bool(ours.required)
    {
        return Ok(Verdict::wrong(format!("explicit policy required: {required}"), ours.required));
    }
    let sets = [
        ("authority_constrained_policies", &ours.authority_constrained),
        ("user_constrained_policies", &ours.user_constrained),
    ];
    for (key, set) in sets {
        if want.fields.contains_key(key) {
            let wanted = policy_set(json::list(&want.fields, key)?)?;
            if wanted != *set {
                return Ok(Verdict::wrong(format!("{key}: {wanted:?}"), format!("{set:?}")));
            }
        }
    }
    Ok(Verdict::Right)
}
