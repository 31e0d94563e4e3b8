//! `browser-test`: the page of `mailwright thread --html` in headless Chromium, on a wide page and one of 360 pixels.

mod webdriver;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::workspace::{cargo, root, succeeds};
use crate::{Failure, Outcome, Verb};
use webdriver::{Driver, Page};

pub(crate) const VERB: Verb = Verb {
    name: "browser-test",
    arguments: "",
    about: "folds and unfolds the page of `mailwright thread` with mouse and keyboard; needs chromium and chromedriver",
    run,
};

/// The programs, as Debian's packages chromium and chromium-driver have them.
const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];

/// Names of the windows, and their widths in CSS pixels.
const WIDTHS: [(&str, u32); 2] = [("wide", 1280), ("narrow", 360)];

/// CSS pixels that a finger needs.
const TARGET: f64 = 44.0;

fn run(_: &[String]) -> Outcome {
    let is_there = |program: &&str| {
        let asked =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    if let Some(missing) = PROGRAMS.iter().find(|program| !is_there(program)) {
        if std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return Err(Failure::Usage(format!("{missing} is not installed")));
        }
        println!("browser-test: {missing} is not installed: skipped");
        return Ok(());
    }
    let folder = std::env::temp_dir().join(format!("mailwright-browser-test-{}", std::process::id()));
    let ran = std::fs::create_dir_all(&folder)
        .map_err(|error| error.to_string())
        .and_then(|()| pages(&folder))
        .and_then(|pages| all(&folder, &pages));
    let _ = std::fs::remove_dir_all(&folder);
    ran.map_err(|why| {
        println!("browser-test: {why}");
        Failure::Found
    })
}

/// The pages that the built program writes: a conversation, and a mailbox that is hard to show.
fn pages(folder: &Path) -> Result<[PathBuf; 2], String> {
    let built = succeeds(&mut cargo(["build", "--quiet", "--package", "mailwright"]));
    if !matches!(built, Ok(true)) {
        return Err("mailwright does not build here".into());
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let program = target.join("debug/mailwright");
    let page = |name: &str, mailbox: Vec<u8>| {
        let (mail, page) = (folder.join(format!("{name}.mbox")), folder.join(format!("{name}.html")));
        std::fs::write(&mail, mailbox).map_err(|error| error.to_string())?;
        let written = Command::new(&program)
            .arg("thread")
            .arg(&mail)
            .args(["--snippets", "--html"])
            .arg(&page)
            .output();
        let written = written.map_err(|error| error.to_string())?;
        if written.status.success() { Ok(page) } else { Err(format!("{name}: {}", written.status)) }
    };
    let sample = Command::new(&program).args(["demo", "--print", "conversation.mbox"]).output();
    let sample = sample.map_err(|error| error.to_string())?.stdout;
    Ok([page("conversation", sample)?, page("hard", hard())?])
}

/// A chain of a hundred replies, words without an end, and mark-up in headers.
fn hard() -> Vec<u8> {
    let word = "x".repeat(300);
    let mut mailbox = String::new();
    for n in 0..100 {
        let above = if n > 0 { format!("References: <{}@example.org>\n", n - 1) } else { String::new() };
        mailbox.push_str(&format!(
            "From x Tue Jan 14 08:02:11 2025\nFrom: \"<script>document.title='owned'</script>{word}\" <a@example.org>\n\
             Subject: <img src=x onerror=\"document.title='owned'\">{word} {n}\nMessage-ID: <{n}@example.org>\n{above}\n\
             {word}\n\n"
        ));
    }
    mailbox.into_bytes()
}

fn all(folder: &Path, pages: &[PathBuf; 2]) -> Result<(), String> {
    let driver = Driver::start()?;
    let [conversation, hard] = pages;
    for (name, width) in WIDTHS {
        let page = driver.page(width, &folder.join(name))?;
        let at = |why: String| format!("{name}: {why}");
        page.open(conversation)?;
        readable(&page).map_err(at)?;
        mouse(&page).map_err(at)?;
        page.open(conversation)?;
        keyboard(&page).map_err(at)?;
        colours(&page).map_err(at)?;
        page.open(hard)?;
        readable(&page).map_err(at)?;
        harmless(&page).map_err(at)?;
        println!("browser-test: {name} page of {width} pixels: mouse, keyboard, width, colours, mark-up");
    }
    Ok(())
}

/// Nothing is wider than the page, nothing is cut off at its side, and what is pressed is as large as a finger.
fn readable(page: &Page<'_>) -> Result<(), String> {
    let sizes = page.script(
        "const root = document.documentElement; return [root.scrollWidth, root.clientWidth, innerWidth, \
         Math.min(...[...document.querySelectorAll('summary')].map(one => one.offsetHeight)), \
         Math.min(...[...document.querySelectorAll('span, bdi, time')].map(one => parseFloat(getComputedStyle(one).fontSize))), \
         Math.max(...[...document.querySelectorAll('.message, .message *')].map(one => one.getBoundingClientRect().right))]",
    )?;
    let size = |at: usize| sizes.get(at).and_then(Value::as_f64).unwrap_or_default();
    check(size(0) <= size(1) && size(0) <= size(2), "the page scrolls sideways", &sizes)?;
    check(size(5) <= size(1), "text goes on behind the edge", &sizes)?;
    check(size(3) >= TARGET, "a summary is not as high as a finger", &sizes)?;
    check(size(4) >= 12.0, "letters are too small", &sizes)
}

/// A click folds a message and no other, and another click unfolds it.
fn mouse(page: &Page<'_>) -> Result<(), String> {
    let summaries = page.elements("summary")?;
    let [thread, reply, _] = &summaries[..] else { return Err(format!("{} messages fold", summaries.len())) };
    check(page.state()? == json!([[true, true, true], 5]), "at first all is unfolded", &page.state()?)?;
    page.click(reply)?;
    check(page.state()? == json!([[true, false, true], 3]), "a click folds a reply", &page.state()?)?;
    page.click(thread)?;
    check(page.state()? == json!([[false, false, true], 1]), "a click folds the thread", &page.state()?)?;
    page.click(thread)?;
    check(page.state()? == json!([[true, false, true], 3]), "what was folded stays so", &page.state()?)?;
    page.click(reply)?;
    check(page.state()? == json!([[true, true, true], 5]), "a click unfolds", &page.state()?)
}

/// Tab leads to each message that folds, Enter and Space fold it, and it shows where the focus is.
fn keyboard(page: &Page<'_>) -> Result<(), String> {
    const TAB: &str = "\u{e004}";
    const ENTER: &str = "\u{e007}";
    const FOCUS: &str = "const at = document.activeElement; \
         return [[...document.querySelectorAll('summary')].indexOf(at), getComputedStyle(at).outlineStyle]";
    for place in 0..3 {
        page.press(TAB)?;
        let focus = page.script(FOCUS)?;
        check(focus == json!([place, "solid"]), "Tab leads to the next message that folds", &focus)?;
    }
    page.press(ENTER)?;
    check(page.state()? == json!([[true, true, false], 4]), "Enter folds", &page.state()?)?;
    page.press(" ")?;
    check(page.state()? == json!([[true, true, true], 5]), "Space unfolds", &page.state()?)
}

/// The page is light or dark as the reader's system is, and its text can be read on both (WCAG 2.2, 1.4.3).
fn colours(page: &Page<'_>) -> Result<(), String> {
    const LIGHTNESS: &str = "const canvas = document.createElement('canvas').getContext('2d'); \
         const light = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); \
           const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => { v /= 255; \
             return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }); \
           return 0.2126 * r + 0.7152 * g + 0.0722 * b }; \
         const back = light(getComputedStyle(document.querySelector('.threads > li')).backgroundColor); \
         const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); \
         const texts = [...document.querySelectorAll('.from, .subject, .snippet, time, .about')]; \
         const face = document.querySelector('.face'); \
         const of_hue = hue => { face.style.setProperty('--hue', hue); const style = getComputedStyle(face); \
           return ratio(light(style.color), light(style.backgroundColor)) }; \
         return [back, Math.min(...texts.map(one => ratio(light(getComputedStyle(one).color), back))), \
           Math.min(...Array.from({ length: 72 }, (_, n) => of_hue(n * 5)))]";
    for (scheme, is_light) in [("light", true), ("dark", false)] {
        page.prefer(scheme)?;
        let found = page.script(LIGHTNESS)?;
        let number = |at: usize| found.get(at).and_then(Value::as_f64).unwrap_or_default();
        check((number(0) > 0.5) == is_light, "the page is light or dark as asked for", &found)?;
        check(number(1) >= 4.5 && number(2) >= 4.5, "the contrast of text", &found)?;
    }
    Ok(())
}

/// Mark-up of a header is text.
fn harmless(page: &Page<'_>) -> Result<(), String> {
    let found = page.script(
        "return [document.title.includes('owned'), document.querySelectorAll('script, img').length, \
         document.querySelectorAll('.message').length]",
    )?;
    check(found == json!([false, 0, 100]), "mark-up of a header is text", &found)
}

fn check(holds: bool, what: &str, found: &Value) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{what}: {found}")) }
}
