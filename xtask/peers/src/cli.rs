//! The area `cli`: `mailwright check` on the inputs of `message-model hostile`, the program as it is built for users.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::contest::{Entrant, best_of};
use crate::message_model::hostile::{SHAPES, Shape, is_missed};
use crate::{Area, Work};

pub(crate) const AREA: Area = Area { name: "cli", works: &[Work { name: "hostile", run }] };

const ROUNDS: usize = 3;

/// What the program may have for its stack, in KiB as `ulimit` takes it.
const STACK: &str = "512";

/// How `check` is asked, behind the file; `PAGE` stands for a file.
const WAYS: [(&str, &[&str]); 3] = [("text", &[]), ("page", &["--html", PAGE]), ("json", &["--json"])];
const PAGE: &str = "PAGE";

fn run() -> Result<(), String> {
    let binary = build()?;
    let folder = std::env::temp_dir().join(format!("mailwright-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let ran = all(&binary, &folder);
    // What is left in the folder for temporary files harms nobody.
    let _ = std::fs::remove_dir_all(&folder);
    ran
}

fn all(binary: &Path, folder: &Path) -> Result<(), String> {
    let mut start = [Entrant::new("start", || status(binary, &["--version".as_ref()]).map_or(1, |_| 0))];
    println!("cli/start: {:.2?}, which is part of each time below", best_of(10, &mut start)[0]);
    let mut missed = 0;
    for shape in SHAPES {
        missed += usize::from(is_bad(binary, folder, shape)?);
    }
    if missed == 0 { Ok(()) } else { Err(format!("{missed} inputs take longer than they may")) }
}

fn is_bad(binary: &Path, folder: &Path, shape: &Shape) -> Result<bool, String> {
    let (files, page) = ([folder.join("once.eml"), folder.join("twice.eml")], folder.join("page.html"));
    let inputs = shape.once_and_twice();
    for (file, input) in files.iter().zip(&inputs) {
        std::fs::write(file, input).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let mut turns = Vec::new();
    for (way, options) in WAYS {
        for file in &files {
            let mut arguments: Vec<&Path> = vec!["check".as_ref(), file];
            arguments
                .extend(options.iter().map(|option| if *option == PAGE { &page } else { Path::new(option) }));
            // Once outside the contest, to see that the program does its work.
            match status(binary, &arguments)? {
                0 | 1 => {}
                other => return Err(format!("{} {way}: status {other}", shape.name)),
            }
            turns.push(Entrant::new(way, move || status(binary, &arguments).map_or(1, |_| 0)));
        }
    }
    Ok(is_missed(&format!("cli/hostile {}", shape.name), inputs[0].len(), ROUNDS, &mut turns))
}

/// Runs the program on a small stack, and gives its exit status; what it writes is thrown away.
fn status(binary: &Path, arguments: &[&Path]) -> Result<i32, String> {
    let script = format!("ulimit -s {STACK} && exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).arg(binary).args(arguments);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let status = status.map_err(|error| format!("sh: {error}"))?;
    status.code().ok_or_else(|| format!("ended by {status}"))
}

/// Builds the program, and says where it is.
pub(crate) fn build() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--release", "--locked", "--package", "mailwright"])
        .current_dir(&root)
        .status();
    match built {
        Ok(status) if status.success() => {}
        _ => return Err("mailwright does not build here".into()),
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/mailwright"))
}
