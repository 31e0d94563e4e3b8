//! What a domain says to a client that fails (RFC 7208 6.2).

use mailwright_dns::{Dns, Missing, Name, Txt};

use super::{Evaluation, Frame, Stop, shorten};
use crate::limits::MAX_EXPLANATION_BYTES;
use crate::macros::{MacroString, Place, Values};
use crate::trace::Observer;

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// The explanation of the record that failed. Whatever is wrong with it, there is none then (RFC 7208 6.2).
    pub(super) fn explanation(&mut self, frame: &Frame) -> Result<Option<String>, Stop> {
        let Some(target) = frame.record.exp() else { return Ok(None) };
        if target.needs_client_name() {
            self.client_name(frame)?;
        }
        let mut domain = String::new();
        target.expand(&Values { domain: &frame.domain, ..self.values() }, &mut domain);
        let Ok(name) = Name::new(shorten(domain)) else { return Ok(None) };
        let texts = match self.dns.txt(&name) {
            Ok(texts) => texts,
            Err(Missing::Pending) => return Err(Stop::Pending),
            Err(_) => return Ok(None),
        };
        let [text] = &*texts else { return Ok(None) };
        let Some(text) = Txt::to_str(text).filter(|text| text.len() <= MAX_EXPLANATION_BYTES) else {
            return Ok(None);
        };
        let Ok(text) = MacroString::parse(text, Place::Explanation) else { return Ok(None) };
        if text.needs_client_name() {
            self.client_name(frame)?;
        }
        let mut explanation = String::new();
        text.expand(&Values { domain: &frame.domain, ..self.values() }, &mut explanation);
        Ok(Some(explanation).filter(|explanation| explanation.len() <= MAX_EXPLANATION_BYTES))
    }

    /// Too many void look-ups on the way to `%{p}` leave it unknown: the verdict stands already.
    fn client_name(&mut self, frame: &Frame) -> Result<(), Stop> {
        let frames = std::mem::take(&mut self.frames);
        self.frames.push(Frame {
            domain: frame.domain.clone(),
            name: frame.name,
            record: std::sync::Arc::clone(&frame.record),
            next: frame.next,
            included_by: None,
        });
        let found = self.look_up_client_name();
        self.frames = frames;
        match found {
            Err(Stop::Pending) => Err(Stop::Pending),
            _ => Ok(()),
        }
    }
}
