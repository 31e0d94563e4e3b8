//! Content-Type and Content-Disposition with their parameters (RFC 2045 5.1, RFC 2183, RFC 2231).
