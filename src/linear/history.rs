//! What happened in one execution: the operations, what they returned, and which came before which.

use std::fmt;

use super::client::{HandOff, steps};
use super::spec::Agreement;

/// One operation that was called.
#[derive(Clone, Debug, PartialEq)]
pub struct Called<O, R> {
    /// The thread of the client; a number of its own for what is called last.
    pub thread: usize,
    /// Whether it is called once all threads have ended.
    pub is_last: bool,
    /// What was called.
    pub operation: O,
    /// What it returned; none if it waits for good.
    pub result: Option<R>,
    /// The operations whose return happens before this one's call, a bit each.
    pub after: u64,
    /// The operations whose call happens before this one's return, a bit each.
    pub sees: u64,
}

/// The operations of one execution, at most 64.
#[derive(Clone, Debug, PartialEq)]
pub struct History<O, R>(pub Vec<Called<O, R>>);

impl<O, R> History<O, R> {
    /// A bit for each operation that returned.
    pub fn returned(&self) -> u64 {
        self.bits(|nth| self.0[nth].result.is_some())
    }

    /// By operation, a bit for each that an order has to have before it.
    pub fn before(&self, agreement: Agreement) -> Vec<u64> {
        let threads = |nth: usize, other: usize| self.0[nth].thread == self.0[other].thread;
        let before = |nth: usize| match agreement {
            Agreement::HappensBefore => self.0[nth].after,
            Agreement::ProgramOrder => self.bits(|other| {
                let precedes = self.0[nth].after & 1 << other != 0;
                precedes && (self.0[nth].is_last || threads(nth, other))
            }),
            Agreement::Quiescence => self.bits(|other| self.separates(other, nth)),
        };
        (0..self.0.len()).map(before).collect()
    }

    fn bits(&self, is_in: impl Fn(usize) -> bool) -> u64 {
        (0..self.0.len()).filter(|&nth| is_in(nth)).fold(0, |all, nth| all | 1 << nth)
    }

    /// Whether the operations are in two parts, the first one in the first and the second in the second, so that all of the first have
    /// returned before any of the second is called.
    fn separates(&self, first: usize, second: usize) -> bool {
        let mut part: u64 = 1 << first;
        loop {
            let overlaps = self.bits(|nth| part & !self.0[nth].after & !(1 << nth) != 0);
            if part | overlaps == part {
                return part & 1 << second == 0;
            }
            part |= overlaps;
        }
    }
}

impl<O: fmt::Debug, R: fmt::Debug> History<O, R> {
    /// The operations and what they returned, thread by thread: `Put(1) → None ∥ Take → Some(1)`.
    pub fn line(&self, hand_off: Option<HandOff>) -> String {
        let mut line = String::new();
        for thread in self.0.chunk_by(|a, b| a.thread == b.thread) {
            line += match thread[0].is_last {
                _ if line.is_empty() => "",
                true => ", then ",
                false => " ∥ ",
            };
            let calls = thread.iter().map(Called::to_string).collect();
            line += &steps(thread[0].thread, calls, hand_off);
        }
        line
    }
}

impl<O: fmt::Debug, R: fmt::Debug> fmt::Display for Called<O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.result {
            Some(result) => write!(f, "{:?} → {result:?}", self.operation),
            None => write!(f, "{:?} waits", self.operation),
        }
    }
}

/// A row an operation, a column a thread.
impl<O: fmt::Debug, R: fmt::Debug> fmt::Display for History<O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let threads = self.0.iter().map(|called| called.thread + 1).max().unwrap_or(0);
        let cells = self.0.iter().map(|called| called.to_string().chars().count());
        let width = cells.max().unwrap_or(0) + 2;
        for called in &self.0 {
            let row = (0..threads).map(|thread| match called.thread == thread {
                true => format!("{:width$}", called.to_string()),
                false => " ".repeat(width),
            });
            writeln!(f, "{}", row.collect::<String>().trim_end())?;
        }
        Ok(())
    }
}
