//! Address lists of header fields (RFC 5322 3.4, RFC 6532): mailboxes and groups.
