//! The corpus keeps its own rules: one registry, stable ids, prose that says what it must.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use casebook::case::{self, Entry};
use casebook::verdict::{EngineId, Kind};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every `.rs` file below a folder, in order.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).expect("it is below the root");
    path.to_string_lossy().replace('\\', "/")
}

/// Fails with every complaint at once.
fn require_none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// A case file that is not registered is compiled by nobody: it would only look like a case.
#[test]
fn every_case_file_is_registered() {
    let registered: BTreeSet<String> =
        case::corpus().iter().map(|entry| entry.shape.file()).collect();
    let helpers = |text: &str| !text.contains("\ncases! {");
    let strays = sources("cases").into_iter().filter(|path| {
        let file = relative(path);
        let special = file.ends_with("/mod.rs") || file == "cases/template.rs";
        !special && !registered.contains(&file) && !helpers(&read(path))
    });
    require_none(
        strays
            .map(|path| format!("{} is in no `mod.rs`: add its `pub mod`", relative(&path)))
            .collect(),
    );
}

/// A helper without cases is registered too, or nobody compiles it.
#[test]
fn every_helper_is_used() {
    let helpers = sources("cases").into_iter().filter(|path| {
        let file = relative(path);
        !file.ends_with("/mod.rs") && !read(path).contains("\ncases! {")
    });
    let unused = helpers.filter(|path| {
        let stem = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let registry = read(&path.with_file_name("mod.rs"));
        !registry.contains(&format!("mod {stem};"))
    });
    require_none(unused.map(|path| format!("{} is compiled by nobody", relative(&path))).collect());
}

/// Other people's comments cite ids: one that vanishes breaks them.
#[test]
fn ids_are_those_of_the_list() {
    let listed = read(&root().join("cases/ids.txt"));
    let listed: BTreeSet<&str> = listed.lines().collect();
    let corpus = case::corpus();
    let present: BTreeSet<&str> = corpus.iter().map(|entry| entry.id.as_str()).collect();
    let vanished = listed.difference(&present).map(|id| {
        format!("{id} has vanished: an id is never removed or reused, since comments cite it")
    });
    let new = present.difference(&listed).map(|id| {
        format!("{id} is new: promise it with `cargo run --release -- list --ids > cases/ids.txt`")
    });
    require_none(vanished.chain(new).collect());
}

#[test]
fn ids_are_unique() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in case::corpus() {
        files.entry(entry.id).or_default().insert(entry.shape.file());
    }
    let twice = files.into_iter().filter(|(_, files)| files.len() > 1);
    require_none(twice.map(|(id, files)| format!("{id} stands in {files:?}")).collect());
    for shape in casebook::inventory::iter::<case::Shape> {
        let names: BTreeSet<&str> = shape.cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), shape.cases.len(), "a name stands twice in {}", shape.file());
    }
}

/// A case that one engine does not compile would have no verdict there, and nobody would notice.
#[test]
fn every_case_is_compiled_by_every_engine() {
    let corpus = case::corpus();
    let partial = corpus.iter().filter(|entry| entry.engines != EngineId::ALL);
    require_none(partial.map(|entry| format!("{}: {:?}", entry.id, entry.engines)).collect());
}

#[test]
fn every_case_file_says_what_it_must() {
    let mut complaints = Vec::new();
    let mut shapes: BTreeMap<String, &'static case::Shape> = BTreeMap::new();
    for entry in case::corpus() {
        shapes.insert(entry.shape.file(), entry.shape);
        if entry.doc().is_empty() {
            complaints.push(format!("{} has no doc comment: say what it shows", entry.id));
        }
    }
    for (file, shape) in shapes {
        let prose = shape.prose();
        if !prose.first().is_some_and(|claim| claim.ends_with('.') && claim.len() > 20) {
            complaints.push(format!("{file}: the first line is to be a claim, as a sentence"));
        }
        for part in ["Shape:", "Source:", "Does not show:"] {
            if !prose.iter().any(|line| line.starts_with(part)) {
                complaints.push(format!("{file}: the prose has no `{part}`"));
            }
        }
        if let Some((line, name)) = casebook_harness::unseen::of_std(shape.source) {
            complaints.push(format!("{file}:{line} uses {name}, which no engine sees"));
        }
        let lines = shape.source.lines().count();
        if lines > 120 {
            complaints.push(format!("{file} has {lines} lines: a case file is to be read at once"));
        }
    }
    require_none(complaints);
}

/// Every atomic operation's line, or the comment above it, says what its ordering is for.
#[test]
fn every_ordering_is_explained() {
    const OPERATIONS: [&str; 9] = [
        ".load(",
        ".store(",
        ".swap(",
        ".fetch_",
        ".compare_exchange",
        "fence(",
        ".upgrade_ordering(",
        ".compare_and_swap(",
        ".fetch_update(",
    ];
    let mut complaints = Vec::new();
    for path in sources("cases") {
        let (file, text) = (relative(&path), read(&path));
        if file == "cases/template.rs" {
            continue;
        }
        let lines: Vec<&str> = text.lines().collect();
        // Inside `cases!` the doc comment of each case says what its orderings show.
        let mut declaring = false;
        for (index, line) in lines.iter().enumerate() {
            declaring = *line == "cases! {" || declaring && *line != "}";
            if declaring {
                continue;
            }
            let code = line.split("//").next().unwrap_or("");
            let operates = OPERATIONS.iter().any(|operation| code.contains(operation))
                && !code.trim_start().starts_with("fn ");
            if operates && !explained(&lines, index) {
                complaints.push(format!("{file}:{}: what is this ordering for? {code}", index + 1));
            }
        }
    }
    require_none(complaints);
}

/// Whether line `index`, its continuation, or the comment above its statement explains it.
fn explained(lines: &[&str], index: usize) -> bool {
    let commented = |line: &str| line.contains("//") && !line.trim_start().starts_with("///");
    let below = lines[index..].iter().take(8);
    let statement_ends = |line: &&&str| {
        let code = line.split("//").next().unwrap_or("").trim_end();
        !(code.ends_with(';') || code.ends_with('{') || code.ends_with('}') || code.is_empty())
    };
    let open = below.clone().take_while(statement_ends).count();
    if below.take(open + 1).any(|line| commented(line)) {
        return true;
    }
    let above = lines[..index].iter().rev();
    above
        .take(8)
        .take_while(|line| {
            let code = line.split("//").next().unwrap_or("").trim();
            commented(line) || !(code.ends_with(';') || code.ends_with('}') || code.is_empty())
        })
        .any(|line| commented(line))
}

/// A `SAFETY` comment says why it is sound, or what makes it unsound; that it is to be tested is no
/// reason.
#[test]
fn every_safety_comment_gives_a_reason() {
    const MARKERS: [&str; 4] = ["under test", "the claim that", ": the claim", "; the claim"];
    let no_reason = |reason: &str| {
        let words = reason.split_whitespace().count();
        MARKERS
            .into_iter()
            .find(|marker| reason.contains(marker))
            .or((words < 4).then_some("little"))
    };
    let mut complaints = Vec::new();
    for path in sources("cases") {
        let text = read(&path);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let begins = |line: &&str| line.starts_with("// SAFETY:");
        for (index, _) in lines.iter().enumerate().filter(|(_, line)| begins(line)) {
            let more = lines[index + 1..].iter().take_while(|line| line.starts_with("// "));
            let more = more.take_while(|line| !begins(line));
            let reason: Vec<&str> = std::iter::once(&lines[index]).chain(more).copied().collect();
            let reason = reason.join(" ").replace("// ", "").replace("SAFETY:", "");
            if let Some(marker) = no_reason(&reason) {
                let (file, line) = (relative(&path), index + 1);
                complaints
                    .push(format!("{file}:{line}: say why; `{marker}` is no reason:{reason}"));
            }
        }
    }
    require_none(complaints);
    assert!(no_reason(" the lock is held; that it excludes is the claim under test.").is_some());
    assert!(
        no_reason(" the slot is free: the claim.").is_some() && no_reason(" claimed.").is_some()
    );
}

/// A failure kind that no case shows is a kind nobody has seen classified.
#[test]
fn every_failure_kind_is_shown_by_a_case() {
    let shown: BTreeSet<String> =
        case::corpus().iter().map(|entry| (entry.case.expect)().summary()).collect();
    let missing = Kind::ALL.into_iter().filter(|kind| !shown.contains(&kind.to_string()));
    require_none(missing.map(|kind| format!("no case fails with a {kind}")).collect());
}

/// A file whose cases all hold proves nothing: something in it must be refuted or observed.
#[test]
fn every_sound_case_has_a_broken_twin() {
    let corpus = case::corpus();
    let mut by_file: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in &corpus {
        by_file.entry(entry.shape.file()).or_default().push(entry);
    }
    let all_hold =
        |entries: &[&Entry]| entries.iter().all(|entry| (entry.case.expect)().summary() == "holds");
    let lonely = by_file.into_iter().filter(|(_, entries)| all_hold(entries));
    require_none(lonely.map(|(file, _)| format!("{file} has no case that fails")).collect());
}

#[test]
fn every_source_file_begins_with_a_claim() {
    let files = ["src", "cases", "tests", "benches"];
    let files = files.into_iter().filter(|folder| root().join(folder).is_dir()).flat_map(sources);
    let silent = files.filter(|path| {
        let text = read(path);
        let first = text.lines().next().unwrap_or("");
        !(first.starts_with("//! ") && first.ends_with(['.', ':', '?'])
            || first.starts_with("//! ") && first.len() > 60)
    });
    require_none(
        silent.map(|path| format!("{}: begin with `//! A claim.`", relative(&path))).collect(),
    );
}

/// A fence that is called through a function value has no site in its case, and nobody would ask
/// whether its ordering is needed.
#[test]
fn every_fence_is_called_by_its_name() {
    let passed = sources("cases").into_iter().flat_map(|path| {
        let text = read(&path);
        let code = text.lines().map(|line| line.split("//").next().unwrap_or("").to_string());
        let code = code.filter(|line| !line.trim_start().starts_with("use "));
        let values = code.filter(|line| {
            line.match_indices("fence").any(|(at, word)| {
                let word_before = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let after = &line[at + word.len()..];
                !word_before
                    && after.starts_with([')', ',', ';'])
                    && line[..at].ends_with(['(', ' '])
            })
        });
        values.map(|line| format!("{}: {}", relative(&path), line.trim())).collect::<Vec<_>>()
    });
    require_none(passed.collect());
}

/// The names that a manifest depends on, split by whether a path says where they are.
fn dependencies(manifest: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let manifest: toml::Table = read(manifest).parse().expect("it is TOML");
    let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
    let named = dependencies.into_iter().flatten().map(|(name, value)| {
        let name = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
        (name.to_string(), value.get("path").is_some())
    });
    let (ours, others): (Vec<_>, Vec<_>) = named.partition(|(_, ours)| *ours);
    let names = |all: Vec<(String, bool)>| all.into_iter().map(|(name, _)| name).collect();
    (names(ours), names(others))
}

/// The engine can be used without the corpus: nothing but its coroutines is below it.
#[test]
fn the_engine_depends_on_coroutines_alone() {
    let (ours, others) = dependencies(&root().join("src/rc11/Cargo.toml"));
    assert!(ours.is_empty() && others.iter().eq(["corosensei"]), "{ours:?} {others:?}");
}

/// Arrows between crates are those of the map.
#[test]
fn crates_stand_on_what_the_map_says() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let cells = |line: &str| line.split('|').map(|c| c.trim().to_string()).collect::<Vec<_>>();
    let code = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_string).collect();
    let mut mapped = BTreeSet::new();
    let mut complaints = Vec::new();
    let begins = |line: &str| line.starts_with("| crate ");
    let rows = text.lines().skip_while(|line| !begins(line)).skip(2);
    for row in rows.take_while(|line| line.starts_with('|')).map(cells) {
        let [_, name, folder, _, stands_on, _] = &row[..] else { panic!("{row:?}") };
        let [name, folder] = [name, folder].map(|cell| cell.trim_matches('`'));
        let manifest = root().join(folder).join("Cargo.toml");
        let stands_on: BTreeSet<String> = code(stands_on);
        let (ours, _) = dependencies(&manifest);
        if ours != stands_on {
            complaints.push(format!("{name} stands on {ours:?}, not on {stands_on:?}"));
        }
        mapped.insert(manifest.canonicalize().expect("the crate is there"));
    }
    let mut folders = vec![root().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is there").flatten() {
            let path = entry.path();
            let skipped = path.ends_with("target") || path.ends_with(".git");
            if path.is_dir() && !skipped {
                folders.push(path);
            } else if path.ends_with("Cargo.toml") && !mapped.contains(&path) {
                complaints.push(format!("{} is not on the map", relative(&path)));
            }
        }
    }
    require_none(complaints);
}

/// A further engine has to be told to nobody who decides by an engine's properties.
#[test]
fn no_engine_is_asked_for_by_its_name() {
    let names = EngineId::ALL.map(|engine| format!("EngineId::{engine:?}"));
    let own = ["src/core/verdict/", "src/engine/", "src/rc11/"];
    let asked = sources("src").into_iter().map(|path| (relative(&path), read(&path)));
    let asked = asked.filter(|(file, _)| !own.iter().any(|own| file.starts_with(own)));
    let asked = asked.filter(|(file, _)| !file.contains("/tests/"));
    let asked = asked.flat_map(|(file, text)| {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_string()));
        let lines = lines.filter(|(_, line)| names.iter().any(|name| line.contains(name)));
        lines.map(|(line, text)| format!("{file}:{line}: {}", text.trim())).collect::<Vec<_>>()
    });
    require_none(asked.collect());
}

/// What not every system has is asked for in one place, which says what comes of it where it is missing.
#[test]
fn the_system_is_asked_in_one_place() {
    // The engine's own frames are of one architecture or another.
    const PLACES: [&str; 2] = ["src/harness/system.rs", "src/rc11/frame.rs"];
    const ASKS: [&str; 7] =
        ["cfg(unix", "cfg(windows", "cfg(not(unix", "std::os::", "nix::", "libc::", "target_os"];
    let files = sources("src").into_iter().filter(|path| !PLACES.contains(&&*relative(path)));
    let asks = files.filter_map(|path| {
        let text = read(&path);
        let ask = ASKS.into_iter().find(|ask| {
            let tests = text.find("cfg(all(test, unix").unwrap_or(text.len());
            text[..tests].contains(ask)
        });
        ask.map(|ask| format!("{} has `{ask}`: it is for src/harness/system.rs", relative(&path)))
    });
    require_none(asks.collect());
}
