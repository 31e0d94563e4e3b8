//! HTML as a reader sees it: visible text, hidden text, links with what they show, and the tricks of the source.
//!
//! One pass, no tree: mail is never well formed, and a tree is only needed by who renders it. What is open is kept in a stack of
//! bounded depth; everything is linear in the source.

mod colour;
mod entity;
mod style;
mod tag;

use std::borrow::Cow;

use style::Style;
use tag::{Piece, Pieces, Tag};

/// Octets of HTML that are read: more than any letter has, and what lies beyond is not seen without scrolling for minutes.
pub const MAX_HTML: usize = 1 << 20;

/// Links that are kept: letters with more are directories, and the rest of the links is like the first.
pub const MAX_LINKS: usize = 200;

/// Elements open at once; deeper ones take the style of the last that is kept.
pub const MAX_OPEN: usize = 256;

/// How far up a closing tag looks for its element: further up readers differ.
const LOOK_UP: usize = 32;

/// What was found in one HTML text.
#[derive(Clone, Debug, Default)]
pub struct Html {
    /// What is shown, with a blank or line break where one element ends and another begins.
    pub visible: String,
    /// What is there and not shown: by style, size, colour or attribute.
    pub hidden: String,
    /// The title.
    pub title: String,
    /// Links, at most [`MAX_LINKS`].
    pub links: Vec<Link>,
    /// Sources of pictures, at most [`MAX_LINKS`].
    pub images: Vec<Image>,
    /// What was counted.
    pub counts: Counts,
}

/// A link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, entities undone, blanks around taken away.
    pub target: String,
    /// What it shows.
    pub text: String,
    /// Whether it encloses a picture.
    pub has_image: bool,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Where it comes from.
    pub source: String,
    /// Whether it is one or two pixels wide or high: nobody is to see it.
    pub is_tiny: bool,
}

/// Numbers of things in the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Opening tags.
    pub tags: usize,
    /// Tags that HTML has not.
    pub unknown_tags: usize,
    /// Comments.
    pub comments: usize,
    /// Comments or unknown tags with letters straight before and behind: a word is split.
    pub split_words: usize,
    /// Letters and digits written as numeric entities, without need.
    pub needless_entities: usize,
    /// Zero-width characters and soft hyphens.
    pub zero_width: usize,
    /// Pictures.
    pub images: usize,
    /// Links.
    pub links: usize,
    /// Forms.
    pub forms: usize,
    /// Fields for a password.
    pub passwords: usize,
    /// Scripts and handlers of events.
    pub scripts: usize,
    /// Frames and embedded objects.
    pub frames: usize,
    /// Elements that change font, colour or background by tag or attribute.
    pub fonts: usize,
    /// Characters in a font of size +3 or 5 and above, or 24 pixels.
    pub big: usize,
    /// Characters hidden by `display`, `visibility`, `hidden` or opacity.
    pub undisplayed: usize,
    /// Characters in letters too small to read.
    pub tiny: usize,
    /// Characters in the colour of their background.
    pub unseen: usize,
    /// Tables.
    pub tables: usize,
    /// Centred elements.
    pub centred: usize,
    /// `<base>` elements that move all links.
    pub bases: usize,
    /// Closing tags without an opening one.
    pub unopened: usize,
    /// Instructions to leave the page, by `<meta http-equiv=refresh>`.
    pub refreshes: usize,
}

impl Html {
    /// Reads HTML; what lies beyond [`MAX_HTML`] is passed over.
    #[must_use]
    pub fn read(source: &str) -> Self {
        let cut = source.get(..source.floor_char_boundary(MAX_HTML)).unwrap_or(source);
        let mut reader = Reader::default();
        for piece in Pieces::new(cut) {
            match piece {
                Piece::Text(text) => reader.text(text),
                Piece::Comment { splits } => {
                    reader.html.counts.comments += 1;
                    reader.html.counts.split_words += usize::from(splits);
                }
                Piece::Open(tag) => reader.open(&tag),
                Piece::Close(name) => reader.close(name),
            }
        }
        reader.end_link();
        reader.html
    }

    /// Whether nothing is hidden of what is written, a few characters of a preview apart.
    #[must_use]
    pub fn hides_text(&self) -> bool {
        self.hidden.chars().filter(|c| c.is_alphanumeric()).count() > 40
    }
}

#[derive(Default)]
struct Reader<'s> {
    html: Html,
    open: Vec<Open<'s>>,
    link: Option<Link>,
    /// What encloses text that is no text of the letter.
    raw: Option<Raw>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Code,
    Title,
}

struct Open<'s> {
    name: &'s str,
    style: Style,
}

impl<'s> Reader<'s> {
    fn style(&self) -> Style {
        self.open.last().map(|open| open.style).unwrap_or_default()
    }

    fn text(&mut self, source: &str) {
        match self.raw {
            Some(Raw::Code) => return,
            Some(Raw::Title) => {
                self.html.title.push_str(&entity::decode(source).text);
                return;
            }
            None => {}
        }
        let decoded = entity::decode(source);
        self.html.counts.needless_entities += decoded.needless;
        let (text, zero_width) = without_zero_width(&decoded.text);
        self.html.counts.zero_width += zero_width;
        let style = self.style();
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        let counts = &mut self.html.counts;
        counts.undisplayed += if style.undisplayed { letters } else { 0 };
        counts.tiny += if style.is_tiny() { letters } else { 0 };
        counts.unseen += if style.is_unseen() { letters } else { 0 };
        counts.big += if style.is_big() { letters } else { 0 };
        let hidden = style.undisplayed || style.is_tiny() || style.is_unseen();
        if hidden {
            self.html.hidden.push_str(&text);
        } else {
            self.html.visible.push_str(&text);
            if let Some(link) = &mut self.link {
                link.text.push_str(&text);
            }
        }
    }

    fn open(&mut self, tag: &Tag<'s>) {
        let counts = &mut self.html.counts;
        counts.tags += 1;
        if !tag.is_known() {
            counts.unknown_tags += 1;
            counts.split_words += usize::from(tag.splits);
            return;
        }
        if tag.breaks() {
            self.gap();
        }
        let style = self.style().within(tag);
        let counts = &mut self.html.counts;
        counts.scripts += usize::from(tag.has_handler());
        counts.fonts += usize::from(tag.changes_font());
        counts.centred +=
            usize::from(tag.is("center") || tag.value("align").is_some_and(|v| is(&v, "center")));
        match tag.name_lower().as_ref() {
            "a" | "area" => {
                self.end_link();
                if let Some(target) = tag.value("href") {
                    self.html.counts.links += 1;
                    self.link = Some(Link { target: clean(&target), ..Link::default() });
                }
            }
            "img" | "image" | "input" if tag.is("input") => self.input(tag),
            "img" | "image" => self.image(tag),
            "form" => {
                counts.forms += 1;
                self.target_of(tag, "action");
            }
            "script" => {
                counts.scripts += 1;
                self.raw = Some(Raw::Code);
            }
            "style" | "xml" => self.raw = Some(Raw::Code),
            "title" => self.raw = Some(Raw::Title),
            "iframe" | "frame" | "object" | "embed" | "applet" => {
                counts.frames += 1;
                self.target_of(tag, if tag.is("object") { "data" } else { "src" });
            }
            "table" => counts.tables += 1,
            "base" => counts.bases += usize::from(tag.value("href").is_some()),
            "meta" => {
                counts.refreshes += usize::from(tag.value("http-equiv").is_some_and(|v| is(&v, "refresh")));
            }
            _ => {}
        }
        if !tag.is_void() && self.open.len() < MAX_OPEN {
            self.open.push(Open { name: tag.name, style });
        }
        // A style on the body is that of the page, and has no closing tag in most letters.
    }

    fn close(&mut self, name: &'s str) {
        self.raw = None;
        if is(name, "a") {
            self.end_link();
        }
        if tag::breaks(name) {
            self.gap();
        }
        let found = self.open.iter().rev().take(LOOK_UP).position(|open| is(open.name, name));
        match found {
            Some(above) => self.open.truncate(self.open.len().saturating_sub(above.saturating_add(1))),
            None => self.html.counts.unopened += 1,
        }
    }

    fn input(&mut self, tag: &Tag<'s>) {
        let kind = tag.value("type").unwrap_or_default();
        self.html.counts.passwords += usize::from(is(&kind, "password"));
        if is(&kind, "image") {
            self.image(tag);
        }
    }

    fn image(&mut self, tag: &Tag<'s>) {
        self.html.counts.images += 1;
        if let Some(link) = &mut self.link {
            link.has_image = true;
        }
        let small =
            |name| tag.value(name).and_then(|value| style::pixels(&value)).is_some_and(|px| px <= 2.0);
        let image = Image {
            source: clean(&tag.value("src").unwrap_or_default()),
            is_tiny: small("width") || small("height"),
        };
        if self.html.images.len() < MAX_LINKS {
            self.html.images.push(image);
        }
    }

    /// A target that is no link to click, kept as one without text.
    fn target_of(&mut self, tag: &Tag<'s>, attribute: &str) {
        if let Some(target) = tag.value(attribute)
            && self.html.links.len() < MAX_LINKS
        {
            self.html.links.push(Link { target: clean(&target), ..Link::default() });
        }
    }

    fn end_link(&mut self) {
        if let Some(link) = self.link.take()
            && self.html.links.len() < MAX_LINKS
        {
            self.html.links.push(link);
        }
    }

    fn gap(&mut self) {
        let text = &mut self.html.visible;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }
}

/// Gives `take` each element with each of its attributes and their raw values, and once with neither.
pub(crate) fn each_attribute(source: &str, mut take: impl FnMut(&str, &str, &str)) {
    let cut = source.get(..source.floor_char_boundary(MAX_HTML)).unwrap_or(source);
    for piece in Pieces::new(cut) {
        if let Piece::Open(tag) = piece {
            let name = tag.name_lower();
            take(&name, "", "");
            tag.pairs().for_each(|(attribute, value)| take(&name, attribute, value));
        }
    }
}

/// The text without characters that take no room, and how many there were between letters or digits.
pub(crate) fn without_zero_width(text: &str) -> (Cow<'_, str>, usize) {
    if !text.contains(is_zero_width) {
        return (Cow::Borrowed(text), 0);
    }
    let mut out = String::with_capacity(text.len());
    let mut count = 0;
    let mut after_letter = false;
    let mut pending = 0;
    for character in text.chars() {
        if is_zero_width(character) {
            pending += usize::from(after_letter);
            continue;
        }
        let letter = character.is_alphanumeric();
        count += if letter { pending } else { 0 };
        pending = 0;
        after_letter = letter;
        out.push(character);
    }
    (Cow::Owned(out), count)
}

/// Whether a character takes no room of its own (Unicode `Default_Ignorable`, as far as mail has them).
pub(crate) const fn is_zero_width(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A target without blanks around it and line breaks inside, which browsers pass over too.
fn clean(target: &str) -> String {
    target.trim().chars().filter(|c| !matches!(c, '\n' | '\r' | '\t')).collect()
}

fn is(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests;
