use super::*;

fn visible(source: &str) -> String {
    Html::read(source).visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn text_as_it_is_shown() {
    assert_eq!(visible("<p>one <b>two</b>three</p><p>four"), "one twothree four");
    assert_eq!(visible("a<br>b<td>c"), "a b c");
    assert_eq!(visible("a &lt; b &amp;&nbsp;&#99;&#x64; &bogus; &"), "a < b & cd &bogus; &");
    assert_eq!(visible("<style>x{}</style><script>if (a<b) {}</script>seen<title>t</title>"), "seen");
    assert_eq!(visible("1 < 2 <3 a<b"), "1 < 2 <3 a");
    assert_eq!(visible("x <a title='>' href=\"y\">z</a>"), "x z");
    assert_eq!(visible("<img alt=\"unclosed>text</b>"), "text");
}

#[test]
fn hidden_text() {
    for (source, what) in [
        ("<div style='display: none'>secret</div>open", "display"),
        ("<span style=\"visibility:hidden\">secret</span>open", "visibility"),
        ("<font color=white>secret</font>open", "white on white"),
        (
            "<body bgcolor=#000000><font color='#010101'>secret</font><font color=red>open</font>",
            "black on black",
        ),
        ("<span style='font-size:0'>secret</span>open", "size"),
        ("<span style='font-size:1px'>secret</span>open", "small"),
        ("<p hidden>secret</p>open", "attribute"),
        ("<div style='opacity:0'><p>secret</p></div>open", "opacity of the parent"),
    ] {
        let html = Html::read(source);
        assert_eq!(html.hidden, "secret", "{what}");
        assert_eq!(html.visible.trim(), "open", "{what}");
    }
    let honest = "<table bgcolor=black><tr><td><font color=white>shown</font></td></tr></table>";
    assert_eq!(Html::read(honest).hidden, "");
}

#[test]
fn links_and_what_they_show() {
    let html = Html::read(
        "<A HREF=' http://a.example/x\n'>http://<b>b</b>.example</A> <a href=mailto:x@y>m</a><img src=p width=1>",
    );
    let link = |target: &str, text: &str| Link { target: target.into(), text: text.into(), has_image: false };
    assert_eq!(html.links, [link("http://a.example/x", "http://b.example"), link("mailto:x@y", "m")]);
    assert!(html.images[0].is_tiny);
    assert!(Html::read("<a href=x><img src=y></a>").links[0].has_image);
}

#[test]
fn tricks_are_counted() {
    let html = Html::read("V<!-- x -->iag<zork>ra &#86;&#105; v\u{200b}i\u{ad}agra <!-- y -->");
    let counts = html.counts;
    assert_eq!((counts.split_words, counts.comments, counts.unknown_tags), (2, 2, 1));
    assert_eq!((counts.needless_entities, counts.zero_width), (2, 2));
    assert!(html.visible.starts_with("Viagra Vi viagra"));
    let html = Html::read("<form><input type=password></form><iframe src=x></iframe><p onclick='x()'></b>");
    let counts = html.counts;
    assert_eq!(
        (counts.forms, counts.passwords, counts.frames, counts.scripts, counts.unopened),
        (1, 1, 1, 1, 1)
    );
}

#[test]
fn known_elements_are_sorted() {
    // The search is binary.
    for name in ["a", "xmp", "font", "h6", "wbr"] {
        assert_eq!(Html::read(&format!("<{name}>")).counts.unknown_tags, 0, "{name}");
    }
}

/// Openers without end stay linear and bounded.
#[test]
fn deep_nesting() {
    let html = Html::read(&"<div>".repeat(100_000));
    assert_eq!(html.counts.tags, 100_000);
    let html = Html::read(&"<a href=x>".repeat(10_000));
    assert_eq!(html.links.len(), MAX_LINKS);
    for unit in
        ["<", "<a \"", "<!--", "<a b=\"", "<a b=\"><i c='>", "<script>", "</script", "&#", "<a b=\"\" c='"]
    {
        assert!(Html::read(&unit.repeat(100_000)).links.len() <= MAX_LINKS, "{unit}");
    }
}
