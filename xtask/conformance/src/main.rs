//! The runner of the conformance suites.
fn main() {}
