use proptest::prelude::*;
use regex::RegexBuilder;

use super::super::table::{attrs, css};

/// Pieces of which texts that are near a match are made, between bars.
const PIECES: &str = concat!(
    "¦ ¦  ¦\n¦\t¦,¦, ¦(¦)¦{¦}¦{{¦}}¦{{x}}¦#¦/¦^¦a¦x¦-¦+¦.¦e¦0¦1¦9¦42¦100¦:¦T¦Z¦2020-01-31T23:59¦",
    ":59¦.5¦+01:00¦tap:¦body¦visibility:¦hidden¦;¦<!--¦i-amphtml-¦I-AMPHTML-x¦_¦é¦ſ¦",
    "__amp_source_origin¦__amp_¦__AMP_SOURCE_ORIGIN¦amp-¦viewport¦VIEWPORT¦file¦image¦",
    "textContent¦TEXTCONTENT¦$p¦msdropzone¦import¦\u{212A}¦fade-in¦fade-in-scroll¦-scroll¦",
    "parallax¦none¦opacity¦transform¦1s¦-.5ms¦1e3s¦ease¦ease-in¦ease-in-out¦linear¦steps(¦",
    "steps(2, start)¦jump-end¦cubic-bezier(1, 2,3, .4)¦cubic-bezier(¦initial¦unset¦auto¦inherit¦",
    "blur(¦blur(1px)¦drop-shadow(0 0 rgba(0, 0, 0) 1px)¦rgb(¦hsl(1)¦I¦A",
);

#[test]
fn every_matcher_agrees_with_its_expression() {
    let all: Vec<_> = attrs::PATTERNS.iter().chain(css::PATTERNS).collect();
    let compiled: Vec<_> = all
        .iter()
        .map(|(regex, any_case, whole, _)| {
            // Braces that repeat nothing are literal to RE2.
            let regex =
                regex.replace("{{", "\\{\\{").replace("}}", "\\}\\}").replace("\\s*{\\s*", "\\s*\\{\\s*");
            let regex = if *whole { format!("\\A(?:{regex})\\z") } else { regex };
            // `\s`, `\d` and `\W` are ASCII's there.
            let regex = regex
                .replace("\\s", "[\\t\\n\\x0c\\r ]")
                .replace("\\d", "[0-9]")
                .replace("\\W", "[^0-9A-Za-z_]");
            let regex = regex.replace("\\S", "[^\\t\\n\\x0c\\r ]");
            RegexBuilder::new(&regex).case_insensitive(*any_case).build().unwrap()
        })
        .collect();
    let texts =
        proptest::collection::vec(proptest::sample::select(PIECES.split('¦').collect::<Vec<_>>()), 0..7);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(20_000));
    runner
        .run(&texts, |pieces| {
            let text = pieces.concat();
            for (compiled, (regex, _, _, pattern)) in compiled.iter().zip(&all) {
                prop_assert_eq!(compiled.is_match(&text), pattern.matches(&text), "{:?} in {}", text, regex);
            }
            Ok(())
        })
        .unwrap();
}
