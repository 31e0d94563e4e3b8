//! Passwords of keys: from a prompt, a file or an environment variable; never from the arguments, which others can see.

use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::exit::{Failure, reason};
use crate::shown::Shown;

/// Where the password of a key comes from; without any of these the terminal is asked.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PasswordFrom {
    /// Take the password of keys from the first line of this file, not from the terminal.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    password_file: Option<PathBuf>,

    /// Take it from the environment variable of this name.
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
}

impl PasswordFrom {
    /// The file that it is read from.
    pub(crate) fn file(&self) -> Option<&PathBuf> {
        self.password_file.as_ref()
    }

    /// The password of `what`. The prompt shows nothing of what is typed.
    pub(crate) fn password(&self, what: &str) -> Result<Zeroizing<String>, Failure> {
        if let Some(path) = &self.password_file {
            return first_line(path);
        }
        if let Some(name) = &self.password_env {
            let value = std::env::var(name).map(Zeroizing::new);
            return value.map_err(|error| {
                let name = Shown::text(name);
                Failure::new(match error {
                    std::env::VarError::NotPresent => format!("{name}: no such environment variable"),
                    std::env::VarError::NotUnicode(_) => format!("{name}: is no text in UTF-8"),
                })
            });
        }
        let asked = rpassword::prompt_password(format!("Password of {what}: ")).map(Zeroizing::new);
        asked.map_err(|error| {
            let why = reason(&error);
            Failure::new(format!(
                "{what}: a password is needed and the terminal cannot be asked ({why}); --password-file or --password-env"
            ))
        })
    }

    /// The password of a file.
    pub(crate) fn of(&self, path: &Path) -> Result<Zeroizing<String>, Failure> {
        self.password(Shown::path(path).as_str())
    }
}

fn first_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::at(path, reason(&error)))?;
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}
