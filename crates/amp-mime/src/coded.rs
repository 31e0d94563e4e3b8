//! Enums whose cases have a name in JSON and a sentence.

/// An enum with `ALL`, `code`, `text`, and `Serialize` as its code.
macro_rules! coded {
    ($(#[doc = $about:literal])+ $name:ident: $($(#[doc = $doc:literal])+ $case:ident, $code:literal, $text:literal;)+) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $doc])+ $case,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// The name in JSON.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$case => $code,)+ }
            }

            /// What it means and how to mend it, as a sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$case => $text,)+ }
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            /// As its code.
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

pub(crate) use coded;
