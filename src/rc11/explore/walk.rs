//! Random walks through the tree of the search: where it is too large to be exhausted, they say how large, and look everywhere a little.
//!
//! A walk begins at the root and takes up one of the choices that the last execution left, each event's alternatives as probable
//! as the canonical one, until an execution leaves none. Each execution on the way counts with the inverse of the probability to come there:
//! the sum is an estimate of their number without bias, but for departures that are not seen to be last on the way: they weigh nothing. Source: Knuth, *Estimating the Efficiency of Backtrack Programs*,
//! Mathematics of Computation 29, 1975, section 3.

use super::super::hash::{GAMMA, mix};
use super::{Choice, Explorer};

/// Which way to go: the state of SplitMix64 ([`hash`](super::super::hash)).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// From 0 to 1, without 1.
    fn roll(&mut self) -> f64 {
        let z = mix(0, self.0);
        self.0 = self.0.wrapping_add(GAMMA);
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl Explorer {
    /// Goes on to the next execution, and returns the probability of that step; none if the walk ends here.
    pub fn step(&mut self, dice: &mut Dice) -> Option<f64> {
        let mut probability = 1.0;
        let mut roll = |choices: &[Choice]| {
            let total: f64 = choices.iter().map(|choice| choice.weight).sum();
            let mut left = dice.roll() * total;
            let chosen = choices.iter().find(|choice| {
                left -= choice.weight;
                left < 0.0
            });
            let chosen = *chosen.or(choices.iter().rfind(|choice| choice.weight > 0.0))?;
            probability *= chosen.weight / total;
            Some(chosen)
        };
        while !self.descend(1.0, &mut roll)? {
            // Further choices there may be all the same: the places of a revisiting write, or the revisits of a write half whose
            // source is taken.
        }
        Some(probability)
    }

    /// Takes up the choice that `pick` finds among those that the last one left, and drops the others; what follows has this share of the search.
    /// Whether that gives a graph to run; none if there is no such choice.
    pub(super) fn descend(
        &mut self,
        share: f64,
        pick: impl FnOnce(&[Choice]) -> Option<Choice>,
    ) -> Option<bool> {
        self.weigh();
        self.spare.append(&mut self.below);
        let choices = std::mem::take(&mut self.top.choices);
        let chosen = pick(&choices)?;
        (self.open, self.fresh) = (share, 0);
        Some(self.take(chosen))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::graph::Rules;
    use super::Explorer;

    #[test]
    fn a_walk_takes_the_memory_of_the_one_before() {
        let mut explorer = Explorer::default();
        for _ in 0..100 {
            explorer.start(Rules::default());
            let revisited = explorer.spare_frame();
            explorer.push_frame(revisited);
        }
        assert_eq!(explorer.below.len() + explorer.spare.len(), 1);
    }
}
