//! A way through the tree of the search: the choices that lead from the root to one of its subtrees, as text.
//!
//! The nodes of the tree are executions, and whatever of the graph there is to choose is named by its events' numbers, which depend on the graph alone.
//! So a path leads to the same subtree in any process that runs the same program, if what is chosen from does not depend on what a process has
//! learnt of waiting loops (`split`).

use std::fmt;
use std::str::FromStr;

use super::{Alternative, Choice, Explorer};
use crate::graph::Id;

/// One choice: `4r2` (event 4 reads from 2), `4r2_1` (by alternative 1), `4w1` (it is put at place 1), `4v2_0` (it revisits 2), `4l` (it leaves last).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    at: Id,
    what: Alternative,
}

/// The choices from the root on, and which share of the search comes after them, by estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub share: f64,
    pub picks: Vec<Pick>,
}

impl Path {
    /// To the whole search.
    pub const ROOT: Path = Path { share: 1.0, picks: Vec::new() };

    /// One choice further.
    pub fn then(&self, pick: Pick) -> Path {
        Path { share: self.share, picks: self.picks.iter().copied().chain([pick]).collect() }
    }
}

impl Explorer {
    /// The choices that the last one left.
    pub fn left(&self) -> Vec<Pick> {
        self.top.choices.iter().map(|c| Pick { at: c.at, what: c.what }).collect()
    }

    /// Takes up this choice: whether that gives a graph to run; none if it is not there.
    pub fn follow(&mut self, pick: Pick, share: f64) -> Option<bool> {
        let is_it = |c: &&Choice| (c.at, c.what) == (pick.at, pick.what);
        self.descend(share, |choices| choices.iter().find(is_it).copied())
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.what {
            Alternative::Source(w, 0) => write!(f, "{at}r{w}"),
            Alternative::Source(w, variant) => write!(f, "{at}r{w}_{variant}"),
            Alternative::Place(place) => write!(f, "{at}w{place}"),
            Alternative::Revisit(r, variant) => write!(f, "{at}v{r}_{variant}"),
            Alternative::Last => write!(f, "{at}l"),
            Alternative::Turn(_) => unreachable!("a bounded search has no paths"),
        }
    }
}

impl FromStr for Pick {
    type Err = ();

    fn from_str(text: &str) -> Result<Pick, ()> {
        fn number<N: FromStr>(text: &str) -> Result<N, ()> {
            text.parse().map_err(|_| ())
        }
        let kind = text.find(|c: char| !c.is_ascii_digit()).ok_or(())?;
        let (at, rest) = (number(&text[..kind])?, text.get(kind + 1..).ok_or(())?);
        let (other, variant) = rest.split_once('_').unwrap_or((rest, "0"));
        let what = match text.get(kind..=kind).ok_or(())? {
            "r" => Alternative::Source(number(other)?, number(variant)?),
            "v" => Alternative::Revisit(number(other)?, number(variant)?),
            "w" => Alternative::Place(number(rest)?),
            "l" if rest.is_empty() => Alternative::Last,
            _ => return Err(()),
        };
        Ok(Pick { at, what })
    }
}

/// The share and the choices, with a space in between.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:e}", self.share)?;
        self.picks.iter().try_for_each(|pick| write!(f, " {pick}"))
    }
}

impl FromStr for Path {
    type Err = ();

    fn from_str(text: &str) -> Result<Path, ()> {
        let mut words = text.split(' ');
        let share = words.next().and_then(|word| word.parse().ok());
        let share = share.filter(|share: &f64| share.is_finite() && *share >= 0.0).ok_or(())?;
        Ok(Path { share, picks: words.map(str::parse).collect::<Result<_, _>>()? })
    }
}
