use super::answer::{Trees, same_text, same_trees};
use crate::case::Verdict;

#[test]
fn parents_and_company_of_the_example_in_rfc_5256() {
    // RFC 5256 4: 3 has the child 6, which has the children 4 and 44
    let text = "(2)(3 6 (4 23)(44 7 96))";
    let trees = |text: &str| Trees::parse(&text.replace("96", "5").replace("44", "8").replace("23", "1"), 8);
    assert!(trees(text).is_ok());
    assert_eq!(same_trees("((3)(4))(1 2)", "(1 2)((4)(3))", 4), Verdict::Right);
    // under a missing root there is no parent, but company
    assert_ne!(same_trees("((3)(4))(1 2)", "(3)(4)(1 2)", 4), Verdict::Right);
    assert_ne!(same_trees("(1 (2)(3))", "(1 2 3)", 3), Verdict::Right);
}

#[test]
fn what_is_no_answer_is_refused() {
    for text in ["(1", "1", "(1))", "(1)(1)", "(2)", "(1)(3)", "(1 x)", "(1 2)"] {
        assert!(Trees::parse(text, 1).is_err(), "{text}");
    }
    assert_ne!(same_text("(1)(2)", "(1 2)"), Verdict::Right);
}
