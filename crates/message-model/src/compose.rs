//! Writing messages: folded header fields, encoded words, multipart bodies.
