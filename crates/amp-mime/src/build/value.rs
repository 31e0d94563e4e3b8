//! Values that are checked when they are made: URLs, names, expressions, sizes.

use super::error::{BuildError, BuildErrorKind as Kind};

/// Octets of a URL: what browsers are known to take.
pub const MAX_URL: usize = 2_000;

/// An absolute URL: visible ASCII, a host without user and password. It is written as it is given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Url(String);

impl Url {
    /// A URL of `https:`, which is what pictures, lists and forms need.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn https(url: &str) -> Result<Self, BuildError> {
        Self::of(url, &["https"]).ok_or(BuildError::new("Url", Kind::Url("https")))
    }

    /// A URL of `https:`, `http:`, `mailto:` or `tel:`, for links.
    ///
    /// # Errors
    /// [`BuildErrorKind::Url`](Kind::Url).
    pub fn link(url: &str) -> Result<Self, BuildError> {
        let found = Self::of(url, &["https", "http", "mailto", "tel"]);
        found.ok_or(BuildError::new("Url", Kind::Url("https, http, mailto or tel")))
    }

    /// The URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }

    fn of(url: &str, schemes: &[&str]) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let scheme = scheme.to_ascii_lowercase();
        // RFC 3986 2: what is none of these is percent-encoded. Braces would be mustache.
        let is_url = |octet: u8| {
            octet.is_ascii_graphic()
                && !matches!(octet, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
        };
        let is_plain =
            url.len() <= MAX_URL && url.bytes().all(is_url) && !url.contains("__amp_source_origin");
        if !is_plain || rest.is_empty() || !schemes.contains(&scheme.as_str()) {
            return None;
        }
        if matches!(scheme.as_str(), "https" | "http") {
            let rest = rest.strip_prefix("//")?;
            let authority = rest.split(['/', '?', '#']).next()?;
            let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
            host.parse::<mailwright_message_model::domain::Domain>().ok()?;
            if port.is_empty() || port.len() > 5 || port.bytes().any(|octet| !octet.is_ascii_digit()) {
                return None;
            }
            port.parse::<u16>().ok().filter(|port| *port > 0)?;
        }
        Some(Self(format!("{scheme}:{rest}")))
    }
}

/// A name of a field, or the id of a component.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Characters of a name.
    pub const MAX: usize = 64;

    /// Checks a name: a lower-case letter, then lower-case letters, digits, `_` and `-`. Names that scripts of the page use for
    /// themselves are all written otherwise, but for a few that are refused.
    ///
    /// # Errors
    /// [`BuildErrorKind::Name`](Kind::Name).
    pub fn new(name: &str) -> Result<Self, BuildError> {
        let is_rest =
            |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || matches!(octet, b'_' | b'-');
        let starts = name.bytes().next().is_some_and(|octet| octet.is_ascii_lowercase());
        let is_reserved = name.starts_with("i-amphtml-") || name.ends_with("dropzone");
        if !starts || name.len() > Self::MAX || !name.bytes().all(is_rest) || is_reserved {
            return Err(BuildError::new("Name", Kind::Name));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, if an expression can use it.
    pub(super) fn for_expressions(self, component: &'static str) -> Result<Self, BuildError> {
        if self.0.contains('-') { Err(BuildError::new(component, Kind::Hyphen)) } else { Ok(self) }
    }
}

/// An expression of amp-bind, as `rsvp.answer == 'yes'`. It is code: never make one of a stranger's text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expression(String);

impl Expression {
    /// Octets of an expression.
    pub const MAX: usize = 1_000;

    /// Takes an expression. Only its characters are checked.
    ///
    /// # Errors
    /// [`BuildErrorKind::Expression`](Kind::Expression).
    pub fn new(expression: &str) -> Result<Self, BuildError> {
        let is_printable = expression.bytes().all(|octet| octet == b' ' || octet.is_ascii_graphic());
        let has_braces = expression.contains("{{") || expression.contains("}}");
        if expression.trim().is_empty() || expression.len() > Self::MAX || !is_printable || has_braces {
            return Err(BuildError::new("Expression", Kind::Expression));
        }
        Ok(Self(expression.to_owned()))
    }

    /// The expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How large something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    layout: &'static str,
    width: Option<u32>,
    height: u32,
}

impl Size {
    /// Pixels of a side: no screen has more.
    pub const MAX: u32 = 20_000;

    /// As wide as there is room, in this proportion.
    ///
    /// # Errors
    /// [`BuildErrorKind::Range`](Kind::Range), as the others.
    pub fn responsive(width: u32, height: u32) -> Result<Self, BuildError> {
        Self::of("responsive", Some(width), height)
    }

    /// That many pixels.
    ///
    /// # Errors
    /// As [`Size::responsive`].
    pub fn fixed(width: u32, height: u32) -> Result<Self, BuildError> {
        Self::of("fixed", Some(width), height)
    }

    /// As wide as there is room, and that many pixels high.
    ///
    /// # Errors
    /// As [`Size::responsive`].
    pub fn fixed_height(height: u32) -> Result<Self, BuildError> {
        Self::of("fixed-height", None, height)
    }

    fn of(layout: &'static str, width: Option<u32>, height: u32) -> Result<Self, BuildError> {
        let is_size = |pixels: u32| (1..=Self::MAX).contains(&pixels);
        if width.is_none_or(is_size) && is_size(height) {
            return Ok(Self { layout, width, height });
        }
        Err(BuildError::new("Size", Kind::Range(1, Self::MAX)))
    }

    pub(super) fn on(self, tag: super::write::Tag) -> super::write::Tag {
        let width = self.width.map_or_else(|| "auto".to_owned(), |width| width.to_string());
        tag.attr("width", &width).number("height", Some(self.height)).attr("layout", self.layout)
    }

    /// Width and height for HTML.
    pub(super) const fn pixels(self) -> (Option<u32>, u32) {
        (self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for good in ["https://e.example", "HTTPS://e.example:8443/a?b=c&d#e", "https://a_b.example/%7B%7B"] {
            assert!(Url::https(good).is_ok(), "{good}");
        }
        for bad in [
            "http://e.example/",
            "//e.example",
            "https:e.example",
            "https://",
            "https://a@e.example/",
            "https://e.example:0/",
            "https://e.example:99999/",
            "https://[::1]/",
            "https://e.example/{{x}}",
            "https://e.example/ x",
            "https://é.example/",
            "https://e.example/?__amp_source_origin=x",
            "java\nscript:alert(1)",
            "javascript:alert(1)",
            "https://e.example/\"x",
        ] {
            assert!(Url::https(bad).is_err(), "{bad}");
        }
        assert!(Url::link("mailto:a@e.example?subject=x%20y").is_ok());
        assert!(Url::link("tel:+491234").is_ok());
        assert!(Url::link("sms:+491234").is_err());
        assert!(Url::link("mailto:").is_err());
    }

    #[test]
    fn names() {
        assert!(Name::new("first-name_2").is_ok());
        for bad in [
            "",
            "2",
            "a b",
            "Name",
            "innerHTML",
            "__proto__",
            "i-amphtml-x",
            "msdropzone",
            "ä",
            &"a".repeat(65),
        ] {
            assert!(Name::new(bad).is_err(), "{bad}");
        }
        assert!(Name::new("a-b").unwrap().for_expressions("State").is_err());
    }
}
