//! Redis servers on loopback that a test starts, where `redis-server` is installed.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redis::Client;

/// A server, which is killed when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    folder: PathBuf,
    cluster: bool,
}

impl Server {
    /// A server of its own; `None` where it is not installed.
    pub(crate) fn start(cluster: bool) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap().keep();
        // the port of the cluster's bus is another 10,000
        let port = (0..100)
            .filter_map(|_| TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok())
            .map(|address| address.port())
            .find(|port| *port < 55_000 && TcpListener::bind(("127.0.0.1", port + 10_000)).is_ok())?;
        let child = run(port, &folder, cluster)?;
        let server = Self { child, port, folder, cluster };
        server.wait();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The same server again, with what it had written.
    pub(crate) fn restart(&mut self) {
        self.child = run(self.port, &self.folder, self.cluster).unwrap();
        self.wait();
    }

    pub(crate) fn ask(&self, command: &[&str]) -> redis::RedisResult<redis::Value> {
        let mut connection = Client::open(self.url())?.get_connection()?;
        let mut asked = redis::cmd(command[0]);
        asked.arg(&command[1..]);
        asked.query(&mut connection)
    }

    fn wait(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() || self.ask(&["PING"]).is_err() {
            assert!(Instant::now() < end, "redis-server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn run(port: u16, folder: &std::path::Path, cluster: bool) -> Option<Child> {
    let mut command = Command::new("redis-server");
    let port = port.to_string();
    // what was answered is in the file, so that a killed server comes back with it
    let durable = if cluster { "yes" } else { "no" };
    command.args(["--port", &port, "--bind", "127.0.0.1", "--save", "", "--appendonly", durable]);
    command.args(["--appendfsync", "always", "--dir"]).arg(folder);
    if cluster {
        command.args(["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"]);
        command.args(["--cluster-node-timeout", "2000", "--cluster-require-full-coverage", "no"]);
    }
    match command.stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
        Ok(child) => Some(child),
        Err(_) => {
            println!("redis-server not found: skipped");
            None
        }
    }
}

/// Three nodes that share all slots.
pub(crate) fn cluster() -> Option<Vec<Server>> {
    let nodes: Vec<Server> = (0..3).map_while(|_| Server::start(true)).collect();
    if nodes.len() < 3 {
        return None;
    }
    for (node, slots) in nodes.iter().zip([("0", "5461"), ("5462", "10922"), ("10923", "16383")]) {
        node.ask(&["CLUSTER", "ADDSLOTSRANGE", slots.0, slots.1]).unwrap();
        node.ask(&["CLUSTER", "MEET", "127.0.0.1", &nodes[0].port.to_string()]).unwrap();
    }
    let end = Instant::now() + Duration::from_secs(30);
    let is_ready = |node: &Server| {
        let told = node.ask(&["CLUSTER", "INFO"]).unwrap();
        let told: String = redis::from_redis_value(&told).unwrap();
        told.contains("cluster_state:ok")
            && told.contains("cluster_slots_ok:16384")
            && told.contains("known_nodes:3")
    };
    while !nodes.iter().all(is_ready) {
        assert!(Instant::now() < end, "no cluster comes about");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(nodes)
}
