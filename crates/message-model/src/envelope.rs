//! What the SMTP session said: client, HELO, reverse-path and forward-paths (RFC 5321).
