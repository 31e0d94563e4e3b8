//! Corrections of single-octet tables, each against the mapping files of the Unicode Consortium.

use mail_parser::decoders::charsets::DecoderFnc;
use mail_parser::decoders::charsets::map::charset_decoder;

/// The decoder of a charset whose table is right only with a correction.
pub(super) fn corrected(name: &[u8]) -> Option<DecoderFnc> {
    Some(match name {
        b"iso-8859-7" | b"iso-8859-7:1987" | b"iso8859-7" | b"iso88597" | b"iso-ir-126"
        | b"csisolatingreek" | b"ecma-118" | b"elot-928" | b"greek" | b"greek8" | b"sun-eu-greek" => {
            iso_8859_7
        }
        b"iso-8859-16" | b"iso-8859-16:2001" | b"csiso885916" | b"iso-ir-226" | b"latin10" | b"l10" => {
            iso_8859_16
        }
        b"macintosh" | b"csmacintosh" | b"mac" | b"mac-roman" | b"x-mac-roman" => macintosh,
        _ => return None,
    })
}

/// As of 2003, with what it added.
fn iso_8859_7(octets: &[u8]) -> String {
    with(b"iso-8859-7", &[(0xa4, '\u{20ac}'), (0xa5, '\u{20af}'), (0xaa, '\u{37a}')], octets)
}

fn iso_8859_16(octets: &[u8]) -> String {
    with(b"iso-8859-16", &[(0xa5, '\u{201e}'), (0xab, '\u{ab}')], octets)
}

fn macintosh(octets: &[u8]) -> String {
    let corrections = [
        (0xc6, '\u{2206}'),
        (0xcd, '\u{d5}'),
        (0xdb, '\u{20ac}'),
        (0xf0, '\u{f8ff}'),
        (0xf6, '\u{2c6}'),
        (0xf7, '\u{2dc}'),
    ];
    with(b"macintosh", &corrections, octets)
}

fn with(name: &[u8], corrections: &[(u8, char)], octets: &[u8]) -> String {
    let Some(decoder) = charset_decoder(name) else {
        return String::from_utf8_lossy(octets).into_owned();
    };
    let mut text = decoder(octets);
    let correction =
        |octet: u8| corrections.iter().find(|(wrong, _)| *wrong == octet).map(|(_, right)| *right);
    if octets.iter().any(|octet| correction(*octet).is_some()) {
        // One character an octet, so both run side by side.
        text =
            octets.iter().zip(text.chars()).map(|(octet, read)| correction(*octet).unwrap_or(read)).collect();
    }
    text
}
