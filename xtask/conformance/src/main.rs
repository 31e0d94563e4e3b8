//! Runs the conformance suites: `conformance [AREA] [--data DIR]`.
#![forbid(unsafe_code)]

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use conformance::{AREAS, Area, Disputes, Floors, Report, default_data, run};

/// A suite is below its floor.
const BELOW_FLOOR: u8 = 1;
/// The arguments make no sense, or nothing was found to run.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // A panic in a case is counted and reported as the case's answer; its trace would drown the report.
    std::panic::set_hook(Box::new(|_| ()));
    match Request::parse(&arguments).and_then(|request| request.serve()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(BELOW_FLOOR),
        Err(why) => {
            eprintln!("conformance: {why}");
            ExitCode::from(UNUSABLE)
        }
    }
}

/// What is to be run.
#[derive(Default)]
struct Request {
    area: Option<&'static Area>,
    data: Option<PathBuf>,
    /// Print the digest by which `disputed.toml` names a case, instead of running.
    hashes: bool,
}

impl Request {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut request = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--data" => {
                    let folder = rest.next().ok_or("--data takes a folder")?;
                    request.data = Some(PathBuf::from(folder));
                }
                joined if joined.starts_with("--data=") => {
                    request.data = joined.strip_prefix("--data=").map(PathBuf::from);
                }
                "--hashes" => request.hashes = true,
                name if request.area.is_none() => {
                    let area = AREAS.iter().find(|area| area.name == name);
                    request.area =
                        Some(area.ok_or_else(|| format!("no area `{name}`; there are: {}", names()))?);
                }
                other => return Err(format!("did not expect `{other}`: [AREA] [--data DIR]")),
            }
        }
        Ok(request)
    }

    /// Whether every suite that ran has enough right cases.
    fn serve(&self) -> Result<bool, String> {
        let (disputes, floors) = (Disputes::own()?, Floors::own()?);
        let mut held = true;
        for (area, folder) in self.folders()? {
            if self.hashes {
                for case in (area.collect)(&folder)? {
                    print(&format!(
                        "{} {} {}\n",
                        case.input.sha256_16().unwrap_or_default(),
                        case.suite,
                        case.id
                    ));
                }
                continue;
            }
            let report = run(area, &folder, &disputes)?;
            print(&report.to_string());
            held &= match self.data {
                // Another folder has counts of its own: all of its cases are needed.
                Some(_) => report.suites.iter().all(|suite| suite.is_info() || suite.right == suite.total),
                None => keeps_floors(&floors, &report),
            };
        }
        Ok(held)
    }

    /// The areas to run, each with its folder. Without an area `--data` names a folder of areas.
    fn folders(&self) -> Result<Vec<(&'static Area, PathBuf)>, String> {
        match (self.area, &self.data) {
            (Some(area), Some(folder)) => Ok(vec![(area, folder.clone())]),
            (area, data) => {
                let above = data.clone().or_else(default_data);
                let above = above.ok_or("conformance data not found (set MAILWRIGHT_CONFORMANCE)")?;
                let chosen = AREAS.iter().filter(|one| area.is_none_or(|area| area.name == one.name));
                let found: Vec<_> = chosen
                    .map(|area| (area, above.join(area.name)))
                    .filter(|(_, folder)| folder.is_dir())
                    .collect();
                if found.is_empty() {
                    return Err(format!("no folder of an area in {} (areas: {})", above.display(), names()));
                }
                Ok(found)
            }
        }
    }
}

/// Says which suites of the default folder are missing.
fn keeps_floors(floors: &Floors, report: &Report) -> bool {
    let missing = floors.missing(report.area, &report.suites);
    for suite in &missing {
        print(&format!("{}/{suite}: no cases found\n", report.area));
    }
    missing.is_empty() && report.suites.iter().all(|suite| floors.hold(report.area, suite))
}

fn names() -> String {
    AREAS.iter().map(|area| area.name).collect::<Vec<_>>().join(", ")
}

/// Prints to stdout; that the reader went away is no reason to fail.
fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
