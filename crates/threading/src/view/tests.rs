use super::*;
use crate::{Header, Merge, Options, SubjectPolicy, thread};

fn headers() -> Vec<Header<'static>> {
    let mail = |message_id, references, from, sent| Header {
        message_id,
        references,
        from,
        sent: Some(sent),
        ..Header::default()
    };
    vec![
        mail(b"<1@a>", b"", b"Zoe <z@a>", 1),
        mail(b"<2@a>", b"", b"Joe <j@a>", 2),
        mail(b"<3@a>", b"<1@a>", b"Joe <j@a>", 3),
        mail(b"<4@a>", b"<3@a>", b"\"Zoe\" <z@a>", 4),
        mail(b"<5@a>", b"<1@a>", b"A\x1b[31m <a@a>", 5),
    ]
}

fn forest(headers: &[Header<'_>]) -> Forest {
    let subject = SubjectPolicy { merge: Merge::Never, ..SubjectPolicy::default() };
    thread(headers.iter().copied(), &Options { subject, ..Options::default() }).unwrap()
}

fn cards(headers: &[Header<'_>]) -> Vec<Card> {
    headers.iter().zip(100..).map(|(header, key)| Card::of(header, key)).collect()
}

#[test]
fn folds_survive_growth() {
    let all = headers();
    let folds: Folds = [102].into_iter().collect();
    let shown = |count: usize| {
        let (forest, cards) = (forest(&all[..count]), cards(&all[..count]));
        let view = View::new(&forest, &cards, &folds);
        view.rows(forest.roots()[0]).map(|row| (row.visit.node.0, row.collapsed)).collect::<Vec<_>>()
    };
    assert_eq!(shown(3), [(0, false), (2, false)]);
    assert_eq!(shown(4), [(0, false), (2, true)]);
    assert_eq!(shown(5), [(0, false), (2, true), (4, false)]);
}

#[test]
fn summaries_and_orders() {
    let all = headers();
    let (forest, mut cards) = (forest(&all), cards(&all));
    cards[3].unread = true;
    let folds = Folds::default();
    let view = View::new(&forest, &cards, &folds);
    let summary = view.summary(forest.roots()[0]);
    assert_eq!((summary.messages, summary.unread, summary.oldest, summary.newest), (4, 1, 1, 5));
    assert_eq!(summary.participants, ["Zoe", "Joe", "A\u{fffd}[31m"]);
    let roots = |order| view.ordered(order).roots().iter().map(|root| root.0).collect::<Vec<_>>();
    assert_eq!(roots(Order::First), [0, 1]);
    assert_eq!(roots(Order::NewestFirst), [0, 1]);
    assert_eq!(roots(Order::NewestLast), [1, 0]);
}
