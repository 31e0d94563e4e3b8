//! What the rules say to a reply.

use super::normal::Normal;
use super::tables::{Context, Found, Tables};
use crate::reason::Command;
use crate::reply::Reply;

/// The rule that a reply answers to, with what was found on the way.
#[derive(Debug)]
pub(crate) struct Answer<'t> {
    /// The tables that the rule is of.
    pub(crate) tables: &'t Tables,
    pub(crate) found: Option<Found>,
    pub(crate) provider: Option<u16>,
    pub(crate) normal: Normal,
    /// The command that was answered, given or said.
    pub(crate) command: Option<Command>,
}

/// Asks a user's rules, then the built-in ones: those with a phrase first, then those with codes alone.
pub(crate) fn answer<'t>(builtin: &'t Tables, user: Option<&'t Tables>, reply: &Reply<'_>) -> Answer<'t> {
    let normal = Normal::of(reply.text);
    let hits = builtin.hits(&normal);
    let hosts = [reply.remote_host, reply.domain].into_iter().flatten();
    let (provider, command) = builtin.marks(&hits);
    let provider =
        provider.or_else(|| hosts.map(Normal::of).find_map(|host| builtin.marks(&builtin.hits(&host)).0));
    let context = Context { code: reply.code, status: reply.status, command: reply.command.or(command) };
    let mut silent = None;
    if let Some(user) = user {
        let hits = user.hits(&normal);
        // A provider's number is another one there.
        let name = provider.and_then(|number| builtin.providers.get(usize::from(number)));
        let provider = name
            .and_then(|name| user.providers.iter().position(|known| known == name))
            .and_then(|number| u16::try_from(number).ok())
            .or_else(|| user.marks(&hits).0);
        if let Some(found) = user.find(&hits, provider, &context) {
            return Answer { tables: user, found: Some(found), provider, normal, command: context.command };
        }
        silent = user.find_silent(&hits, provider, &context).map(|found| (user, found, provider));
    }
    if let Some(found) = builtin.find(&hits, provider, &context) {
        return Answer { tables: builtin, found: Some(found), provider, normal, command: context.command };
    }
    if let Some((user, found, provider)) = silent {
        return Answer { tables: user, found: Some(found), provider, normal, command: context.command };
    }
    let found = builtin.find_silent(&hits, provider, &context);
    Answer { tables: builtin, found, provider, normal, command: context.command }
}
