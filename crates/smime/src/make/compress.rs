//! Compressed data (RFC 3274).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::cms;
use super::entity;
use crate::ber::{Identifier, write};
use crate::cms::ContentType;
use crate::error::Error;
use crate::oid::oids;

oids! {
    ZLIB = "1.2.840.113549.1.9.16.3.8";
}

/// The entity `part`, compressed, as an entity (RFC 8551 3.6). Compress before signing; what is encrypted is not compressed
/// any more.
///
/// # Errors
///
/// [`ErrorKind::Io`](crate::ErrorKind::Io).
pub fn compress(part: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&entity::canonical(part)).map_err(|error| Error::io(&error))?;
    let octets = encoder.finish().map_err(|error| Error::io(&error))?;
    let content = write::element(Identifier::context(0), &write::octets(&octets));
    let data = ContentType::Data.oid().map(write::oid).unwrap_or_default();
    let inside = write::sequence(&[&data, &content]);
    // RFC 3274 2: version 0, and no parameters.
    let compressed = write::sequence(&[&write::integer(0), &cms::bare(ZLIB), &inside]);
    let der = cms::content_info(ContentType::CompressedData, &compressed);
    Ok(entity::pkcs7_mime("compressed-data", "smime.p7z", &der))
}
