//! How text is shown, as far as it decides whether it is seen.

use super::colour::Colour;
use super::tag::Tag;

/// The style of an open element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) undisplayed: bool,
    colour: Colour,
    background: Colour,
    /// Pixels of the font; 16 is usual.
    size: f32,
}

impl Default for Style {
    fn default() -> Self {
        Self { undisplayed: false, colour: Colour::BLACK, background: Colour::WHITE, size: 16.0 }
    }
}

impl Style {
    /// Letters of at most 3 pixels cannot be read.
    pub(super) fn is_tiny(&self) -> bool {
        self.size <= 3.0
    }

    pub(super) fn is_big(&self) -> bool {
        self.size >= 24.0
    }

    pub(super) fn is_unseen(&self) -> bool {
        self.colour.is_like(self.background)
    }

    /// The style of an element inside one of this style.
    pub(super) fn within(mut self, tag: &Tag<'_>) -> Self {
        // A background picture is of a colour that nobody knows: take none for hidden on it.
        if let Some(colour) = tag.value("bgcolor").as_deref().and_then(Colour::parse) {
            self.background = colour;
        }
        if tag.is("body")
            && let Some(colour) = tag.value("text").as_deref().and_then(Colour::parse)
        {
            self.colour = colour;
        }
        if tag.has("background") {
            self.colour = Colour::BLACK;
            self.background = Colour::WHITE;
        }
        if tag.is("font") {
            if let Some(colour) = tag.value("color").as_deref().and_then(Colour::parse) {
                self.colour = colour;
            }
            if let Some(size) = tag.value("size").as_deref().and_then(font_size) {
                self.size = size;
            }
        }
        if tag.is("h1") {
            self.size = self.size.max(32.0);
        }
        // The colour of links is the reader's own, whatever is around.
        if tag.is("a") {
            self.colour = Colour::parse("blue").unwrap_or(self.colour);
        }
        self.undisplayed |= tag.has("hidden") || tag.is("noframes") || tag.is("template");
        if let Some(style) = tag.value("style") {
            self.declared(&style);
        }
        self
    }

    /// Applies `name: value; ...`.
    fn declared(&mut self, style: &str) {
        for declaration in style.split(';') {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let value = value.trim().trim_end_matches("!important").trim().to_ascii_lowercase();
            match name.trim().to_ascii_lowercase().as_str() {
                "display" => self.undisplayed |= value == "none",
                "visibility" => self.undisplayed |= value == "hidden" || value == "collapse",
                "opacity" => self.undisplayed |= value.parse::<f32>().is_ok_and(|opacity| opacity < 0.05),
                "mso-hide" => self.undisplayed |= value == "all",
                "max-height" | "max-width" => self.undisplayed |= pixels(&value) == Some(0.0),
                "font-size" => {
                    if let Some(size) = length(&value, self.size) {
                        self.size = size;
                    }
                }
                "color" => {
                    if let Some(colour) = Colour::parse(&value) {
                        self.colour = colour;
                    }
                }
                "background-color" | "background" => {
                    let word = value.split_whitespace().next().unwrap_or_default();
                    match Colour::parse(&value).or_else(|| Colour::parse(word)) {
                        Some(colour) => self.background = colour,
                        None if value.contains("url(") || value.contains("gradient") => {
                            self.background = Colour::WHITE;
                            self.colour = Colour::BLACK;
                        }
                        None => {}
                    }
                }
                _ => {}
            }
        }
    }
}

/// `size` of `<font>`: 1 to 7, or relative to 3.
fn font_size(text: &str) -> Option<f32> {
    let text = text.trim();
    let number: i32 = text.trim_start_matches('+').parse().ok()?;
    let step = if text.starts_with(['+', '-']) { number.saturating_add(3) } else { number };
    Some(match step {
        ..=1 => 10.0,
        2 => 13.0,
        3 => 16.0,
        4 => 18.0,
        5 => 24.0,
        6 => 32.0,
        _ => 48.0,
    })
}

/// A length in pixels, where it can be known without the page.
fn length(text: &str, parent: f32) -> Option<f32> {
    let unit_at = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(unit_at)?;
    let number: f32 = number.parse().ok()?;
    match unit.trim() {
        "px" | "" => Some(number),
        "pt" => Some(number * 4.0 / 3.0),
        "em" | "rem" => Some(number * parent),
        "%" => Some(number * parent / 100.0),
        _ => None,
    }
}

/// A number of pixels, with or without its unit.
pub(super) fn pixels(text: &str) -> Option<f32> {
    text.trim().trim_end_matches("px").trim().parse().ok()
}
