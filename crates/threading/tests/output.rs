//! What is written of threads.

use mailwright_threading::view::{Card, Folds, View};
use mailwright_threading::{Forest, Header, Options, thread};

fn mail<'a>(id: &'a str, references: &'a str, from: &'a str, subject: &'a str) -> Header<'a> {
    Header {
        message_id: id.as_bytes(),
        references: references.as_bytes(),
        from: from.as_bytes(),
        subject: subject.as_bytes(),
        sent: Some(86_400),
        ..Header::default()
    }
}

fn small() -> Vec<Header<'static>> {
    vec![
        mail("<1@a>", "", "Zoe <zoe@a.example>", "lunch"),
        mail("<2@a>", "<1@a>", "\u{4f0a}\u{85e4} <ito@a.example>", "Re: lunch"),
        mail("<3@a>", "<1@a> <2@a>", "\"<b>Joe\" <joe@a.example>", "dinner & \"wine\""),
        mail("<4@a>", "<1@a>", "Eve <eve@a.example>", "Re: lunch"),
        mail("<5@a>", "<0@a>", "Al <al@a.example>", "a"),
        mail("<6@a>", "<0@a>", "Bo <bo@a.example>", "b"),
    ]
}

fn with<T>(headers: &[Header<'_>], folds: &Folds, use_view: impl Fn(&View<'_>) -> T) -> (Forest, T) {
    let forest = thread(headers.iter().copied(), &Options::default()).unwrap_or_default();
    let cards: Vec<Card> = headers.iter().zip(1..).map(|(header, key)| Card::of(header, key)).collect();
    let result = use_view(&View::new(&forest, &cards, folds));
    (forest, result)
}

#[test]
fn a_tree_of_lines() {
    let (_, text) = with(&small(), &Folds::default(), |view| view.to_text(80).to_string());
    assert_eq!(
        text,
        "Zoe  1970-01-02 00:00  lunch\n\
         ├─伊藤  1970-01-02 00:00\n\
         │ └─<b>Joe  1970-01-02 00:00  dinner & \"wine\"\n\
         └─Eve  1970-01-02 00:00  Re: lunch\n\
         (missing)\n\
         ├─Al  1970-01-02 00:00  a\n\
         └─Bo  1970-01-02 00:00  b\n"
    );
    let folds: Folds = [1].into_iter().collect();
    let (_, text) = with(&small()[..4], &folds, |view| view.to_text(0).to_string());
    assert_eq!(text, "Zoe  1970-01-02 00:00  [+3]  lunch\n");
}

#[test]
fn a_message_without_a_date_has_none() {
    let undated = [Header { sent: None, ..mail("<1@a>", "", "Zoe <zoe@a.example>", "lunch") }];
    let (_, text) = with(&undated, &Folds::default(), |view| view.to_text(80).to_string());
    assert_eq!(text, "Zoe  lunch\n");
    let (_, page) = with(&undated, &Folds::default(), |view| view.to_html("t").to_string());
    assert!(!page.contains("<time"), "{page}");
}

#[test]
fn lines_are_cut_by_columns_not_characters() {
    let wide = "\u{4f0a}".repeat(100);
    let (_, text) =
        with(&[mail("<1@a>", "", &wide, "x")], &Folds::default(), |view| view.to_text(41).to_string());
    // 20 characters of two columns, and the ellipsis
    assert_eq!(text, format!("{}\u{2026}\n", "\u{4f0a}".repeat(20)));
}

#[test]
fn a_page_that_escapes_and_closes_what_it_opens() {
    let folds: Folds = [2].into_iter().collect();
    let (_, html) = with(&small(), &folds, |view| view.to_html("a <b>").to_string());
    assert!(html.contains("&lt;b&gt;Joe") && html.contains("dinner &amp; &quot;wine&quot;"), "{html}");
    assert!(!html.contains("<b>") && !html.contains("<script"));
    for element in ["details", "ul", "li", "summary", "div", "span", "bdi", "time"] {
        let (open, close) = (format!("<{element}"), format!("</{element}>"));
        assert_eq!(html.matches(&open).count(), html.matches(&close).count(), "{element}");
    }
    assert_eq!(html.matches("<details open>").count() + html.matches("<details>").count(), 3);
    assert_eq!(html.matches("<details>").count(), 1, "what is folded away is closed");
}

#[test]
fn a_graph() {
    let (_, dot) = with(&small()[..3], &Folds::default(), |view| view.to_dot().to_string());
    assert!(dot.contains("  n2 [label=\"<b>Joe\\ndinner & \\\"wine\\\"\"];\n  n1 -> n2;\n"), "{dot}");
}

#[cfg(feature = "serde")]
#[test]
fn json_is_flat() {
    let (_, json) = with(&small(), &Folds::default(), |view| serde_json::to_value(view.to_json()).unwrap());
    assert_eq!(json[0]["summary"]["messages"], 4);
    assert_eq!(json[0]["messages"][2]["parent"], 1);
    assert_eq!(json[0]["messages"][2]["rule"], "References");
    assert_eq!(json[1]["messages"][0], serde_json::json!({ "depth": 0 }));
}

/// On a stack of 256 KiB, as a server may have for a request.
#[test]
fn depth_is_no_danger() {
    let ids: Vec<String> = (0..20_000).map(|id| format!("<{id}@a>")).collect();
    let headers: Vec<Header<'_>> = ids
        .iter()
        .zip(std::iter::once("").chain(ids.iter().map(String::as_str)))
        .map(|(id, above)| mail(id, above, "Zoe <zoe@a.example>", "x"))
        .collect();
    let work = || {
        with(&headers, &Folds::default(), |view| {
            view.to_text(80).to_string().len()
                + view.to_html("x").to_string().len()
                + view.to_dot().to_string().len()
        })
    };
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(256 << 10).spawn_scoped(scope, work);
        let (forest, written) = worker.expect("a thread").join().expect("no overflow");
        assert_eq!(forest.roots().len(), 1);
        assert!(written > 20_000);
    });
}
