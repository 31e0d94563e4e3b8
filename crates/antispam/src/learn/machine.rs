//! Learned weights: a relaxed online support vector machine, and logistic regression, over the same features.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::Class;
use crate::content::{Digest, Features, VIEW_BITS, View};

/// How much each view weighs. Each is of length one by itself, whatever a message has of it.
const SHARES: [f64; View::COUNT] = [1.0, 1.0, 1.0, 0.5];

/// A message nearer to the boundary than this, or on its wrong side, moves it.
const MARGIN: f64 = 0.8;

/// Messages that are looked at again when the boundary moves: more gain little and cost in proportion.
pub(crate) const WINDOW: usize = 500;

/// A message that lay farther out when it was last looked at is not looked at again.
const NEAR: f64 = 1.1;

/// The most that one message can weigh.
pub(crate) const MOST: f64 = 100.0;

/// The step of the logistic regression.
const RATE: f64 = 8.0;

/// Logistic regression does not learn from what it knows to this much.
const SURE: f64 = 0.02;

/// A message that was learned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Example {
    pub(crate) digest: Digest,
    pub(crate) class: Class,
    pub(crate) views: [Box<[u32]>; View::COUNT],
}

impl Example {
    pub(crate) fn new(features: &Features, class: Class) -> Self {
        let views = View::ALL.map(|view| features.view(view).into());
        Self { digest: features.digest(), class, views }
    }
}

/// An example in the window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) example: Arc<Example>,
    /// How much it weighs in the boundary.
    pub(crate) alpha: f64,
    /// How far on its right side it lay when it was last looked at.
    pub(crate) margin: f64,
}

/// The two weights of one place: of the support vector machine, of the logistic regression.
pub(crate) type Weights = [f32; 2];

/// The weights, and the messages that they can still be moved by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    /// The tables of the views, one behind the other.
    pub(crate) table: Vec<Weights>,
    pub(crate) window: VecDeque<Kept>,
}

/// Where a message lies by each of the two, above 0 for spam.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sides {
    pub(crate) vector: f64,
    pub(crate) logistic: f64,
}

impl Default for Machine {
    fn default() -> Self {
        Self { table: vec![[0.0; 2]; View::COUNT << VIEW_BITS], window: VecDeque::new() }
    }
}

impl Machine {
    /// On which side a message lies, and how far.
    pub(crate) fn sides<V: AsRef<[u32]>>(&self, views: &[V; View::COUNT]) -> Sides {
        let mut sides = Sides::default();
        for ((table, slots), scale) in self.table.chunks(1 << VIEW_BITS).zip(views).zip(scales(views)) {
            let [vector, logistic] = sum(table, slots.as_ref());
            sides.vector += vector * scale;
            sides.logistic += logistic * scale;
        }
        sides
    }

    /// What one place adds to the sides of a message with `views`.
    pub(crate) fn share<V: AsRef<[u32]>>(&self, views: &[V; View::COUNT], view: View, slot: u32) -> Sides {
        let at = ((view as usize) << VIEW_BITS).saturating_add(slot as usize);
        let scale = scales(views).get(view as usize).copied().unwrap_or_default();
        let [vector, logistic] = self.table.get(at).copied().unwrap_or_default();
        Sides { vector: f64::from(vector) * scale, logistic: f64::from(logistic) * scale }
    }

    /// Learns a message.
    pub(crate) fn train(&mut self, example: Arc<Example>) {
        let sides = self.sides(&example.views);
        let target = f64::from(u8::from(example.class == Class::Spam));
        let error = target - sigmoid(sides.logistic);
        if error.abs() > SURE {
            self.add(&example, RATE * error, 1);
        }
        let margin = sign(example.class) * sides.vector;
        self.window.push_back(Kept { example, alpha: 0.0, margin });
        if self.window.len() > WINDOW {
            self.window.pop_front();
        }
        if margin < MARGIN {
            self.sweep();
        }
    }

    /// Moves the boundary by each near message of the window once, newest first.
    fn sweep(&mut self) {
        let mut window = std::mem::take(&mut self.window);
        let mut is_newest = true;
        for kept in window.iter_mut().rev() {
            if !std::mem::take(&mut is_newest) {
                if kept.margin > NEAR {
                    continue;
                }
                kept.margin = sign(kept.example.class) * self.sides(&kept.example.views).vector;
                if kept.margin > MARGIN && (kept.alpha == 0.0 || (1.0 - kept.margin).abs() < 0.05) {
                    continue;
                }
            }
            // The step that brings this message to a margin of one: its length is one.
            let alpha = (kept.alpha + 1.0 - kept.margin).clamp(0.0, MOST);
            let step = alpha - kept.alpha;
            if step.abs() > 1e-9 {
                kept.alpha = alpha;
                self.add(&kept.example, step * sign(kept.example.class), 0);
            }
        }
        self.window = window;
    }

    /// Adds `step` times the message to the weights of one learner.
    #[allow(clippy::cast_possible_truncation)]
    fn add(&mut self, example: &Example, step: f64, learner: usize) {
        let tables = self.table.chunks_mut(1 << VIEW_BITS);
        for ((table, slots), scale) in tables.zip(&example.views).zip(scales(&example.views)) {
            let step = (step * scale) as f32;
            for slot in slots {
                if let Some(weight) =
                    table.get_mut(*slot as usize).and_then(|weights| weights.get_mut(learner))
                {
                    *weight += step;
                }
            }
        }
    }
}

/// What each feature of a view counts, so that the whole message has length one.
fn scales<V: AsRef<[u32]>>(views: &[V; View::COUNT]) -> [f64; View::COUNT] {
    let mut whole = 0.0;
    for (slots, share) in views.iter().zip(SHARES) {
        whole += if slots.as_ref().is_empty() { 0.0 } else { share };
    }
    let mut scales = [0.0; View::COUNT];
    for ((scale, slots), share) in scales.iter_mut().zip(views).zip(SHARES) {
        let number = u32::try_from(slots.as_ref().len()).unwrap_or(u32::MAX);
        if number > 0 {
            *scale = (share / (whole * f64::from(number))).sqrt();
        }
    }
    scales
}

/// Sums of the weights of `slots`: in four lanes and a fixed order, so that the bits are always the same.
fn sum(table: &[Weights], slots: &[u32]) -> [f64; 2] {
    let mut lanes = [[0.0f64; 2]; 4];
    for four in slots.chunks(4) {
        for ([first, second], slot) in lanes.iter_mut().zip(four) {
            if let Some([vector, logistic]) = table.get(*slot as usize) {
                *first += f64::from(*vector);
                *second += f64::from(*logistic);
            }
        }
    }
    let [a, b, c, d] = lanes;
    [(a[0] + b[0]) + (c[0] + d[0]), (a[1] + b[1]) + (c[1] + d[1])]
}

const fn sign(class: Class) -> f64 {
    match class {
        Class::Ham => -1.0,
        Class::Spam => 1.0,
    }
}

pub(crate) fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(class: Class, slots: &[u32]) -> Arc<Example> {
        let views = [slots.into(), [1u32, 2].as_slice().into(), Box::default(), Box::default()];
        Arc::new(Example { digest: Digest::from_octets([0; 16]), class, views })
    }

    #[test]
    fn length_is_one() {
        let views = &example(Class::Ham, &[1, 2, 3]).views;
        let length: f64 =
            scales(views).iter().zip(views).map(|(scale, slots)| scale * scale * slots.len() as f64).sum();
        assert!((length - 1.0).abs() < 1e-12);
    }

    #[test]
    fn learns_what_tells_apart() {
        let mut machine = Machine::default();
        for n in 0..20 {
            machine.train(example(Class::Spam, &[10, 100 + n]));
            machine.train(example(Class::Ham, &[20, 200 + n]));
        }
        let spam = machine.sides(&example(Class::Spam, &[10, 999]).views);
        let ham = machine.sides(&example(Class::Spam, &[20, 999]).views);
        assert!(spam.vector > 0.3 && spam.logistic > 0.0 && ham.vector < -0.3 && ham.logistic < 0.0);
    }

    #[test]
    fn window_is_bounded() {
        let mut machine = Machine::default();
        (0..600).for_each(|n| machine.train(example(Class::Spam, &[n])));
        assert_eq!(machine.window.len(), WINDOW);
    }
}
