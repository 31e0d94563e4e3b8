//! `changed`: what has changed since each crate was released.

use super::level::{Judgement, judge};
use super::plan::{dependents, matches};
use super::repository::Repository;
use crate::workspace::root;
use crate::{Failure, Outcome, Verb};

pub(crate) const VERB: Verb = Verb {
    name: "changed",
    arguments: "",
    about: "for each published crate its last tag, the commits since, the level that its API demands, and the dependents that \
            would have to follow",
    run: |arguments| {
        if !arguments.is_empty() {
            return Err(Failure::Usage("takes no argument".into()));
        }
        run(&Repository::at(root()))
    },
};

pub(super) fn run(repository: &Repository) -> Outcome {
    let crates = repository.crates()?;
    for one in &crates {
        let Some(last) = repository.last_release(&one.short)? else {
            println!("{}: never released; would be {}", one.short, one.version);
            continue;
        };
        let commits = repository.commits_since(&last.tag, one)?;
        if commits.is_empty() {
            println!("{}: nothing since {}", one.short, last.tag);
            continue;
        }
        let judgement = judge(repository, one, &last);
        println!("{}: {} commits since {}; level: {judgement}", one.short, commits.len(), last.tag);
        commits.iter().for_each(|commit| println!("    {commit}"));
        let Judgement::Demands { level, because } = judgement else { continue };
        because.iter().filter(|line| !line.is_empty()).for_each(|line| println!("    {line}"));
        let next = level.raise(&last.version);
        for (dependent, requirement) in dependents(&crates, one).filter(|(_, needs)| !matches(needs, &next)) {
            println!(
                "    {} requires {requirement}, which {next} does not match: it must follow",
                dependent.short
            );
        }
    }
    Ok(())
}
