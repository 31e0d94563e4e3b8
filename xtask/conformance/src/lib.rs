//! The runner of the conformance suites: finds the cases of an area, grades them and reports.
//!
//! An area is a module that turns a folder into [`Case`]s; everything else (disputes, floors, panics, the report) is
//! shared. A case that cannot be read, or that says something the area does not know, is a case that fails.
#![forbid(unsafe_code)]

mod amp_mime;
mod antispam;
mod archive;
mod bounces;
mod case;
mod disputes;
mod dkim;
mod floors;
mod json;
mod message_model;
mod run;
mod smime;
mod spf_dmarc;
mod threading;

use std::path::{Path, PathBuf};

pub use case::{Case, Input, Verdict};
pub use disputes::Disputes;
pub use floors::Floors;
pub use run::{Failed, Report, SuiteResult, grade};

/// One folder of the conformance data, and how its cases are found.
pub struct Area {
    /// The name, which is also the folder's.
    pub name: &'static str,
    /// Finds the cases in a folder of the area's form.
    pub collect: fn(&Path) -> Result<Vec<Case>, String>,
}

/// All areas that can be run.
pub const AREAS: &[Area] = &[
    message_model::AREA,
    dkim::AREA,
    spf_dmarc::AREA,
    threading::AREA,
    smime::AREA,
    bounces::AREA,
    amp_mime::AREA,
    antispam::AREA,
];

/// The folder of the conformance data: `$MAILWRIGHT_CONFORMANCE`, else `../shared/conformance` from the workspace
/// root; `None` where it does not exist.
#[must_use]
pub fn default_data() -> Option<PathBuf> {
    let named = std::env::var_os("MAILWRIGHT_CONFORMANCE").filter(|value| !value.is_empty());
    let folder = named.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

/// Runs one area over `folder`.
///
/// # Errors
///
/// One sentence where the folder holds nothing of the area's form.
pub fn run(area: &Area, folder: &Path, disputes: &Disputes) -> Result<Report, String> {
    let cases = (area.collect)(folder)?;
    Ok(grade(area.name, cases, disputes))
}
