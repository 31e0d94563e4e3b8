//! amp-bind: state of the page, and macros.

use super::error::{BuildError, BuildErrorKind as Kind};
use super::fragment::Fragment;
use super::value::{Expression, Name};
use super::write::Tag;

/// State of the page that expressions read and actions change (amp-state): texts, numbers and truths under keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    id: Name,
    entries: Vec<(Name, String)>,
}

impl State {
    /// Octets of the JSON (the rules of AMP4EMAIL).
    pub const MAX: usize = 100_000;

    /// State of this id.
    ///
    /// # Errors
    /// [`BuildErrorKind::Hyphen`](Kind::Hyphen): expressions read a hyphen as minus.
    pub fn new(id: Name) -> Result<Self, BuildError> {
        Ok(Self { id: id.for_expressions("amp-state")?, entries: Vec::new() })
    }

    /// Adds a text.
    ///
    /// # Errors
    /// As [`State::new`], as the others.
    pub fn text(self, key: Name, text: &str) -> Result<Self, BuildError> {
        self.with(key, json_text(text))
    }

    /// Adds a whole number.
    ///
    /// # Errors
    /// As [`State::new`].
    pub fn number(self, key: Name, number: i32) -> Result<Self, BuildError> {
        self.with(key, number.to_string())
    }

    /// Adds a truth.
    ///
    /// # Errors
    /// As [`State::new`].
    pub fn truth(self, key: Name, truth: bool) -> Result<Self, BuildError> {
        self.with(key, truth.to_string())
    }

    fn with(mut self, key: Name, json: String) -> Result<Self, BuildError> {
        self.entries.push((key.for_expressions("amp-state")?, json));
        Ok(self)
    }
}

impl From<State> for Fragment {
    fn from(state: State) -> Self {
        // RFC 8259 4: names should be unique; the last value is the one that readers keep.
        let mut entries: Vec<(Name, String)> = Vec::with_capacity(state.entries.len());
        let mut known = std::collections::HashSet::new();
        for (key, json) in state.entries.into_iter().rev() {
            if known.insert(key.clone()) {
                entries.push((key, json));
            }
        }
        let entries = entries.into_iter().rev().map(|(key, json)| format!("\"{}\": {json}", key.as_str()));
        let json = entries.collect::<Vec<String>>().join(", ");
        if json.len() > State::MAX - 2 {
            return Self::fault(BuildError::new("amp-state", Kind::TooLarge(State::MAX)));
        }
        let tag = Tag::new("amp-state").attr("id", state.id.as_str()).done();
        let amp = format!("{tag}<script type=\"application/json\">{{{json}}}</script></amp-state>\n");
        let made = Self { amp, depth: 2, ..Self::default() };
        made.identified(Some(&state.id)).using("amp-bind").holding("amp-state")
    }
}

/// RFC 8259 7, and no character that ends the script element.
fn json_text(text: &str) -> String {
    let mut json = String::with_capacity(text.len().saturating_add(2));
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            c if c.is_control() || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    json.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// An expression with a name, which other expressions call (amp-bind-macro).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    id: Name,
    arguments: Vec<Name>,
    expression: Expression,
}

impl Macro {
    /// A macro of this id.
    ///
    /// # Errors
    /// [`BuildErrorKind::Hyphen`](Kind::Hyphen).
    pub fn new(id: Name, expression: Expression) -> Result<Self, BuildError> {
        Ok(Self { id: id.for_expressions("amp-bind-macro")?, arguments: Vec::new(), expression })
    }

    /// Adds an argument.
    ///
    /// # Errors
    /// As [`Macro::new`].
    pub fn argument(mut self, name: Name) -> Result<Self, BuildError> {
        self.arguments.push(name.for_expressions("amp-bind-macro")?);
        Ok(self)
    }
}

impl From<Macro> for Fragment {
    fn from(definition: Macro) -> Self {
        let arguments: Vec<&str> = definition.arguments.iter().map(Name::as_str).collect();
        let tag = Tag::new("amp-bind-macro").attr("id", definition.id.as_str());
        let tag = if arguments.is_empty() { tag } else { tag.attr("arguments", &arguments.join(", ")) };
        let tag = tag.attr("expression", definition.expression.as_str()).done();
        let amp = format!("{tag}</amp-bind-macro>\n");
        let made = Self { amp, depth: 1, ..Self::default() };
        made.identified(Some(&definition.id)).using("amp-bind")
    }
}
