//! The tests of a crate, compiled in its shadow with our library in loom's place.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use serde::Deserialize;

use super::super::Refusal;

/// The tests of a crate.
pub struct Built {
    /// The cfg under which they were compiled.
    pub cfg: String,
    /// Where files of a run may stand.
    pub folder: PathBuf,
    pub programs: Vec<Program>,
}

/// A test program.
pub struct Program {
    pub file: PathBuf,
    /// The folder of its package, in which it is to run.
    pub folder: PathBuf,
}

impl Program {
    /// The names of its tests.
    pub fn tests(&self) -> Result<Vec<String>, Refusal> {
        let listed = Command::new(&self.file).args(["--list", "--format", "terse"]).output();
        let listed = listed.map_err(|e| format!("{} cannot be run: {e}", self.file.display()))?;
        let names = String::from_utf8_lossy(&listed.stdout).into_owned();
        let names = names.lines().filter_map(|line| line.strip_suffix(": test"));
        Ok(names.map(str::to_string).collect())
    }
}

#[derive(Deserialize)]
struct Metadata {
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

/// Compiles the tests of the crate in the current folder.
pub fn build(cfg: Option<&str>, arguments: &[String]) -> Result<Built, Refusal> {
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output();
    let output = output.map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("there is no crate here: {}", why.trim()));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("what cargo says of this crate makes no sense: {e}"))?;
    let root = &metadata.workspace_root;
    let here = env::current_dir().map_err(|e| format!("there is no current folder: {e}"))?;
    let member = here.strip_prefix(root).unwrap_or(Path::new(""));
    let cfg = match cfg {
        Some(cfg) => cfg.to_string(),
        None => find_cfg(&here)?,
    };
    let folder = metadata.target_directory.join("casebook");
    let shadow = folder.join("shadow");
    cast(root, &shadow)
        .map_err(|e| format!("{} cannot be made, to build in: {e}", shadow.display()))?;
    let place = shadow.join(member);

    let library = crate::checkout().join("src/loom/patch");
    let library = library
        .canonicalize()
        .map_err(|e| format!("{} is not where this program was built: {e}", library.display()))?;
    let patch = format!("patch.crates-io.loom.path='{}'", library.display());
    if shadow.join("Cargo.lock").exists() {
        // The lock names loom itself. Where it does not, there is nothing to put in another place.
        let update = ["update", "--quiet", "--config", &patch, "loom"];
        let update = cargo().args(update).current_dir(&place).output();
        let update = update.map_err(|e| format!("cargo cannot be run: {e}"))?;
        if !update.status.success() {
            let why = String::from_utf8_lossy(&update.stderr);
            return Err(format!(
                "loom cannot be replaced in this crate's lock file: {}",
                why.trim()
            ));
        }
    }
    let mut flags = env::var("RUSTFLAGS").unwrap_or_default();
    flags += &format!(" --cfg {cfg} --check-cfg=cfg({cfg})");
    let output = cargo()
        .args(["test", "--no-run", "--message-format=json-render-diagnostics"])
        .args(["--config", &patch])
        // The crate's own code is run again in each execution: it takes a fifth of the time if optimised a little.
        .args(["--config", "profile.dev.opt-level=1"])
        .args(["--config", "profile.dev.package.rc11.opt-level=3"])
        .args(["--config", "profile.dev.package.loom.opt-level=3"])
        .args(arguments)
        .current_dir(&place)
        .env("RUSTFLAGS", flags.trim())
        .env("CARGO_TARGET_DIR", folder.join("own"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        return Err(format!("the tests do not compile under `--cfg {cfg}`"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let artifacts: Vec<Artifact> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !artifacts.iter().any(|artifact| is_in(artifact, &library)) {
        return Err(format!("nothing here is compiled with loom under `--cfg {cfg}`"));
    }
    let programs = artifacts.into_iter().filter_map(Artifact::program).collect();
    Ok(Built { cfg, folder, programs })
}

/// Whether a package stands in a folder.
fn is_in(artifact: &Artifact, folder: &Path) -> bool {
    artifact.manifest_path.parent() == Some(folder)
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    profile: Profile,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl Artifact {
    fn program(self) -> Option<Program> {
        let folder = self.manifest_path.parent()?.to_path_buf();
        self.executable.filter(|_| self.profile.test).map(|file| Program { file, folder })
    }
}

/// Fills a folder with links to all that another one has, save what cargo writes: a lock file is copied.
fn cast(root: &Path, shadow: &Path) -> io::Result<()> {
    match fs::remove_dir_all(shadow) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(shadow)?,
    }
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let link = shadow.join(entry.file_name());
        match entry.file_name().to_str() {
            Some("target" | ".git") => {}
            Some("Cargo.lock") => _ = fs::copy(entry.path(), link)?,
            _ => symlink(&entry.path(), &link)?,
        }
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(file: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(file, link)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "it takes links, as Unix has them"))
}

/// The one cfg with `loom` in its name that the sources below a folder ask for.
fn find_cfg(folder: &Path) -> Result<String, Refusal> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with(".git") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.extend(cfgs(&fs::read_to_string(&path).unwrap_or_default()));
            }
        }
    }
    let known: Vec<&String> = found.iter().collect();
    match known[..] {
        [cfg] => Ok(cfg.clone()),
        [] => {
            Err("no source here asks for a cfg with `loom` in its name; `--cfg` says which".into())
        }
        _ => Err(format!("the sources ask for several: {known:?}; `--cfg` says which")),
    }
}

/// The names with `loom` in them in a text's `cfg(...)`.
fn cfgs(text: &str) -> BTreeSet<String> {
    let asked = text.split("cfg").skip(1).filter_map(|after| {
        let after = after.trim_start_matches("_attr").trim_start_matches('!').strip_prefix('(')?;
        Some(after.split(']').next().unwrap_or(after))
    });
    // What stands in quotes is the name of a feature, or the like.
    let bare = asked.flat_map(|asked| asked.split('"').step_by(2));
    let words = bare.flat_map(|asked| asked.split(|c: char| !c.is_alphanumeric() && c != '_'));
    let names = words.filter(|word| *word == "loom" || word.ends_with("_loom"));
    names.map(str::to_string).collect()
}
