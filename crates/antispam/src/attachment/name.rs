//! What a file name says, and what it hides.

/// Extensions that Windows runs, or hands to something that runs them. Sorted.
const RUNS: &[&str] = &[
    "appx", "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "inf", "ins", "isp", "jar",
    "jnlp", "js", "jse", "lnk", "msc", "msi", "msix", "msp", "mst", "pif", "ps1", "reg", "scf", "scr", "sct",
    "shb", "shs", "sys", "url", "vb", "vbe", "vbs", "vxd", "wsc", "wsf", "wsh", "xll",
];

/// Extensions of documents and pictures: before one that runs they are a disguise. Sorted.
const DOCUMENTS: &[&str] = &[
    "avi", "bmp", "csv", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "mov", "mp3", "mp4", "mpg",
    "pdf", "png", "ppt", "pptx", "rtf", "tif", "tiff", "txt", "wav", "xls", "xlsx", "zip",
];

/// Documents with macros, by their extension. Sorted.
const MACROS: &[&str] =
    &["docm", "dotm", "potm", "ppam", "ppsm", "pptm", "xlam", "xlm", "xlsb", "xlsm", "xltm"];

/// Disk images, by their extension. Sorted.
const IMAGES: &[&str] = &["img", "iso", "udf", "vhd", "vhdx"];

/// A file name as a stranger gave it.
#[derive(Clone, Copy, Debug)]
pub struct FileName<'a>(pub &'a str);

/// How a file name deceives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameTrick {
    /// `invoice.pdf.exe`.
    DoubleExtension,
    /// Characters that turn the direction of reading, so that `exe` stands in the middle.
    Direction,
    /// Many blanks, so that the extension is out of sight.
    Blanks,
}

impl<'a> FileName<'a> {
    /// The extension in lower case, without trailing blanks and dots, which Windows takes away.
    #[must_use]
    pub fn extension(self) -> Option<String> {
        let name = self.0.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
        name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
    }

    /// Whether Windows runs a file of that name.
    #[must_use]
    pub fn runs(self) -> bool {
        self.extension().is_some_and(|extension| among(RUNS, &extension))
    }

    /// Whether it is the name of a document with macros.
    #[must_use]
    pub fn has_macros(self) -> bool {
        self.extension().is_some_and(|extension| among(MACROS, &extension))
    }

    /// Whether it is the name of a disk image.
    #[must_use]
    pub fn is_disk_image(self) -> bool {
        self.extension().is_some_and(|extension| among(IMAGES, &extension))
    }

    /// Whether it is the name of a document, a picture or a sound.
    #[must_use]
    pub fn is_document(self) -> bool {
        self.extension().is_some_and(|extension| among(DOCUMENTS, &extension))
    }

    /// How it deceives.
    #[must_use]
    pub fn trick(self) -> Option<NameTrick> {
        let name: &'a str = self.0;
        if name.contains(['\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}'])
        {
            return Some(NameTrick::Direction);
        }
        if !self.runs() && !self.has_macros() {
            return None;
        }
        let trimmed = name.trim_end_matches(|c: char| c.is_whitespace() || c == '.');
        let (stem, _) = trimmed.rsplit_once('.')?;
        if stem.contains("     ") || stem.contains("_____") {
            return Some(NameTrick::Blanks);
        }
        FileName(stem).is_document().then_some(NameTrick::DoubleExtension)
    }
}

fn among(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [RUNS, DOCUMENTS, MACROS, IMAGES] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn names() {
        assert!(FileName("a.EXE ").runs() && FileName("b.scr.").runs() && !FileName("exe").runs());
        assert_eq!(FileName("invoice.pdf.exe").trick(), Some(NameTrick::DoubleExtension));
        assert_eq!(FileName("invoice.pdf                    .scr").trick(), Some(NameTrick::Blanks));
        assert_eq!(FileName("ann\u{202e}fdp.exe").trick(), Some(NameTrick::Direction));
        assert_eq!(FileName("setup-1.2.exe").trick(), None);
        assert_eq!(FileName("report.v2.pdf").trick(), None);
        assert!(FileName("q.xlsm").has_macros() && FileName("q.ISO").is_disk_image());
    }
}
