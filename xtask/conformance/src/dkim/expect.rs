//! What is wanted of a `dkim-verify` case.

use std::fmt;

use serde_json::{Map, Value};

use crate::json;

/// Words for people.
const FOR_PEOPLE: &[&str] = &["reason", "canonical_ok", "soft"];
const KNOWN: &[&str] = &[
    "signatures",
    "overall",
    "default_signatures",
    "default_overall",
    "needs_legacy",
    "small_key",
    "policy_strict",
    "not",
    "testing",
    "unsigned_body",
    "max_dns_queries",
];

/// The classes of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Pass,
    Fail,
    Invalid,
    Temp,
    /// A message without signatures.
    None,
}

pub(super) struct Expect {
    /// The legacy run where there is one, else the default run.
    pub(super) first: Wanted,
    /// The default run where there is a legacy run.
    pub(super) default: Option<Wanted>,
    /// In the legacy run invalid is right as well.
    pub(super) small_key: bool,
    pub(super) strict: Option<Class>,
    pub(super) not_pass: bool,
    pub(super) testing: bool,
    pub(super) unsigned_body: bool,
    pub(super) max_dns_queries: Option<usize>,
}

/// What is wanted of one run.
#[derive(Default)]
pub(super) struct Wanted {
    /// `None` in the list is not graded.
    pub(super) signatures: Option<Vec<Option<Class>>>,
    pub(super) overall: Option<Class>,
}

impl Expect {
    pub(super) fn read(want: &Value) -> Result<Self, String> {
        let known: Vec<&str> = KNOWN.iter().chain(FOR_PEOPLE).copied().collect();
        let object = json::object(want, &known)?;
        let needs_legacy = truth(object, "needs_legacy")?;
        let default = Wanted::read(object, "default_signatures", "default_overall")?;
        if !needs_legacy && (default.signatures.is_some() || default.overall.is_some()) {
            return Err("answers for a second run without `needs_legacy`".into());
        }
        let not_pass = match object.get("not") {
            None => false,
            Some(class) if class == "pass" => true,
            Some(other) => return Err(format!("`not` is no `pass`: {other}")),
        };
        let queries = object.contains_key("max_dns_queries");
        Ok(Self {
            first: Wanted::read(object, "signatures", "overall")?,
            default: needs_legacy.then_some(default),
            small_key: truth(object, "small_key")?,
            strict: object.get("policy_strict").map(Class::read).transpose()?,
            not_pass,
            testing: truth(object, "testing")?,
            unsigned_body: truth(object, "unsigned_body")?,
            max_dns_queries: queries.then(|| json::number(object, "max_dns_queries")).transpose()?,
        })
    }
}

impl Wanted {
    fn read(object: &Map<String, Value>, signatures: &str, overall: &str) -> Result<Self, String> {
        let class = |class: &Value| (!class.is_null()).then(|| Class::read(class)).transpose();
        let signatures = match object.get(signatures) {
            None => None,
            Some(_) => Some(json::list(object, signatures)?.iter().map(class).collect::<Result<_, _>>()?),
        };
        Ok(Self { signatures, overall: object.get(overall).map(Class::read).transpose()? })
    }
}

impl Class {
    fn read(value: &Value) -> Result<Self, String> {
        match value.as_str() {
            Some("pass") => Ok(Self::Pass),
            Some("fail") => Ok(Self::Fail),
            Some("invalid") => Ok(Self::Invalid),
            Some("temp") => Ok(Self::Temp),
            Some("none") => Ok(Self::None),
            _ => Err(format!("unknown class: {value}")),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Invalid => "invalid",
            Self::Temp => "temp",
            Self::None => "none",
        })
    }
}

fn truth(object: &Map<String, Value>, key: &str) -> Result<bool, String> {
    match object.get(key) {
        None => Ok(false),
        Some(Value::Bool(truth)) => Ok(*truth),
        Some(other) => Err(format!("`{key}` is no truth value: {other}")),
    }
}
