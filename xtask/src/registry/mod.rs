//! A registry on loopback that takes and hands out crates: the sparse protocol, in memory, for tests of releases.

mod index;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tiny_http::{Header, Method, Request, Response, Server};

use crate::Failure;
use index::{Entry, path_of};

/// The largest upload that is taken: the limit of the Rust registry.
const MAX_UPLOAD: u64 = 10 * 1024 * 1024;

/// A registry that answers until it is dropped.
pub(crate) struct Registry {
    server: Arc<Server>,
    shelf: Arc<Mutex<Shelf>>,
    thread: Option<JoinHandle<()>>,
    port: u16,
}

#[derive(Default)]
struct Shelf {
    /// By name, the versions in the order in which they came.
    entries: BTreeMap<String, Vec<Entry>>,
    /// Packages whose upload is answered with an error.
    refused: Vec<String>,
}

impl Registry {
    /// Starts one on a free port of loopback.
    pub(crate) fn start() -> Result<Self, Failure> {
        let server =
            Server::http("127.0.0.1:0").map_err(|error| Failure::Usage(format!("registry: {error}")))?;
        let server = Arc::new(server);
        let port = server.server_addr().to_ip().map_or(0, |address| address.port());
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let thread = std::thread::spawn({
            let (server, shelf) = (Arc::clone(&server), Arc::clone(&shelf));
            move || server.incoming_requests().for_each(|request| serve(request, &shelf, port))
        });
        Ok(Self { server, shelf, thread: Some(thread), port })
    }

    /// What tells cargo of it as the registry `local`, by environment variables.
    pub(crate) fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("CARGO_REGISTRIES_LOCAL_INDEX", format!("sparse+http://127.0.0.1:{}/index/", self.port)),
            ("CARGO_REGISTRIES_LOCAL_TOKEN", "nobody".into()),
            ("CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS", "cargo:token".into()),
        ]
    }

    /// Names and versions that it holds.
    pub(crate) fn holds(&self) -> Vec<(String, String)> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let each = shelf.entries.values().flatten();
        each.map(|entry| (entry.name.clone(), entry.version.clone())).collect()
    }

    /// Answers uploads of this package with an error from now on; of none with an empty name.
    #[cfg(test)]
    pub(crate) fn refuse(&self, package: &str) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.refused = if package.is_empty() { Vec::new() } else { vec![package.to_owned()] };
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut request: Request, shelf: &Mutex<Shelf>, port: u16) {
    let url = request.url().to_owned();
    let mut shelf = shelf.lock().unwrap_or_else(PoisonError::into_inner);
    let (status, body) = match (request.method(), url.as_str()) {
        (Method::Get, "/index/config.json") => (
            200,
            format!("{{\"dl\":\"http://127.0.0.1:{port}/dl\",\"api\":\"http://127.0.0.1:{port}\"}}")
                .into_bytes(),
        ),
        (Method::Get, path) => shelf.get(path).map_or((404, Vec::new()), |body| (200, body)),
        (Method::Put, "/api/v1/crates/new") => {
            let mut upload = Vec::new();
            let read = request.as_reader().take(MAX_UPLOAD).read_to_end(&mut upload);
            match read.map_err(|error| (400, error.to_string())).and_then(|_| shelf.take(&upload)) {
                Ok(()) => (
                    200,
                    b"{\"warnings\":{\"invalid_categories\":[],\"invalid_badges\":[],\"other\":[]}}".to_vec(),
                ),
                Err((status, why)) => {
                    (status, serde_json::json!({"errors": [{"detail": why}]}).to_string().into_bytes())
                }
            }
        }
        _ => (404, Vec::new()),
    };
    drop(shelf);
    let json = Header::from_bytes("Content-Type", "application/json").into_iter();
    let headers = json.collect();
    let length = body.len();
    let _ = request.respond(Response::new(status.into(), headers, Cursor::new(body), Some(length), None));
}

impl Shelf {
    /// An index file, or a crate.
    fn get(&self, path: &str) -> Option<Vec<u8>> {
        if let Some(path) = path.strip_prefix("/index/") {
            let name = path.rsplit('/').next()?;
            let entries = self.entries.get(name).filter(|_| path_of(name) == path)?;
            return Some(
                entries.iter().map(|entry| format!("{}\n", entry.line)).collect::<String>().into_bytes(),
            );
        }
        let mut parts = path.strip_prefix("/dl/")?.split('/');
        let (name, version) = (parts.next()?, parts.next()?);
        let entry = self.entries.get(name)?.iter().find(|entry| entry.version == version)?;
        (parts.next() == Some("download")).then(|| entry.archive.clone())
    }

    fn take(&mut self, upload: &[u8]) -> Result<(), (u16, String)> {
        let entry = Entry::read(upload).map_err(|why| (400, why))?;
        if self.refused.contains(&entry.name) {
            return Err((500, format!("this registry refuses {}, as it was told", entry.name)));
        }
        let versions = self.entries.entry(entry.name.clone()).or_default();
        if versions.iter().any(|known| known.version == entry.version) {
            return Err((409, format!("crate version `{}` already exists", entry.version)));
        }
        versions.push(entry);
        Ok(())
    }
}
