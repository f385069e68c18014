//! The shadow of a crate: a folder below its target folder in which it is compiled, with links to all that it has, for one run at a time.
//!
//! It mirrors the file system from the top, as far as the crate needs it: what it names by a path, such as
//! `../sibling`, is in the same place there.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, io};

use serde::Deserialize;

use super::source;
use crate::cli::Refusal;
use crate::system;

/// The shadow of the crate in the current folder. While it is there, no other process has it.
pub struct Shadow {
    /// The cfg under which the crate has its loom tests.
    pub cfg: String,
    /// The root of its workspace: places in its sources are told from here.
    pub root: PathBuf,
    /// The folder of the crate itself.
    pub here: PathBuf,
    /// What cargo writes into.
    pub target: PathBuf,
    /// Where files of a run may stand.
    pub folder: PathBuf,
    /// What stands in the root's place.
    pub cast: PathBuf,
    /// What stands in the crate's.
    pub place: PathBuf,
    /// A name that the shadow of nothing else has.
    name: String,
    members: Vec<PathBuf>,
    /// The folders outside of the workspace that it takes crates from.
    beside: BTreeSet<PathBuf>,
    _lock: Option<File>,
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
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    path: Option<PathBuf>,
}

impl Package {
    fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }
}

impl Shadow {
    /// Waits until no other run has it.
    pub fn of_this_crate(cfg: Option<&str>) -> Result<Shadow, Refusal> {
        let here = env::current_dir().map_err(|e| format!("there is no current folder: {e}"))?;
        let Metadata { workspace_root: root, target_directory: target, packages } =
            metadata(&here)?;
        // Cargo takes the nearest manifest, and a folder below that one may be a link in the shadow.
        let manifest = here.ancestors().find(|folder| folder.join("Cargo.toml").exists());
        let member = manifest.and_then(|folder| folder.strip_prefix(&root).ok());
        let member = member.unwrap_or(Path::new("")).to_path_buf();
        let cfg = match cfg {
            Some(cfg) => cfg.to_string(),
            None => source::find_cfg(&here, &target)?,
        };
        let folder = target.join("casebook");
        let name = name_of(&root);
        let lock = lock(&folder.join("shadow"), &name)?;
        let cast = mirrored(&folder.join("shadow").join(&name), &root);
        let place = cast.join(member);
        let members = packages.iter().map(|package| package.folder().to_path_buf()).collect();
        let beside = beside(&root, packages);
        let _lock = lock;
        Ok(Shadow { cfg, root, here, target, folder, cast, place, name, members, beside, _lock })
    }

    /// Where the pictures of failing executions are.
    pub fn graphs(&self) -> PathBuf {
        self.folder.join("graphs").join(&self.name)
    }

    /// Makes it anew, with the crate's own lock file.
    pub fn make(&self) -> Result<(), Refusal> {
        self.link()
            .map_err(|e| format!("{} cannot be made, to build in: {e}", self.cast.display()))?;
        self.stays_inside()
    }

    fn link(&self) -> io::Result<()> {
        let base = self.folder.join("shadow").join(&self.name);
        match fs::remove_dir_all(&base) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A crate below another one may depend on that.
        let above = self.beside.iter().find(|folder| self.root.starts_with(folder));
        let top = above.unwrap_or(&self.root);
        self.fill(top, &mirrored(&base, top))?;
        // What is inside of another one comes with it.
        let mut linked = vec![top];
        for folder in &self.beside {
            if !linked.iter().any(|other| folder.starts_with(other)) {
                let link = mirrored(&base, folder);
                fs::create_dir_all(link.parent().unwrap_or(&base))?;
                system::symlink(folder, &link)?;
                linked.push(folder);
            }
        }
        Ok(())
    }

    /// Fills a folder with links to all that another one has, save what cargo writes: a lock file is copied. The folders
    /// down to the members are no links: in a linked one, cargo would find the workspace that the link leads to.
    fn fill(&self, top: &Path, cast: &Path) -> io::Result<()> {
        let mut folders = vec![(top.to_path_buf(), cast.to_path_buf())];
        while let Some((folder, cast)) = folders.pop() {
            fs::create_dir_all(&cast)?;
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let (path, link) = (entry.path(), cast.join(entry.file_name()));
                match entry.file_name().to_str() {
                    _ if self.members.iter().any(|member| member.starts_with(&path)) => {
                        folders.push((path, link));
                    }
                    _ if path == self.target => {}
                    Some("target" | ".git") if folder == self.root => {}
                    Some("Cargo.lock") => _ = fs::copy(path, link)?,
                    _ => system::symlink(&path, &link)?,
                }
            }
        }
        Ok(())
    }

    /// Refuses a place from which cargo would find a workspace outside of the shadow: it would write the lock file there.
    fn stays_inside(&self) -> Result<(), Refusal> {
        let located = cargo()
            .args(["locate-project", "--workspace", "--message-format=plain"])
            .current_dir(&self.place)
            .output()
            .map_err(|e| format!("cargo cannot be run: {e}"))?;
        if !located.status.success() {
            let why = String::from_utf8_lossy(&located.stderr);
            return Err(format!(
                "cargo finds no crate in {}: {}",
                self.place.display(),
                why.trim()
            ));
        }
        let manifest = String::from_utf8_lossy(&located.stdout).trim().to_string();
        let folder = Path::new(&manifest).parent().and_then(|folder| folder.canonicalize().ok());
        match folder.is_some() && folder == self.cast.canonicalize().ok() {
            true => Ok(()),
            false => Err(format!(
                "cargo would build with {manifest} and write beside it, not in {}",
                self.cast.display()
            )),
        }
    }
}

pub fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What cargo says of the crate in a folder.
fn metadata(folder: &Path) -> Result<Metadata, Refusal> {
    let words = ["metadata", "--no-deps", "--format-version", "1"];
    let output = cargo().args(words).current_dir(folder).output();
    let output = output.map_err(|e| format!("cargo cannot be run: {e}"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        return Err(format!("there is no crate here: {}", why.trim()));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|e| format!("what cargo says of this crate makes no sense: {e}"))
}

/// The folders outside of `root` that these packages take others from by a path, and those in turn.
fn beside(root: &Path, mut packages: Vec<Package>) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    while let Some(package) = packages.pop() {
        for path in package.dependencies.into_iter().filter_map(|dependency| dependency.path) {
            if path.starts_with(root) || !found.insert(path.clone()) {
                continue;
            }
            // Where there is none, cargo says so when it builds, if it needs one.
            let there = metadata(&path).map_or(Vec::new(), |metadata| metadata.packages);
            packages.extend(there.into_iter().filter(|package| package.folder() == path));
        }
    }
    found
}

/// What stands below `base` in the place of a folder.
fn mirrored(base: &Path, folder: &Path) -> PathBuf {
    base.join(folder.strip_prefix("/").unwrap_or(folder))
}

/// A name for the shadow of what stands here: crates may share a target folder.
fn name_of(root: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    root.hash(&mut hasher);
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    format!("{name}-{:016x}", hasher.finish())
}

/// A lock on a shadow, where the file system has locks.
fn lock(folder: &Path, name: &str) -> Result<Option<File>, Refusal> {
    let path = folder.join(format!("{name}.lock"));
    let cannot = |e: io::Error| format!("{} cannot be locked: {e}", path.display());
    fs::create_dir_all(folder).map_err(cannot)?;
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(cannot)?;
    let locked = match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            eprintln!("casebook: this waits for another run in this crate: {}", path.display());
            file.lock()
        }
        Err(TryLockError::Error(error)) => Err(error),
    };
    match locked {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        locked => locked.map(|()| Some(file)).map_err(cannot),
    }
}
