//! What each engine is known not to see, or to see wrongly, and the cases that would notice a change.

use casebook_core::case::Entry;
use casebook_core::verdict::{EngineId, Reason};

/// A known limit of an engine.
pub struct Blindness<'a> {
    /// The engine.
    pub engine: EngineId,
    /// What it does not see, or sees wrongly.
    pub reason: Reason,
    /// The cases that declare it, each checked: if the engine learns to see, the case fails.
    pub shown_by: Vec<&'a Entry>,
}

/// Every limit that is known or declared, engine by engine.
pub fn blindness<'a>(corpus: impl IntoIterator<Item = &'a Entry>) -> Vec<Blindness<'a>> {
    let corpus: Vec<&Entry> = corpus.into_iter().collect();
    let mut all = Vec::new();
    for engine in EngineId::ALL {
        for reason in Reason::ALL {
            let declares =
                |entry: &&&Entry| (entry.case.expect)().reasons(engine).contains(&reason);
            let shown_by: Vec<&Entry> = corpus.iter().filter(declares).copied().collect();
            if !shown_by.is_empty() || reason.engines().contains(&engine) {
                all.push(Blindness { engine, reason, shown_by });
            }
        }
    }
    all
}
