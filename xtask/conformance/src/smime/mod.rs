//! The area `smime`: a suite is a folder with a `manifest.json`, a case an element of its `cases`.

mod answer;
mod expect;
mod given;
mod header_protection;
mod limbo;
mod message;
mod path;
mod pkcs12;
mod wycheproof;

use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::case::{Case, Input, Verdict};
use crate::{Area, json};
use expect::Expect;
use given::Given;

pub(crate) const AREA: Area = Area { name: "smime", collect };

/// The suites that are run. Those with many cases of what is not built yet are left out.
const SUITES: &[&str] = &[
    "bouncycastle",
    "johnny",
    "limbo",
    "mimekit",
    "openssl",
    "outlook",
    "pkits",
    "pqc",
    "rfc4134",
    "rfc9216",
    "rfc9788",
    "rustcrypto",
    "thunderbird",
    "wycheproof",
];

/// The keys of a manifest; texts among them are for people, the last two are defaults of the cases.
const MANIFEST: &[&str] = &[
    "schema",
    "suite",
    "source",
    "licence",
    "generator",
    "note",
    "format",
    "count",
    "cases",
    "time",
    "rules",
];

fn collect(folder: &Path) -> Result<Vec<Case>, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut suites = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.join("manifest.json").is_file() && SUITES.contains(&name.as_str()) {
            suites.push((name, path));
        }
    }
    suites.sort();
    let mut cases = Vec::new();
    for (name, path) in suites {
        // A suite lives as long as the run, and so does its name.
        let name: &'static str = name.leak();
        cases.extend(
            suite(name, &path)
                .unwrap_or_else(|why| vec![Case::unreadable(name, "manifest.json".into(), why)]),
        );
    }
    if cases.is_empty() { Err(format!("no suite in {}", folder.display())) } else { Ok(cases) }
}

/// The cases of one suite; a count that is not theirs is one more, which fails.
fn suite(name: &'static str, folder: &Path) -> Result<Vec<Case>, String> {
    let text = std::fs::read(folder.join("manifest.json")).map_err(|error| error.to_string())?;
    let manifest: Value = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let manifest = json::object(&manifest, MANIFEST)?;
    let elements = json::list(manifest, "cases")?;
    let testcases = limbo::read(folder)?.map(Rc::new);
    let mut cases: Vec<Case> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| {
            let id = element
                .get("id")
                .and_then(Value::as_str)
                .map_or_else(|| format!("manifest.json:{index}"), str::to_owned);
            case(name, folder, manifest, element, testcases.clone())
                .unwrap_or_else(|why| Case::unreadable(name, id, why))
        })
        .collect();
    if json::number(manifest, "count")? != elements.len() {
        cases.push(Case::unreadable(name, "manifest.json".into(), "`count` is not the number of cases"));
    }
    Ok(cases)
}

/// Grades what came out by what is wanted.
type Judge = fn(&Given, &Expect) -> Result<Verdict, String>;

/// The same, of one case.
type Run = Box<dyn Fn(&Expect) -> Result<Verdict, String>>;

fn case(
    suite: &'static str,
    folder: &Path,
    manifest: &Map<String, Value>,
    element: &Value,
    testcases: Option<Rc<limbo::Testcases>>,
) -> Result<Case, String> {
    let given = Given::read(folder, manifest, element)?;
    let id = given.text("id")?.to_owned();
    let want = element.get("expect").cloned().ok_or("`expect` is missing")?;
    Expect::read(&want)?;
    let (input, run): (Input, Run) = match given.text("op")? {
        "path" if testcases.is_some() => {
            let testcases = testcases.unwrap_or_default();
            let testcase = testcases.get(&id).ok_or("no testcase of this id in limbo.json")?;
            let input = Input::Text(testcase.to_string());
            (input, Box::new(move |want| limbo::judge(testcases.get(&id), want)))
        }
        op => {
            let judge: Judge = match op {
                "decrypt" => message::decrypt,
                "message" => message::message,
                "parse" => message::parse,
                "path" => path::judge,
                "pkcs12" => pkcs12::judge,
                "primitive" => wycheproof::judge,
                "verify" => message::verify,
                other => return Err(format!("`op` is {other}")),
            };
            (Input::File(given.file("file")?), Box::new(move |want| judge(&given, want)))
        }
    };
    let judge = move |want: &Value| {
        let judged = Expect::read(want).and_then(|expect| {
            let verdict = run(&expect)?;
            Ok(if expect.soft { Verdict::Right } else { verdict })
        });
        judged.unwrap_or_else(|why| Verdict::wrong(want, why))
    };
    let id = json::text(element.as_object().ok_or("a case is an object")?, "id")?.to_owned();
    Ok(Case { suite, id, input, want: Ok(want), judge: Box::new(judge) })
}

#[cfg(test)]
mod tests;
