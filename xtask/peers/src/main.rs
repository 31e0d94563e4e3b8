//! Comparisons with peers: `cargo xtask bench [AREA] [WORK...]`.
//!
//! A line of the report is `AREA/WORK: R x PEER VERSION (want W)`: R is how many times as fast as the peer we are.
//! What is compared runs interleaved in this one process, and the best round of each counts.
#![forbid(unsafe_code)]

mod antispam;
mod bounces;
mod cli;
mod contest;
mod data;
mod dkim;
mod memory;
mod message_model;
mod program;
mod smime;
mod spf_dmarc;
mod threading;

use std::process::ExitCode;

/// One area of the comparisons.
struct Area {
    name: &'static str,
    works: &'static [Work],
}

/// One kind of work, and what runs it.
struct Work {
    name: &'static str,
    run: fn() -> Result<(), String>,
}

const AREAS: &[Area] = &[
    message_model::AREA,
    cli::AREA,
    spf_dmarc::AREA,
    dkim::AREA,
    threading::AREA,
    bounces::AREA,
    antispam::AREA,
    smime::AREA,
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (area, works) = arguments.split_first().map_or((None, &[][..]), |(area, works)| (Some(area), works));
    let chosen: Vec<&Area> = AREAS.iter().filter(|one| area.is_none_or(|area| area == one.name)).collect();
    let unknown =
        works.iter().find(|work| !chosen.iter().any(|area| area.works.iter().any(|one| one.name == **work)));
    if chosen.is_empty() || unknown.is_some() {
        eprintln!("bench: [AREA] [WORK...]; there are:");
        for area in AREAS {
            area.works.iter().for_each(|work| eprintln!("  {} {}", area.name, work.name));
        }
        return ExitCode::from(2);
    }
    let mut status = ExitCode::SUCCESS;
    for area in chosen {
        for work in
            area.works.iter().filter(|work| works.is_empty() || works.iter().any(|name| name == work.name))
        {
            if let Err(why) = (work.run)() {
                println!("{}/{}: {why}", area.name, work.name);
                status = ExitCode::from(1);
            }
        }
    }
    status
}
