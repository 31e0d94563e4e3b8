//! What a message is made of, as features to count and to learn: words, pairs of words, octets and structure.
//!
//! Everything is decoded first: transfer encodings, charsets, encoded words, HTML. What hides words is undone and counted: compatible
//! forms, look-alikes of other alphabets, characters without width, mark-up inside words, text that is there and not shown.
//!
//! ```
//! use mailwright_antispam::content::{Extractor, Key, View};
//! use mailwright_message_model::Message;
//!
//! let mut extractor = Extractor::new(Key::default());
//! let message = Message::parse(b"Subject: Lunch\r\n\r\nAt noon?\r\n")?;
//! let features = extractor.features(&message);
//! assert_eq!(features.view(View::Body).len(), 2);
//! # Ok::<(), mailwright_message_model::Error>(())
//! ```

mod body;
mod field;
mod gram;
mod hash;
mod shape;
mod sink;
mod word;

use std::fmt;

use mailwright_message_model::Message;

pub use body::{MAX_PARTS, MAX_TEXT};
pub use field::is_verdict_of_a_filter;
pub use gram::MAX_GRAM_OCTETS;
pub use hash::Key;
pub use word::{MAX_WORD, Undone};

use sink::{Seen, Sets, Sink, Texts};
use word::{Word, Words};

/// Bits of the number of places in the table of a view.
pub(crate) const VIEW_BITS: u32 = 18;

/// Bits of the number of counters of the Bayesian filter.
pub(crate) const COUNTER_BITS: u32 = 21;

/// Words of a header field and of a part that count: a message that needs more to look honest is padded with them.
pub const MAX_WORDS: usize = 3_000;

/// Words of a section that count in pairs: what a letter says it says at its beginning.
const MAX_PAIRED: usize = 300;

/// The kinds of features, which are weighed apart, so that padding one does not drown the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum View {
    /// Words of header fields, each with the name of its field.
    Head,
    /// Words of the text, shown or hidden, of links and of mark-up.
    Body,
    /// Runs of four octets, of the header as it is and of the text decoded.
    Grams,
    /// What the message is built of: fields and their order, sizes, shapes, parts, mark-up, tricks.
    Shape,
}

impl View {
    /// How many there are.
    pub const COUNT: usize = 4;

    /// All.
    pub const ALL: [Self; Self::COUNT] = [Self::Head, Self::Body, Self::Grams, Self::Shape];

    /// Whether its features are counted for the Bayesian filter.
    const fn is_counted(self) -> bool {
        matches!(self, Self::Head | Self::Body)
    }
}

/// The message that features are of: the same for the same octets under the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub(crate) [u8; 16]);

impl Digest {
    /// Its octets.
    #[must_use]
    pub const fn octets(&self) -> &[u8; 16] {
        &self.0
    }

    /// A digest that was kept.
    #[must_use]
    pub const fn from_octets(octets: [u8; 16]) -> Self {
        Self(octets)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// The features of a message: for each view the places of those that it has, in the order in which they were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Features {
    pub(crate) digest: Digest,
    pub(crate) views: [Vec<u32>; View::COUNT],
    pub(crate) counters: Vec<u32>,
    tricks: Tricks,
    cuts: Cuts,
}

impl Features {
    /// The message.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The places of a view's features in its table; each is there once.
    #[must_use]
    pub fn view(&self, view: View) -> &[u32] {
        self.views.get(view as usize).map_or(&[], Vec::as_slice)
    }

    /// The counters of the Bayesian filter that the message adds to; each is there once.
    #[must_use]
    pub fn counters(&self) -> &[u32] {
        &self.counters
    }

    /// What hid words, and was undone.
    #[must_use]
    pub const fn tricks(&self) -> &Tricks {
        &self.tricks
    }

    /// What was passed over at a limit.
    #[must_use]
    pub const fn cuts(&self) -> &Cuts {
        &self.cuts
    }
}

/// How often something hid words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tricks {
    /// Tricks of characters.
    pub undone: Undone,
    /// Words split by comments or unknown tags.
    pub split_words: usize,
    /// Letters and digits written as numeric references without need.
    pub needless_entities: usize,
    /// Characters of text that is there and not shown.
    pub hidden: usize,
}

/// What was passed over at a limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cuts {
    /// Texts longer than [`MAX_TEXT`].
    pub texts: usize,
    /// Sections with more words than [`MAX_WORDS`].
    pub words: usize,
    /// Parts beyond [`MAX_PARTS`].
    pub parts: usize,
    /// Octets beyond [`MAX_MESSAGE`](crate::MAX_MESSAGE).
    pub octets: usize,
}

impl Cuts {
    /// Whether anything was.
    #[must_use]
    pub fn any(&self) -> bool {
        *self != Self::default()
    }
}

/// Finds the features of messages; keeps its working memory from one to the next.
#[derive(Debug)]
pub struct Extractor {
    key: Key,
    words: Words,
    seen: [Seen; View::COUNT],
    counted: Seen,
}

impl Extractor {
    /// An extractor that hashes with `key`. Features of different keys have nothing in common.
    #[must_use]
    pub fn new(key: Key) -> Self {
        let seen = std::array::from_fn(|_| Seen::new(VIEW_BITS));
        Self { key, words: Words::default(), seen, counted: Seen::new(COUNTER_BITS) }
    }

    /// The key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// The features of a message. Takes time linear in its octets, of which
    /// [`MAX_MESSAGE`](crate::MAX_MESSAGE) are looked at.
    #[must_use]
    pub fn features(&mut self, message: &Message<'_>) -> Features {
        let features = Features {
            digest: digest(&self.key, message.raw()),
            views: Default::default(),
            counters: Vec::new(),
            tricks: Tricks::default(),
            cuts: Cuts::default(),
        };
        let mut sets = Sets { key: &self.key, seen: &mut self.seen, counted: &mut self.counted, features };
        let (tricks, cuts) = read(message, &mut self.words, &mut sets);
        let mut features = sets.finish();
        features.tricks = tricks;
        features.cuts = cuts;
        features
    }

    /// The features that can be shown, with what they are: words and structure.
    pub(crate) fn texts(&mut self, message: &Message<'_>) -> Vec<(View, u32, String)> {
        let mut texts = Texts { key: &self.key, seen: &mut self.seen, found: Vec::new() };
        read(message, &mut self.words, &mut texts);
        texts.finish()
    }
}

fn read(message: &Message<'_>, words: &mut Words, sink: &mut impl Sink) -> (Tricks, Cuts) {
    let mut scan = Scan { sink, words, tricks: Tricks::default(), cuts: Cuts::default() };
    let gone = message.raw().len().saturating_sub(crate::MAX_MESSAGE);
    scan.cuts.octets = gone;
    field::read(&mut scan, message);
    body::read(&mut scan, message);
    shape::tricks(&mut scan);
    (scan.tricks, scan.cuts)
}

/// A message being read.
struct Scan<'s, S> {
    sink: &'s mut S,
    words: &'s mut Words,
    tricks: Tricks,
    cuts: Cuts,
}

impl<S: Sink> Scan<'_, S> {
    /// Adds the words of a section, and those near the front in pairs.
    fn section(&mut self, view: View, salt: u64, mark: &str, text: &str) {
        let sink = &mut *self.sink;
        let mut count = 0usize;
        let mut before = [0u64; 2];
        let mut is_cut = false;
        self.words.read(text, &mut self.tricks.undone, |word| {
            if count >= MAX_WORDS {
                is_cut = true;
                return false;
            }
            count += 1;
            let (Word::Word(text) | Word::Bigram(text)) = word;
            let hash = sink.key().token(salt, text.as_bytes());
            sink.add(view, hash, |out| {
                out.push_str(mark);
                out.push_str(text);
            });
            if count <= MAX_PAIRED {
                for (apart, first) in (1u64..).zip(before) {
                    if first != 0 {
                        sink.pair(sink.key().pair(first, hash, apart));
                    }
                }
                before = [hash, before[0]];
            }
            true
        });
        self.cuts.words += usize::from(is_cut);
    }

    /// Adds a feature with a number.
    fn number(&mut self, view: View, salt: u64, name: &str, number: u64) {
        let key = *self.sink.key();
        let hash = key.number(key.token(salt, name.as_bytes()), number);
        self.sink.add(view, hash, |out| {
            out.push_str(name);
            out.push('=');
            out.push_str(&number.to_string());
        });
    }

    /// Adds a feature that has only a name.
    fn named(&mut self, view: View, salt: u64, mark: &str, name: &str) {
        let hash = self.sink.key().token(salt, name.as_bytes());
        self.sink.add(view, hash, |out| {
            out.push_str(mark);
            out.push_str(name);
        });
    }
}

/// The digest of a message, by two chains of the key.
fn digest(key: &Key, raw: &[u8]) -> Digest {
    let (one, two) = (key.token(1, raw), key.token(2, raw));
    let mut octets = [0; 16];
    octets
        .iter_mut()
        .zip(one.to_le_bytes().into_iter().chain(two.to_le_bytes()))
        .for_each(|(to, from)| *to = from);
    Digest(octets)
}

/// The number of binary digits, for sizes that differ by their order only.
fn order(number: usize) -> u64 {
    u64::from(usize::BITS - number.leading_zeros())
}

#[cfg(test)]
mod tests;
