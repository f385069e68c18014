//! The manifest of a crate that is to have loom tests.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::cli::Refusal;

/// A crate's manifest, as it stands.
pub struct Manifest {
    text: String,
    table: Table,
}

/// What became of the entry that tells the compiler of the cfg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lint {
    Written,
    /// The crate's lints stand where a line cannot be added.
    ByHand,
}

const LINT: &str = "unexpected_cfgs = { level = \"warn\", check-cfg = [\"cfg(loom)\"] }";

impl Manifest {
    /// The manifest in this folder.
    pub fn read(folder: &Path) -> Result<Manifest, Refusal> {
        let path = folder.join("Cargo.toml");
        let text = super::read(&path)?;
        let table: Table =
            text.parse().map_err(|error| format!("{} is no manifest: {error}", path.display()))?;
        if !table.contains_key("package") {
            return Err(format!(
                "{} is that of a workspace: name the folder of one of its crates",
                path.display()
            ));
        }
        Ok(Manifest { text, table })
    }

    /// A value below a table.
    fn get(&self, table: &str, key: &str) -> Option<&Value> {
        self.table.get(table)?.get(key)
    }

    /// Whether the crate is of the first edition, as one is that says nothing.
    pub fn is_of_2015(&self) -> bool {
        self.get("package", "edition").is_none_or(|edition| edition.as_str() == Some("2015"))
    }

    /// The root of the library, from the crate's folder.
    pub fn root(&self) -> PathBuf {
        let path = self.get("lib", "path").and_then(Value::as_str);
        path.unwrap_or("src/lib.rs").into()
    }

    /// The library's name in `use`.
    pub fn library(&self) -> String {
        let name = self.get("lib", "name").or(self.get("package", "name"));
        name.and_then(Value::as_str).unwrap_or_default().replace('-', "_")
    }

    /// The text with loom, and with whatever cargo needs to find the test.
    pub fn with_loom(&self) -> Result<(String, Lint), Refusal> {
        let (mut text, mut lint) = (self.text.clone(), Lint::Written);
        let newline = super::newline(&text);
        if !text.ends_with('\n') {
            text += newline;
        }
        let own = |added: &str| added.replace('\n', newline);
        let has_header = |text: &str| text.lines().any(|line| line.trim() == "[lints.rust]");
        match self.table.get("lints") {
            None => text += &own(&format!("\n[lints.rust]\n{LINT}\n")),
            Some(lints) => match lints.get("rust") {
                None if lints.get("workspace").is_none() => {
                    text += &own(&format!("\n[lints.rust]\n{LINT}\n"));
                }
                Some(rust) if rust.get("unexpected_cfgs").is_none() && has_header(&text) => {
                    let header = |line: &str| line.trim() == "[lints.rust]";
                    let lines = text.split_inclusive('\n').map(|line| match header(line) {
                        true => format!("{line}{LINT}{newline}"),
                        false => line.to_string(),
                    });
                    text = lines.collect();
                }
                _ => lint = Lint::ByHand,
            },
        }
        // With this, cargo looks for no tests by itself.
        if self.get("package", "autotests").and_then(Value::as_bool) == Some(false) {
            text += &own("\n[[test]]\nname = \"loom\"\npath = \"tests/loom.rs\"\n");
        }
        text += &own("\n[target.'cfg(loom)'.dependencies]\nloom = \"0.7\"\n");
        match text.parse::<Table>() {
            Ok(_) => Ok((text, lint)),
            Err(error) => Err(format!(
                "loom cannot be added to Cargo.toml by lines at its end ({}): add it below \
                 [target.'cfg(loom)'.dependencies] by hand",
                error.message()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_loom(text: &str) -> (String, Lint) {
        let table = text.parse().expect("it is TOML");
        Manifest { text: text.to_string(), table }.with_loom().expect("loom can be added")
    }

    #[test]
    fn a_crate_that_names_no_edition_is_of_2015() {
        let is = |text: &str| {
            let table = format!("[package]\n{text}\n").parse().expect("it is TOML");
            Manifest { text: String::new(), table }.is_of_2015()
        };
        assert!(is("") && is("edition = \"2015\""));
        assert!(!is("edition = \"2018\"") && !is("edition.workspace = true"));
    }

    const PACKAGE: &str = "[package]\nname = \"a\"\n";

    #[test]
    fn the_lint_is_put_where_lints_are() {
        let (text, lint) = with_loom(PACKAGE);
        assert!(text.contains(&format!("[lints.rust]\n{LINT}\n")), "{text}");
        assert_eq!(lint, Lint::Written);
        let (text, lint) =
            with_loom(&format!("{PACKAGE}[lints.rust]\nunsafe_code = \"forbid\"\n[features]\n"));
        let header = format!("[lints.rust]\n{LINT}\nunsafe_code");
        assert!(text.contains(&header), "{text}");
        assert_eq!(lint, Lint::Written);
        // Each line ends as it did, and the new ones as the others do.
        let windows = "[package]\r\nname = \"a\"\r\n[lints.rust]\r\nunsafe_code = \"forbid\"";
        let (text, _) = with_loom(windows);
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
        let without = text.replacen(&format!("{LINT}\r\n"), "", 1);
        assert!(without.starts_with(windows), "{text:?}");
        for lints in [
            "[lints]\nworkspace = true\n",
            "[lints.rust]\nunexpected_cfgs = \"allow\"\n",
            "[lints]\nrust = { unsafe_code = \"forbid\" }\n",
        ] {
            let (text, lint) = with_loom(&format!("{PACKAGE}{lints}"));
            assert_eq!(lint, Lint::ByHand, "{text}");
            assert!(!text.contains("check-cfg"), "{text}");
        }
    }
}
