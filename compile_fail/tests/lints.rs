//! What clippy's and rustc's concurrency lints see they refuse, and what they are known to miss still passes.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

mod catalogue;
#[path = "catalogue/run.rs"]
mod run;

/// cargo runs this program in rustc's place for the corpus, and for no dependency.
const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";

/// The corpus runs in a child with the wrapper in its environment: no other test sees it, and no
/// variable of a running process changes.
#[test]
fn lints() {
    if env::var_os("CASEBOOK_UNDER_CLIPPY").is_some() {
        return run::check("lints", &["lints"]);
    }
    if let Err(sentence) = find("clippy-driver") {
        panic!("{sentence}");
    }
    let config = env::current_dir().unwrap().join("lints");
    let status = Command::new(env::current_exe().unwrap())
        .args(["--exact", "lints", "--nocapture"])
        .args(env::args().filter(|argument| argument.starts_with("trybuild=")))
        .env("CASEBOOK_UNDER_CLIPPY", "1")
        .env(WRAPPER, "clippy-driver")
        .env("CLIPPY_CONF_DIR", config)
        .status()
        .expect("this test can start itself");
    assert!(status.success(), "the lint corpus failed, see above");
}

/// Without clippy nothing could be refused, and the reason is worth one sentence instead of a wall of cargo's.
#[test]
fn a_missing_clippy_is_one_sentence() {
    let sentence = find("no-such-clippy-driver").unwrap_err();
    assert!(
        sentence.contains("rustup component add clippy"),
        "{sentence}"
    );
    assert_eq!(sentence.lines().count(), 1);
}

/// The same source, before and after edition 2024 moved the drop of temporaries: the edition is the twin.
#[test]
fn edition_2021_lints() {
    if let Err(sentence) = find("clippy-driver") {
        panic!("{sentence}");
    }
    for file in catalogue::files("lints/edition_2021") {
        let source = fs::read_to_string(&file.path).expect("a corpus file is readable");
        let lint = source
            .lines()
            .find_map(|line| line.strip_prefix("//! Lint: "))
            .expect("the file declares its lint");
        let path = file.path.display();
        let refused = words_under("2021", &file.path);
        assert!(
            refused.contains(&format!("#![deny({lint})]")),
            "{path}: {refused}"
        );
        assert!(!refused.contains("error["), "{path}: {refused}");
        assert_eq!(
            words_under("2024", &file.path),
            "",
            "{path} is silent in 2024"
        );
    }
}

/// What clippy says about one file.
fn words_under(edition: &str, file: &Path) -> String {
    let output = Command::new("clippy-driver")
        .args(["--edition", edition, "--emit=metadata", "--out-dir"])
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .arg(file)
        .output()
        .expect("clippy starts: it was found");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Whether the lint driver starts; a rustup proxy without its component exists and fails.
fn find(driver: &str) -> Result<(), String> {
    let started = Command::new(driver)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match started {
        Ok(status) if status.success() => Ok(()),
        _ => Err(format!(
            "the lint corpus needs `{driver}`: run `rustup component add clippy` for this toolchain"
        )),
    }
}
