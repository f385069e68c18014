//! What a comment cites, in the form that `casebook cite` prints, beside what the corpus declares and the code has.
//!
//! No engine is asked. That a case holds or fails, and which of its orderings are slack, is what its file declares, and the
//! corpus' tests hold every declaration to the engines' verdicts. Whether a place exists is read from the case's text.
//! So what is looked up is: the id; that the case is not declared to fail; that the place is one
//! of its file; that the ordering said there is not declared slack, and is the one that the operation has.

use casebook_core::case::Entry;
use casebook_core::expect::Expectation;
use casebook_core::ordering::{Role, Strength};

use super::finding::Rule;
use super::step::{Step, What};
use crate::justify::name::Names;

/// By what a citation begins.
const HEAD: &str = "ordering: casebook ";

/// A citation: `ordering: casebook ID — PLACE: Ordering: with …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    /// The id of the case.
    pub id: String,
    /// The place in the case, and the ordering that is said to be needed there; none where it only says what the case shows.
    pub said: Option<(String, Strength)>,
}

/// The citations of a file, each with its line. One that is longer than a line goes on in the next ones.
pub fn all<'a>(comments: impl IntoIterator<Item = (usize, &'a str)>) -> Vec<(usize, Cited)> {
    let mut texts: Vec<(usize, String)> = Vec::new();
    // The line in which the last one goes on.
    let mut next = 0;
    for (line, text) in comments {
        if let Some(cited) = text.strip_prefix(HEAD) {
            texts.push((line, cited.to_string()));
            next = line + 1;
        } else if line == next && !text.starts_with("casebook: allow") {
            let (_, last) = texts.last_mut().expect("one goes on here");
            *last = format!("{last} {text}");
            next += 1;
        }
    }
    texts.iter().map(|(line, text)| (*line, one(text))).collect()
}

fn one(text: &str) -> Cited {
    let (id, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start_matches(['—', '–', '-', ' ']);
    let mut place = Vec::new();
    let mut said = None;
    for part in rest.split(": ") {
        if let Some(ordering) = strength(part.trim()) {
            said = Some((place.join(": "), ordering));
            break;
        }
        place.push(part);
    }
    let id = id.trim_end_matches([':', ',', '.']).to_string();
    Cited { id, said: said.filter(|(place, _)| !place.is_empty()) }
}

fn strength(word: &str) -> Option<Strength> {
    use Strength::{AcqRel, Acquire, Relaxed, Release, SeqCst};
    [Relaxed, Acquire, Release, AcqRel, SeqCst]
        .into_iter()
        .find(|strength| strength.to_string() == word)
}

/// What is wrong with a citation above `step`, or one that no operation stands below.
pub fn wrong(cited: &Cited, step: Option<&Step>, corpus: &[Entry]) -> Option<(Rule, String)> {
    let Cited { id, said } = cited;
    let Some(entry) = corpus.iter().find(|entry| entry.id == *id) else {
        let near = crate::run::nearest(id);
        let near = match near.is_empty() {
            true => "see `casebook list`".to_string(),
            false => format!("did you mean {}?", near.join(" or ")),
        };
        return Some((Rule::UnknownCitation, format!("there is no case `{id}`; {near}")));
    };
    let expected = (entry.case.expect)();
    if matches!(expected, Expectation::Property(_)) && !expected.claims_to_hold() {
        let says = format!("case `{id}` is declared to fail ({})", expected.summary());
        return Some((Rule::FailingCitation, says));
    }
    let other = |says: String| Some((Rule::OtherCitation, says));
    let Some((place, ordering)) = said else {
        let missing = step.and_then(|step| not_in(entry, step))?;
        return other(format!(
            "case `{id}` has no {missing}, which the operation has, and the comment names no place"
        ));
    };
    if !Names::of(entry.shape.source).has(base(place)) {
        return other(format!("case `{id}` has no place `{place}`"));
    }
    let ordering_name = ordering.to_string();
    let slack = expected.slack().iter().find(|slack| {
        slack.place == place && !slack.weakest.split(" or ").any(|weakest| weakest == ordering_name)
    });
    if let Some(slack) = slack {
        return other(format!(
            "case `{id}` declares `{place}` slack: it holds with {}, and not only with {ordering}",
            slack.weakest
        ));
    }
    let step = step?;
    let has = orderings(step);
    let role_of = |failure: bool| {
        let roles = has.iter().filter(|(role, _)| (*role == Role::Failure) == failure);
        roles.map(|(_, ordering)| *ordering).collect::<Vec<_>>()
    };
    let has = role_of(place.ends_with("(failure)") || place.ends_with("(fetch)"));
    if !has.contains(ordering) {
        let has: Vec<String> = has.iter().map(Strength::to_string).collect();
        return other(format!(
            "the comment says {ordering}, and the operation has {}",
            if has.is_empty() { "none such".to_string() } else { has.join(" and ") }
        ));
    }
    let operation = step.operation();
    let (cited, is) = (sort(base(place)), sort(&operation));
    (cited.is_some() && is.is_some() && cited != is).then(|| {
        let says = format!("the comment is about `{}`, and this is another operation", base(place));
        (Rule::OtherCitation, says)
    })
}

/// The place as the file's text has it, without what tells it from others.
fn base(place: &str) -> &str {
    let place = place.split(" as ").next().unwrap_or(place);
    let place = place.split(" #").next().unwrap_or(place);
    place.trim_end_matches(" (failure)").trim_end_matches(" (fetch)")
}

fn orderings(step: &Step) -> Vec<(Role, Strength)> {
    match &step.what {
        What::Atomic { orderings, .. } => orderings.clone(),
        What::Fence(ordering) => vec![(Role::Fence, *ordering)],
        _ => Vec::new(),
    }
}

/// An ordering of an operation that a case's file names nowhere.
fn not_in(entry: &Entry, step: &Step) -> Option<Strength> {
    let names = |ordering: &Strength| {
        let word = ordering.to_string();
        let code = entry.shape.source.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.into_iter().any(|line| super::comment::names(line, &word))
    };
    orderings(step).into_iter().map(|(_, ordering)| ordering).find(|ordering| !names(ordering))
}

/// Which of the operations it is that are never each other.
fn sort(operation: &str) -> Option<&str> {
    let method = operation.rsplit(['.', ' ']).next()?;
    ["load", "store", "fence"].into_iter().find(|sort| *sort == method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_citation_is_read_as_it_is_printed() {
        let read = |lines: &[&str]| {
            let numbered = lines.iter().enumerate().map(|(nth, text)| (nth + 1, *text));
            all(numbered).into_iter().map(|(_, cited)| cited).collect::<Vec<_>>()
        };
        let cited = |id: &str, said: Option<(&str, Strength)>| Cited {
            id: id.to_string(),
            said: said.map(|(place, ordering)| (place.to_string(), ordering)),
        };
        let none: [Cited; 0] = [];
        let line = "ordering: casebook message_passing/release_acquire — publish: ready.store: Release: with Relaxed, data race";
        let whole = cited(
            "message_passing/release_acquire",
            Some(("publish: ready.store", Strength::Release)),
        );
        assert_eq!(read(&[line]), std::slice::from_ref(&whole));
        let (first, second) = line.split_once(" Release:").expect("it is there");
        assert_eq!(
            read(&["Of three lines.", first, "Release:", second.trim()]),
            [whole],
            "it goes on"
        );
        assert_eq!(read(&["ordering: casebook a/b — What it shows."]), [cited("a/b", None)]);
        assert_eq!(
            read(&[
                "ordering: casebook a/b - f: x.compare_exchange (failure): Acquire: with Relaxed, leak",
                "ordering: casebook c/d — g: fence #2: SeqCst"
            ]),
            [
                cited("a/b", Some(("f: x.compare_exchange (failure)", Strength::Acquire))),
                cited("c/d", Some(("g: fence #2", Strength::SeqCst))),
            ]
        );
        assert_eq!(read(&["casebook is fine", "see ordering: casebook a/b"]), none);
    }
}
