//! Dates of header fields (RFC 5322 3.3 and 4.3).
