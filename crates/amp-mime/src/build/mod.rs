//! Building AMP e-mails of typed components, with HTML and text for clients that do not show AMP.
//!
//! What is built is valid: values are checked when they are made ([`Url`], [`Name`], [`Size`], [`Template`]), text is escaped where it
//! is put, so that it never becomes mark-up or a mustache tag, the scripts of the components are collected, and what cannot
//! stand inside one another is an error that names both.
//!
//! ```
//! use mailwright_amp_mime::build::{AmpEmail, Choice, Form, Input, Name, Template, Url, heading};
//! use mailwright_message_model::compose::Builder;
//! use mailwright_message_model::date::DateTime;
//!
//! let rsvp = Form::post(Url::https("https://events.example/rsvp")?)?
//!     .push(Input::text(Name::new("name")?, "Your name").required())
//!     .push(Choice::radio(Name::new("answer")?, "Will you come?").option("yes", "Yes").option("no", "No"))
//!     .submit("Send")
//!     .on_success(Template::text("Thank you, {{name}}!")?);
//! let email = AmpEmail::new()
//!     .online(Url::https("https://events.example/rsvp")?, "Answer in the browser")
//!     .push(heading(1, "Team dinner"))
//!     .push(rsvp)
//!     .build()?;
//! assert!(email.text().contains("Will you come?\n- Yes\n- No\n"));
//!
//! let octets = Builder::new()
//!     .from("rsvp@events.example")
//!     .to("zoe@example.org")
//!     .subject("Team dinner")
//!     .date(DateTime::from_unix(1_795_478_400, 0).unwrap())
//!     .body(email.to_part())
//!     .build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod boxes;
mod error;
mod field;
mod form;
mod fragment;
mod list;
mod media;
mod output;
mod state;
mod template;
mod value;
mod words;
mod write;

pub use boxes::{Accordion, Layout, Lightbox, Selector, Sidebar};
pub use error::{BuildError, BuildErrorKind};
pub use field::{Autocomplete, Choice, Input, checkbox, hidden, text_area};
pub use form::Form;
pub use fragment::{Fragment, MAX_DEPTH, MAX_DOCUMENT};
pub use list::List;
pub use media::{Carousel, Image};
pub use output::{AmpEmail, AmpOutput, alternative};
pub use state::{Macro, State};
pub use template::{Template, TemplateUrl};
pub use value::{Expression, MAX_URL, Name, Size, Url};
pub use words::{Action, bound_text, button, fit_text, heading, link, paragraph, rule, timeago};
