//! Header-like blocks inside bodies: delivery-status (RFC 3464), feedback-report (RFC 5965), disposition-notification.
