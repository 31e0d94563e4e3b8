//! The search in the tree.

use mailwright_message_model::content_type::{ContentType, Disposition};
use mailwright_message_model::transfer::Encoding;
use mailwright_message_model::{Entity, Message, charset};

use super::{AmpPart, AmpParts, Structure, StructureWarning as Warning};

/// How far a Date may lie ahead: the sender's clock may be wrong, and his zone mistaken.
const AHEAD: i64 = 86_400;

/// The entities of the message's own tree: nothing below a message/* part, which is another message.
pub(crate) fn own<'m, 'a>(message: &'m Message<'a>) -> Vec<Entity<'m, 'a>> {
    let mut inside = vec![false; message.walk().len()];
    let mut own = Vec::new();
    // Parents stand before their children.
    for entity in message.walk() {
        let is_inside = entity.parent().is_some_and(|parent| {
            parent.is_message() || inside.get(parent.id().index()).copied().unwrap_or_default()
        });
        if let Some(mark) = inside.get_mut(entity.id().index()) {
            *mark = is_inside;
        }
        if !is_inside {
            own.push(entity);
        }
    }
    own
}

pub(crate) fn is_amp(entity: &Entity<'_, '_>) -> bool {
    entity.is_leaf() && entity.media_type().is("text", "x-amp-html")
}

pub(super) fn find<'m, 'a>(message: &'m Message<'a>, now: Option<u64>) -> AmpParts<'m, 'a> {
    let own = own(message);
    let all: Vec<Entity<'_, '_>> = own.iter().copied().filter(is_amp).collect();
    let around: Vec<Option<Entity<'_, '_>>> = all.iter().map(alternative).collect();
    let chosen = around.iter().position(Option::is_some).unwrap_or(0);
    let amp = all.get(chosen).copied();
    let alternative = around.get(chosen).copied().flatten();
    let mut found = AmpParts {
        structure: Structure::None,
        amp: amp.map(|entity| AmpPart { entity }),
        alternative,
        html: None,
        text: None,
        all,
        warnings: Vec::new(),
    };
    let Some(amp) = amp else { return found };
    let Some(alternative) = alternative else {
        found.structure = Structure::AmpNotInAlternative;
        found.warnings = warnings(message, &found, &amp, now);
        return found;
    };
    let leaves: Vec<Entity<'_, '_>> = own.iter().copied().filter(|leaf| leaf.is_leaf()).collect();
    let leaves: Vec<Entity<'_, '_>> = within(&leaves, &alternative).collect();
    let of_type = |subtype: &str| leaves.iter().find(|leaf| leaf.media_type().is("text", subtype)).copied();
    found.html = of_type("html");
    found.text = of_type("plain");
    let is_alone = leaves.iter().all(is_amp);
    // An alternative inside another one is a choice of that one too.
    let outermost = ancestors(&amp).filter(is_alternative).last().unwrap_or(alternative);
    found.structure = match within(&found.all, &outermost).count() {
        0 | 1 if is_alone => Structure::NoFallback,
        0 | 1 => Structure::Ok,
        _ => Structure::MultipleAmpParts,
    };
    found.warnings = warnings(message, &found, &amp, now);
    found
}

/// The innermost multipart/alternative around a part.
fn alternative<'m, 'a>(entity: &Entity<'m, 'a>) -> Option<Entity<'m, 'a>> {
    ancestors(entity).find(is_alternative)
}

fn is_alternative(entity: &Entity<'_, '_>) -> bool {
    entity.media_type().is("multipart", "alternative")
}

/// Those of `entities` that stand inside `outer`.
fn within<'l, 'm, 'a>(
    entities: &'l [Entity<'m, 'a>],
    outer: &Entity<'_, '_>,
) -> impl Iterator<Item = Entity<'m, 'a>> + use<'l, 'm, 'a> {
    let span = outer.span();
    let is_inside =
        move |entity: &&Entity<'_, '_>| entity.span().start >= span.start && entity.span().end <= span.end;
    entities.iter().filter(is_inside).copied()
}

fn ancestors<'m, 'a>(entity: &Entity<'m, 'a>) -> impl Iterator<Item = Entity<'m, 'a>> {
    std::iter::successors(entity.parent(), Entity::parent)
}

fn warnings(
    message: &Message<'_>,
    found: &AmpParts<'_, '_>,
    amp: &Entity<'_, '_>,
    now: Option<u64>,
) -> Vec<Warning> {
    let around = found.alternative.map(|alternative| alternative.id());
    let is_direct = around == amp.parent().map(|parent| parent.id());
    let is_in_related = around.is_some()
        && ancestors(amp)
            .take_while(|parent| Some(parent.id()) != around)
            .any(|parent| parent.media_type().is("multipart", "related"));
    let content_type = amp.content_type();
    let name = content_type.as_ref().and_then(ContentType::charset);
    let decoded = amp.decoded();
    let dates = message.root().fields_named("Date").count();
    let ahead = |now: u64| {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        message.date().is_some_and(|date| date.to_unix().saturating_sub(AHEAD) > now)
    };
    let holds = |warning: Warning| match warning {
        Warning::AmpAfterHtml => found.html.is_some_and(|html| html.span().start < amp.span().start),
        Warning::AmpAttachment => amp.disposition().as_ref().is_some_and(Disposition::is_attachment),
        Warning::AmpInRelated => is_in_related,
        Warning::AmpNotDirect => around.is_some() && !is_direct && !is_in_related,
        Warning::AmpElsewhere => match found.structure {
            Structure::MultipleAmpParts => false,
            _ => found.all.len() > 1,
        },
        Warning::NoHtml => found.text.is_some() && found.html.is_none(),
        Warning::NoCharset => name.is_none(),
        Warning::BadCharset => {
            name.is_some_and(|name| charset::is_valid(name.as_bytes(), &decoded.bytes) != Some(true))
        }
        Warning::BadEncoding => decoded.problem.is_some() || amp.encoding() == Encoding::Unknown,
        Warning::NoDate => message.date().is_none(),
        Warning::DuplicateDate => dates > 1,
        Warning::FutureDate => now.is_some_and(ahead),
        Warning::DuplicateFrom => message.root().fields_named("From").nth(1).is_some(),
        Warning::AmpSigned => ancestors(amp).any(|parent| parent.media_type().is("multipart", "signed")),
    };
    Warning::ALL.iter().copied().filter(|warning| holds(*warning)).collect()
}
