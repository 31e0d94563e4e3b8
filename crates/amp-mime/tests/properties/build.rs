//! Whatever is built of components validates, and comes out of a mail as it went in.

use mailwright_amp_mime::build::*;
use mailwright_amp_mime::lint::{LintRule::*, lint};
use mailwright_amp_mime::locate::{Structure, locate};
use mailwright_amp_mime::{Status, validate};
use mailwright_message_model::Message;
use mailwright_message_model::compose::{Builder, Transport};
use mailwright_message_model::date::DateTime;
use proptest::prelude::*;

/// A tree of components to be made, with the texts in it.
#[derive(Clone, Debug)]
enum Tree {
    Text(u8, Vec<String>),
    Picture(u32, bool, String),
    Field(u8, Vec<String>),
    Template(u8, Vec<String>),
    Box(u8, Vec<String>, Vec<Tree>),
}

/// Text that tries to be something else.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "{{",
            "}}",
            "{",
            "}",
            "{{{",
            "{{#a}}",
            "{{>a}}",
            "<",
            ">",
            "\"",
            "'",
            "&",
            "&lt;",
            "&#123;",
            "<!--",
            "-->",
            "</script>",
            "<script>",
            "</style>",
            "</template>",
            "</textarea>",
            "<plaintext>",
            "</body>",
            "<![CDATA[",
            "\0",
            "\r",
            "\n",
            "\r\n",
            "\t",
            "\u{1}",
            "\u{7f}",
            "\u{85}",
            "\u{feff}",
            "\u{2028}",
            "\u{26a1}",
            "\u{1f600}",
            "\u{fffe}",
            "javascript:",
            "\\",
            "`",
            "=",
            "[text]",
            "on=tap:x",
            "i-amphtml-",
            "__amp_source_origin",
            "=3D",
            ".",
            "From ",
            "--b",
            " ",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9 ]{0,8}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn tree() -> impl Strategy<Value = Tree> {
    let texts = || proptest::collection::vec(hostile(), 4);
    let leaf = prop_oneof![
        (0_u8..9, texts()).prop_map(|(kind, texts)| Tree::Text(kind, texts)),
        (1_u32..=20_000, any::<bool>(), hostile())
            .prop_map(|(size, anim, alt)| Tree::Picture(size, anim, alt)),
        (0_u8..16, texts()).prop_map(|(kind, texts)| Tree::Field(kind, texts)),
        (0_u8..4, texts()).prop_map(|(kind, texts)| Tree::Template(kind, texts)),
    ];
    leaf.prop_recursive(5, 24, 5, move |inner| {
        let inside = proptest::collection::vec(inner, 1..5);
        (0_u8..9, texts(), inside).prop_map(|(kind, texts, inside)| Tree::Box(kind, texts, inside))
    })
}

/// Makes components of trees, leaving out what cannot stand where it is.
#[derive(Default)]
struct Maker {
    ids: usize,
}

#[derive(Clone, Copy, Default)]
struct Within {
    form: bool,
    selector: bool,
    list: bool,
    carousel: bool,
    sidebar: bool,
}

impl Maker {
    fn id(&mut self) -> Name {
        self.ids += 1;
        Name::new(&format!("n{}", self.ids)).unwrap()
    }

    fn make(&mut self, tree: &Tree, within: Within) -> Fragment {
        match tree {
            Tree::Text(kind, texts) => self.text(*kind, texts, within),
            Tree::Picture(size, anim, alt) => {
                let size = [Size::responsive(*size, 7), Size::fixed(9, *size), Size::fixed_height(*size)];
                let image = Image::new(url(), size[alt.len() % 3].clone().unwrap(), alt).unwrap();
                if *anim { image.animated().into() } else { image.into() }
            }
            Tree::Field(kind, texts) if within.form => self.field(*kind, texts),
            Tree::Field(_, texts) => paragraph(&texts[0]),
            Tree::Template(kind, texts) => self.list(*kind, texts, within),
            Tree::Box(kind, texts, inside) => self.boxed(*kind, texts, inside, within),
        }
    }

    fn all(&mut self, trees: &[Tree], within: Within) -> Fragment {
        trees.iter().map(|tree| self.make(tree, within)).collect()
    }

    fn text(&mut self, kind: u8, texts: &[String], within: Within) -> Fragment {
        let [a, b, ..] = texts else { panic!() };
        match kind {
            0 => heading(u8::try_from(1 + a.len() % 6).unwrap(), a),
            1 => link(&Url::link("mailto:a@e.example?subject=x%20y").unwrap(), a),
            2 => bound_text(a, &Expression::new("s.a == 'x' ? \"<\" : '&'").unwrap()),
            3 => button(a, &Action::set(&self.id(), &self.id(), b)),
            4 => fit_text(a, Size::fixed(300, 40).unwrap()),
            5 => timeago(
                DateTime::from_unix(
                    a.len() as i64 * 1_000_000_007,
                    i16::try_from(60 * b.len() % 800).unwrap(),
                )
                .unwrap(),
            ),
            6 if !within.list => State::new(self.id())
                .and_then(|state| {
                    state
                        .text(Name::new("a")?, a)?
                        .text(Name::new("b")?, b)?
                        .number(Name::new("a")?, -1)?
                        .truth(Name::new("c")?, true)
                })
                .into(),
            7 => Macro::new(self.id(), Expression::new("a < b && \"x\"").unwrap())
                .and_then(|it| it.argument(Name::new("a")?))
                .into(),
            8 => rule(),
            _ => paragraph(a),
        }
    }

    fn field(&mut self, kind: u8, texts: &[String]) -> Fragment {
        let [a, b, c, ..] = texts else { panic!() };
        let name = self.id();
        match kind {
            0 => Input::text(name, a).value(b).placeholder(c).required().into(),
            1 => Input::email(name, a).value(b).into(),
            2 => Input::tel(name, a).into(),
            3 => Input::search(name, a).into(),
            4 => Input::date(name, a).value(b).into(),
            5 => Input::time(name, a).into(),
            6 => Input::number(name, a, -5, 5).into(),
            7 => Input::range(name, a, 0, i32::MAX).value(b).into(),
            8 => hidden(&name, a),
            9 => text_area(&name, a, b),
            10 => checkbox(&name, a, b, c.is_empty()),
            11 => Choice::radio(name, a).option(b, c).option(c, b).required().into(),
            12 => Choice::select(name, a).option(b, c).option(c, b).required().into(),
            13 => Autocomplete::new(Input::text(name, a), url()).unwrap().most(5).into(),
            14 => Choice::select(name, a).option(a, a).into(),
            _ => Choice::radio(name, a).option(a, a).into(),
        }
    }

    fn list(&mut self, kind: u8, texts: &[String], within: Within) -> Fragment {
        if within.list {
            return paragraph(&texts[0]);
        }
        let list = List::new(url(), Size::fixed_height(100).unwrap(), template(texts)).unwrap().id(self.id());
        match kind {
            0 => list.fallback(paragraph(&texts[3])).single().into(),
            1 => list.items(Name::new("things").unwrap()).most(3).into(),
            _ => list.into(),
        }
    }

    fn boxed(&mut self, kind: u8, texts: &[String], trees: &[Tree], within: Within) -> Fragment {
        let [a, b, ..] = texts else { panic!() };
        let size = Size::responsive(300, 200).unwrap();
        match kind {
            0 => Layout::container()
                .class(Name::new("red").unwrap())
                .id(self.id())
                .push(self.all(trees, within))
                .into(),
            1 => Layout::sized(size).push(self.all(trees, within)).into(),
            2 => {
                let id = self.id();
                let show = button(a, &Action::show(&id));
                show.push(
                    trees.iter().fold(Lightbox::new(id, b), |it, tree| it.push(self.make(tree, within))),
                )
            }
            3 => trees
                .iter()
                .fold(Accordion::new().single(), |it, tree| it.expanded(a, self.make(tree, within)))
                .into(),
            4 if !within.sidebar => {
                let id = self.id();
                let open = button(b, &Action::open_sidebar(&id));
                open.push(Sidebar::right(id).push(self.all(trees, Within { sidebar: true, ..within })))
            }
            5 if !within.selector => {
                let within = Within { selector: true, ..within };
                let selector = Selector::new().multiple().name(self.id());
                trees.iter().fold(selector, |it, tree| it.option(a, self.make(tree, within))).into()
            }
            6 if !within.carousel => {
                let within = Within { carousel: true, ..within };
                let carousel = if a.is_empty() {
                    Carousel::strip(90).unwrap()
                } else {
                    Carousel::slides(size).looping().autoplay(2_000)
                };
                trees.iter().fold(carousel, |it, tree| it.slide(self.make(tree, within))).into()
            }
            7 if !within.form => {
                let within = Within { form: true, ..within };
                let form = Form::post(url()).unwrap().id(self.id()).submit(a);
                let form = form.on_success(template(texts)).on_error(Template::text("{{x}}").unwrap());
                trees.iter().fold(form, |it, tree| it.push(self.make(tree, within))).into()
            }
            _ => self.all(trees, within),
        }
    }
}

fn template(texts: &[String]) -> Template {
    let [a, b, c, d, ..] = texts else { panic!() };
    let value = || TemplateUrl::value("item.url").unwrap();
    let template = Template::text("{{#s}}Hello {{name}}{{/s}}{{^s}}nobody{{/s}} {")
        .unwrap()
        .and_literal(a)
        .and_literal(b);
    // Braces of a stranger are taken out here, as they would be tags.
    let words = |text: &str| {
        format!("{} {{{{x.y}}}}", text.replace(['{', '}'], "{").replace("{{", "{").replace('{', ""))
    };
    let template = template.and_link(value(), &words(c)).unwrap().and_link(url(), &words(d)).unwrap();
    template.and_image(value(), Size::fixed(20, 20).unwrap(), &words(a)).unwrap()
}

fn url() -> Url {
    Url::https("https://e.example:8443/a?b=c&d=%7B%7B#e").unwrap()
}

fn mail(email: &AmpOutput, transport: Transport) -> Vec<u8> {
    let date = DateTime::from_unix(1_795_478_400, 0).unwrap();
    let builder = Builder::new().from("rsvp@e.example").to("zoe@example.org").date(date);
    builder.transport(transport).body(email.to_part()).build().unwrap()
}

/// A tree takes some 20 ms in a debug build: `cargo test --release` tries ten times as many.
const CASES: u32 = if cfg!(debug_assertions) { 1_000 } else { 10_000 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn every_tree_is_valid_and_comes_back(trees in proptest::collection::vec(tree(), 1..4), eight in any::<bool>()) {
        let body = Maker::default().all(&trees, Within::default());
        prop_assert_eq!(body.error(), None);
        let email = AmpEmail::new().css("h1 { margin: 1rem }").online(url(), "Online").push(body).build();
        let email = email.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let report = validate(email.amp());
        prop_assert_eq!(report.status, Status::Pass);
        prop_assert!(report.findings.is_empty());

        // What depends on the components that were chosen, and text that looks like a tag.
        let chosen = [FormWithoutAnswer, ListWithoutFallback, TooManyElements, LargeDocument, TagOutsideTemplate];
        let found = lint(email.amp()).into_iter().find(|lint| !chosen.contains(&lint.rule));
        prop_assert_eq!(found, None);

        let raw = mail(&email, if eight { Transport::EightBitMime } else { Transport::SevenBit });
        let message = Message::parse(&raw).unwrap();
        let found = locate(&message, Some(1_795_478_400));
        prop_assert_eq!(found.structure, Structure::Ok);
        prop_assert_eq!(&found.warnings, &[]);
        let text = found.amp.unwrap().text();
        prop_assert_eq!(text.replace("\r\n", "\n"), email.amp());
        let report = validate(&text);
        prop_assert_eq!(report.status, Status::Pass);
        prop_assert!(report.findings.is_empty());
    }

    #[test]
    fn lint_takes_any_document(pieces in proptest::collection::vec(hostile(), 0..12)) {
        let text = pieces.concat();
        let _ = lint(&text);
        let _ = lint(&format!("<template>{text}</template><p on='{text}'><table>{text}"));
    }
}
