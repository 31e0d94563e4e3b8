//! Any steps on an index in memory, beside one that is slow and cannot be wrong.
#![no_main]

#[path = "../../crates/threading/tests/model/mod.rs"]
mod model;

use libfuzzer_sys::fuzz_target;
use mailwright_threading::index::Index;
use model::{Mail, Model, Step};

/// Steps of one run: the model is slow.
const MOST: usize = 64;

fuzz_target!(|data: &[u8]| {
    let mut octets = data.iter().copied();
    let mut model = Model::new(Index::in_memory());
    for _ in 0..MOST {
        let Some(step) = step(&mut octets) else { break };
        let undo_at_once = octets.next().is_some_and(|octet| octet % 2 == 1);
        model.step(&step, undo_at_once);
    }
});

/// An octet says what to do, those behind it with what.
fn step(octets: &mut impl Iterator<Item = u8>) -> Option<Step> {
    let what = octets.next()?;
    let mut number = |below: u8| octets.next().map(|octet| octet % below);
    let small = number(24)?;
    let key = u64::from(small);
    Some(match what % 16 {
        0..=6 => {
            let own = number(32)?;
            let count = number(5)?;
            let refs = (0..count).map(|_| number(24)).collect::<Option<Vec<u8>>>()?;
            // a few have no identifier of their own
            Step::Insert(key, Mail { own: (own < 28).then_some(own), refs, arrived: number(4)? })
        }
        7 | 8 => Step::Remove(key),
        9 | 10 => Step::Split(key),
        11 | 12 => Step::Join(key, number(24)?.into()),
        13 => Step::Mute(key, number(2)? == 1),
        14 => Step::Mark(key, number(4)?.into()),
        _ => Step::Undo(small.into()),
    })
}
