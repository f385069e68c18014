//! `casebook book`: a program of its own writes the book, built when one is asked for.
//!
//! What lays pages out takes longer to build than all else, and most who check cases never want it.

use std::path::PathBuf;
use std::process::Command;

use clap::Args;

use super::{End, Refusal};

/// What a book is to be.
#[derive(Args)]
pub struct Book {
    /// The folder to write; a book that is there is replaced, anything else is not
    #[arg(default_value = "target/book")]
    pub dir: PathBuf,
    /// Only cases whose `family/file/name` contains this
    #[arg(long, default_value = "")]
    pub filter: String,
    /// Where the book will be published, such as https://example.org/casebook: its citations then carry the address of their case
    #[arg(long, value_name = "URL", value_parser = address)]
    pub base_url: Option<String>,
}

/// An address of the web, without the slash at its end.
///
/// # Errors
/// It is none.
pub fn address(url: &str) -> Result<String, String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}?#".contains(c);
    match rest.map(|rest| rest.trim_end_matches('/')) {
        Some(rest) if !rest.is_empty() && rest.chars().all(is_plain) => {
            Ok(url.trim_end_matches('/').to_string())
        }
        _ => Err("an address is like https://example.org/casebook".into()),
    }
}

impl Book {
    pub(super) fn run(self) -> Result<End, Refusal> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(["run", "--locked", "--package", "casebook-book"]);
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        command.arg("--manifest-path").arg(crate::checkout().join("Cargo.toml"));
        command.arg("--").arg("--filter").arg(&self.filter);
        command.args(self.base_url.iter().flat_map(|url| ["--base-url", url]));
        command.arg(&self.dir);
        let status = command.status().map_err(|error| {
            format!("a book needs cargo, to build the program that writes it: {error}")
        })?;
        super::end(status, "the program that writes the book")
    }
}
