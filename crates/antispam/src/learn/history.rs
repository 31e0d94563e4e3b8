//! What was learned of late, so that any of it can be taken back to the bit.

use std::sync::Arc;

use super::machine::{Example, Machine};
use crate::content::Digest;

/// Of so many messages, the last that were learned, each can be taken back from the learned weights exactly. Two copies of the
/// weights are kept for it.
pub const MIN_EXACT: usize = 256;

/// Two copies of the weights as they were, and the messages learned since the older.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    /// `None` is the machine that knows nothing.
    older: Option<Box<Machine>>,
    newer: Option<Box<Machine>>,
    /// How many of the messages the newer copy knows.
    known: usize,
    examples: Vec<Arc<Example>>,
}

impl History {
    /// A history that begins with a machine whose past is not known.
    pub(super) fn starting_at(machine: &Machine) -> Self {
        Self { older: Some(Box::new(machine.clone())), ..Self::default() }
    }

    /// Learns `example` with `machine`, and remembers it.
    pub(super) fn train(&mut self, machine: &mut Machine, example: Arc<Example>) {
        if self.examples.len().saturating_sub(self.known) >= MIN_EXACT {
            if let Some(newer) = self.newer.replace(Box::new(machine.clone())) {
                self.older = Some(newer);
                self.examples.drain(..self.known);
            }
            self.known = self.examples.len();
        }
        self.examples.push(Arc::clone(&example));
        machine.train(example);
    }

    /// Makes `machine` what it were if the message had never been learned; `false` where that was too long ago.
    pub(super) fn untrain(&mut self, machine: &mut Machine, digest: Digest) -> bool {
        let Some(at) = self.examples.iter().rposition(|example| example.digest == digest) else {
            return false;
        };
        self.examples.remove(at);
        let from = match &self.newer {
            Some(newer) if at >= self.known => {
                machine.clone_from(newer);
                self.known
            }
            _ => {
                self.newer = None;
                self.known = 0;
                *machine = self.older.as_deref().cloned().unwrap_or_default();
                0
            }
        };
        for example in self.examples.iter().skip(from) {
            machine.train(Arc::clone(example));
        }
        true
    }
}
