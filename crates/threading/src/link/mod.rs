//! RFC 5256 3 REFERENCES step 1: messages and the ids they name become nodes, linked child to parent.

mod ancestry;
mod names;

use std::borrow::Cow;

use crate::id::{Source, own_id, read_references};
use crate::{Error, ErrorKind, Header, IdMode, Limits, Rule};
use ancestry::Ancestry;
use names::Names;

/// No node, no message.
pub(crate) const NONE: u32 = u32::MAX;

/// The nodes of all messages and of all ids that messages name.
#[derive(Default)]
pub(crate) struct Links {
    /// The parent of each node.
    pub(crate) parent: Vec<u32>,
    /// The message of each node; [`NONE`] where the id is only named.
    pub(crate) message: Vec<u32>,
    /// The node of each message.
    pub(crate) node: Vec<u32>,
    /// Messages that lost ids or octets to a limit, ascending.
    pub(crate) cut: Vec<u32>,
    /// What each message names its parent by.
    pub(crate) rules: Vec<Rule>,
}

/// Reads messages one after the other.
pub(crate) struct Linker<'a> {
    links: Links,
    names: Names<'a>,
    ancestry: Ancestry,
    mode: IdMode,
    limits: Limits,
    references: Vec<Cow<'a, [u8]>>,
}

impl<'a> Linker<'a> {
    pub(crate) fn new(mode: IdMode, limits: Limits) -> Self {
        Self {
            links: Links::default(),
            names: Names::default(),
            ancestry: Ancestry::default(),
            mode,
            limits,
            references: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, header: &Header<'a>) -> Result<(), Error> {
        let message = u32::try_from(self.links.node.len()).ok().filter(|message| *message < NONE);
        let message = message.ok_or(Error::new(ErrorKind::TooManyMessages))?;
        let own = own_id(header, self.mode, &self.limits);
        let mut references = std::mem::take(&mut self.references);
        let (source, cut) = read_references(header, self.mode, &self.limits, &mut references);
        let last = self.add_ids(message, own, references.drain(..))?;
        self.references = references;
        self.links.rules.push(match source {
            _ if last == NONE => Rule::Start,
            Source::References => Rule::References,
            Source::InReplyTo => Rule::InReplyTo,
        });
        if cut {
            self.links.cut.push(message);
        }
        Ok(())
    }

    /// Adds a message by its ids: the node of its parent.
    pub(crate) fn add_ids(
        &mut self,
        message: u32,
        own: Option<Cow<'a, [u8]>>,
        references: impl Iterator<Item = Cow<'a, [u8]>>,
    ) -> Result<u32, Error> {
        let node = self.message_node(own, message)?;
        self.links.node.push(node);
        // RFC 5256 3 REFERENCES 1.A: the ids named are ancestors, oldest first
        let mut last = NONE;
        for id in references {
            let named = self.named_node(id)?;
            if last != NONE {
                self.link(named, last);
            }
            last = named;
        }
        // 1.B: the last one is the parent; what others said about it before is dropped even if the new link is refused
        let before = self.parent(node);
        if before != NONE && before != last {
            self.ancestry.cut(&mut self.links.parent, node);
        }
        if last != NONE {
            self.link(node, last);
        }
        Ok(last)
    }

    pub(crate) fn finish(self) -> Links {
        self.links
    }

    /// The node of a new message. RFC 5256 3 REFERENCES 1: without a Message-ID, or with that of an earlier message, it
    /// gets a node that no id leads to.
    fn message_node(&mut self, own: Option<Cow<'a, [u8]>>, message: u32) -> Result<u32, Error> {
        let own = match own {
            Some(id) => self.named_node(id)?,
            None => return self.new_node(message),
        };
        match self.links.message.get_mut(own as usize) {
            Some(place) if *place == NONE => {
                *place = message;
                Ok(own)
            }
            _ => self.new_node(message),
        }
    }

    fn named_node(&mut self, id: Cow<'a, [u8]>) -> Result<u32, Error> {
        match self.names.find(&id) {
            Ok(node) => Ok(node),
            Err(hash) => {
                let node = self.new_node(NONE)?;
                self.names.insert(hash, id, node);
                Ok(node)
            }
        }
    }

    fn new_node(&mut self, message: u32) -> Result<u32, Error> {
        let node = self.links.parent.len();
        if node >= crate::MAX_NODES {
            return Err(Error::new(ErrorKind::TooManyIds));
        }
        self.links.parent.push(NONE);
        self.links.message.push(message);
        u32::try_from(node).map_err(|_| Error::new(ErrorKind::TooManyIds))
    }

    fn parent(&self, node: u32) -> u32 {
        self.links.parent.get(node as usize).copied().unwrap_or(NONE)
    }

    /// RFC 5256 3 REFERENCES 1.A: a link that exists stays, and none may close a loop.
    fn link(&mut self, child: u32, parent: u32) {
        if self.parent(child) == NONE {
            self.ancestry.link(&mut self.links.parent, child, parent);
        }
    }
}
