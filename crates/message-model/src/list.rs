//! Comma-separated lists of text, as in Keywords.
