use super::*;

fn kinds(text: &str) -> Vec<Kind> {
    lines(text).into_iter().map(|line| line.kind).collect()
}

#[test]
fn quotes_and_their_attributions() {
    use Kind::{Attribution, Own, Quoted};
    assert_eq!(kinds("a\n> b\n>> c\n> > d"), [Own, Quoted(1), Quoted(2), Quoted(2)]);
    for line in [
        "On Fri, 3 Jan 2003 at 10:00, Zoe <zoe@example.org> wrote:",
        "Am 03.01.2003 um 10:00 schrieb Zo\u{eb}:",
        "Le ven. 3 janv. 2003 \u{e0} 10:00, Zo\u{eb} <zoe@example.org> a \u{e9}crit :",
        "\u{5728} 2003\u{5e74}1\u{6708}3\u{65e5}\u{ff0c}Zoe \u{5199}\u{9053}\u{ff1a}",
        "3 \u{44f}\u{43d}\u{432}\u{430}\u{440}\u{44f} 2003 \u{433}., \u{417}\u{43e}\u{44f} \u{43d}\u{430}\u{43f}\u{438}\u{441}\u{430}\u{43b}:",
    ] {
        assert_eq!(kinds(&format!("{line}\n\n> b")), [Attribution, Own, Quoted(1)], "{line}");
    }
    assert_eq!(
        kinds("On Fri, 3 Jan 2003 at 10:00, Zoe\n<zoe@example.org> wrote:\n> b"),
        [Attribution, Attribution, Quoted(1)]
    );
    // no quote follows
    assert_eq!(kinds("As Zoe wrote:\nnothing"), [Own, Own]);
}

#[test]
fn the_armour_of_a_signed_text() {
    let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nFine.\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
    assert_eq!(snippet(text, 80), "Fine.");
}

#[test]
fn names_as_marks() {
    use Kind::{Own, Quoted};
    assert_eq!(kinds("zoe> At noon?\n  zoe> Or later?\n\nFine."), [Quoted(1), Quoted(1), Own, Own]);
    // once it may be anything
    assert_eq!(kinds("foo> bar\nif a > b\nif (a)> b"), [Own, Own, Own]);
}

#[test]
fn separators_of_outlook() {
    let text = "Fine.\n\n-----Urspr\u{fc}ngliche Nachricht-----\nVon: Zoe\nGesendet: Freitag\nAn: Joe\nBetreff: x\n\nAt noon?";
    assert_eq!(snippet(text, 80), "Fine.");
    let text = "Fine.\n________________________________\nFrom: Zoe\nSent: Friday\nTo: Joe\n\nAt noon?";
    assert_eq!(snippet(text, 80), "Fine.");
    let text = "Fine.\n\nFrom: Zoe\nDate: Friday\n\nAt noon?";
    assert_eq!(snippet(text, 80), "Fine.");
    assert_eq!(snippet("From: here we go\nand on", 80), "From: here we go and on");
}

#[test]
fn what_was_forwarded_is_shown() {
    let text = "---------- Forwarded message ---------\nAt noon?";
    assert_eq!(snippet(text, 80), "At noon?");
    assert_eq!(snippet("> only a quote\n>> of a quote", 80), "only a quote of a quote");
    assert_eq!(snippet("-- \nJoe", 80), "");
}

#[test]
fn flowed_text() {
    // RFC 3676 4.5: a change of depth ends a paragraph; 4.3: the signature never flows
    assert_eq!(unflow("> a \n>> b \nc \n-- \nJoe", false), "> a\n>> b\nc\n-- \nJoe\n");
    assert_eq!(unflow("ab \ncd", true), "abcd\n");
    assert_eq!(unflow(" >not a quote", false), ">not a quote\n");
}
