//! The connection: commands go out as one pipeline a node.

use std::time::Duration;

use redis::cluster::{ClusterClient, ClusterConnection, ClusterPipeline};
use redis::{Client, Cmd, Connection, ErrorKind, Pipeline, RedisError, RedisResult, Value};

use super::scripts;

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How long a node may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Link {
    client: Which<Client, ClusterClient>,
    connection: Option<Which<Connection, ClusterConnection>>,
    /// Pipelines sent; in a cluster each is at most one a node.
    pub(super) trips: u64,
}

/// One server, or a cluster.
enum Which<O, C> {
    One(O),
    Cluster(C),
}

impl Link {
    /// Connects to one of the servers; where it is of a cluster, to all of that.
    pub(super) fn open(urls: &[&str]) -> Result<Self, Failure> {
        let mut failure: Failure = "no address".into();
        for url in urls {
            match cluster_enabled(url) {
                Ok(false) => {
                    return Ok(Self { client: Which::One(Client::open(*url)?), connection: None, trips: 0 });
                }
                Ok(true) => {
                    let builder = ClusterClient::builder(urls.iter().copied()).retries(2);
                    let client = builder.connection_timeout(PATIENCE).response_timeout(PATIENCE).build()?;
                    return Ok(Self { client: Which::Cluster(client), connection: None, trips: 0 });
                }
                Err(error) => failure = error.into(),
            }
        }
        Err(failure)
    }

    /// Runs commands; their answers in order. All of them may be run twice.
    pub(super) fn run(&mut self, commands: &[Cmd]) -> Result<Vec<Value>, Failure> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut answers = self.try_run(commands);
        if let Err(error) = &answers {
            // a server that was started anew knows no script
            if error.kind() == ErrorKind::NoScriptError {
                self.load()?;
            } else {
                self.connection = None;
            }
            answers = self.try_run(commands);
        }
        if answers.is_err() {
            self.connection = None;
        }
        Ok(answers?)
    }

    fn try_run(&mut self, commands: &[Cmd]) -> RedisResult<Vec<Value>> {
        self.trips += 1;
        match self.connection()? {
            Which::One(connection) => {
                let mut pipeline = Pipeline::with_capacity(commands.len());
                commands.iter().for_each(|command| _ = pipeline.add_command(command.clone()));
                pipeline.query(connection)
            }
            Which::Cluster(connection) => {
                let mut pipeline = ClusterPipeline::with_capacity(commands.len());
                commands.iter().for_each(|command| _ = pipeline.add_command(command.clone()));
                pipeline.query(connection)
            }
        }
    }

    /// Makes the scripts known to all nodes.
    fn load(&mut self) -> Result<(), Failure> {
        for script in scripts::all() {
            let mut load = redis::cmd("SCRIPT");
            load.arg("LOAD").arg(script);
            match self.connection()? {
                Which::One(connection) => load.exec(connection)?,
                Which::Cluster(connection) => load.exec(connection)?,
            }
        }
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut Which<Connection, ClusterConnection>, RedisError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => match &self.client {
                Which::One(client) => Which::One(one(client)?),
                Which::Cluster(client) => Which::Cluster(client.get_connection()?),
            },
        };
        Ok(self.connection.insert(connection))
    }
}

fn one(client: &Client) -> RedisResult<Connection> {
    let connection = client.get_connection_with_timeout(PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    Ok(connection)
}

fn cluster_enabled(url: &str) -> RedisResult<bool> {
    let mut connection = one(&Client::open(url)?)?;
    let told: String = redis::cmd("INFO").arg("cluster").query(&mut connection)?;
    Ok(told.contains("cluster_enabled:1"))
}

/// A node that takes too long is for the system a resource that is `temporarily unavailable`; said so that people know.
pub(super) fn plain(failure: Failure) -> Failure {
    match failure.downcast_ref::<RedisError>() {
        Some(error) if error.is_timeout() => {
            format!("no answer within {} s; is it Redis or Valkey?", PATIENCE.as_secs()).into()
        }
        _ => failure,
    }
}

/// The addresses of a store as an error may name them: without user, password and query, where these stand.
pub(super) fn without_secrets(urls: &str) -> String {
    let one = |url: &str| {
        let url = url.split('?').next().unwrap_or(url);
        match (url.split_once("://"), url.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
            (None, Some((_, host))) => host.to_owned(),
            (_, None) => url.to_owned(),
        }
    };
    urls.split(',').map(one).collect::<Vec<String>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_silent_is_called_so() {
        let late = std::io::Error::from(std::io::ErrorKind::WouldBlock);
        assert!(plain(RedisError::from(late).into()).to_string().starts_with("no answer within 5 s"));
        assert_eq!(plain("other".into()).to_string(), "other");
    }

    #[test]
    fn an_error_names_a_server_without_its_password() {
        assert_eq!(without_secrets("redis://a.example:1"), "redis://a.example:1");
        assert_eq!(
            without_secrets("redis://me:s@cret@a.example:1/0,rediss://:secret@b.example"),
            "redis://a.example:1/0,rediss://b.example"
        );
        assert_eq!(without_secrets("unix:///run/redis.sock?user=me&pass=secret"), "unix:///run/redis.sock");
        assert_eq!(without_secrets("me:secret@a.example"), "a.example");
    }
}
