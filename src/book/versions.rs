//! Under which versions the verdicts of a book were given.

use std::sync::LazyLock;

use serde::Deserialize;

use casebook_harness::cite;

/// This program, its commit and compiler, and what its engines and facades are made of.
pub(super) fn all() -> &'static [String] {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(locked);
    &ALL
}

fn locked() -> Vec<String> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        #[serde(default)]
        dependencies: Vec<String>,
    }
    let lock: Lock = toml::from_str(include_str!("../../Cargo.lock")).expect("cargo writes TOML");
    let package = |name: &str| lock.package.iter().find(|package| package.name == name);
    let own = &package("casebook-engine-native").expect("it is in the lock").dependencies;
    let version = |name: &str| {
        // Where several versions are locked, a dependency is listed with its own.
        let mut listed =
            own.iter().map(|dependency| dependency.split_once(' ').unwrap_or((dependency, "")));
        let version = listed.find(|(other, _)| *other == name).map_or("", |(_, version)| version);
        match version.is_empty() {
            true => package(name).map_or(String::new(), |p| format!("{name} {}", p.version)),
            false => format!("{name} {version}"),
        }
    };
    let mut all = vec![cite::version()];
    all.extend(["loom", "shuttle", "crossbeam", "parking_lot"].map(version));
    all
}

/// The versions as one sentence.
pub(super) fn sentence() -> String {
    format!("Verdicts given by {}.", all().join(", "))
}
