//! What octets are, by how they begin.

use memchr::memmem;

/// Octets of an attachment that are looked at for marks inside: documents with macros name them near the front or in their directory
/// of a few sectors.
const LOOKED_AT: usize = 4 << 20;

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Content {
    /// A program: PE or DOS, ELF, Mach-O, Java class.
    Program,
    /// A shortcut of Windows, which runs a command.
    Shortcut,
    /// A script, by its first line or its words.
    Script,
    /// An image of a disk (ISO 9660, UDF, VHD), which hides its files from scanners.
    DiskImage,
    /// A compound document (Word, Excel, Outlook before 2007, installers).
    Compound,
    /// A compound document with macros.
    CompoundMacros,
    /// RTF.
    Rtf,
    /// RTF with an embedded object.
    RtfObject,
    /// PDF.
    Pdf,
    /// PDF that runs a script or a program when it is opened.
    PdfActive,
    /// ZIP, and everything that is one inside: office documents, Java archives.
    Zip,
    /// RAR, 7-Zip, ACE, CAB, ARJ, LZH.
    OtherArchive,
    /// gzip, bzip2, xz, zstd.
    Compressed,
    /// A picture.
    Picture,
    /// OneNote, which embeds files that run.
    OneNote,
    /// HTML.
    Html,
    /// Anything else.
    Other,
}

/// How dangerous an attachment is by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// Nothing known.
    None,
    /// It can run something when the reader agrees.
    Active,
    /// It is made to be run.
    Runs,
}

impl Content {
    /// What the octets are.
    #[must_use]
    pub fn of(octets: &[u8]) -> Self {
        let looked_at = octets.get(..LOOKED_AT).unwrap_or(octets);
        let has = |mark: &[u8]| memmem::find(looked_at, mark).is_some();
        let at = |offset: usize, mark: &[u8]| octets.get(offset..).is_some_and(|rest| rest.starts_with(mark));
        match octets {
            [b'M', b'Z', ..] if octets.len() > 64 => Self::Program,
            [0x7f, b'E', b'L', b'F', ..] => Self::Program,
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => Self::Program,
            [0xca, 0xfe, 0xba, 0xbe, ..] => Self::Program,
            // [MS-SHLLINK] 2.1: HeaderSize and LinkCLSID.
            [0x4c, 0, 0, 0, 0x01, 0x14, 0x02, 0, ..] => Self::Shortcut,
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
                // [MS-OVBA] 2.2.1: the storage of a project, its name in UTF-16.
                if has(b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T") || has(b"M\0a\0c\0r\0o\0s\0") {
                    Self::CompoundMacros
                } else {
                    Self::Compound
                }
            }
            [b'{', b'\\', b'r', b't', ..] if has(b"\\objdata") || has(b"\\objupdate") => Self::RtfObject,
            [b'{', b'\\', b'r', b't', ..] => Self::Rtf,
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Self::Zip,
            [b'R', b'a', b'r', b'!', 0x1a, 7, ..]
            | [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..]
            | [b'M', b'S', b'C', b'F', ..]
            | [0x60, 0xea, ..] => Self::OtherArchive,
            [_, _, b'-', b'l', b'h', _, b'-', ..] => Self::OtherArchive,
            _ if at(7, b"**ACE**") => Self::OtherArchive,
            [0x1f, 0x8b, 8, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', ..]
            | [0xfd, b'7', b'z', b'X', b'Z', 0, ..]
            | [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Compressed,
            [0xe4, 0x52, 0x5c, 0x7b, 0x8c, 0xd8, 0xa7, 0x4d, ..] => Self::OneNote,
            [0x89, b'P', b'N', b'G', ..]
            | [b'G', b'I', b'F', b'8', ..]
            | [0xff, 0xd8, 0xff, ..]
            | [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..]
            | [b'I', b'I', b'*', 0, ..]
            | [b'M', b'M', 0, b'*', ..] => Self::Picture,
            _ if at(0x8001, b"CD001") || at(0, b"conectix") || at(0, b"vhdxfile") => Self::DiskImage,
            _ => Self::of_text(octets, looked_at),
        }
    }

    fn of_text(octets: &[u8], looked_at: &[u8]) -> Self {
        let start = octets.get(..1024).unwrap_or(octets);
        // ISO 32000-1 7.5.2, implementation notes: readers take the mark anywhere in the first 1,024 octets.
        if memmem::find(start, b"%PDF-").is_some() {
            let has = |mark: &[u8]| memmem::find(looked_at, mark).is_some();
            let active = has(b"/JavaScript")
                || has(b"/JS ")
                || has(b"/JS(")
                || has(b"/Launch")
                || has(b"/EmbeddedFile");
            return if active { Self::PdfActive } else { Self::Pdf };
        }
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        let lower = text.to_ascii_lowercase();
        if lower.starts_with(b"#!") || lower.starts_with(b"@echo off") {
            return Self::Script;
        }
        if lower.starts_with(b"<!doctype html")
            || lower.starts_with(b"<html")
            || lower.starts_with(b"<script")
        {
            let hta = memmem::find(&lower, b"<hta:application").is_some();
            return if hta { Self::Script } else { Self::Html };
        }
        let script_words: [&[u8]; 5] =
            [b"wscript.", b"activexobject", b"createobject(", b"powershell ", b"system.net.webclient"];
        if script_words.iter().any(|word| memmem::find(&lower, word).is_some()) {
            return Self::Script;
        }
        Self::Other
    }

    /// In a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Shortcut => "shortcut",
            Self::Script => "script",
            Self::DiskImage => "disk image",
            Self::Compound => "compound document",
            Self::CompoundMacros => "compound document with macros",
            Self::Rtf => "RTF",
            Self::RtfObject => "RTF with an embedded object",
            Self::Pdf => "PDF",
            Self::PdfActive => "PDF that runs something",
            Self::Zip => "ZIP",
            Self::OtherArchive => "archive",
            Self::Compressed => "compressed file",
            Self::Picture => "picture",
            Self::OneNote => "OneNote section",
            Self::Html => "HTML",
            Self::Other => "other",
        }
    }

    /// How dangerous it is.
    #[must_use]
    pub const fn danger(self) -> Danger {
        match self {
            Self::Program | Self::Shortcut | Self::Script => Danger::Runs,
            Self::DiskImage | Self::CompoundMacros | Self::RtfObject | Self::PdfActive | Self::OneNote => {
                Danger::Active
            }
            _ => Danger::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_the_first_octets() {
        let padded = |start: &[u8]| [start, &[0; 100]].concat();
        assert_eq!(Content::of(&padded(b"MZ\x90\0")), Content::Program);
        assert_eq!(Content::of(b"MZ is short for text"), Content::Other);
        assert_eq!(Content::of(b"\x7fELF\x02"), Content::Program);
        assert_eq!(Content::of(b"PK\x03\x04"), Content::Zip);
        assert_eq!(Content::of(b"%PDF-1.4 ..."), Content::Pdf);
        assert_eq!(Content::of(b"%PDF-1.4 << /OpenAction << /S /JavaScript"), Content::PdfActive);
        assert_eq!(Content::of(b"{\\rtf1 \\object\\objdata 01"), Content::RtfObject);
        assert_eq!(Content::of(b" <!DOCTYPE HTML><p>"), Content::Html);
        assert_eq!(Content::of(b"var s = new ActiveXObject('x')"), Content::Script);
        assert_eq!(Content::of(b""), Content::Other);
        let mut iso = vec![0; 0x8001];
        iso.extend_from_slice(b"CD001");
        assert_eq!(Content::of(&iso), Content::DiskImage);
        let ole = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), b"....M\0a\0c\0r\0o\0s\0"].concat();
        assert_eq!(Content::of(&ole), Content::CompoundMacros);
    }
}
