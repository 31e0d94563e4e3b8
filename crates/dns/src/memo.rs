//! What a reader made of a record, kept with the record.

use core::any::Any;
use core::hash::{Hash, Hasher};
use core::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::OnceLock;

/// What a [`Txt`](crate::Txt) may keep.
pub(crate) trait Keep: Any + Send + Sync + UnwindSafe + RefUnwindSafe {}

impl<T: Any + Send + Sync + UnwindSafe + RefUnwindSafe> Keep for T {}

/// A place that is filled once. It says nothing of the record: all are equal, and a copy is empty.
#[derive(Default)]
pub(crate) struct Memo(OnceLock<Box<dyn Keep>>);

impl Memo {
    pub(crate) fn get<T: Keep>(&self, make: impl FnOnce() -> T) -> Option<&T> {
        let kept: &dyn Any = &**self.0.get_or_init(|| Box::new(make()));
        kept.downcast_ref()
    }
}

impl Clone for Memo {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Memo {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Memo {}

impl Hash for Memo {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
