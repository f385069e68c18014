//! A published crate with loom tests of its own, as everybody gets it: a part of what `benches/own_code` runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{command, objects, run, stderr, stdout};

/// Where cargo keeps a package that this program is built with.
fn package_of(name: &str) -> PathBuf {
    let rustc = stdout(&run(Command::new("rustc").arg("-vV")));
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("it has one");
    // What other platforms need has not been fetched.
    let metadata = run(Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR")));
    let metadata: serde_json::Value = serde_json::from_str(&stdout(&metadata)).expect("it is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == name).expect("it is there");
    let manifest = package["manifest_path"].as_str().expect("it has a manifest");
    Path::new(manifest).parent().expect("it is in a folder").to_path_buf()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the target folder is writable");
    for entry in fs::read_dir(from).expect("it is there").flatten() {
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &copied),
            false => _ = fs::copy(&path, &copied).expect("as above"),
        }
    }
}

/// Its tests are under the cfg `crossbeam_loom`, which is found by its name.
#[test]
fn crossbeam_epoch_is_proved_as_it_is() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own-crossbeam-epoch");
    let _ = fs::remove_dir_all(&folder);
    copy(&package_of("crossbeam-epoch"), &folder);
    // What it was published with is not what is here; and it would stand in our workspace.
    let _ = fs::remove_file(folder.join("Cargo.lock"));
    let manifest = folder.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("it has one");
    fs::write(&manifest, text + "\n[workspace]\n").expect("as above");

    let mut command = command(&folder, &["test", "it_works", "--json"]);
    let output = run(command.args(["--test", "loom", "--features", "loom"]));
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    let told = objects(&output);
    assert_eq!((told.len(), &told[0]["verdict"]), (1, &"proved".into()), "{}", stdout(&output));
    let executions = told[0]["models"][0]["complete"].as_u64().expect("it is a number");
    assert!(executions > 100, "{executions}");
}
