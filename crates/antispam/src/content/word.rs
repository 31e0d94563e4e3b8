//! Words of a text: lower case, compatible forms and look-alikes undone, characters without width taken away.

use unicode_normalization::char::{compose, decompose_compatible, is_combining_mark};

use crate::html::is_zero_width;

/// Characters of a word that count: longer ones are addresses and encoded data, which their beginning tells.
pub const MAX_WORD: usize = 40;

/// What was undone in a text, so that it can count as evidence itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Characters without width inside words.
    pub zero_width: usize,
    /// Characters that are a compatible form of another: full-width, mathematical, in circles.
    pub compatible: usize,
    /// Words that mix Latin letters with look-alikes of another alphabet.
    pub mixed: usize,
}

/// What a word scanner gives out.
pub(super) enum Word<'w> {
    /// A word in lower case.
    Word(&'w str),
    /// Two neighbouring characters of a script without blanks.
    Bigram(&'w str),
}

/// Splits texts into words; keeps its buffer.
#[derive(Debug, Default)]
pub(super) struct Words {
    word: String,
    bigram: String,
}

const SEPARATOR: u8 = 0;
const LETTER: u8 = 1;
/// Part of a word, but not at its ends.
const JOINER: u8 = 2;
const CLASS: [u8; 128] = classes();

const fn classes() -> [u8; 128] {
    let mut table = [SEPARATOR; 128];
    let mut at = 0u8;
    while at < 128 {
        let class = match at {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'$' | b'!' | b'%' | b'@' => LETTER,
            b'.' | b'-' | b'_' | b'\'' => JOINER,
            _ => SEPARATOR,
        };
        // The index is below the length of the table.
        #[allow(clippy::indexing_slicing)]
        {
            table[at as usize] = class;
        }
        at += 1;
    }
    table
}

/// The word that is being read.
#[derive(Default)]
struct Current {
    chars: usize,
    /// A character beyond ASCII is in it.
    wide: bool,
    ideograph: Option<char>,
    ideographs: usize,
}

impl Words {
    /// Gives each word of `text` to `take`, until it says `false`.
    pub(super) fn read(&mut self, text: &str, undone: &mut Undone, mut take: impl FnMut(Word<'_>) -> bool) {
        self.word.clear();
        let mut current = Current::default();
        for character in text.chars() {
            if character.is_ascii() {
                let class = CLASS.get(character as usize).copied().unwrap_or(SEPARATOR);
                if class == SEPARATOR {
                    if (current.chars > 0 || current.ideograph.is_some())
                        && !self.end(&mut current, undone, &mut take)
                    {
                        return;
                    }
                } else {
                    self.push(&mut current, character.to_ascii_lowercase());
                }
                continue;
            }
            if is_zero_width(character) {
                undone.zero_width += usize::from(current.chars > 0);
            } else if is_unspaced(character) {
                if current.chars > 0 && !self.end(&mut current, undone, &mut take) {
                    return;
                }
                if !self.ideograph(&mut current, character, &mut take) {
                    return;
                }
            } else if is_compatible(character) {
                undone.compatible += 1;
                decompose_compatible(character, |plain| {
                    plain.to_lowercase().for_each(|small| self.push(&mut current, small));
                });
            } else if is_combining_mark(character) {
                // What is written as letter and mark becomes the letter with the mark.
                if let Some(letter) = self.word.pop() {
                    match compose(letter, character) {
                        Some(whole) => self.word.push(whole),
                        None => {
                            self.word.push(letter);
                            self.push(&mut current, character);
                        }
                    }
                }
            } else if character.is_alphanumeric() {
                current.wide = true;
                character.to_lowercase().for_each(|small| self.push(&mut current, small));
            } else if !self.end(&mut current, undone, &mut take) {
                return;
            }
        }
        self.end(&mut current, undone, &mut take);
    }

    fn push(&mut self, current: &mut Current, character: char) {
        current.chars += 1;
        if current.chars <= MAX_WORD {
            self.word.push(character);
        }
    }

    fn end(
        &mut self,
        current: &mut Current,
        undone: &mut Undone,
        take: &mut impl FnMut(Word<'_>) -> bool,
    ) -> bool {
        let joiner = ['.', '-', '_', '\''];
        let text = self.word.trim_matches(joiner);
        let mut goes_on = true;
        if current.wide && crate::names::is_mixed(text) {
            undone.mixed += 1;
            goes_on = take(Word::Word(&crate::names::skeleton(text)));
        } else if !text.is_empty() {
            goes_on = take(Word::Word(text));
        }
        if goes_on && let Some(alone) = current.ideograph.filter(|_| current.ideographs == 1) {
            self.bigram.clear();
            self.bigram.push(alone);
            goes_on = take(Word::Bigram(&self.bigram));
        }
        self.word.clear();
        *current = Current::default();
        goes_on
    }

    fn ideograph(
        &mut self,
        current: &mut Current,
        character: char,
        take: &mut impl FnMut(Word<'_>) -> bool,
    ) -> bool {
        current.ideographs += 1;
        let Some(before) = current.ideograph.replace(character) else { return true };
        self.bigram.clear();
        self.bigram.push(before);
        self.bigram.push(character);
        take(Word::Bigram(&self.bigram))
    }
}

/// Scripts that are written without blanks between words.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Forms of other characters that stand in for them in words (Unicode `NFKC`), as far as anybody writes with them.
const fn is_compatible(c: char) -> bool {
    matches!(c, '\u{aa}' | '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{ba}' | '\u{2070}'..='\u{209c}'
        | '\u{2100}'..='\u{218b}' | '\u{2460}'..='\u{24ff}' | '\u{fb00}'..='\u{fb06}'
        | '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f110}'..='\u{1f169}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> (Vec<String>, Undone) {
        let (mut found, mut undone) = (Vec::new(), Undone::default());
        Words::default().read(text, &mut undone, |word| {
            found.push(match word {
                Word::Word(text) => text.to_owned(),
                Word::Bigram(text) => format!("={text}"),
            });
            true
        });
        (found, undone)
    }

    #[test]
    fn plain_words() {
        let (found, undone) = words("Don't BUY -- it's www.example.org. $100 50%!");
        assert_eq!(found, ["don't", "buy", "it's", "www.example.org", "$100", "50%!"]);
        assert_eq!(undone, Undone::default());
        assert_eq!(words(&"x".repeat(100)).0, ["x".repeat(MAX_WORD)]);
    }

    #[test]
    fn tricks_undone() {
        let (found, undone) =
            words("v\u{200b}ia\u{ad}gra \u{ff26}\u{ff32}\u{ff25}\u{ff25} \u{1d41b}uy p\u{430}ypal");
        assert_eq!(found, ["viagra", "free", "buy", "paypal"]);
        assert_eq!((undone.zero_width, undone.compatible, undone.mixed), (2, 5, 1));
    }

    #[test]
    fn other_scripts() {
        assert_eq!(words("Cafe\u{301} привет").0, ["caf\u{e9}", "привет"]);
        assert_eq!(words("日本語 abc 字").0, ["=日本", "=本語", "abc", "=字"]);
    }

    #[test]
    fn stops_when_told() {
        let mut count = 0;
        Words::default().read("a b c d", &mut Undone::default(), |_| {
            count += 1;
            count < 2
        });
        assert_eq!(count, 2);
    }
}
