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

#[test]
fn localised_and_numbered_marks() {
    let rules = SubjectRules::default();
    for value in [
        "AW: WG: Sv: x",
        "Re[2]: Re(3): Re^4: Re5: x",
        "\u{56de}\u{590d}\u{ff1a}\u{8f49}\u{5bc4}: x",
        "\u{41e}\u{442}\u{432}\u{435}\u{442}: \u{130}LT: x",
        "Re\u{a0}: \u{ff32}\u{ff25}: x",
    ] {
        let base = rules.base(value.as_bytes());
        assert_eq!((&*base.text, base.reply_or_forward), ("x", true), "{value}");
        assert_eq!(rules.key(value.as_bytes()).text, "X", "{value}");
    }
    assert_eq!(base("AW: x"), ("AW: x".to_owned(), false));
    assert_eq!(rules.base(b"Ratio 3:4").text, "Ratio 3:4");
}

#[test]
fn blobs_by_rule() {
    let keep = SubjectRules::default();
    assert_eq!(keep.base(b"Re: [Job] Project Overview").text, "[Job] Project Overview");
    assert_eq!(keep.base(b"[list] Re: [a]b").text, "[list] [a]b");
    assert_eq!(keep.base(b"[fwd: [x] y]").text, "[x] y");
    let tags = Blobs::Tags(["LIST"].into_iter().collect());
    let tags = SubjectRules { blobs: tags, ..SubjectRules::default() };
    assert_eq!(tags.base(b"[list] Re: [Job] x").text, "[Job] x");
    assert_eq!(tags.base(b"[list]").text, "[list]");
}
