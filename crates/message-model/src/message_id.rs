//! Message identifiers (RFC 5322 3.6.4), also the malformed ones of the wild.
