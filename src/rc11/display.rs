//! Reports as text: what was proved or how it fails, in words that claim no more than the engine shows.

use std::fmt::{Display, Formatter, Result};
use std::time::Duration;

use super::report::{
    Error, Failure, FailureKind, Limit, Report, Site, Step, Verdict, Wait, Walked,
};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Report { complete, in_every_order, blocked, left_waiting, .. } = self;
        match &self.verdict {
            Verdict::Proved => write!(
                f,
                "proved under {}, and load buffering {}",
                self.model,
                match self.exposure {
                    Some(_) => "could arise",
                    None => "cannot arise",
                }
            )?,
            verdict => write!(f, "{verdict}")?,
        }
        write!(f, " ({}", many(*complete, "execution"))?;
        if in_every_order > complete {
            write!(f, ", for {in_every_order} with threads that are alike in every order")?;
        }
        if *blocked > 0 {
            write!(f, ", {blocked} more blocked on a value overtaken elsewhere")?;
        }
        if *left_waiting > 0 {
            write!(f, ", {left_waiting} end while threads still wait")?;
        }
        if let Some(walked) = &self.walked {
            let Walked { walks, executions, error } = walked;
            let size = format!("about {executions:.1e} ± {error:.0e} in all");
            if self.share() > Some(1.0) {
                write!(f, ", though {walks} random walks tell of {size}")?;
            } else {
                write!(f, ", of {size}, by {walks} random walks")?;
            }
        }
        if let Some(n) = self.within {
            write!(f, "; all with at most {} were explored", many(n, "preemption"))?;
        }
        f.write_str(")")?;
        match (&self.verdict, &self.exposure) {
            (Verdict::Proved, Some(exposure)) => write!(f, ": {exposure}"),
            _ => Ok(()),
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Verdict::Proved => f.write_str("proved"),
            Verdict::Bounded(limit) => write!(f, "no failure up to the bound: {limit}"),
            Verdict::Failed(failure) => write!(f, "failed: {failure}"),
            Verdict::Error(error) => write!(f, "no verdict: {error}"),
        }
    }
}

impl Display for Limit {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Limit::Executions(n) => f.write_str(&many(*n, "execution")),
            Limit::Events(n) => write!(f, "{n} events in a thread"),
            Limit::Time(limit) => {
                // What is left of a limit has a length that nobody asked for.
                write!(f, "{:?}", Duration::from_millis(limit.as_millis() as u64))
            }
            Limit::Loop(site) => write!(f, "rounds of the loop at {site}"),
            Limit::Graphs(n) => write!(f, "{n} graphs remembered"),
            Limit::Preemptions(n) => f.write_str(&many(*n, "preemption")),
            Limit::TimeOut(site) => write!(f, "a thread's time-outs, at {site}"),
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let at = |site: &Option<Site>| site.map_or(String::new(), |s| format!(" at {s}"));
        match self {
            Error::Nondeterminism { site, recorded, found } => {
                write!(
                    f,
                    "the closure is not deterministic{}: an earlier run did {recorded}, this one does {found}",
                    at(site)
                )
            }
            Error::Engine { site, message } => {
                write!(f, "the engine panicked{}: {message}", at(site))
            }
            Error::Unsupported { site, message } => write!(f, "{message}{}", at(site)),
        }
    }
}

impl std::error::Error for Error {}

impl Display for FailureKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            FailureKind::Assertion => "assertion",
            FailureKind::DataRace => "data race",
            FailureKind::Deadlock => "deadlock",
            FailureKind::Livelock => "livelock",
            FailureKind::UseAfterFree => "use after free",
            FailureKind::DoubleFree => "double free",
            FailureKind::Leak => "leak",
        })
    }
}

impl Display for Wait {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Wait::Lock => "lock",
            Wait::Condvar => "condition variable",
            Wait::Futex => "futex",
            Wait::Park => "park",
            Wait::Join => "join",
            Wait::Spin => "spin",
        })
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}: {}", self.kind, self.message)?;
        if let Some(site) = self.site {
            write!(f, " at {site}")?;
        }
        writeln!(f)?;
        for step in &self.trace {
            let mark = if self.graph.marked.contains(&step.event) { '>' } else { ' ' };
            writeln!(f, "{mark} {step}")?;
        }
        write!(f, "replay: {}", self.replay)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "thread {} {}", self.event.thread, self.operation)?;
        if let Some(location) = &self.location {
            write!(f, " {location}")?;
        }
        if let Some(value) = self.value {
            write!(f, " = {value}")?;
        }
        if let Some(ordering) = self.ordering {
            write!(f, " {ordering:?}")?;
        }
        if let Some(site) = self.site {
            write!(f, "  {site}")?;
        }
        Ok(())
    }
}

/// A number of things, in words.
fn many(n: impl Into<u64>, what: &str) -> String {
    let n = n.into();
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
