//! What a domain says to a client that fails (RFC 7208 6.2).

use mailwright_dns::{Dns, Kind, Missing, Name, Records, Txt};

use super::frame::Frame;
use super::mechanism::shorten;
use super::{Evaluation, Stop};
use crate::limits::MAX_EXPLANATION_BYTES;
use crate::macros::{MacroString, Place};
use crate::trace::Observer;

impl<D: Dns + ?Sized, O: Observer> Evaluation<'_, '_, D, O> {
    /// The explanation of the record that failed, which is the innermost. Whatever is wrong with it, there is none then (RFC 7208 6.2).
    pub(super) fn explanation(&mut self) -> Result<Option<String>, Stop> {
        let wanted = self.frames.last().filter(|_| self.config.explanation);
        let Some(target) = wanted.and_then(|frame| frame.source.modifiers.exp) else {
            return Ok(None);
        };
        let Some(frame) = self.frames.pop() else { return Ok(None) };
        let found = self.explain(MacroString::checked(target.of(frame.text())), &frame);
        self.frames.push(frame);
        let found = match found {
            Err(Stop::Pending) => return Err(Stop::Pending),
            Err(Stop::Problem) => {
                // The verdict stands already.
                self.problem = None;
                None
            }
            Ok(found) => found,
        };
        self.observer.explained(found.as_deref());
        Ok(found)
    }

    fn explain(&mut self, target: MacroString<'_>, frame: &Frame<'_>) -> Result<Option<String>, Stop> {
        if target.needs_client_name() {
            self.look_up_client_name(Name::new(&*frame.domain).ok().as_ref())?;
        }
        let mut domain = String::new();
        target.expand(&self.values(&frame.domain), &mut domain);
        shorten(&mut domain);
        let Ok(name) = Name::new(&domain) else { return Ok(None) };
        let texts = match self.query(&name, Kind::Txt) {
            Ok(Records::Txt(texts)) => texts,
            Err(Missing::Pending) => return Err(Stop::Pending),
            _ => return Ok(None),
        };
        let [text] = &*texts else { return Ok(None) };
        let known = self.config.cache.as_ref().and_then(|_| text.memo(|| Readable(readable(text).is_some())));
        let read = match (known, Txt::to_str(text)) {
            (Some(Readable(is_readable)), Some(text)) => is_readable.then(|| MacroString::checked(text)),
            _ => readable(text),
        };
        let Some(text) = read else { return Ok(None) };
        if text.needs_client_name() {
            self.look_up_client_name(Name::new(&*frame.domain).ok().as_ref())?;
        }
        let mut explanation = String::new();
        text.expand(&self.values(&frame.domain), &mut explanation);
        Ok(Some(explanation).filter(|explanation| explanation.len() <= MAX_EXPLANATION_BYTES))
    }
}

/// Whether a text can be an explanation, as it is kept with its record.
struct Readable(bool);

fn readable(text: &Txt) -> Option<MacroString<'_>> {
    let text = text.to_str().filter(|text| text.len() <= MAX_EXPLANATION_BYTES)?;
    MacroString::parse(text, Place::Explanation).ok()
}
