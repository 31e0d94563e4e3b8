//! The SpamAssassin corpus, unpacked into a folder that goes away with the value.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::data;

pub(super) struct Corpus {
    folder: PathBuf,
    /// The one measuring tool.
    eval: PathBuf,
}

/// A line of an index.
pub(super) struct Line {
    pub(super) is_spam: bool,
    pub(super) raw: Vec<u8>,
}

impl Corpus {
    pub(super) fn unpack() -> Result<Self, String> {
        let area = data::folder("antispam")?;
        let folder = std::env::temp_dir().join(format!("mailwright-bench-spam-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let corpus = Self { folder, eval: area.join("eval.py") };
        let mut tar = Command::new("tar");
        tar.arg("-xf").arg(area.join("spamassassin.tar.xz")).arg("-C").arg(&corpus.folder);
        match tar.status() {
            Ok(status) if status.success() => Ok(corpus),
            _ => Err("not measured: tar cannot unpack the corpus".into()),
        }
    }

    pub(super) fn index(&self, name: &str) -> PathBuf {
        self.folder.join("spamassassin").join(name)
    }

    /// Where a work of its own may write.
    pub(super) fn scratch(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.folder.join(name);
        std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(folder)
    }

    /// The messages of an index, at most so many.
    pub(super) fn lines(&self, name: &str, most: usize) -> Result<Vec<Line>, String> {
        let index = self.index(name);
        let text =
            std::fs::read_to_string(&index).map_err(|error| format!("{}: {error}", index.display()))?;
        let folder = index.parent().unwrap_or(Path::new(""));
        let line = |line: &str| {
            let (label, path) = line.split_once(' ').ok_or_else(|| format!("no label: {line}"))?;
            let path = folder.join(path);
            let raw = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            Ok(Line { is_spam: label == "spam", raw })
        };
        text.lines().take(most).map(line).collect()
    }

    /// Rates result lines, all of them and those of odd and even lines of the index, and prints what eval.py says.
    pub(super) fn rate(&self, work: &str, results: &[String]) -> Result<(), String> {
        for (part, keep) in
            [("all", [true, true]), ("odd lines", [true, false]), ("even lines", [false, true])]
        {
            let kept = results.iter().enumerate().filter(|(at, _)| keep[at % 2]);
            let text: String = kept.map(|(_, line)| format!("{line}\n")).collect();
            let file = self.folder.join("results");
            std::fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
            let said = Command::new("python3").arg(&self.eval).arg(&file).output();
            let said = said.map_err(|error| format!("not rated: python3: {error}"))?;
            let said = String::from_utf8_lossy(&said.stdout);
            println!("antispam/{work}, {part}: {}", said.lines().last().unwrap_or("eval.py says nothing"));
        }
        Ok(())
    }
}

impl Drop for Corpus {
    fn drop(&mut self) {
        // What is left in the folder for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
