//! The `mailwright` binary.
fn main() {}
