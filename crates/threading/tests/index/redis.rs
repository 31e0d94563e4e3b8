//! The same in Redis, and in a cluster of it.

use std::sync::atomic::{AtomicU32, Ordering};

use mailwright_threading::index::store::{Memory, Redis};
use mailwright_threading::index::{Index, Kind, partition};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::model::{Mail, Model, Text};
use crate::server::{Server, cluster};
use crate::{header, mail, parts, steps, threads};

/// An empty index in a server.
fn fresh(url: &str, shards: u16) -> Redis {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Redis::with(url, &format!("test{number}"), shards).unwrap()
}

/// Runs a property as often as some tests of a store on one machine do.
fn holds<T: std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
    property: impl Fn(T) -> Result<(), TestCaseError>,
) {
    let config = ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    runner.run(&strategy, property).unwrap();
}

#[test]
fn as_the_model() {
    let Some(server) = Server::start(false) else { return };
    holds((steps(), 1..9_u16), |(steps, shards)| {
        let mut model = Model::new(Index::new(fresh(&server.url(), shards)));
        steps.iter().for_each(|(step, undo)| model.step(step, *undo));
        Ok(())
    });
}

#[test]
fn as_in_memory() {
    let Some(server) = Server::start(false) else { return };
    holds((prop::collection::vec(mail(), 0..40), any::<bool>()), |(mails, at_once)| {
        let mails: Vec<(u64, Mail)> = (0..).zip(mails).collect();
        let mut index = Index::new(fresh(&server.url(), 8));
        if at_once {
            let texts: Vec<Text> = mails.iter().map(|(_, mail)| Text::of(mail)).collect();
            let all = mails.iter().zip(&texts).map(|((key, mail), text)| (*key, text.header(mail)));
            let mut told = std::collections::BTreeMap::new();
            for (change, (key, _)) in index.insert_all(all).unwrap().iter().zip(&mails) {
                for moved in &change.moved {
                    prop_assert_eq!(told.insert(moved.key, moved.to), Some(moved.from));
                }
                told.insert(*key, change.thread.unwrap());
            }
            for (key, thread) in told {
                prop_assert_eq!(index.thread_of(key).unwrap(), Some(thread));
            }
        }
        prop_assert_eq!(parts(index, &mails), parts(Index::in_memory(), &mails));
        Ok(())
    });
}

/// Conversations that meet now and then, as two programs would put them in.
fn mails(count: u64) -> Vec<(u64, Mail)> {
    let id = |number: u64| u8::try_from(number % 256).unwrap();
    let mail =
        |key: u64| Mail { own: Some(id(key)), refs: vec![id(key / 5), id(key * 3 % 200)], arrived: id(key) };
    (0..count).map(|key| (key, mail(key))).collect()
}

/// Several connections put in what is theirs of `mails`, each in another order, at once.
fn at_once(url: &str, prefix: &str, mails: &[(u64, Mail)], writers: usize) {
    std::thread::scope(|scope| {
        for writer in 0..writers {
            scope.spawn(move || {
                let mut index = Index::new(Redis::with(url, prefix, 16).unwrap());
                let mut own: Vec<_> = mails.iter().skip(writer).step_by(writers).collect();
                if writer % 2 == 1 {
                    own.reverse();
                }
                for (key, mail) in own {
                    index.insert(*key, &Text::of(mail).header(mail)).unwrap();
                }
            });
        }
    });
}

fn all_parts(index: &mut Index<Redis>, mails: &[(u64, Mail)]) -> Vec<Vec<u64>> {
    let keys: Vec<u64> = mails.iter().map(|(key, _)| *key).collect();
    let found = index.threads_of(&keys).unwrap();
    let found: Vec<_> = keys.iter().zip(found).map(|(key, thread)| (*key, thread.unwrap())).collect();
    for thread in index.threads().unwrap() {
        let members: Vec<u64> = index.members(thread).unwrap().iter().map(|entry| entry.key).collect();
        assert!(members.iter().all(|key| found.contains(&(*key, thread))), "{thread}");
        assert_eq!(members.len(), found.iter().filter(|(_, other)| *other == thread).count());
    }
    partition(&found)
}

#[test]
fn writers_at_once_reach_the_state_of_one() {
    let Some(server) = Server::start(false) else { return };
    for round in 0..6 {
        let mails = mails(40 + 40 * round);
        let prefix = format!("round{round}");
        at_once(&server.url(), &prefix, &mails, 4);
        let mut index = Index::new(Redis::with(&server.url(), &prefix, 16).unwrap());
        assert_eq!(all_parts(&mut index, &mails), parts(Index::in_memory(), &mails));
        // each thread is named after the message that came first, wherever that was
        let state = index.state().unwrap();
        let created = index.changes(&vec!["0"; 16].join("."), usize::MAX).unwrap().created;
        let mut live: Vec<String> = index.threads().unwrap().iter().map(ToString::to_string).collect();
        let mut created = created;
        created.sort();
        live.sort();
        assert_eq!(created, live);
        assert!(index.changes(&state, 1).unwrap().created.is_empty());
    }
}

#[test]
fn removals_and_inserts_at_once_end_as_the_union() {
    let Some(server) = Server::start(false) else { return };
    let mails = mails(120);
    let (kept, gone): (Vec<_>, Vec<_>) = mails.iter().cloned().partition(|(key, _)| key % 3 != 0);
    let (first, late): (Vec<_>, Vec<_>) = kept.iter().cloned().partition(|(key, _)| key % 2 == 0);
    at_once(&server.url(), "both", &[gone.clone(), first].concat(), 1);
    std::thread::scope(|scope| {
        let url = server.url();
        scope.spawn(move || {
            let mut index = Index::new(Redis::with(&url, "both", 16).unwrap());
            gone.iter().for_each(|(key, _)| _ = index.remove(*key).unwrap());
        });
        let url = server.url();
        scope.spawn(move || at_once(&url, "both", &late, 2));
    });
    let mut index = Index::new(Redis::with(&server.url(), "both", 16).unwrap());
    assert_eq!(all_parts(&mut index, &kept), parts(Index::in_memory(), &kept));
}

#[test]
fn a_reply_costs_one_round_trip() {
    let Some(server) = Server::start(false) else { return };
    let mut store = fresh(&server.url(), 64);
    let mut trips = Vec::new();
    for (key, own, refs) in
        [(1, "<1@a>", ""), (2, "<2@a>", "<1@a>"), (3, "<3@a>", "<1@a> <2@a>"), (4, "<4@b>", "<9@b>")]
    {
        let before = store.round_trips();
        let mut index = Index::new(store);
        index.insert(key, &header(own.as_bytes(), refs.as_bytes(), 1)).unwrap();
        store = index.into_store();
        trips.push(store.round_trips() - before);
    }
    // the first call finds that the server does not know the script
    assert_eq!(trips[1..], [1, 1, 1]);
}

#[test]
fn what_a_process_left_is_finished() {
    let Some(server) = Server::start(false) else { return };
    let mut index = Index::new(Redis::with(&server.url(), "left", 1).unwrap());
    index.insert(1, &header(b"<1@a>", b"", 1)).unwrap();
    // a lock of a process that died long ago, before it had written down what to do
    let token = "0123456789abcdef";
    let place = redis::cmd("HGETALL")
        .arg("left{0}n")
        .query::<Vec<Vec<u8>>>(&mut redis::Client::open(server.url()).unwrap().get_connection().unwrap());
    let mut field = b"i".to_vec();
    field.extend(&place.unwrap()[0]);
    let lock: redis::Value = redis::cmd("HSET")
        .arg("left{0}x")
        .arg(field)
        .arg(format!("{token}1"))
        .query(&mut redis::Client::open(server.url()).unwrap().get_connection().unwrap())
        .unwrap();
    assert_eq!(lock, redis::Value::Int(1));
    index.insert(2, &header(b"<2@a>", b"<1@a>", 2)).unwrap();
    assert_eq!(index.threads().unwrap().len(), 1);
    index.remove(1).unwrap();
    assert_eq!(threads(&mut index, &[1])[0], 0);
}

#[test]
fn a_store_that_is_down_is_named() {
    let Some(mut server) = Server::start(false) else { return };
    let mut index = Index::new(fresh(&server.url(), 4));
    index.insert(1, &header(b"<1@a>", b"", 1)).unwrap();
    server.kill();
    for done in [index.insert(2, &header(b"<2@a>", b"", 1)), index.remove(1), index.join(1, 1)] {
        let error = done.unwrap_err();
        assert_eq!(error.kind(), Kind::Store);
        assert!(error.to_string().starts_with(&format!("redis {}: ", server.url())), "{error}");
    }
    assert!(Redis::open(&server.url()).is_err());
}

#[test]
fn a_cluster_of_which_one_node_is_killed() {
    let Some(mut nodes) = cluster() else { return };
    let urls: Vec<String> = nodes.iter().map(Server::url).collect();
    let urls = urls.join(",");
    let mails = mails(200);
    let (before, after) = mails.split_at(100);
    at_once(&urls, "c", before, 2);
    let mut index = Index::new(Redis::with(&urls, "c", 16).unwrap());
    assert_eq!(all_parts(&mut index, before), parts(Index::in_memory(), before));

    nodes[1].kill();
    let mut refused = 0;
    for (key, mail) in after {
        match index.insert(*key, &Text::of(mail).header(mail)) {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error.kind(), Kind::Store);
                assert!(error.to_string().contains(&urls), "{error}");
                refused += 1;
            }
        }
        if refused > 5 {
            break;
        }
    }
    assert!(refused > 0);
    nodes[1].restart();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    for (key, mail) in after {
        // what was refused is made again
        while let Err(error) = index.insert(*key, &Text::of(mail).header(mail)) {
            assert!(std::time::Instant::now() < end, "{error}");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
    assert_eq!(all_parts(&mut index, &mails), parts(Index::in_memory(), &mails));
    let op = index.remove(7).unwrap().op.unwrap();
    index.undo(op).unwrap();
    assert_eq!(all_parts(&mut index, &mails), parts(Index::<Memory>::in_memory(), &mails));
}
