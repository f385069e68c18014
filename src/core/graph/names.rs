//! A location is best called what the program calls it: the name its constructor's result is bound to.

use std::collections::BTreeMap;

use super::Graph;
use crate::verdict::Site;

impl Graph {
    /// Calls each location what its source line does; `line` gives a site's line, where it has it.
    pub fn name_locations(&mut self, line: impl Fn(&Site) -> Option<String>) {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for location in &mut self.locations {
            let name = location
                .site
                .as_ref()
                .and_then(|site| binding(&line(site)?, site.column).map(String::from));
            let name = name.unwrap_or_else(|| location.name.clone());
            let count = used.entry(name.clone()).or_default();
            *count += 1;
            location.name = if *count == 1 { name } else { format!("{name}{count}") };
        }
    }
}

/// The name that a line of Rust gives to the expression at `column` (from 1): that of a field, or of
/// a `let`, also within a tuple.
pub fn binding(line: &str, column: u32) -> Option<&str> {
    let before = line.get(..usize::try_from(column).ok()?.checked_sub(1)?)?;
    let before = before.rsplit(';').next()?;
    let field = before.rsplit(['{', ',']).next().and_then(|field| field.split_once(": "));
    if let Some(name) = field.and_then(|(name, _)| identifier(name)) {
        return Some(name);
    }
    let (pattern, value) = before.trim_start().strip_prefix("let ")?.split_once('=')?;
    let pattern = pattern.trim();
    match pattern.strip_prefix('(').and_then(|names| names.strip_suffix(')')) {
        Some(names) => identifier(names.split(',').nth(place(value))?),
        None => identifier(pattern),
    }
}

/// Which element of a tuple the text after `value`, which begins the tuple, belongs to.
fn place(value: &str) -> usize {
    let (mut depth, mut commas) = (0, 0);
    for c in value.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 1 => commas += 1,
            _ => {}
        }
    }
    commas
}

/// The identifier of a pattern, without `mut` and type.
fn identifier(pattern: &str) -> Option<&str> {
    let name = pattern.split(':').next()?.trim().trim_start_matches("mut ").trim();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}
