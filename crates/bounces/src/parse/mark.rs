//! Kinds of marks: bits that `build.rs` writes beside each pattern of `formats/*.toml`.

/// The returned message begins below.
pub(crate) const END: u32 = 1;
/// Says that mail was not delivered.
pub(crate) const FAILED: u32 = 1 << 1;
/// Says that the server keeps trying.
pub(crate) const DELAYED: u32 = 1 << 2;
/// Says that it does not.
pub(crate) const FINAL: u32 = 1 << 3;
/// A recipient stands behind it.
pub(crate) const LABEL: u32 = 1 << 4;
/// An address in this line is somebody else's.
pub(crate) const OTHER: u32 = 1 << 5;
/// The subject of a report.
pub(crate) const SUBJECT: u32 = 1 << 6;
/// The subject of an automatic answer.
pub(crate) const AUTO_SUBJECT: u32 = 1 << 7;
/// The sender of a report.
pub(crate) const DAEMON: u32 = 1 << 8;
/// Above this bit stands the number of a format, from 1.
pub(crate) const FORMAT_SHIFT: u32 = 16;

/// The bit of a kind by its name in the files.
#[allow(dead_code, reason = "build.rs asks for it")]
pub(crate) fn bit(kind: &str) -> Option<u32> {
    Some(match kind {
        "end" => END,
        "failed" => FAILED,
        "delayed" => DELAYED,
        "final" => FINAL,
        "label" => LABEL,
        "other" => OTHER,
        "subject" => SUBJECT,
        "auto_subject" => AUTO_SUBJECT,
        "daemon" => DAEMON,
        _ => return None,
    })
}
