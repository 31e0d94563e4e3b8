//! The scripts. Each declares its keys, and all its keys are in one slot.

use std::sync::LazyLock;

use redis::{Cmd, Script, Value};

use super::names::Key;

macro_rules! scripts {
    ($($name:ident = $file:literal,)*) => {
        $(pub(super) static $name: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!($file)));)*

        /// The texts of all scripts.
        pub(super) fn all() -> impl Iterator<Item = &'static str> {
            [$(include_str!($file),)*].into_iter()
        }
    };
}

scripts! {
    MEET = "lua/meet.lua",
    PUT = "lua/put.lua",
    SWAP = "lua/swap.lua",
    FRESH = "lua/fresh.lua",
    ROOT = "lua/root.lua",
    SHORTEN = "lua/shorten.lua",
    ADOPT = "lua/adopt.lua",
    ALIAS = "lua/alias.lua",
    LOCK = "lua/lock.lua",
    PLACE = "lua/place.lua",
    THREAD = "lua/thread.lua",
    UNLOCK = "lua/unlock.lua",
    WALL = "lua/wall.lua",
    LOG = "lua/log.lua",
}

/// The call of a script.
pub(super) fn call(script: &Script, keys: &[Key], arguments: &[&[u8]]) -> Cmd {
    let mut command = redis::cmd("EVALSHA");
    command.arg(script.get_hash()).arg(keys.len());
    keys.iter().for_each(|key| _ = command.arg(key.as_slice()));
    arguments.iter().for_each(|argument| _ = command.arg(*argument));
    command
}

/// A plain command on one key.
pub(super) fn on(name: &str, key: &Key, arguments: &[&[u8]]) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(key.as_slice());
    arguments.iter().for_each(|argument| _ = command.arg(*argument));
    command
}

/// The octets of an answer; empty for none.
pub(super) fn octets(value: &Value) -> &[u8] {
    match value {
        Value::BulkString(octets) => octets,
        _ => &[],
    }
}

/// The elements of an answer.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) | Value::Set(values) => values,
        _ => &[],
    }
}

/// The number that an answer is.
pub(super) fn number(value: &Value) -> u64 {
    match value {
        Value::Int(number) => u64::try_from(*number).unwrap_or_default(),
        other => {
            std::str::from_utf8(octets(other)).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
        }
    }
}
