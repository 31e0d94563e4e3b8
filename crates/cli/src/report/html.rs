//! A report as one page that needs nothing else.

use std::path::{Path, PathBuf};

use super::Report;
use crate::exit::Failure;

pub(crate) struct Html {
    path: PathBuf,
}

impl Html {
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        Err(Failure::at(path, "pages are not written yet"))
    }

    pub(crate) fn add(&mut self, _report: &Report) -> Result<(), Failure> {
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<PathBuf, Failure> {
        Ok(self.path)
    }
}
