//! The report on a message.

use std::borrow::Cow;

use mailwright_message_model::Header;

use super::context::Context;
use super::layer::{Coverage, Layer, LayerKind};
use super::signer::Warning;
use super::verdict::{Verdict, Why};
use crate::header_protection::{HeaderProtection, addresses};

/// What is known of a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report<'a> {
    /// All layers, from the outside in.
    pub layers: Vec<Layer<'a>>,
    /// What is inside of all of them: the message itself where there are none.
    pub content: Cow<'a, [u8]>,
    /// The addresses in From that the signers were compared with.
    pub from: Vec<String>,
    /// The Sender field, where it names another than From.
    pub sender: Option<SenderField>,
    /// The header fields inside and outside (RFC 9788).
    pub header: HeaderProtection,
}

/// A Sender field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SenderField {
    /// The address.
    pub address: String,
    /// Whether the certificate of each signer who counts is for it.
    pub certified: bool,
}

/// Seconds that the Date field may be away from the signing time.
const NEAR: u64 = 3600;

impl<'a> Report<'a> {
    pub(super) fn new(
        raw: &[u8],
        layers: Vec<Layer<'a>>,
        content: Cow<'a, [u8]>,
        context: &Context<'_>,
    ) -> Self {
        let whole = |layer: &Layer<'_>| layer.coverage == Coverage::Whole && !layer.content.is_empty();
        let payload = layers.last().filter(|layer| whole(layer)).map(|_| &*content);
        let mut report = Self::of_layers(raw, layers, payload, context);
        report.content = content;
        report
    }

    /// Of layers whose contents went by. `raw` holds the header of the message, `payload` the beginning of what is inside
    /// of all layers, where there is something.
    pub(crate) fn of_layers(
        raw: &[u8],
        layers: Vec<Layer<'a>>,
        payload: Option<&[u8]>,
        context: &Context<'_>,
    ) -> Self {
        let encrypted = layers.iter().any(is_opened);
        let header = HeaderProtection::read(raw, payload, encrypted);
        let content = Cow::Borrowed(&[][..]);
        let mut report = Self { layers, content, from: Vec::new(), sender: None, header };
        let outside = Header::new(raw);
        report.from = match &context.from {
            Some(given) => given.iter().cloned().collect(),
            // RFC 9788 4.4.2: the protected From is the one to show and to judge.
            None => addresses(report.header.shown(), "From"),
        };
        let judges = context.judges_chain && !matches!(context.from, Some(None));
        let date = date(&outside);
        let from = report.from.clone();
        for layer in &mut report.layers {
            let LayerKind::Signed(signed) = &mut layer.kind else { continue };
            if judges {
                signed.compare(&from);
            }
            for signer in &mut signed.signers {
                if let (Some(date), Some(signed)) = (date, signer.signing_time) {
                    let away = date.abs_diff(signed.unix());
                    if away > NEAR {
                        signer.warnings.push(Warning::FarFromDate(away));
                    }
                }
            }
        }
        report.sender = report.sender_field();
        report
    }

    /// RFC 8550 3: a Sender that is not in From is shown.
    fn sender_field(&self) -> Option<SenderField> {
        let address = addresses(self.header.shown(), "Sender").into_iter().next()?;
        let same = |other: &String| crate::path::same_address(other, &address);
        if self.from.iter().any(same) {
            return None;
        }
        let counted = self.counted().and_then(Layer::signed);
        let certified = counted.is_some_and(|signed| {
            !signed.signers.is_empty()
                && signed.signers.iter().all(|signer| signer.addresses.iter().any(same))
        });
        Some(SenderField { address, certified })
    }

    /// The signed layer that counts: the outermost that has no encryption inside. A signature around an encryption was made
    /// by one who need not have seen the text.
    #[must_use]
    pub fn counted(&self) -> Option<&Layer<'a>> {
        let last = self.layers.iter().rposition(|layer| layer.encrypted().is_some());
        let inside = self.layers.get(last.map_or(0, |last| last.saturating_add(1))..)?;
        inside.iter().find(|layer| matches!(layer.kind, LayerKind::Signed(_) | LayerKind::Unreadable(_)))
    }

    /// What the message is worth: the verdict on the layer that counts, about the whole message.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let Some(layer) = self.counted() else { return Verdict::Unsigned };
        let verdict = match &layer.kind {
            LayerKind::Signed(signed) => signed.verdict(),
            LayerKind::Unreadable(error) => Verdict::Bad(Why::Layer(error.clone())),
            _ => Verdict::Unsigned,
        };
        match layer.coverage {
            Coverage::Part(_) if verdict.is_good() => Verdict::Bad(Why::Partial),
            _ => verdict,
        }
    }

    /// Whether the whole message came out of an encrypted layer.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.layers.iter().any(is_opened)
    }
}

fn is_opened(layer: &Layer<'_>) -> bool {
    layer.encrypted().is_some_and(|encrypted| encrypted.opened.is_ok())
}

fn date(header: &Header<'_>) -> Option<i64> {
    header.clone().find(|field| field.is("Date"))?.date().map(|date| date.to_unix())
}
