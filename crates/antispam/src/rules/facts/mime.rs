//! Facts of the parts: types, charsets, attachments by what they are.

use mailwright_message_model::Span;
use mailwright_message_model::transfer::Encoding;

use super::{Ask, Fact};
use crate::attachment::{Content, Danger, FileName, NameTrick};
use crate::rules::view::{Part, View};

pub(super) const FACTS: &[(&str, Ask)] = &[
    ("mime.parts", |view| Fact::count(view.parts.len())),
    ("mime.html-only", |view| Fact::is(has_html(view) && view.plain().trim().is_empty())),
    ("mime.html", |view| Fact::is(has_html(view))),
    ("mime.no-version", |view| {
        let typed = view.message.field("Content-Type").is_some();
        Fact::is(typed && view.message.field("MIME-Version").is_none()).at(view.field_span("Content-Type"))
    }),
    ("mime.base64-text", |view| {
        part(view, |part| {
            // Text of ASCII needs no base64: it hides from who looks at the source.
            (part.is_text()
                && part.encoding == Encoding::Base64
                && part.octets.is_ascii()
                && !part.octets.is_empty())
            .then(String::new)
        })
    }),
    ("mime.base64-html", |view| {
        part(view, |part| (part.subtype == "html" && part.encoding == Encoding::Base64).then(String::new))
    }),
    ("mime.far-charset", |view| {
        part(view, |part| {
            let charset = part.charset.as_deref()?;
            is_far(charset).then(|| charset.to_owned())
        })
    }),
    ("mime.charset-missing", |view| {
        part(view, |part| {
            (part.is_text() && part.charset.is_none() && !part.octets.is_ascii()).then(String::new)
        })
    }),
    ("mime.pictures", |view| Fact::count(view.parts.iter().filter(|part| part.type_ == "image").count())),
    ("mime.picture-only", |view| {
        let pictures = view.parts.iter().any(|part| part.type_ == "image")
            || view.html.iter().any(|html| html.counts.images > 0);
        let letters = view.text.chars().filter(|c| c.is_alphanumeric()).take(81).count();
        Fact::is(pictures && letters <= 80)
    }),
    ("mime.alternative-of-html", |view| {
        let alternative =
            view.message.walk().find(|entity| entity.media_type().is("multipart", "alternative"));
        let lone = alternative
            .filter(|entity| !entity.children().any(|child| child.media_type().is("text", "plain")));
        lone.map_or_else(Fact::default, |entity| Fact::is(true).at(entity.span()))
    }),
    ("attachment.program", |view| {
        part(view, |part| of_content(part, &[Content::Program, Content::Shortcut, Content::Script]))
    }),
    ("attachment.active", |view| {
        part(view, |part| (part.content().danger() == Danger::Active).then(|| describe(part)))
    }),
    ("attachment.program-name", |view| {
        part(view, |part| {
            let name = part.file_name.as_deref()?;
            FileName(name).runs().then(|| name.to_owned())
        })
    }),
    ("attachment.macro-name", |view| {
        part(view, |part| {
            let name = FileName(part.file_name.as_deref()?);
            (name.has_macros() || name.is_disk_image()).then(|| name.0.to_owned())
        })
    }),
    ("attachment.double-extension", |view| part(view, |part| of_trick(part, NameTrick::DoubleExtension))),
    ("attachment.reversed-name", |view| part(view, |part| of_trick(part, NameTrick::Direction))),
    ("attachment.name-with-gap", |view| part(view, |part| of_trick(part, NameTrick::Blanks))),
    ("attachment.disguised", |view| {
        part(view, |part| {
            // A program or archive under the name or type of a document or picture.
            let document = part
                .file_name
                .as_deref()
                .is_some_and(|name| FileName(name).is_document() && !name.to_lowercase().ends_with(".zip"));
            let typed = matches!(part.type_.as_str(), "image" | "audio" | "video" | "text");
            let runs = part.content().danger() == Danger::Runs && part.content() != Content::Script;
            ((document || typed) && runs).then(|| describe(part))
        })
    }),
    ("attachment.html-file", |view| {
        part(view, |part| {
            let name = part.file_name.as_deref()?.to_lowercase();
            let named = [".htm", ".html", ".shtml", ".xhtml", ".svg"].iter().any(|end| name.ends_with(end));
            (part.is_attachment && named).then_some(name)
        })
    }),
    ("archive.program", |view| {
        part(view, |part| {
            let archive = part.archive()?;
            // A program for Java is an archive of its own, and code under test comes in archives without documents' names.
            let found = archive.running().filter(|_| !archive.is_java() && archive.members.len() <= 5)?;
            Some(format!("{} has {}", describe(part), found.name))
        })
    }),
    ("archive.double-extension", |view| {
        part(view, |part| {
            let archive = part.archive()?;
            let found = archive.members.iter().find(|member| member.file_name().trick().is_some())?;
            Some(format!("{} has {}", describe(part), found.name))
        })
    }),
    ("archive.encrypted", |view| part(view, |part| part.archive()?.is_encrypted().then(|| describe(part)))),
    ("archive.macros", |view| part(view, |part| part.archive()?.has_macros().then(|| describe(part)))),
    ("archive.bomb", |view| {
        part(view, |part| {
            let archive = part.archive()?;
            let found = archive.members.iter().find(|member| member.is_bomb())?;
            Some(format!("{} octets of {} become {}", found.packed, found.name, found.size))
        })
    }),
];

fn has_html(view: &View<'_>) -> bool {
    !view.html.is_empty()
}

fn part(view: &View<'_>, ask: impl Fn(&Part<'_>) -> Option<String>) -> Fact {
    let found = view.parts.iter().find_map(|part| ask(part).map(|detail| (detail, part.entity_span)));
    found.map_or_else(Fact::default, |(detail, span): (String, Span)| Fact { value: 1.0, span, detail })
}

fn of_content(part: &Part<'_>, kinds: &[Content]) -> Option<String> {
    // A script or program in the text of a letter is quoted, not attached.
    let quoted = part.is_text() && part.file_name.is_none();
    // Source that is sent to be read says that it is text.
    let source = part.content() == Content::Script && part.type_ == "text";
    (!quoted && !source && kinds.contains(&part.content())).then(|| describe(part))
}

fn of_trick(part: &Part<'_>, trick: NameTrick) -> Option<String> {
    let name = part.file_name.as_deref()?;
    (FileName(name).trick() == Some(trick)).then(|| name.to_owned())
}

fn describe(part: &Part<'_>) -> String {
    format!(
        "{} {:?} is a {}",
        part.type_,
        part.file_name.as_deref().unwrap_or_default(),
        part.content().as_str()
    )
}

/// Charsets of East Asia and Cyrillic: no sign of spam, but of a language that many readers do not read. Rules ask for more beside.
fn is_far(charset: &str) -> bool {
    ["gb", "big5", "euc-kr", "ks_c", "iso-2022-kr", "koi8", "windows-1251"]
        .iter()
        .any(|start| charset.starts_with(start))
}
