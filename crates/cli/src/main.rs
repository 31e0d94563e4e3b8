//! The `mailwright` binary: checks, explains and takes apart e-mail.
//!
//! Arguments, files and reports live here; every judgement about mail is made by the crates below.
#![forbid(unsafe_code)]

mod authenticate;
mod conversations;
mod dns;
mod exit;
mod file;
mod input;
mod line_ends;
mod mailbox;
mod output;
mod place;
mod private_key;
mod progress;
mod report;
mod section;
mod shown;
mod smime;
mod verb;

use std::process::ExitCode;

fn main() -> ExitCode {
    verb::run()
}
