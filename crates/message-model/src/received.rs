//! Trace fields: Received (RFC 5321 4.4).
