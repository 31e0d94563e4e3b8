//! The index against a slow one, for any steps; the same for every store.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails here fails")]

#[cfg(feature = "redb")]
#[path = "index/redb.rs"]
mod in_a_file;
#[cfg(feature = "redis")]
#[path = "index/redis.rs"]
mod in_redis;
mod model;
#[cfg(feature = "redis")]
#[path = "index/server.rs"]
mod server;

use mailwright_threading::index::{Flags, Index, Kind, Scope, partition};
use mailwright_threading::{Header, Limits};
use model::{Mail, Model, Step, Text};
use proptest::prelude::*;

fn mail() -> impl Strategy<Value = Mail> {
    (prop::option::weighted(0.9, 0..20_u8), prop::collection::vec(0..20_u8, 0..4), 0..4_u8)
        .prop_map(|(own, refs, arrived)| Mail { own, refs, arrived })
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..20_u64;
    prop_oneof![
        8 => (key.clone(), mail()).prop_map(|(key, mail)| Step::Insert(key, mail)),
        2 => key.clone().prop_map(Step::Remove),
        2 => key.clone().prop_map(Step::Split),
        2 => (key.clone(), key.clone()).prop_map(|(one, other)| Step::Join(one, other)),
        1 => (key.clone(), any::<bool>()).prop_map(|(key, whole)| Step::Mute(key, whole)),
        1 => (key, 0..4_u32).prop_map(|(key, flags)| Step::Mark(key, flags)),
        2 => (0..6_usize).prop_map(Step::Undo),
    ]
}

fn steps() -> impl Strategy<Value = Vec<(Step, bool)>> {
    prop::collection::vec((step(), any::<bool>()), 0..40)
}

/// The partition of an index that took `mails` in this order.
fn parts<S: mailwright_threading::index::store::Store>(
    mut index: Index<S>,
    mails: &[(u64, Mail)],
) -> Vec<Vec<u64>> {
    for (key, mail) in mails {
        index.insert(*key, &Text::of(mail).header(mail)).unwrap();
    }
    let threads: Vec<_> =
        mails.iter().map(|(key, _)| (*key, index.thread_of(*key).unwrap().unwrap())).collect();
    partition(&threads)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn in_memory_as_the_model(steps in steps()) {
        let mut model = Model::new(Index::in_memory());
        steps.iter().for_each(|(step, undo)| model.step(step, *undo));
    }

    #[test]
    fn the_order_of_arrival_decides_nothing(
        (mails, other) in prop::collection::vec(mail(), 0..30)
            .prop_map(|mails| (0..).zip(mails).collect::<Vec<(u64, Mail)>>())
            .prop_flat_map(|mails| (Just(mails.clone()), Just(mails).prop_shuffle()))
    ) {
        prop_assert_eq!(parts(Index::in_memory(), &mails), parts(Index::in_memory(), &other));
    }
}

fn header<'a>(message_id: &'a [u8], references: &'a [u8], arrived: i64) -> Header<'a> {
    Header { message_id, references, arrived, ..Header::default() }
}

/// Keys 1 to 4: a chain.
fn chain() -> Index<mailwright_threading::index::store::Memory> {
    let mut index = Index::in_memory();
    index.insert(1, &header(b"<1@a>", b"", 1)).unwrap();
    index.insert(2, &header(b"<2@a>", b"<1@a>", 2)).unwrap();
    index.insert(3, &header(b"<3@a>", b"<1@a> <2@a>", 3)).unwrap();
    index.insert(4, &header(b"<4@a>", b"<1@a>", 4)).unwrap();
    index
}

fn threads<S: mailwright_threading::index::store::Store>(index: &mut Index<S>, keys: &[u64]) -> Vec<u64> {
    index.threads_of(keys).unwrap().into_iter().map(|thread| thread.map_or(0, |thread| thread.0)).collect()
}

#[test]
fn later_replies_stay_where_a_split_put_them() {
    let mut index = chain();
    let split = index.split(2).unwrap();
    let off = split.appeared[0];
    assert_eq!(split.moved.iter().map(|moved| moved.key).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(index.insert(5, &header(b"<5@a>", b"<1@a> <2@a> <3@a>", 5)).unwrap().thread, Some(off));
    assert_eq!(
        index.insert(6, &header(b"<6@a>", b"<1@a> <4@a>", 6)).unwrap().thread,
        index.thread_of(1).unwrap()
    );
    // the references of a late reply that names none of the part do not bring it back
    assert_eq!(index.insert(7, &header(b"<7@a>", b"<1@a> <3@a> <5@a>", 7)).unwrap().thread, Some(off));
    let undone = index.undo(split.op.unwrap()).unwrap();
    assert_eq!(threads(&mut index, &[1, 2, 3, 4, 5, 6, 7]), [1; 7]);
    assert_eq!((undone.merged.len(), index.resolve(off).unwrap().0), (1, 1));
}

#[test]
fn removing_what_holds_two_together_parts_them_for_good() {
    let mut index = Index::in_memory();
    index.insert(1, &header(b"<1@a>", b"", 1)).unwrap();
    let second = index.insert(2, &header(b"<2@a>", b"", 2)).unwrap().thread.unwrap();
    let bridge = index.insert(3, &header(b"<3@a>", b"<1@a> <2@a>", 3)).unwrap();
    assert_eq!((bridge.merged[0].from, bridge.moved[0].key), (second, 2));
    let removed = index.remove(3).unwrap();
    // the id of the thread that was merged stays an alias
    assert_eq!(index.resolve(second).unwrap().0, 1);
    assert_eq!(index.thread_of(2).unwrap(), Some(removed.appeared[0]));
    assert_eq!(threads(&mut index, &[1]), [1]);
    index.undo(removed.op.unwrap()).unwrap();
    assert_eq!(threads(&mut index, &[1, 2, 3]), [1, 1, 1]);
}

#[test]
fn undoing_a_join_gives_the_thread_its_id_back() {
    let mut index = Index::in_memory();
    index.insert(1, &header(b"<1@a>", b"", 9)).unwrap();
    index.insert(2, &header(b"<2@a>", b"", 2)).unwrap();
    let join = index.join(2, 1).unwrap();
    assert_eq!(threads(&mut index, &[1, 2]), [1, 1]);
    index.undo(join.op.unwrap()).unwrap();
    assert_eq!(threads(&mut index, &[1, 2]), [1, 2]);
    assert_eq!(index.undo(join.op.unwrap()).unwrap_err().kind(), Kind::Undone(join.op.unwrap()));
}

#[test]
fn muted_and_folded() {
    let mut index = chain();
    let thread = index.thread_of(1).unwrap().unwrap();
    let mute = index.mute(2, Scope::Replies).unwrap();
    assert_eq!(index.muted(thread).unwrap(), [2, 3]);
    index.insert(5, &header(b"<5@a>", b"<3@a>", 5)).unwrap();
    assert_eq!(index.muted(thread).unwrap(), [2, 3, 5]);
    index.undo(mute.op.unwrap()).unwrap();
    assert!(index.muted(thread).unwrap().is_empty());
    index.mute(4, Scope::Thread).unwrap();
    assert_eq!(index.muted(thread).unwrap(), [1, 2, 3, 4, 5]);
    index.set_flags(3, Flags::FOLDED, Flags::default()).unwrap();
    assert_eq!(index.folds(thread).unwrap().keys(), [3]);
}

#[test]
fn over_a_limit_nothing_is_changed() {
    let limits = Limits { messages: 2, ids: 2, ..Limits::default() };
    let mut index =
        Index::with(mailwright_threading::index::store::Memory::new(), Default::default(), limits);
    assert!(index.insert(1, &header(b"<1@a>", b"<2@a> <3@a> <4@a>", 1)).unwrap().cut);
    // the id in the middle was dropped
    let other = index.insert(2, &header(b"<3@a>", b"", 2)).unwrap();
    assert_eq!(other.appeared.len(), 1);
    let state = index.state().unwrap();
    assert_eq!(index.insert(3, &header(b"<5@a>", b"", 3)).unwrap_err().kind(), Kind::TooManyMessages);
    assert_eq!((index.state().unwrap(), index.thread_of(3).unwrap()), (state, None));
}

#[test]
fn thread_changes_in_steps() {
    let mut index = chain();
    let mut state = "0".to_owned();
    let mut lists = Vec::new();
    loop {
        let changes = index.changes(&state, 2).unwrap();
        lists.push((changes.created.len(), changes.updated.len(), changes.destroyed.len()));
        state = changes.new_state;
        if !changes.has_more_changes {
            break;
        }
    }
    assert_eq!(lists, [(1, 0, 0), (0, 1, 0)]);
    assert_eq!(state, index.state().unwrap());
    assert_eq!(index.changes("x", 1).unwrap_err().kind(), Kind::State);
    let got = index.get(&["T1".parse().unwrap(), "T9".parse().unwrap()], |key| format!("M{key}")).unwrap();
    assert_eq!(
        (got.list[0].email_ids.join(" "), got.not_found),
        ("M1 M2 M3 M4".into(), vec!["T9".to_owned()])
    );
}

#[test]
fn one_that_is_refused_keeps_no_other_out() {
    let mut index = chain();
    let all = [(5, header(b"<5@a>", b"", 5)), (1, header(b"<9@a>", b"", 1)), (6, header(b"<6@a>", b"", 6))];
    assert_eq!(index.insert_all(all).unwrap_err().kind(), Kind::KeyInUse(1));
    assert!(threads(&mut index, &[5, 6]).iter().all(|thread| *thread != 0));
}
