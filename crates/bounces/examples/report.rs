//! Prints what the messages named on the command line report.

fn main() -> std::io::Result<()> {
    for file in std::env::args().skip(1) {
        let report = mailwright_bounces::parse(&std::fs::read(&file)?);
        println!("{file}: {}", report.kind);
        for one in &report.recipients {
            let verdict = &one.verdict;
            let found = one.diagnostic.get(verdict.matched.clone()).unwrap_or_default();
            let rule = verdict.rule.as_deref().unwrap_or("-");
            println!(
                "  {} {} {:?} {} {}",
                one.address,
                one.action.name(),
                one.status,
                verdict.reason,
                verdict.class
            );
            println!("    {rule} [{found}] {:?} {}", one.source, one.diagnostic);
        }
        if let Some(original) = &report.original {
            println!("  original {:?}", original.message_id);
        }
        for warning in &report.warnings {
            println!("  {warning:?}");
        }
    }
    Ok(())
}
