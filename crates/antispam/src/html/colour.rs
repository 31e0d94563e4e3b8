//! Colours.

/// Red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour(u8, u8, u8);

impl Colour {
    pub(super) const WHITE: Self = Self(255, 255, 255);
    pub(super) const BLACK: Self = Self(0, 0, 0);

    /// `#rgb`, `#rrggbb`, `rrggbb`, `rgb(r, g, b)` or one of the 16 names and some that mail has.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let named = match text.as_str() {
            "white" => Self::WHITE,
            "black" => Self::BLACK,
            "silver" => Self(192, 192, 192),
            "gray" | "grey" => Self(128, 128, 128),
            "red" => Self(255, 0, 0),
            "maroon" => Self(128, 0, 0),
            "yellow" => Self(255, 255, 0),
            "olive" => Self(128, 128, 0),
            "lime" => Self(0, 255, 0),
            "green" => Self(0, 128, 0),
            "aqua" | "cyan" => Self(0, 255, 255),
            "teal" => Self(0, 128, 128),
            "blue" => Self(0, 0, 255),
            "navy" => Self(0, 0, 128),
            "fuchsia" | "magenta" => Self(255, 0, 255),
            "purple" => Self(128, 0, 128),
            "snow" => Self(255, 250, 250),
            "ivory" => Self(255, 255, 240),
            "ghostwhite" => Self(248, 248, 255),
            "whitesmoke" => Self(245, 245, 245),
            "lightgrey" | "lightgray" => Self(211, 211, 211),
            _ => return Self::numeric(&text),
        };
        Some(named)
    }

    fn numeric(text: &str) -> Option<Self> {
        if let Some(parts) = text.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
            let mut parts = parts.split(',').map(|part| part.trim().parse::<u8>().ok());
            return Some(Self(parts.next()??, parts.next()??, parts.next()??));
        }
        let digits = text.strip_prefix('#').unwrap_or(text);
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        match digits.len() {
            6 => Some(Self(red, green, blue)),
            3 => {
                let double = |nibble: u8| (nibble & 15).saturating_mul(17);
                Some(Self(double(green), double(blue >> 4), double(blue)))
            }
            _ => None,
        }
    }

    /// Whether nobody can tell the two apart on a screen.
    pub(super) fn is_like(self, other: Self) -> bool {
        let near = |one: u8, two: u8| one.abs_diff(two) <= 12;
        near(self.0, other.0) && near(self.1, other.1) && near(self.2, other.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        assert_eq!(Colour::parse("#FFF"), Some(Colour::WHITE));
        assert_eq!(Colour::parse("#1a2"), Some(Colour(0x11, 0xaa, 0x22)));
        assert_eq!(Colour::parse("ffffff"), Some(Colour::WHITE));
        assert_eq!(Colour::parse("rgb(0, 0,0)"), Some(Colour::BLACK));
        assert_eq!(Colour::parse("#12345"), None);
        assert!(
            Colour(250, 250, 250).is_like(Colour::WHITE) && !Colour(200, 255, 255).is_like(Colour::WHITE)
        );
    }
}
