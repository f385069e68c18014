//! The tests of a crate, compiled in its shadow with our library in loom's place.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use serde::Deserialize;

use super::source;
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
pub struct Built {
    /// The cfg under which they were compiled.
    pub cfg: String,
    /// The root of its workspace: places in its sources are told from here.
    pub root: PathBuf,
    /// The folder of the crate itself.
    pub here: PathBuf,
    /// Where files of a run may stand.
    pub folder: PathBuf,
    /// Where it was compiled.
    pub shadow: PathBuf,
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
    /// The members of the workspace.
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    manifest_path: PathBuf,
}

/// Compiles the tests of the crate in the current folder.
pub fn build(library: Library, cfg: Option<&str>, arguments: &[String]) -> Result<Built, Refusal> {
    let Metadata { workspace_root: root, target_directory, packages } = metadata()?;
    let here = env::current_dir().map_err(|e| format!("there is no current folder: {e}"))?;
    // Cargo takes the nearest manifest, and a folder below that one may be a link in the shadow.
    let manifest = here.ancestors().find(|folder| folder.join("Cargo.toml").exists());
    let member = manifest.and_then(|folder| folder.strip_prefix(&root).ok());
    let member = member.unwrap_or(Path::new(""));
    let cfg = match cfg {
        Some(cfg) => cfg.to_string(),
        None => source::find_cfg(&here)?,
    };
    let folder = target_directory.join("casebook");
    let shadow = folder.join("shadow").join(name_of(&root));
    let members: Vec<&Path> =
        packages.iter().filter_map(|package| package.manifest_path.parent()).collect();
    cast(&root, &shadow, &members)
        .map_err(|e| format!("{} cannot be made, to build in: {e}", shadow.display()))?;
    let place = shadow.join(member);
    stays_inside(&place, &shadow)?;

    let patch = match library {
        Library::Ours => patch(&place, &shadow.join("Cargo.lock"))?,
        Library::Loom => Vec::new(),
    };
    let mut flags = env::var("RUSTFLAGS").unwrap_or_default();
    flags += &format!(" --cfg {cfg} --check-cfg=cfg({cfg})");
    let output = cargo()
        .args(["test", "--no-run", "--message-format=json-render-diagnostics"])
        .args(patch)
        // The crate's own code is run again in each execution: it takes a fifth of the time if optimised a little. What
        // only its other tests and benches need is compiled in half the time if it is not.
        .args(["--config", "profile.dev.opt-level=1"])
        .args(["--config", "profile.dev.package.\"*\".opt-level=0"])
        .args(["--config", "profile.dev.package.corosensei.opt-level=3"])
        .args(["--config", "profile.dev.package.rc11.opt-level=3"])
        .args(["--config", "profile.dev.package.loom.opt-level=3"])
        .args(arguments)
        .current_dir(&place)
        .env("RUSTFLAGS", flags.trim())
        .env("CARGO_TARGET_DIR", folder.join(library.folder()))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        return Err(format!("the tests do not compile under `--cfg {cfg}`"));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let artifacts: Vec<Artifact> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    if !artifacts.iter().any(|artifact| artifact.is(library)) {
        return Err(format!("nothing here is compiled with loom under `--cfg {cfg}`"));
    }
    let programs = artifacts.into_iter().filter_map(Artifact::program).collect();
    Ok(Built { cfg, root, here, folder, shadow, programs })
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
    crate::checkout().join("src/loom/patch")
}

/// What cargo says of the crate in the current folder.
fn metadata() -> Result<Metadata, Refusal> {
    let output = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output();
    let output = output.map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("there is no crate here: {}", why.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("what cargo says of this crate makes no sense: {e}"))
}

/// Refuses a place from which cargo would find a workspace outside of the shadow: it would write the lock file there.
fn stays_inside(place: &Path, shadow: &Path) -> Result<(), Refusal> {
    let located = cargo()
        .args(["locate-project", "--workspace", "--message-format=plain"])
        .current_dir(place)
        .output()
        .map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !located.status.success() {
        let why = String::from_utf8_lossy(&located.stderr);
        return Err(format!("cargo finds no crate in {}: {}", place.display(), why.trim()));
    }
    let manifest = String::from_utf8_lossy(&located.stdout).trim().to_string();
    let folder = Path::new(&manifest).parent().and_then(|folder| folder.canonicalize().ok());
    match folder.is_some() && folder == shadow.canonicalize().ok() {
        true => Ok(()),
        false => Err(format!(
            "cargo would build with {manifest} and write beside it, not in {}",
            shadow.display()
        )),
    }
}

/// What tells cargo to take our library for loom, in the shadow's lock file too.
fn patch(place: &Path, lock: &Path) -> Result<Vec<String>, Refusal> {
    let library = ours();
    let library = library
        .canonicalize()
        .map_err(|e| format!("{} is not where this program was built: {e}", library.display()))?;
    let patch = format!("patch.crates-io.loom.path='{}'", library.display());
    // Where the lock does not name loom, there is nothing to put in another place.
    let lock = fs::read_to_string(lock).unwrap_or_default();
    if lock.lines().any(|line| line == "name = \"loom\"") {
        let update = ["update", "--quiet", "--config", &patch, "loom"];
        let update = cargo().args(update).current_dir(place).output();
        let update = update.map_err(|e| format!("cargo cannot be run: {e}"))?;
        if !update.status.success() {
            let why = String::from_utf8_lossy(&update.stderr);
            return Err(format!(
                "loom cannot be replaced in this crate's lock file: {}",
                why.trim()
            ));
        }
    }
    Ok(vec!["--config".to_string(), patch])
}

fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
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
    /// Whether it is this library.
    fn is(&self, library: Library) -> bool {
        let ours = ours().canonicalize().ok();
        self.target.name == "loom"
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

/// A name for the shadow of what stands here: crates may share a target folder.
fn name_of(root: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}-{:016x}", hasher.finish())
}

/// Fills a folder with links to all that another one has, save what cargo writes: a lock file is copied. The folders
/// down to the members are no links: in a linked one, cargo would find the workspace that the link leads to.
fn cast(root: &Path, shadow: &Path, members: &[&Path]) -> io::Result<()> {
    match fs::remove_dir_all(shadow) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut folders = vec![(root.to_path_buf(), shadow.to_path_buf())];
    while let Some((folder, cast)) = folders.pop() {
        fs::create_dir_all(&cast)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let (path, link) = (entry.path(), cast.join(entry.file_name()));
            match entry.file_name().to_str() {
                _ if members.iter().any(|member| member.starts_with(&path)) => {
                    folders.push((path, link));
                }
                Some("target" | ".git") if folder == root => {}
                Some("Cargo.lock") => _ = fs::copy(path, link)?,
                _ => symlink(&path, &link)?,
            }
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
