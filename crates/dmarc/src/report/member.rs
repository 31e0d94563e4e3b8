//! Unpacking: what the feature `compress` does, or that it is off.

#[cfg(not(feature = "compress"))]
use super::{Error, Limits, Warnings};

#[cfg(feature = "compress")]
pub(super) use super::inflate::{gunzip, unzip};

#[cfg(not(feature = "compress"))]
pub(super) fn gunzip(_: &[u8], _: &Limits, _: &mut Warnings) -> Result<Vec<u8>, Error> {
    Err(Error::new(super::ErrorKind::NeedsCompress))
}

#[cfg(not(feature = "compress"))]
pub(super) fn unzip(_: &[u8], _: &Limits, _: &mut Warnings) -> Result<Vec<u8>, Error> {
    Err(Error::new(super::ErrorKind::NeedsCompress))
}
