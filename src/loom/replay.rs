//! One execution again, by the token of its failure, where `CASEBOOK_REPLAY` has it.
//!
//! What a search knew from the beginning is part of all its executions. Statics have no names that outlive a process, so the token
//! ends with how much was known, and the same searches, which are the same every time, learn it again.
//!
//! A test may run several models, and the token is of one: the others are left out. But a test none of whose models takes it must
//! not pass, nor may it panic as somebody expects: it aborts.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};

use rc11::{Checker, Report};

use crate::world::{Known, Size};

/// A token, taken apart.
pub(crate) struct Replay {
    token: String,
    known: Option<Size>,
}

impl Replay {
    /// What the environment asks for.
    pub fn asked() -> Option<Replay> {
        let token = std::env::var("CASEBOOK_REPLAY").ok()?;
        let parts = token.rsplit_once('~').and_then(|(token, known)| Some((token, size(known)?)));
        Some(match parts {
            Some((token, known)) => Replay { token: token.to_string(), known: Some(known) },
            None => Replay { token, known: None },
        })
    }

    /// Runs the execution, or first another search if less is known than was.
    ///
    /// # Errors
    /// The token is not of this model, unless something has been learnt just now.
    pub fn run(
        &self,
        checker: &Checker,
        known: &Known,
        body: impl Fn() + Send + Sync,
    ) -> Result<Report, String> {
        if self.known.is_some_and(|size| size != known.size()) {
            checker.check(body);
            return Err("other statics and counts are met in its executions".to_string());
        }
        let report = checker.replay(&self.token, body).map_err(|error| error.to_string())?;
        TAKEN.with(|taken| taken.taken.set(true));
        Ok(report)
    }

    /// Leaves a model out that the token is not of.
    pub fn leave_out(why: String) {
        eprintln!("the token is not of this model: {why}");
        TAKEN.with(|taken| taken.why.replace(Some(why)));
    }
}

/// A token of rc11's, with how much was known.
pub(crate) fn token(replay: &str, known: &Known) -> String {
    match known.size() {
        (0, 0, 0) => replay.to_string(),
        (statics, fixed, asked) => format!("{replay}~{statics}.{fixed}.{asked}"),
    }
}

fn size(text: &str) -> Option<Size> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let size = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(size)
}

/// Whether a model of this thread has taken the token, or why the last one has not.
struct Taken {
    taken: Cell<bool>,
    why: RefCell<Option<String>>,
}

thread_local! {
    static TAKEN: Taken = const { Taken { taken: Cell::new(false), why: RefCell::new(None) } };
}

impl Drop for Taken {
    /// The thread has ended, and its test with it.
    fn drop(&mut self) {
        if let (false, Some(why)) = (self.taken.get(), self.why.take()) {
            // Not by `eprintln`, whose text a test keeps until it fails.
            _ = writeln!(
                io::stderr(),
                "the token in CASEBOOK_REPLAY is of no model of this test: {why}"
            );
            std::process::abort();
        }
    }
}
