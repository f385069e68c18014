//! A binary relation over at most 64 events is a square of bits, and the algebra of the papers is bitwise.

/// A set of events.
pub type Set = u64;

/// The most events one execution may have.
pub const MOST: usize = 64;

/// A set of pairs of events. It is `Copy` so that axioms read like formulas.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rel([Set; MOST]);

impl Rel {
    /// No pair.
    pub const EMPTY: Rel = Rel([0; MOST]);

    /// Adds a pair.
    pub fn add(&mut self, from: usize, to: usize) {
        self.0[from] |= 1 << to;
    }

    /// Whether it holds from one event to another.
    pub fn holds(self, from: usize, to: usize) -> bool {
        self.0[from] & (1 << to) != 0
    }

    /// The pairs of two events below `count` that `holds` accepts.
    pub fn of(count: usize, holds: impl Fn(usize, usize) -> bool) -> Rel {
        let mut rel = Rel::EMPTY;
        for from in 0..count {
            for to in 0..count {
                if holds(from, to) {
                    rel.add(from, to);
                }
            }
        }
        rel
    }

    /// `[set]`: every event of the set with itself.
    pub fn on(set: Set) -> Rel {
        Rel::each(|from| set & (1 << from))
    }

    fn each(row: impl Fn(usize) -> Set) -> Rel {
        Rel(std::array::from_fn(row))
    }

    /// Every pair.
    pub fn pairs(self) -> impl Iterator<Item = (usize, usize)> {
        (0..MOST).flat_map(move |from| bits(self.0[from]).map(move |to| (from, to)))
    }

    /// `self ∪ other`.
    pub fn or(self, other: Rel) -> Rel {
        Rel::each(|from| self.0[from] | other.0[from])
    }

    /// `self ∩ other`.
    pub fn and(self, other: Rel) -> Rel {
        Rel::each(|from| self.0[from] & other.0[from])
    }

    /// `self \ other`.
    pub fn minus(self, other: Rel) -> Rel {
        Rel::each(|from| self.0[from] & !other.0[from])
    }

    /// `self ; other`.
    pub fn then(self, other: Rel) -> Rel {
        Rel::each(|from| bits(self.0[from]).fold(0, |row, middle| row | other.0[middle]))
    }

    /// `self⁻¹`.
    pub fn inverse(self) -> Rel {
        let mut rel = Rel::EMPTY;
        self.pairs().for_each(|(from, to)| rel.add(to, from));
        rel
    }

    /// `self?`.
    pub fn maybe(self) -> Rel {
        self.or(Rel::on(!0))
    }

    /// `self+`, by Warshall's algorithm.
    pub fn plus(mut self) -> Rel {
        for middle in 0..MOST {
            let beyond = self.0[middle];
            if beyond != 0 {
                for row in &mut self.0 {
                    if *row & (1 << middle) != 0 {
                        *row |= beyond;
                    }
                }
            }
        }
        self
    }

    /// `self*`.
    pub fn star(self) -> Rel {
        self.plus().maybe()
    }

    /// Whether there is no pair.
    pub fn is_empty(self) -> bool {
        self.0.iter().all(|row| *row == 0)
    }

    /// Whether no event is paired with itself.
    pub fn is_irreflexive(self) -> bool {
        self.and(Rel::on(!0)).is_empty()
    }

    /// Whether no event is reached from itself.
    pub fn is_acyclic(self) -> bool {
        self.plus().is_irreflexive()
    }
}

fn bits(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (lowest < MOST).then_some(lowest)
    })
}
