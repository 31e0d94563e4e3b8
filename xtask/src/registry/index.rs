//! What is uploaded, and the line of the index that comes of it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A version of a package.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) version: String,
    /// Its line of the index.
    pub(super) line: String,
    pub(super) archive: Vec<u8>,
}

impl Entry {
    /// Reads an upload: the length of the metadata, the metadata, the length of the archive, the archive.
    pub(super) fn read(upload: &[u8]) -> Result<Self, String> {
        let (metadata, rest) = sized(upload).ok_or("the metadata are cut")?;
        let (archive, _) = sized(rest).ok_or("the archive is cut")?;
        let metadata: Value = serde_json::from_slice(metadata).map_err(|error| error.to_string())?;
        let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::to_owned);
        let name = text("name").ok_or("no name")?;
        let version = text("vers").ok_or("no version")?;
        let sum: String = Sha256::digest(archive).iter().map(|octet| format!("{octet:02x}")).collect();
        let dependencies = metadata.get("deps").and_then(Value::as_array).into_iter().flatten();
        let line = json!({
            "name": name,
            "vers": version,
            "deps": dependencies.map(dependency).collect::<Vec<_>>(),
            "cksum": sum,
            "features": {},
            // `dep:` and `?/` are understood in this table only.
            "features2": metadata.get("features").cloned().unwrap_or_else(|| json!({})),
            "v": 2,
            "yanked": false,
            "links": metadata.get("links").cloned().unwrap_or(Value::Null),
        });
        Ok(Self { name, version, line: line.to_string(), archive: archive.to_vec() })
    }
}

/// A dependency in the words of the index: the upload names a renamed one the other way around.
fn dependency(uploaded: &Value) -> Value {
    let get = |key: &str| uploaded.get(key).cloned().unwrap_or(Value::Null);
    let renamed = get("explicit_name_in_toml");
    let (name, package) = if renamed.is_null() { (get("name"), Value::Null) } else { (renamed, get("name")) };
    json!({
        "name": name,
        "req": get("version_req"),
        "features": get("features"),
        "optional": get("optional"),
        "default_features": get("default_features"),
        "target": get("target"),
        "kind": get("kind"),
        "registry": get("registry"),
        "package": package,
    })
}

fn sized(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// Where the index keeps a package.
pub(super) fn path_of(name: &str) -> String {
    let part = |from: usize, to: usize| name.get(from..to).unwrap_or_default();
    match name.len() {
        1 | 2 => format!("{}/{name}", name.len()),
        3 => format!("3/{}/{name}", part(0, 1)),
        _ => format!("{}/{}/{name}", part(0, 2), part(2, 4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_becomes_a_line() {
        let metadata = br#"{"name":"x","vers":"0.1.0","deps":[{"name":"y","version_req":"^1","explicit_name_in_toml":"z"}],"features":{"a":["dep:y"]}}"#;
        let mut upload = u32::try_from(metadata.len()).unwrap().to_le_bytes().to_vec();
        upload.extend_from_slice(metadata);
        upload.extend_from_slice(&[3, 0, 0, 0, 1, 2, 3]);
        let entry = Entry::read(&upload).unwrap();
        assert_eq!((entry.name.as_str(), entry.archive.as_slice()), ("x", [1, 2, 3].as_slice()));
        let line: Value = serde_json::from_str(&entry.line).unwrap();
        assert_eq!(line["deps"][0]["name"], "z");
        assert_eq!(line["deps"][0]["package"], "y");
        assert_eq!(line["features2"]["a"][0], "dep:y");
        // SHA-256 of the octets 1, 2, 3.
        assert_eq!(line["cksum"], "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        assert!((0..upload.len()).all(|end| Entry::read(&upload[..end]).is_err()));
        assert_eq!(path_of("mailwright-dkim"), "ma/il/mailwright-dkim");
        assert_eq!(path_of("abc"), "3/a/abc");
    }
}
