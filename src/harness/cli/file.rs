//! `casebook check FILE.rs`: one case file, in the corpus or outside, compiled alone and checked.
//!
//! The file is compiled once per engine, against the library as it stands built beside this program, into a program of its own.
//! That program is this command with no other case in it. Nothing else is compiled, so a verdict takes seconds.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::{End, Refusal};
use crate::unseen;
use casebook_core::verdict::EngineId;

/// Checks one file by the program made for it; `arguments` are those of the check, the file aside.
pub fn check(file: &str, arguments: &[String]) -> Result<End, Refusal> {
    let file = Path::new(file);
    let path =
        file.canonicalize().map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
    let text = fs::read_to_string(&path);
    let text = text.map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
    if let Some((line, name)) = unseen::of_std(&text) {
        return Err(format!(
            "{}:{line} uses {name}, which no engine sees: a case takes what threads share, and threads, from `rt`",
            file.display()
        ));
    }
    let program = compile(&path)?;
    let status = Command::new(&program).arg("check").args(arguments).status();
    let status = status.map_err(|e| format!("{} cannot be run: {e}", program.display()))?;
    super::end(status, "the file's own check")
}

/// The program that holds the cases of one file and nothing else.
fn compile(file: &Path) -> Result<PathBuf, Refusal> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(&rustc).arg("--version").output();
    let version =
        version.map_err(|e| format!("a case file needs rustc, which does not run: {e}"))?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_string();
    if version != env!("CASEBOOK_RUSTC") {
        let built = env!("CASEBOOK_RUSTC");
        return Err(format!(
            "this program was built by {built}, and would need it again: {version} is there"
        ));
    }
    let built = built_library()?;
    let folder = built.folder.join("casebook-files");
    fs::create_dir_all(&folder).map_err(|e| format!("{} cannot be made: {e}", folder.display()))?;
    let stem = file.file_stem().and_then(OsStr::to_str).unwrap_or("case");
    let (main, program) = (folder.join(format!("{stem}_main.rs")), folder.join(stem));
    fs::write(&main, text(file))
        .map_err(|e| format!("{} cannot be written: {e}", main.display()))?;
    let compiled = Command::new(&rustc)
        .args(["--edition=2024", "-Copt-level=1", "-Cdebuginfo=0", "-Awarnings", "--crate-name"])
        .arg(format!("{stem}_alone"))
        .arg("-L")
        .arg(format!("dependency={}", built.folder.join("deps").display()))
        .arg("--extern")
        .arg(format!("casebook_harness={}", built.library.display()))
        .arg("-o")
        .args([&program, &main])
        // `cases!` reads the file by its path from here.
        .env("CARGO_MANIFEST_DIR", "")
        .status();
    match compiled {
        Ok(status) if status.success() => Ok(program),
        Ok(_) => Err(format!("{} does not compile", file.display())),
        Err(e) => Err(format!("rustc cannot be run: {e}")),
    }
}

/// The source of that program.
fn text(file: &Path) -> String {
    let path = file.display().to_string();
    let on = |engine: &str| {
        format!(
            "mod on_{engine} {{\n    use casebook_harness::rt::{engine} as rt;\n    #[path = {path:?}]\n    pub mod case;\n}}\n"
        )
    };
    let engines: String = EngineId::ALL.map(|engine| on(engine.name())).concat();
    format!(
        "#[macro_use]\nextern crate casebook_harness;\n\n{engines}\nfn main() -> std::process::ExitCode {{\n    casebook_harness::cli::main()\n}}\n"
    )
}

struct Built {
    folder: PathBuf,
    library: PathBuf,
}

/// The library that this program was linked from: in the same build folder, the newest.
fn built_library() -> Result<Built, Refusal> {
    let program =
        env::current_exe().map_err(|e| format!("this program cannot find itself: {e}"))?;
    let folder = program.parent().unwrap_or(Path::new(".")).to_path_buf();
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or("");
        name.starts_with("libcasebook_harness-") && name.ends_with(".rlib")
    };
    let files = fs::read_dir(folder.join("deps")).into_iter().flatten().flatten();
    let found = files.map(|entry| entry.path()).filter(named);
    let newest = found.max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok());
    let library = newest.ok_or_else(|| {
        format!(
            "a case file needs the library that cargo builds, which is not in {}",
            folder.display()
        )
    })?;
    Ok(Built { folder, library })
}
