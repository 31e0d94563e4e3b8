//! From layer to layer, each read from the one around it.

use std::io::Write;

use mailwright_message_model::transfer::Encoding;
use mailwright_message_model::{Entity, Message};

use super::decrypt::Encrypted;
use super::head::Headed;
use super::layer::{Content, Input, Layered, Slot};
use super::plain::{Plain, Work};
use super::source::drain;
use super::transfer::Decoded;
use super::verify::{Multipart, Opaque, digests};
use crate::algorithm::Digest;
use crate::ber::Reader;
use crate::cms::compressed::Inflating;
use crate::cms::content::{self, ContentType};
use crate::cms::decrypt::{Begun, Checked, Passes, Unsealing};
use crate::cms::digested::Digesting;
use crate::cms::enveloped::Head;
use crate::cms::signed::Reading;
use crate::cms::{Keys, RecipientInfo};
use crate::error::{Error, ErrorKind};
use crate::open::{Context, EncryptedLayer, Form, LayerKind, form_of_root, is_smime};

/// What one pass leaves for the next.
#[derive(Default)]
pub(super) struct Memory {
    /// Encrypted layers that were read, by their place.
    pub(super) checked: Vec<(usize, Checked)>,
    /// Whether multiparts that do not say what signs them are signed so, by their place.
    pub(super) signed: Vec<(usize, bool)>,
    /// Digests that are wanted beside those that are announced.
    pub(super) digests: Vec<Digest>,
}

impl Memory {
    /// Keeps what came of the layer at this place the last time it was read.
    fn keep(&mut self, place: usize, checked: Checked) {
        self.checked.retain(|(at, _)| *at != place);
        self.checked.push((place, checked));
    }
}

/// What came of one pass.
pub(super) struct Pass {
    /// What the layers were, from the outside in, as far as their ends were reached.
    pub(super) layers: Vec<LayerKind>,
    /// The beginning of the message.
    pub(super) head: Vec<u8>,
    /// The beginning of what is inside of all layers.
    pub(super) payload: Vec<u8>,
}

/// What is read, and how.
pub(super) struct Walk<'c> {
    pub(super) context: &'c Context<'c>,
    /// Layers that are opened at most.
    pub(super) layers: usize,
    pub(super) passes: Passes,
}

/// A layer begun.
enum Step<'p> {
    /// Its content.
    Into(Input<'p>),
    /// It cannot be read; the input was read to its end.
    Refused(LayerKind),
    /// All must be read once more.
    Again(Checked),
}

impl<'c> Walk<'c> {
    /// Reads a message to its end; `None` if it must be read once more.
    pub(super) fn message<'p>(
        &self,
        source: Input<'p>,
        memory: &mut Memory,
        out: &mut dyn Write,
    ) -> Result<Option<Pass>, Error>
    where
        'c: 'p,
    {
        let mut current = source;
        let mut slots: Vec<Slot> = Vec::new();
        let mut first = None;
        let payload = loop {
            let mut headed = match Headed::read(current) {
                Ok(headed) => headed,
                // The layer around failed, and says so.
                Err(error) if matches!(error.kind(), ErrorKind::Io(_)) => {
                    current = Box::new(std::io::empty());
                    break Vec::new();
                }
                Err(error) => return Err(error),
            };
            let is_whole = headed.whole();
            if slots.is_empty() {
                is_whole.clone()?;
            }
            let head = headed.head().to_vec();
            let message =
                Message::parse(&head).map_err(|_| Error::limit("message_model::Limits::bytes", 0))?;
            let root = message.root();
            let place = slots.len();
            let known = memory.signed.iter().find(|(at, _)| *at == place).map(|(_, signed)| *signed);
            let framing = Framing::of(root, self.passes)
                .filter(|_| place < self.layers && known != Some(false) && is_whole.is_ok());
            let header = root.header_raw().to_vec();
            headed.skip_to(root.body_span().start);
            let whole = |mut headed: Headed<Input<'p>>| -> Input<'p> {
                headed.skip_to(0);
                Box::new(headed)
            };
            first.get_or_insert_with(|| head.clone());
            let slot = Slot::default();
            let step = match framing {
                None => {
                    current = whole(headed);
                    break head;
                }
                Some(Framing::Signed { boundary, is_certain: false, .. })
                    if known.is_none() && self.passes != Passes::One =>
                {
                    let layer =
                        Multipart::new(Box::new(headed), &header, &boundary, Vec::new(), self.context);
                    memory.signed.push((place, layer.find_signature()));
                    return Ok(None);
                }
                Some(Framing::Signed { boundary, micalg, .. }) => {
                    let mut digests = digests(micalg.as_deref());
                    digests.extend(&memory.digests);
                    let input = Box::new(headed);
                    let layer = Multipart::new(input, &header, &boundary, digests, self.context);
                    Step::Into(layered(layer, slot.clone()))
                }
                Some(Framing::Cms(encoding)) => {
                    let input: Input<'p> = Box::new(headed);
                    let input = match encoding {
                        identity if identity.is_identity() => input,
                        encoding => Box::new(Decoded::new(input, encoding)),
                    };
                    self.cms(input, place, memory, &slot)
                }
            };
            slots.push(slot.clone());
            match step {
                Step::Into(content) => current = content,
                Step::Refused(kind) => {
                    slot.set(kind);
                    current = Box::new(std::io::empty());
                    break Vec::new();
                }
                Step::Again(checked) => {
                    memory.keep(place, checked);
                    return Ok(None);
                }
            }
        };
        copy(&mut current, out)?;
        let layers = slots.iter().map_while(Slot::take).collect();
        Ok(Some(Pass { layers, head: first.unwrap_or_default(), payload }))
    }

    /// Reads one CMS structure to its end; `None` if it must be read once more.
    pub(super) fn structure<'p>(
        &self,
        source: Input<'p>,
        memory: &mut Memory,
        out: &mut dyn Write,
    ) -> Result<Option<LayerKind>, Error>
    where
        'c: 'p,
    {
        let slot = Slot::default();
        match self.cms(source, 0, memory, &slot) {
            Step::Into(mut content) => {
                copy(&mut content, out)?;
                Ok(slot.take())
            }
            Step::Refused(kind) => Ok(Some(kind)),
            Step::Again(checked) => {
                memory.keep(0, checked);
                Ok(None)
            }
        }
    }

    /// Begins a layer of CMS.
    fn cms<'p>(&self, input: Input<'p>, place: usize, memory: &Memory, slot: &Slot) -> Step<'p>
    where
        'c: 'p,
    {
        let mut reader = Reader::new(input, "CMS");
        let begun = match content::enter(&mut reader) {
            Ok(kind) => self.begin(&mut reader, kind, place, memory),
            Err(error) => Err(LayerKind::Unreadable(error)),
        };
        let slot = slot.clone();
        Step::Into(match begun {
            Ok(Beginning::Signed(reading)) => layered(Opaque::new(reader, reading, self.context), slot),
            Ok(Beginning::Encrypted(unsealing)) => layered(Encrypted::new(reader, unsealing), slot),
            Ok(Beginning::Plain(work)) => layered(Plain::new(reader, work), slot),
            Ok(Beginning::Checked(checked)) => return Step::Again(checked),
            Err(kind) => {
                drain(reader.input_mut());
                return Step::Refused(kind);
            }
        })
    }

    fn begin(
        &self,
        reader: &mut Reader<Input<'_>>,
        kind: ContentType,
        place: usize,
        memory: &Memory,
    ) -> Result<Beginning, LayerKind> {
        let unreadable = LayerKind::Unreadable;
        match kind {
            ContentType::SignedData => {
                Reading::begin(reader, &memory.digests).map(Beginning::Signed).map_err(unreadable)
            }
            ContentType::EnvelopedData | ContentType::AuthEnvelopedData | ContentType::EncryptedData => {
                let none = Keys::new();
                let keys = self.context.keys.unwrap_or(&none);
                // Kept for the passes to come: else layers inside each other would take twice as many for each.
                let known = memory.checked.iter().find(|(at, _)| *at == place);
                let known = known.map(|(_, checked)| checked.clone());
                let closed = |error, recipients| {
                    LayerKind::Encrypted(EncryptedLayer { opened: Err(error), recipients })
                };
                let head = Head::read(reader, kind).map_err(|error| closed(error, Vec::new()))?;
                // What is told to everyone is told also where nothing opens.
                let recipients = RecipientInfo::list(&head.recipients);
                match Unsealing::begin(reader, head, keys, self.passes, known) {
                    Ok(Begun::Content(unsealing)) => Ok(Beginning::Encrypted(unsealing)),
                    Ok(Begun::Checked(checked)) => Ok(Beginning::Checked(checked)),
                    Err(error) => Err(closed(error, recipients)),
                }
            }
            ContentType::CompressedData => Inflating::begin(reader, self.context.max_decompressed)
                .map(|inflating| Beginning::Plain(Work::Inflate(Box::new(inflating))))
                .map_err(unreadable),
            ContentType::DigestedData => {
                Digesting::begin(reader).map(|work| Beginning::Plain(Work::Digest(work))).map_err(unreadable)
            }
            ContentType::Data => {
                reader.begin_octets().map(|octets| Beginning::Plain(Work::Data(octets))).map_err(unreadable)
            }
            other => Err(LayerKind::Unreadable(content::no_layer(other))),
        }
    }
}

/// The beginning of a layer of CMS, read.
enum Beginning {
    Signed(Reading),
    Encrypted(Unsealing),
    Plain(Work),
    Checked(Checked),
}

/// A layer as its header shows it.
enum Framing {
    Signed { boundary: Vec<u8>, micalg: Option<String>, is_certain: bool },
    Cms(Encoding),
}

impl Framing {
    fn of(root: Entity<'_, '_>, passes: Passes) -> Option<Self> {
        if root.media_type().is("multipart", "signed") {
            let type_ = root.content_type()?;
            // What signs is known by the type of the second part, which has not come. What can be read once must at least
            // not say that it is something else.
            let is_certain = is_smime(root);
            if passes == Passes::One && !is_certain && type_.param("protocol").is_some() {
                return None;
            }
            let boundary = type_.param("boundary").unwrap_or_default().trim_ascii_end().as_bytes().to_vec();
            let micalg = type_.param("micalg").map(str::to_owned);
            return Some(Self::Signed { boundary, micalg, is_certain });
        }
        match form_of_root(root) {
            Some(Form::Cms(entity)) => Some(Self::Cms(entity.encoding())),
            _ => None,
        }
    }
}

fn layered<'p>(content: impl Content + 'p, slot: Slot) -> Input<'p> {
    Box::new(Layered::new(content, slot))
}

/// Hands on what is left of the content. That a layer failed is known there.
fn copy(content: &mut Input<'_>, out: &mut dyn Write) -> Result<(), Error> {
    while let Ok(piece) = content.fill_buf() {
        let read = piece.len();
        if read == 0 {
            break;
        }
        out.write_all(piece).map_err(|error| Error::io(&error))?;
        content.consume(read);
    }
    Ok(())
}
