//! JSON, as the official validator's state machine takes it: what it lets through is let through here.

/// A state; the names follow the grammar of json.org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Root,
    Word(&'static [u8]),
    Text,
    Escape,
    Hex(u8),
    Number,
    Fraction,
    FractionDigits,
    AfterZero,
    AfterSign,
    Exponent,
    ExponentDigits,
    ExponentSigned,
    FirstItem,
    NextItem,
    AfterItem,
    FirstKey,
    NextKey,
    Colon,
    Value,
    AfterValue,
}

/// Where JSON stops being any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) line: i32,
    /// In octets, from 1.
    pub(super) col: i32,
}

enum Step {
    To(State),
    /// A value begins, after which the second state holds.
    Into(State, State),
    /// A value ends with this octet.
    Back,
    /// A value ended before this octet.
    BackBefore,
}

/// Whether `text` is JSON.
pub(super) fn check(text: &str) -> Result<(), Stop> {
    let mut state = State::Root;
    let mut stack = vec![State::Root];
    let mut stop = Stop { line: 0, col: 0 };
    let bytes = text.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        let ends_line =
            byte == b'\n' || (byte == b'\r' && bytes.get(at + 1).is_some_and(|&next| next != b'\n'));
        stop = if ends_line {
            Stop { line: stop.line.saturating_add(1), col: 0 }
        } else {
            Stop { col: stop.col.saturating_add(1), ..stop }
        };
        state = step(state, byte, &mut stack).ok_or(stop)?;
    }
    match step(state, b' ', &mut stack) {
        Some(State::Root) => Ok(()),
        _ => Err(stop),
    }
}

fn step(state: State, byte: u8, stack: &mut Vec<State>) -> Option<State> {
    let before = match transition(state, byte)? {
        Step::To(state) => return Some(state),
        Step::Into(state, after) => {
            stack.push(after);
            return Some(state);
        }
        // A value that nothing asked for, after the first, is passed over.
        Step::Back => return Some(stack.pop().unwrap_or(State::Root)),
        Step::BackBefore => stack.pop(),
    };
    let Some(before) = before else { return Some(State::Root) };
    match transition(before, byte)? {
        Step::To(state) => Some(state),
        Step::Into(state, after) => {
            stack.push(after);
            Some(state)
        }
        Step::Back | Step::BackBefore => Some(stack.pop().unwrap_or(State::Root)),
    }
}

/// How a value begins.
fn value(byte: u8) -> Option<State> {
    Some(match byte {
        b'{' => State::FirstKey,
        b'[' => State::FirstItem,
        b'"' => State::Text,
        b'-' => State::AfterSign,
        b'1'..=b'9' => State::Number,
        b'0' => State::AfterZero,
        b't' => State::Word(b"rue"),
        b'f' => State::Word(b"alse"),
        b'n' => State::Word(b"ull"),
        _ => return None,
    })
}

fn transition(state: State, byte: u8) -> Option<Step> {
    use State::*;
    let space = matches!(byte, b'\t' | b'\n' | b'\r' | b' ');
    let ends_number = matches!(byte, b',' | b'}' | b']');
    let inside = |after: State| value(byte).map(|state| Step::Into(state, after));
    Some(match (state, byte) {
        (Root | FirstItem | NextItem | AfterItem | FirstKey | NextKey | Colon | Value | AfterValue, _)
            if space =>
        {
            Step::To(state)
        }
        (Root, _) => Step::To(value(byte)?),
        (Word(rest), _) => match rest.split_first() {
            Some((first, [])) if *first == byte => Step::Back,
            Some((first, rest)) if *first == byte => Step::To(Word(rest)),
            _ => return None,
        },
        (Text, b'"') => Step::Back,
        (Text, b'\\') => Step::To(Escape),
        (Text, _) => Step::To(Text),
        (Escape, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Step::To(Text),
        (Escape, b'u') => Step::To(Hex(4)),
        (Hex(left), digit) if digit.is_ascii_hexdigit() => {
            Step::To(if left > 1 { Hex(left - 1) } else { Text })
        }
        (AfterSign, b'0') => Step::To(AfterZero),
        (Number | AfterSign, b'0'..=b'9') => Step::To(Number),
        (Number | AfterZero, b'.') => Step::To(Fraction),
        (Fraction | FractionDigits, b'0'..=b'9') => Step::To(FractionDigits),
        (FractionDigits | AfterZero, b'e' | b'E') => Step::To(Exponent),
        (Exponent, b'+' | b'-') => Step::To(ExponentSigned),
        (Exponent | ExponentDigits, b'0'..=b'9') => Step::To(ExponentDigits),
        (ExponentSigned, b'0'..=b'9') => Step::To(ExponentSigned),
        (Number | ExponentSigned, _) if space => Step::Back,
        (FractionDigits | AfterZero | ExponentDigits, _) if space => Step::BackBefore,
        (Number | FractionDigits | AfterZero | ExponentDigits | ExponentSigned, _) if ends_number => {
            Step::BackBefore
        }
        (FirstItem, b']') => Step::Back,
        (FirstItem | NextItem, _) => inside(AfterItem)?,
        (AfterItem, b',') => Step::To(NextItem),
        (AfterItem, b']') => Step::Back,
        (FirstKey, b'}') => Step::Back,
        (FirstKey | NextKey, b'"') => Step::Into(Text, Colon),
        (Colon, b':') => Step::To(Value),
        (Value, _) => inside(AfterValue)?,
        (AfterValue, b',') => Step::To(NextKey),
        (AfterValue, b'}') => Step::Back,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_taken_and_other_text_is_not() {
        for good in ["{}", "[1, 2.5, -0, \"a\\u00e9\", {\"k\": [true, null]}]", " \"x\" ", "0"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        assert_eq!(check("{\"a\": 1,}"), Err(Stop { line: 0, col: 9 }));
        assert_eq!(check("[\n  nul"), Err(Stop { line: 1, col: 5 }));
        assert_eq!(check("{"), Err(Stop { line: 0, col: 1 }));
    }
}
