//! Seven-bit charsets that shift between ASCII and a table whose eight-bit form the tables have.

use mail_parser::decoders::charsets::map::charset_decoder;

/// HZ (RFC 1843): `~{` and `~}` around GB 2312.
pub(super) fn hz(octets: &[u8]) -> String {
    let mut raised = Vec::with_capacity(octets.len());
    let mut shifted = false;
    let mut rest = octets;
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        match (octet, behind) {
            (b'~', [b'{', behind @ ..]) => {
                shifted = true;
                rest = behind;
            }
            (b'~', [b'}', behind @ ..]) => {
                shifted = false;
                rest = behind;
            }
            (b'~', [b'~', behind @ ..]) if !shifted => {
                raised.push(b'~');
                rest = behind;
            }
            // A tilde at the end of a line continues it.
            (b'~', [b'\n', behind @ ..]) if !shifted => rest = behind,
            // RFC 1843 2: a line ends in ASCII.
            (b'\n', _) => {
                shifted = false;
                raised.push(octet);
            }
            (b'!'..=b'~', _) if shifted => raised.push(octet | 0x80),
            _ => raised.push(octet),
        }
    }
    by(b"gbk", &raised)
}

/// ISO-2022-KR (RFC 1557): SO and SI around KS C 5601.
pub(super) fn iso_2022_kr(octets: &[u8]) -> String {
    let mut raised = Vec::with_capacity(octets.len());
    let mut shifted = false;
    let mut rest = octets;
    while let Some((&octet, behind)) = rest.split_first() {
        rest = behind;
        match (octet, behind) {
            (0x0e, _) => shifted = true,
            (0x0f, _) => shifted = false,
            // The designator, once at the start of a text.
            (0x1b, [b'$', b')', b'C', behind @ ..]) => rest = behind,
            (b'!'..=b'~', _) if shifted => raised.push(octet | 0x80),
            _ => raised.push(octet),
        }
    }
    by(b"euc-kr", &raised)
}

fn by(charset: &[u8], octets: &[u8]) -> String {
    match charset_decoder(charset) {
        Some(decoder) => decoder(octets),
        None => String::from_utf8_lossy(octets).into_owned(),
    }
}
