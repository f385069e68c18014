//! A replay token is an execution graph's choices as one line of text: sources of reads, places of writes.
//!
//! `rc11.1`, then, for each thread in spawn order, `+parent.nth:`, or `+creator~nth:` for the finalizer of a thread's n-th location, and its events: `-n` for n without a choice,
//! `r thread.index` (`_variant` if not canonical) for a read's source, `w place` for a write's place in `co`, `f thread.index` for the last to leave and each other departure, `s index` for a spin hint
//! that waits, with the beginning of its loop.

use std::fmt::Write;

use super::Model;
use super::graph::{Graph, Id};
use super::label::{Kind, Op};
use super::names::Names;

const VERSION: &str = "rc11.1";

/// More events than a thread can have.
const MOST: usize = 1 << 16;

/// Why a token cannot be replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadToken {
    /// It is not a token of this version.
    Malformed(String),
    /// The closure does not do what the token says.
    Mismatch(String),
    /// The model that is asked for does not allow the execution.
    Forbidden(Model),
}

impl std::fmt::Display for BadToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadToken::Malformed(why) => write!(f, "malformed replay token: {why}"),
            BadToken::Forbidden(model) => write!(f, "{model} forbids the execution of this token"),
            BadToken::Mismatch(why) => {
                write!(f, "the replay token belongs to another program: {why}")
            }
        }
    }
}

impl std::error::Error for BadToken {}

/// The choice recorded for one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recorded {
    /// There was none.
    Nothing,
    /// The read's source (thread, index) and alternative.
    Source(u16, u16, u8),
    /// The write's place in `co` at the end.
    Place(u32),
    /// It is the last to leave, after this departure (thread, index).
    Followed(u16, u16),
    /// The spin hint waits, in the loop that begins at this index.
    Stop(u16),
}

/// The choices of a token, by thread and index.
#[derive(Clone, Debug, Default)]
pub(super) struct Guide {
    threads: Vec<Vec<Recorded>>,
}

impl Guide {
    /// How many events a thread has.
    pub fn len(&self, thread: usize) -> usize {
        self.threads.get(thread).map_or(0, Vec::len)
    }

    /// How many events there are.
    pub fn events(&self) -> usize {
        self.threads.iter().map(Vec::len).sum()
    }

    /// The choice of one event.
    pub fn choice(&self, thread: usize, index: usize) -> Recorded {
        self.threads.get(thread).and_then(|t| t.get(index)).copied().unwrap_or(Recorded::Nothing)
    }

    /// Reads a token; its threads get their names in `names`.
    pub fn parse(token: &str, names: &mut Names) -> Result<Guide, BadToken> {
        let malformed = |part: &str| BadToken::Malformed(format!("`{part}`"));
        let mut parts = token.trim().split('+');
        if parts.next() != Some(VERSION) {
            return Err(BadToken::Malformed(format!("it does not begin with `{VERSION}`")));
        }
        let mut ids: Vec<u16> = Vec::new();
        let mut guide = Guide::default();
        for part in parts {
            let (name, events) = part.split_once(':').ok_or_else(|| malformed(part))?;
            let known = |thread: &str, nth: &str| {
                let thread: usize = thread.parse().ok()?;
                Some((*ids.get(thread)?, nth.parse().ok().filter(|&n: &u32| n < 1 << 16)?))
            };
            let id = match (name.split_once('.'), name.split_once('~')) {
                (None, None) if ids.is_empty() => 0,
                (Some((parent, nth)), _) => {
                    let (parent, nth) = known(parent, nth)
                        .filter(|&(_, n)| n < 1024)
                        .ok_or_else(|| malformed(part))?;
                    names.child(parent, nth)
                }
                (_, Some((creator, nth))) => {
                    let (creator, nth) = known(creator, nth).ok_or_else(|| malformed(part))?;
                    let place = names.location(creator, nth);
                    names.finalizer(place)
                }
                _ => return Err(malformed(part)),
            };
            ids.push(id);
            guide.threads.resize(guide.threads.len().max(id as usize + 1), Vec::new());
            for event in events.split_terminator(',') {
                let (count, event) = parse_event(event).ok_or_else(|| malformed(part))?;
                guide.threads[id as usize].extend(std::iter::repeat_n(event, count));
            }
        }
        guide
            .rename(&ids)
            .then_some(guide)
            .ok_or_else(|| malformed("a source outside of the token"))
    }

    /// Turns the token's thread numbers into names; false if one is unknown.
    fn rename(&mut self, ids: &[u16]) -> bool {
        let lens: Vec<usize> = self.threads.iter().map(Vec::len).collect();
        self.threads.iter_mut().flatten().all(|event| match event {
            Recorded::Source(thread, index, _) | Recorded::Followed(thread, index) => {
                let known = ids.get(*thread as usize).copied();
                *thread = known.unwrap_or(0);
                known.is_some_and(|t| usize::from(*index) < lens[t as usize])
            }
            _ => true,
        })
    }
}

/// How often which choice comes next.
fn parse_event(text: &str) -> Option<(usize, Recorded)> {
    let (kind, rest) = text.split_at_checked(1)?;
    let choice = match kind {
        "-" => return Some((rest.parse().ok().filter(|&n| n < MOST)?, Recorded::Nothing)),
        "s" => Recorded::Stop(rest.parse().ok()?),
        "w" => Recorded::Place(rest.parse().ok()?),
        "f" => {
            let (thread, index) = rest.split_once('.')?;
            Recorded::Followed(thread.parse().ok()?, index.parse().ok()?)
        }
        "r" => {
            let (source, variant) = rest.split_once('_').unwrap_or((rest, "0"));
            let (thread, index) = source.split_once('.')?;
            Recorded::Source(thread.parse().ok()?, index.parse().ok()?, variant.parse().ok()?)
        }
        _ => return None,
    };
    Some((1, choice))
}

/// Writes the token of a graph.
pub(super) fn write(g: &Graph, names: &Names) -> String {
    let mut token = VERSION.to_string();
    let order: Vec<u16> = names
        .order()
        .iter()
        .copied()
        .filter(|&t| !g.threads.get(t as usize).is_none_or(Vec::is_empty))
        .collect();
    let number = |t: u16| order.iter().position(|&o| o == t).unwrap_or(0);
    for &t in &order {
        match (names.parent(t), names.finalizes(t).map(|place| names.creation(place))) {
            (Some((parent, nth)), _) => _ = write!(token, "+{}.{nth}:", number(parent)),
            (_, Some((creator, nth))) => _ = write!(token, "+{}~{nth}:", number(creator)),
            _ => token.push_str("+0:"),
        }
        let mut plain = 0;
        for &id in &g.threads[t as usize] {
            let choice = choice(g, id, &number);
            if let Some(choice) = choice {
                flush(&mut token, &mut plain);
                _ = write!(token, "{choice},");
            } else {
                plain += 1;
            }
        }
        flush(&mut token, &mut plain);
    }
    token
}

/// Writes how many events without a choice there were.
fn flush(token: &mut String, plain: &mut usize) {
    match std::mem::take(plain) {
        0 => {}
        n => _ = write!(token, "-{n},"),
    }
}

/// An event's choice, if it has one.
fn choice(g: &Graph, id: Id, number: &impl Fn(u16) -> usize) -> Option<String> {
    let e = g.event(id);
    match e.kind() {
        Kind::Read if e.label.branches => {
            let source = g.event(e.rf);
            let variant = if e.variant > 0 { format!("_{}", e.variant) } else { String::new() };
            Some(format!("r{}.{}{variant}", number(source.thread), source.index))
        }
        Kind::Write if e.label.branches => Some(format!("w{}", e.co)),
        Kind::Join if e.label.op == Op::Follow => {
            let left = g.event(e.rf);
            Some(format!("f{}.{}", number(left.thread), left.index))
        }
        Kind::Spin if e.is_blocked() => Some(format!("s{}", e.value)),
        _ => None,
    }
}
