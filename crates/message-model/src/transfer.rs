//! Content transfer encodings (RFC 2045 6): base64, quoted-printable and the identities.
