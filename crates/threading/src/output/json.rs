//! Threads as JSON: flat, since readers of JSON limit its depth and threads have none.

use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::Rule;
use crate::forest::NodeId;
use crate::view::{Card, Summary, View};

impl View<'_> {
    /// The threads for any format of serde: a list of threads, each with its summary and its messages in the order of the
    /// tree, parents in front of their children.
    #[must_use]
    pub const fn to_json(&self) -> Json<'_> {
        Json { view: *self }
    }
}

/// Serializes threads; see [`View::to_json`].
#[derive(Clone, Copy, Debug)]
pub struct Json<'v> {
    view: View<'v>,
}

#[derive(serde::Serialize)]
struct Thread<'v> {
    summary: Summary<'v>,
    messages: Messages<'v>,
}

struct Messages<'v> {
    view: View<'v>,
    root: NodeId,
}

#[derive(serde::Serialize)]
struct Message<'v> {
    /// Numbers from 0 in the order in which messages were given; absent for a missing root.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<usize>,
    depth: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<Rule>,
    #[serde(flatten)]
    card: Option<&'v Card>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    collapsed: bool,
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = self.view;
        serializer.collect_seq(
            view.roots()
                .into_iter()
                .map(|root| Thread { summary: view.summary(root), messages: Messages { view, root } }),
        )
    }
}

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let forest = self.view.forest();
        let mut messages = serializer.serialize_seq(None)?;
        for visit in forest.walk_under(self.root) {
            let message = forest.message(visit.node);
            messages.serialize_element(&Message {
                message,
                depth: visit.depth,
                parent: forest.parent(visit.node).and_then(|parent| forest.message(parent)),
                rule: message.map(|message| forest.rule(message)),
                card: self.view.card(visit.node),
                collapsed: self.view.is_collapsed(visit.node),
            })?;
        }
        messages.end()
    }
}
