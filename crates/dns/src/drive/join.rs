//! Polls many futures together, without a runtime.

use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::Poll;

enum Slot<F: Future> {
    Running(Pin<Box<F>>),
    Done(F::Output),
}

/// The outputs, in the order of the futures. Every wake polls all that still run: their number is bounded by a round.
pub(super) async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output>
where
    F::Output: Unpin,
{
    let mut slots: Vec<Slot<F>> = futures.map(|future| Slot::Running(Box::pin(future))).collect();
    poll_fn(move |context| {
        let mut waiting = false;
        for slot in &mut slots {
            if let Slot::Running(future) = slot {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *slot = Slot::Done(output),
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting {
            return Poll::Pending;
        }
        let outputs = core::mem::take(&mut slots).into_iter();
        Poll::Ready(
            outputs
                .filter_map(|slot| match slot {
                    Slot::Done(output) => Some(output),
                    Slot::Running(_) => None,
                })
                .collect(),
        )
    })
    .await
}
