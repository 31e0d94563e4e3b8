//! Reading mbox files (RFC 4155; mboxrd, mboxo and the Content-Length variants).
