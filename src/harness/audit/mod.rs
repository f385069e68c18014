//! The audit of somebody's sources: every memory ordering with its reason, and the patterns that the corpus refutes.
//!
//! It reads text and asks no engine, in four steps.
//!
//! 1. Each file is parsed with `syn`. Of each function come its *steps*, in the order of the text: operations of atomics
//!    with an ordering by its name, fences, contents of cells, and whatever may order memory by its name ([`step`], [`walk`]).
//!    Comments, which `syn` throws away, are read from between the tokens ([`comment`]).
//! 2. Each operation is given what is said of it. A comment is its *reason* if it speaks of memory order and stands in the statement,
//!    behind it or directly above it; or if it names this ordering and stands in the same paragraph, above the
//!    function, or where the atomic is declared. An operation without one is *unexplained*.
//! 3. What a comment cites, in the form of `casebook cite`, is held against what the corpus declares and what the operation
//!    has ([`citation`]); and the steps are searched for patterns that the corpus refutes ([`rules`]). These
//!    findings are *wrong*, and each ends with a question: the text may not be all.
//! 4. A finding is *settled* where the source allows its rule with a reason ([`allow`]), or where a baseline knows it
//!    ([`baseline`]). What is left is open.
//!
//! **What it does not see.** It knows no types: a method named `load` with an ordering is an operation of an atomic, whoever it belongs to,
//! and an ordering in a variable, or behind a wrapper's own name, is none. A macro in a language of its own is passed over, and counted where it
//! names an ordering. Patterns are looked for within one file, and are quiet where anything between might
//! order memory. So nothing found says nothing of a program: that is what tests under an engine are for.

mod allow;
mod baseline;
mod citation;
mod comment;
mod declared;
mod finding;
mod inside;
mod names;
mod rules;
mod sarif;
mod show;
mod step;
mod walk;

use std::fs;
use std::path::{Path, PathBuf};

use casebook_core::case::Entry;
use casebook_core::ordering::{Role, Strength};
use serde::Serialize;

pub use baseline::Baseline;
pub use finding::{Finding, Kind, Rule, Settled};
pub use sarif::sarif;
pub use show::{lines, text};

use crate::cli::Refusal;
use crate::own::source;
use comment::Comments;
use declared::Declared;
use step::{Function, Step, What};
use walk::Tests;

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    /// Every ordering, file by file.
    pub orderings: Vec<Given>,
    /// Every finding, settled ones among them, file by file.
    pub findings: Vec<Finding>,
    /// How many files were read.
    pub files: usize,
    /// How many files were left out because they are for tests.
    pub of_tests: usize,
    /// What could not be read, and why.
    pub unread: Vec<(String, String)>,
    /// How many macros name an ordering in a language of their own.
    pub passed_over: usize,
    /// How many findings the baseline knows that are there no more.
    pub gone: usize,
}

/// An ordering, where it is given, and what is said of it.
#[derive(Clone, Debug, Serialize)]
pub struct Given {
    /// The file, from the folder that was asked for.
    pub file: String,
    /// The line and the column, from 1.
    pub line: usize,
    /// As above.
    pub column: usize,
    /// The function around, and the operation.
    pub place: String,
    /// What it belongs to.
    pub role: Role,
    /// Which one it is.
    pub ordering: Strength,
    /// The comment at it, in one line; empty where there is none.
    pub comment: String,
    /// The ids that are cited there.
    pub cites: Vec<String>,
    /// Whether some comment, there or further away, is its reason.
    pub has_reason: bool,
    /// Whether only tests have it.
    pub in_tests: bool,
}

impl Audit {
    /// The findings of a kind that are open.
    pub fn open(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |of| of.kind == kind && of.settled.is_none())
    }
}

/// Audits a file, or all files below a folder. `with_tests` looks into what only tests have, too.
///
/// # Errors
/// There is nothing to look into.
pub fn audit(path: &Path, corpus: &[Entry], with_tests: bool) -> Result<Audit, Refusal> {
    let target = path.join("target");
    let (own, all) = match path.metadata() {
        Ok(about) if about.is_dir() => {
            (source::own_files(path, &target), source::files(path, &target))
        }
        Ok(_) => (vec![path.to_path_buf()], vec![path.to_path_buf()]),
        Err(error) => return Err(format!("{} cannot be audited: {error}", path.display())),
    };
    if all.is_empty() {
        return Err(format!("no Rust file is below {}", path.display()));
    }
    let files: Vec<&PathBuf> = if with_tests { all.iter().collect() } else { own.iter().collect() };
    let mut audit = Audit { of_tests: all.len() - files.len(), ..Audit::default() };
    for file in files {
        let tests = match (with_tests, own.contains(file)) {
            (false, _) => Tests::LeftOut,
            (true, true) => Tests::Marked,
            (true, false) => Tests::All,
        };
        let name = file.strip_prefix(path).ok().filter(|rest| !rest.as_os_str().is_empty());
        let name = name.unwrap_or(file).to_string_lossy().replace('\\', "/");
        match read(file) {
            Ok(text) => match File::of(&name, &text, tests) {
                Ok(file) => file.audit(corpus, &mut audit),
                Err(error) => audit.unread.push((name, error)),
            },
            Err(error) => audit.unread.push((name, error)),
        }
    }
    Ok(audit)
}

/// The text of a file, such that places in it are those that the parser gives.
fn read(file: &Path) -> Result<String, String> {
    let bytes = fs::read(file).map_err(|error| format!("it cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!("it is no UTF-8 from byte {} on", error.utf8_error().valid_up_to())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // The first line of a script is none of Rust.
    Ok(match text.strip_prefix("#!") {
        Some(rest) if !rest.trim_start().starts_with('[') => format!("//{rest}"),
        _ => text.to_string(),
    })
}

/// A file as it is audited.
struct File<'a> {
    name: &'a str,
    comments: Comments,
    declared: Declared,
    functions: Vec<Function>,
    passed_over: usize,
}

impl<'a> File<'a> {
    fn of(name: &'a str, text: &str, tests: Tests) -> Result<File<'a>, String> {
        let parsed = syn::parse_file(text).map_err(|error| {
            let at = error.span().start();
            format!("it is no Rust that can be parsed: line {}: {error}", at.line)
        })?;
        let declared = Declared::of(&parsed, text);
        let (functions, passed_over) = walk::functions(&parsed, text, &declared, tests);
        Ok(File { name, comments: Comments::of(text), declared, functions, passed_over })
    }

    fn audit(&self, corpus: &[Entry], audit: &mut Audit) {
        let cited = citation::all(self.comments.all());
        let mut findings = self.cited(&cited, corpus);
        findings.extend(self.patterns());
        for (function, step) in self.operations() {
            let (given, finding) = self.explained(function, step, &cited);
            audit.orderings.extend(given);
            findings.extend(finding);
        }
        findings.extend(self.allows());
        findings.sort_by_key(|of| (of.line, of.column, of.rule));
        audit.findings.extend(findings);
        audit.files += 1;
        audit.passed_over += self.passed_over;
    }

    /// The operations of atomics, and fences, each with the function around it.
    fn operations(&self) -> impl Iterator<Item = (&Function, &Step)> {
        let all = self.functions.iter().flat_map(|of| of.steps.iter().map(move |step| (of, step)));
        all.filter(|(_, step)| matches!(step.what, What::Atomic { .. } | What::Fence(_)))
    }

    /// The orderings of an operation, and the finding that they have no reason.
    fn explained(
        &self,
        function: &Function,
        step: &Step,
        cited: &[(usize, citation::Cited)],
    ) -> (Vec<Given>, Option<Finding>) {
        let comment = self.comments.at(step.lines.0, step.lines.1).join(" ");
        let cites = cited.iter().filter(|(line, _)| self.is_about(*line, step));
        let cites: Vec<String> = cites.map(|(_, cited)| cited.id.clone()).collect();
        let orderings = match &step.what {
            What::Atomic { orderings, .. } => orderings.clone(),
            What::Fence(ordering) => vec![(Role::Fence, *ordering)],
            _ => Vec::new(),
        };
        let allowed = allow::of(&self.comments.at(step.lines.0, step.lines.1), Rule::NoReason);
        let is_allowed = allowed.is_some_and(|allow| !allow.reason.is_empty());
        let is_explained = |ordering: Strength| {
            is_allowed
                || comment::is_of_order(&comment)
                || self.is_named_around(function, step, ordering)
        };
        let given: Vec<Given> = orderings
            .iter()
            .map(|(role, ordering)| Given {
                file: self.name.to_string(),
                line: step.at.line,
                column: step.at.column + 1,
                place: place(&function.name, &step.operation()),
                role: *role,
                ordering: *ordering,
                comment: comment.clone(),
                cites: cites.clone(),
                has_reason: is_explained(*ordering),
                in_tests: function.is_for_tests,
            })
            .collect();
        let bare: Vec<String> =
            given.iter().filter(|of| !of.has_reason).map(|of| of.ordering.to_string()).collect();
        let finding = (!bare.is_empty()).then(|| Finding {
            in_tests: function.is_for_tests,
            ..self.finding(
                Rule::NoReason,
                (step.at.line, step.at.column + 1),
                step.lines,
                place(&function.name, &step.operation()),
                format!("no comment says why it is {}", bare.join(" and ")),
            )
        });
        (given, finding)
    }

    /// Whether a comment further away names this ordering: in the paragraph, above the function, where the atomic is declared.
    fn is_named_around(&self, function: &Function, step: &Step, ordering: Strength) -> bool {
        let ordering = ordering.to_string();
        let declared = step.on().map(|on| self.declared.lines(&on.name)).unwrap_or_default();
        let at_declaration = declared.iter().flat_map(|line| self.comments.at(*line, *line));
        let paragraph = self.comments.in_paragraph(step.lines.0).into_iter();
        let of_function = self.comments.above(function.line).into_iter();
        let mut around = paragraph.chain(of_function).chain(at_declaration);
        around.any(|text| comment::names(text, &ordering))
    }

    /// Whether a comment in this line is about an operation: it stands in its statement, or directly above.
    fn is_about(&self, line: usize, step: &Step) -> bool {
        let below = self.comments.code_from(line).unwrap_or(line);
        (step.lines.0..=step.lines.1).contains(&below)
            || (step.lines.0..=step.lines.1).contains(&line)
    }

    /// What is wrong with citations. One is right if it is right of some operation that it stands at.
    fn cited(&self, cited: &[(usize, citation::Cited)], corpus: &[Entry]) -> Vec<Finding> {
        let found = cited.iter().filter_map(|(line, cited)| {
            let about: Vec<_> =
                self.operations().filter(|(_, step)| self.is_about(*line, step)).collect();
            let (lines, place, in_tests) = match about.first() {
                Some((function, step)) => {
                    let place = place(&function.name, &step.operation());
                    (step.lines, place, function.is_for_tests)
                }
                None => ((*line, *line), cited.id.clone(), false),
            };
            let mut wrong: Vec<Option<(Rule, String)>> = match about.is_empty() {
                true => vec![citation::wrong(cited, None, corpus)],
                false => about
                    .iter()
                    .map(|(_, step)| citation::wrong(cited, Some(step), corpus))
                    .collect(),
            };
            let is_wrong = wrong.iter().all(Option::is_some);
            let (rule, says) = wrong.swap_remove(0).filter(|_| is_wrong)?;
            let finding = self.finding(rule, (*line, 1), lines, place, says);
            Some(Finding { in_tests, ..finding })
        });
        found.collect()
    }

    fn patterns(&self) -> Vec<Finding> {
        let found = rules::all(&self.functions, &self.declared).into_iter().map(|found| {
            let steps = self.functions.iter().flat_map(|function| &function.steps);
            let step = steps.into_iter().find(|step| step.at == found.at);
            let at = (found.at.line, found.at.column + 1);
            let lines = step.map_or((at.0, at.0), |step| step.lines);
            let place = place(&found.function, &found.operation);
            let case = found.rule.cases().get(found.case).map(|case| case.to_string());
            let finding = self.finding(found.rule, at, lines, place, found.says);
            Finding { in_tests: found.in_tests, case, ..finding }
        });
        found.collect()
    }

    /// The allows that say nothing.
    fn allows(&self) -> Vec<Finding> {
        let wrong = allow::all(&self.comments).into_iter().filter_map(|allow| {
            let says = match allow.rule {
                None => format!("there is no rule `{}`", allow.name),
                Some(rule) if allow.reason.is_empty() => {
                    format!("`{rule}` is allowed without a reason")
                }
                Some(_) => return None,
            };
            let place = format!("allow({})", allow.name);
            Some(self.finding(Rule::Allow, (allow.line, 1), (0, 0), place, says))
        });
        wrong.collect()
    }

    /// A finding at a place, settled if a comment in or above these lines allows its rule with a reason.
    fn finding(
        &self,
        rule: Rule,
        (line, column): (usize, usize),
        (from, to): (usize, usize),
        place: String,
        says: String,
    ) -> Finding {
        let allowed = allow::of(&self.comments.at(from, to), rule);
        let allowed = allowed.filter(|allow| !allow.reason.is_empty());
        Finding {
            rule,
            kind: rule.kind(),
            file: self.name.to_string(),
            line,
            column,
            place,
            says,
            case: None,
            ask: rule.question(),
            in_tests: false,
            settled: allowed.map(|allow| Settled::Allowed(allow.reason)),
        }
    }
}

/// The function and the operation as one name.
fn place(function: &str, operation: &str) -> String {
    if function.is_empty() { operation.to_string() } else { format!("{function}: {operation}") }
}
