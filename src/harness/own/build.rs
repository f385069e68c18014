//! The tests of a crate, compiled in its shadow with our library in loom's place.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use serde::Deserialize;

use super::process;
use super::shadow::{Shadow, cargo};
use crate::cli::Refusal;

/// Which library stands in loom's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    /// Ours, over rc11.
    Ours,
    /// The loom that the crate asks for.
    Loom,
}

/// The tests of a crate.
pub struct Built<'s> {
    pub shadow: &'s Shadow,
    pub programs: Vec<Program>,
}

/// A test program.
pub struct Program {
    pub file: PathBuf,
    /// The folder of its package, in which it is to run.
    pub folder: PathBuf,
    /// That of its target: another program may have it, too.
    target: String,
    kind: String,
}

impl Program {
    /// A name that no other program has: its target's, or where others of these have that, too, a longer one.
    pub fn name(&self, all: &[Program], shadow: &Path) -> String {
        if all.iter().filter(|other| other.target == self.target).count() < 2 {
            return self.target.clone();
        }
        let folder = self.folder.strip_prefix(shadow).unwrap_or(&self.folder);
        let folder = folder.display().to_string();
        let parts = [&folder[..], &self.kind, &self.target];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
    }

    /// The names of its tests.
    pub fn tests(&self, limit: Duration) -> Result<Vec<String>, Refusal> {
        let program = self.file.display();
        let mut command = Command::new(&self.file);
        command.args(["--list", "--format", "terse"]).current_dir(&self.folder);
        let listed = process::run(&mut command, limit);
        let listed = listed.map_err(|e| format!("{program} cannot be run: {e}"))?;
        let how = match listed.status {
            Some(status) if status.success() => {
                let names = listed.output.lines().filter_map(|line| line.strip_suffix(": test"));
                return Ok(names.map(str::to_string).collect());
            }
            Some(status) => status.to_string(),
            None => format!("no end after {limit:?}"),
        };
        Err(format!(
            "{program} does not list its tests: {how}; `--test NAME` after `--` leaves it out\n{}",
            listed.output.trim()
        ))
    }
}

/// The crate's own code is run again in each execution: tokio's tests had four to five times as many executions a second at level 1 as at 0,
/// and one of them an eighth more at 2. What only its other tests and benches need is compiled in half the time if it is not optimised. The engine's
/// parts are faster in one piece, by a twentieth there.
const PROFILE: [&str; 10] = [
    "profile.dev.opt-level=2",
    "profile.dev.package.\"*\".opt-level=0",
    "profile.dev.package.corosensei.opt-level=3",
    "profile.dev.package.corosensei.codegen-units=1",
    "profile.dev.package.rc11.opt-level=3",
    "profile.dev.package.rc11.codegen-units=1",
    "profile.dev.package.rc11.debug-assertions=false",
    "profile.dev.package.rc11.overflow-checks=false",
    "profile.dev.package.loom.opt-level=3",
    "profile.dev.package.loom.codegen-units=1",
];

/// Compiles the tests of a crate in its shadow.
pub fn build<'s>(
    library: Library,
    shadow: &'s Shadow,
    arguments: &[String],
) -> Result<Built<'s>, Refusal> {
    shadow.make()?;
    let patch = match library {
        Library::Ours => patch(&shadow.place, &shadow.cast.join("Cargo.lock"))?,
        Library::Loom => Vec::new(),
    };
    let cfg = &shadow.cfg;
    let mut flags = env::var("RUSTFLAGS").unwrap_or_default();
    flags += &format!(" --cfg {cfg} --check-cfg=cfg({cfg})");
    let output = cargo()
        .args(["test", "--no-run", "--message-format=json-render-diagnostics"])
        .args(patch)
        .args(PROFILE.iter().flat_map(|setting| ["--config", setting]))
        .args(arguments)
        .current_dir(&shadow.place)
        .env("RUSTFLAGS", flags.trim())
        .env("CARGO_TARGET_DIR", shadow.folder.join(library.folder()))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        let with = if library == Library::Loom { " with the crate's own loom" } else { "" };
        return Err(format!("the tests do not compile{with} under `--cfg {cfg}`"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let artifacts: Vec<Artifact> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !artifacts.iter().any(|artifact| artifact.is(library)) {
        let other =
            if artifacts.iter().any(Artifact::is_loom) { "a loom other than 0.7" } else { "loom" };
        let nothing = if other == "loom" { "nothing here is" } else { "the tests here are" };
        return Err(format!("{nothing} compiled with {other} under `--cfg {cfg}`"));
    }
    let programs = artifacts.into_iter().filter_map(Artifact::program).collect();
    Ok(Built { shadow, programs })
}

impl Library {
    /// Where what is compiled with it stands.
    fn folder(self) -> &'static str {
        match self {
            Library::Ours => "own",
            Library::Loom => "loom",
        }
    }
}

/// Our library, in this checkout.
fn ours() -> PathBuf {
    crate::built_from().join("src/loom/patch")
}

/// What tells cargo to take our library for loom, in the shadow's lock file too.
fn patch(place: &Path, lock: &Path) -> Result<Vec<String>, Refusal> {
    let library = ours();
    let library = library
        .canonicalize()
        .map_err(|e| format!("{} is not where this program was built: {e}", library.display()))?;
    let patch = format!("patch.crates-io.loom.path='{}'", library.display());
    let update = |package: Option<&str>| -> Result<String, Refusal> {
        let words = ["update", "--quiet", "--config", &patch];
        let update = cargo().args(words).args(package).current_dir(place).output();
        let update = update.map_err(|e| format!("cargo cannot be run: {e}"))?;
        if !update.status.success() {
            let why = String::from_utf8_lossy(&update.stderr);
            return Err(format!(
                "loom cannot be replaced in this crate's lock file: {}",
                why.trim()
            ));
        }
        Ok(fs::read_to_string(lock).unwrap_or_default())
    };
    // Where the lock does not name it, there is nothing to put in another place.
    let found = fs::read_to_string(lock).unwrap_or_default();
    if let Some(version) = locked(&found) {
        let found = update(Some(&format!("loom@{version}")))?;
        // What it has of other packages may be older than ours needs.
        if is_left_out(&found) {
            eprintln!("casebook: newer packages than this crate's lock file has are used here");
            update(None)?;
        }
    }
    Ok(vec!["--config".to_string(), patch])
}

/// Whether a lock file says that a patch for loom is not used.
fn is_left_out(lock: &str) -> bool {
    lock.split("[[patch.unused]]\n").skip(1).any(|after| after.starts_with("name = \"loom\""))
}

/// The version of the loom in a lock file that ours can stand for: there may be an older one besides.
fn locked(lock: &str) -> Option<&str> {
    let versions = lock.split("name = \"loom\"\nversion = \"").skip(1);
    versions.filter_map(|after| after.split('"').next()).find(|version| version.starts_with("0.7."))
}

#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    profile: Profile,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl Artifact {
    /// Whether it is loom, or ours in its place.
    fn is_loom(&self) -> bool {
        self.target.name == "loom"
    }

    /// Whether it is this library.
    fn is(&self, library: Library) -> bool {
        let ours = ours().canonicalize().ok();
        self.is_loom()
            && (self.manifest_path.parent() == ours.as_deref()) == (library == Library::Ours)
    }

    fn program(self) -> Option<Program> {
        let folder = self.manifest_path.parent()?.to_path_buf();
        let Target { name: target, kind } = self.target;
        let kind = kind.into_iter().next().unwrap_or_default();
        let file = self.executable.filter(|_| self.profile.test)?;
        Some(Program { file, folder, target, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_says_which_loom_it_has_and_whether_ours_is_used() {
        let has =
            |version: &str| format!("[[package]]\nname = \"loom\"\nversion = \"{version}\"\n");
        assert_eq!(locked(&(has("0.5.6") + &has("0.7.1"))), Some("0.7.1"));
        assert_eq!(locked(&has("0.5.6")), None);
        let unused = |name: &str| format!("{}[[patch.unused]]\nname = \"{name}\"\n", has("0.7.3"));
        assert!(is_left_out(&unused("loom")));
        assert!(!is_left_out(&unused("other")) && !is_left_out(&has("0.7.99")));
    }
}
