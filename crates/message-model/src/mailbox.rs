//! An e-mail address: local part and domain (RFC 5321 4.1.2, RFC 6531).
