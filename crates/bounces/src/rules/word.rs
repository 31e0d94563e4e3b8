//! Words: which are dropped, and how letters are folded.

/// What becomes of a word.
pub(super) enum Judgement {
    Keep,
    /// An article or an auxiliary verb: says nothing that a rule needs.
    Drop,
    /// A contraction of `not`.
    Not,
}

/// Judges a word in lower case.
pub(super) fn judge(word: &[u8]) -> Judgement {
    let drop = match word {
        [_] => matches!(word, b"a" | b"e" | b"y"),
        [_, _] => matches!(
            word,
            b"an"
                | b"is"
                | b"be"
                | b"it"
                | b"do"
                | b"es"
                | b"el"
                | b"la"
                | b"il"
                | b"lo"
                | b"le"
                | b"un"
                | b"de"
                | b"du"
                | b"et"
        ),
        [_, _, _] => matches!(
            word,
            b"the"
                | b"are"
                | b"was"
                | b"has"
                | b"had"
                | b"did"
                | b"can"
                | b"may"
                | b"its"
                | b"our"
                | b"ist"
                | b"der"
                | b"die"
                | b"das"
                | b"dem"
                | b"den"
                | b"ein"
                | b"een"
                | b"het"
                | b"est"
                | b"les"
                | b"los"
                | b"las"
                | b"une"
                | b"una"
                | b"uma"
                | b"gli"
                | b"des"
                | b"del"
                | b"war"
        ),
        [_, _, _, _] => match word {
            b"isnt" | b"cant" | b"dont" | b"wont" => return Judgement::Not,
            _ => matches!(
                word,
                b"your"
                    | b"this"
                    | b"that"
                    | b"does"
                    | b"will"
                    | b"have"
                    | b"been"
                    | b"were"
                    | b"eine"
                    | b"dell"
                    | b"wird"
            ),
        },
        [_, _, _, _, _] => match word {
            b"arent" | b"hasnt" | b"wasnt" | b"didnt" => return Judgement::Not,
            _ => matches!(
                word,
                b"could" | b"would" | b"shall" | b"might" | b"wurde" | b"being" | b"these" | b"those"
            ),
        },
        b"doesnt" | b"havent" | b"werent" | b"cannot" | b"couldnt" | b"wouldnt" => return Judgement::Not,
        b"should" | b"wurden" | b"werden" => true,
        _ => false,
    };
    if drop { Judgement::Drop } else { Judgement::Keep }
}

/// A code of a provider, as `OFR_417`: its underscore belongs to it.
pub(super) fn is_code(word: &str) -> bool {
    word.split('_').skip(1).all(|part| part.bytes().all(|octet| octet.is_ascii_digit()))
}

pub(super) const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2bc}' | '\u{b4}' | '`')
}

/// A combining accent.
pub(super) const fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Characters of scripts that put no blanks between words.
pub(super) const fn is_ideographic(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// `l'utente`, `dell'indirizzo`: two words, where `doesn't` is one.
pub(super) fn elision(word: &str) -> Option<(&str, &str)> {
    let at = word.find(is_apostrophe)?;
    let (head, tail) = word.split_at_checked(at)?;
    let tail = tail.strip_prefix(is_apostrophe)?;
    let divides = !head.is_empty() && (head.chars().count() == 1 || tail.chars().count() > 2);
    (divides && !tail.is_empty()).then_some((head, tail))
}

/// Appends a character in lower case and without its accent; apostrophes and accents that stand alone are dropped.
pub(super) fn fold(character: char, out: &mut Vec<u8>) {
    if character.is_ascii() {
        if character != '\'' && character != '`' {
            out.push((character as u32 & 0x7f) as u8 | if character.is_ascii_uppercase() { 0x20 } else { 0 });
        }
        return;
    }
    if is_apostrophe(character) || is_mark(character) {
        return;
    }
    let plain = match character {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'ą' | 'Ą' | 'ă' | 'Ă' | 'ā' | 'Ā' => {
            "a"
        }
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'Ò' | 'Ó' | 'Ô' | 'Õ' => "o",
        'ù' | 'ú' | 'û' | 'Ù' | 'Ú' | 'Û' | 'ů' | 'Ů' => "u",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' => "s",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        'ł' | 'Ł' => "l",
        'ý' | 'Ý' | 'ÿ' => "y",
        'ё' | 'Ё' => "е",
        // Full-width forms.
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = char::from_u32(character as u32 - 0xfee0).unwrap_or(' ');
            return fold(narrow.to_ascii_lowercase(), out);
        }
        _ => {
            let mut space = [0; 4];
            for lower in character.to_lowercase() {
                out.extend_from_slice(lower.encode_utf8(&mut space).as_bytes());
            }
            return;
        }
    };
    out.extend_from_slice(plain.as_bytes());
}
