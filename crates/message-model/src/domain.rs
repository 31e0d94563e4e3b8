//! Domain names as DNS has them: lower-case A-labels.
