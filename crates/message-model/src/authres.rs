//! Authentication-Results (RFC 8601).
