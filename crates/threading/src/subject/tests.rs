use super::*;

fn base(value: &str) -> (String, bool) {
    let base = base_subject(value.as_bytes());
    (base.text.into_owned(), base.reply_or_forward)
}

#[test]
fn the_grammar_of_rfc_5256() {
    for (value, text, marked) in [
        ("Re: a", "a", true),
        ("  re \t[2] :  a  b ", "a b", true),
        ("[a] [b] c", "c", false),
        ("[a] [b]", "[b]", false),
        ("Re: [a] [b]", "[b]", true),
        ("[a] Re: [b] Fwd: c (FWD) (fwd)", "c", true),
        ("[fwd: Re: [x] a (fwd)]", "a", true),
        ("Re: [", "[", true),
        ("Reply: a", "Reply: a", false),
        ("re", "re", false),
        ("Re:", "", true),
        ("", "", false),
        ("=?iso-8859-1?q?Re:_=E9t=E9?=", "\u{e9}t\u{e9}", true),
    ] {
        assert_eq!(base(value), (text.to_owned(), marked), "{value}");
    }
}

#[test]
fn nested_marks_are_read_in_linear_time() {
    let many = 1 << 18;
    for value in [
        "Re: ".repeat(many) + "x",
        "[x]".repeat(many) + "x",
        "[fwd:".repeat(many) + "x" + &"]".repeat(many),
        "x".to_owned() + &" (fwd)".repeat(many),
    ] {
        assert_eq!(base(&value).0, "x");
    }
    assert_eq!(base(&"[".repeat(many)).0.len(), many);
}
