//! The primitives a case file uses, read from its imports and named as a reader would search them.

/// The primitives that `source` imports from `super::rt`, each once, by name; a future needs no import.
pub fn primitives(source: &str) -> Vec<String> {
    let mut found: Vec<String> =
        imports(source).iter().flat_map(|path| named(path, source)).collect();
    if source.contains(".await") {
        found.push("future".into());
    }
    found.sort();
    found.dedup();
    found
}

/// The names under which an imported path is found; a module stands for what is called in it.
fn named(path: &[String], source: &str) -> Vec<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["thread", ..] | ["hint"] => called(path[0], source),
        ["sync", "mpsc", ..] => vec!["channel (mpsc)".into()],
        ["crossbeam", "channel", ..] => vec!["channel (crossbeam)".into()],
        ["future", ..] => vec!["future".into()],
        ["futex", ..] => vec!["futex".into()],
        ["sync", "atomic", "Ordering", ..] => Vec::new(),
        ["sync", "atomic", atomic] => vec![atomic_name(atomic)],
        // A guard is imported to name a type; the lock is imported, or found by it.
        ["parking_lot", lock] => match lock.split("Lock").next() {
            _ if !lock.ends_with("Guard") => vec![format!("{lock} (parking_lot)")],
            Some("Rw") => vec!["RwLock (parking_lot)".into()],
            _ => vec!["Mutex (parking_lot)".into()],
        },
        ["boxed", "Box"] => vec!["Box and raw pointers".into()],
        [.., name] if !name.ends_with("Guard") && !name.ends_with("Permit") => vec![name.into()],
        _ => Vec::new(),
    }
}

/// Integers of all widths are one primitive; flags, pointers and fences are others.
fn atomic_name(name: &str) -> String {
    let integer = name.starts_with("AtomicU") || name.starts_with("AtomicI");
    if integer { "atomic integer".into() } else { name.into() }
}

/// The functions of an imported module that the file calls.
fn called(module: &str, source: &str) -> Vec<String> {
    let names: &[(&str, &str)] = match module {
        "thread" => &[
            ("thread::scope(", "thread::scope"),
            ("thread::both(", "thread::scope"),
            ("thread::spawn(", "thread::spawn"),
            ("thread::park(", "park and unpark"),
            ("thread::park_timeout(", "park and unpark"),
            (".unpark()", "park and unpark"),
            ("thread::sleep(", "sleep"),
            ("thread::yield_now(", "yield_now"),
        ],
        _ => &[("hint::spin_loop(", "spin_loop")],
    };
    let called = names.iter().filter(|(call, _)| source.contains(call));
    called.map(|(_, name)| name.to_string()).collect()
}

/// The paths that the file's `use super::rt::...;` lines import, without `super::rt`.
fn imports(source: &str) -> Vec<Vec<String>> {
    let uses = source.split("\nuse super::rt::").skip(1);
    let trees = uses.filter_map(|rest| rest.split_once(';')).map(|(tree, _)| tree);
    trees.flat_map(|tree| expanded(&tree.split_whitespace().collect::<String>())).collect()
}

/// `a::{b, c::d, self}` is `a::b`, `a::c::d` and `a`.
fn expanded(tree: &str) -> Vec<Vec<String>> {
    let Some((prefix, rest)) = tree.split_once('{') else {
        let parts = tree.split("::").filter(|part| !matches!(*part, "self" | "*" | ""));
        return vec![parts.map(str::to_string).collect()];
    };
    let prefix: Vec<String> =
        prefix.split("::").filter(|part| !part.is_empty()).map(str::to_string).collect();
    let inside = rest.strip_suffix('}').unwrap_or(rest);
    let mut paths = Vec::new();
    for branch in branches(inside) {
        for path in expanded(branch) {
            paths.push(prefix.iter().cloned().chain(path).collect());
        }
    }
    paths
}

/// The branches of a use tree, split at the commas outside of braces.
fn branches(inside: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    let outer = move |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    };
    inside.split(outer).filter(|branch| !branch.is_empty())
}
