//! One JSON object a line.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use serde_json::ser::Formatter;

use super::Report;
use crate::input::Origin;
use crate::shown;

/// Writes `value` as one line, in ASCII where a character is one that a terminal obeys or that reorders its line.
pub(crate) fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless);
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// What `found`, an object, says of a message, with what tells it from others in front.
pub(crate) fn found(origin: &Origin, found: Value) -> Value {
    match (serde_json::to_value(origin.named()), found) {
        (Ok(Value::Object(mut all)), Value::Object(found)) => {
            all.extend(found);
            Value::Object(all)
        }
        (_, found) => found,
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("report", self.kind)?;
        map.serialize_entry("name", &self.name)?;
        if let Some(path) = &self.origin.path {
            map.serialize_entry("path", &path.to_string_lossy())?;
        }
        if let Some((number, offset)) = self.origin.place {
            map.serialize_entry("number", &number)?;
            map.serialize_entry("offset", &offset)?;
        }
        if let Some(info) = &self.origin.maildir {
            map.serialize_entry("folder", &info.folder)?;
            map.serialize_entry("flags", &info.flags)?;
        }
        if self.origin.cut > 0 {
            map.serialize_entry("octets_not_read", &self.origin.cut)?;
        }
        map.serialize_entry("octets", &self.octets)?;
        map.serialize_entry("verdict", self.verdict.key())?;
        for section in &self.sections {
            map.serialize_entry(section.key, &section.view.json)?;
        }
        map.end()
    }
}

/// Compact JSON whose strings hold no character that [`shown`] would write out: those are escaped, which says the same.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| c.is_control() || shown::is_hidden(*c)) {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            writer.write_all(before.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = behind.get(c.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn strings_come_back_and_obey_nothing() {
        let text = "a\u{202e}b\u{9b}c\u{e0001}d\x1b\"\n";
        let mut out = Vec::new();
        line(&mut out, &text).unwrap();
        assert_eq!(out, b"\"a\\u202eb\\u009bc\\udb40\\udc01d\\u001b\\\"\\n\"\n");
        assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
    }
}
