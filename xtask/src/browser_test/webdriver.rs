//! A little of WebDriver (W3C, level 2): commands as HTTP with JSON, to a chromedriver of our own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// How an element is named in JSON (WebDriver 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Pixels that a page is high.
const HEIGHT: u32 = 900;

const PATIENCE: Duration = Duration::from_secs(60);

/// A chromedriver, ended when this is dropped.
pub(super) struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts chromedriver on a port that it chooses.
    pub(super) fn start() -> Result<Self, String> {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("chromedriver: {error}"))?;
        let lines = BufReader::new(child.stdout.take().ok_or("chromedriver has no output")?).lines();
        // `ChromeDriver was started successfully on port 40123.`
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        let mut driver = Self { child, port: 0 };
        driver.port = port.ok_or("chromedriver did not say its port")?;
        Ok(driver)
    }

    /// A page of Chromium, as wide as is asked for; `profile` is a folder for its files.
    pub(super) fn page(&self, width: u32, profile: &Path) -> Result<Page<'_>, String> {
        let arguments = [
            "--headless=new".to_owned(),
            // Chromium's own sandbox needs more than a container allows; the pages are ours and load nothing.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--no-first-run".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let capabilities = json!({ "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": { "args": arguments } } });
        let session = self.command("POST", "/session", &json!({ "capabilities": capabilities }))?;
        let session = session.get("sessionId").and_then(Value::as_str).ok_or("no session")?.to_owned();
        let page = Page { driver: self, session };
        // a window cannot be as narrow as a phone
        let metrics =
            json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.devtools("Emulation.setDeviceMetricsOverride", &metrics)?;
        Ok(page)
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, String> {
        let answer =
            self.http(method, path, &body.to_string()).map_err(|error| format!("{path}: {error}"))?;
        let answer: Value =
            serde_json::from_str(&answer).map_err(|error| format!("{path}: {error}: {answer}"))?;
        let value = answer.get("value").ok_or_else(|| format!("{path}: no value"))?;
        match value.get("error") {
            Some(error) => Err(format!("{path}: {error}: {}", value.get("message").unwrap_or(&Value::Null))),
            None => Ok(value.clone()),
        }
    }

    fn http(&self, method: &str, path: &str, body: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = BufReader::new(stream);
        let mut length = None;
        let mut line = String::new();
        while answer.read_line(&mut line)? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse::<u64>().ok();
            }
            line.clear();
        }
        let mut text = String::new();
        answer.take(length.unwrap_or(u64::MAX)).read_to_string(&mut text)?;
        Ok(text)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page of the browser, closed when this is dropped.
pub(super) struct Page<'d> {
    driver: &'d Driver,
    session: String,
}

impl Page<'_> {
    pub(super) fn open(&self, file: &Path) -> Result<(), String> {
        self.post("url", &json!({ "url": format!("file://{}", file.display()) })).map(drop)
    }

    /// What a function with this body returns.
    pub(super) fn script(&self, body: &str) -> Result<Value, String> {
        self.post("execute/sync", &json!({ "script": body, "args": [] }))
    }

    /// Which messages are unfolded, and how many messages are seen.
    pub(super) fn state(&self) -> Result<Value, String> {
        self.script(
            "return [[...document.querySelectorAll('details')].map(one => one.open), \
             [...document.querySelectorAll('.message')].filter(one => one.checkVisibility() && one.offsetHeight > 0).length]",
        )
    }

    pub(super) fn elements(&self, selector: &str) -> Result<Vec<String>, String> {
        let found = self.post("elements", &json!({ "using": "css selector", "value": selector }))?;
        let ids = found.as_array().into_iter().flatten().filter_map(|one| one.get(ELEMENT)?.as_str());
        Ok(ids.map(str::to_owned).collect())
    }

    /// A click of the mouse in the middle of an element.
    pub(super) fn click(&self, element: &str) -> Result<(), String> {
        self.post(&format!("element/{element}/click"), &json!({})).map(drop)
    }

    /// Presses and releases a key.
    pub(super) fn press(&self, key: &str) -> Result<(), String> {
        let strokes = json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        self.post("actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// Makes the reader's system light or dark.
    pub(super) fn prefer(&self, scheme: &str) -> Result<(), String> {
        let feature = json!({ "name": "prefers-color-scheme", "value": scheme });
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": [feature] }))
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Result<(), String> {
        self.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters })).map(drop)
    }

    fn post(&self, what: &str, body: &Value) -> Result<Value, String> {
        self.driver.command("POST", &format!("/session/{}/{what}", self.session), body)
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let _ = self.driver.command("DELETE", &format!("/session/{}", self.session), &json!({}));
    }
}
