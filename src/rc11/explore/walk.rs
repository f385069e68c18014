//! Random walks through the tree of the search: where it is too large to be exhausted, they say how large, and look everywhere a little.
//!
//! A walk begins at the root and takes up one of the choices that the last execution left, each event's alternatives as probable
//! as the canonical one, until an execution leaves none. Each execution on the way counts with the inverse of the probability to come there:
//! the sum is an estimate of their number without bias. Source: Knuth, *Estimating the Efficiency of Backtrack Programs*,
//! Mathematics of Computation 29, 1975, section 3.

use super::super::graph::Rules;
use super::Explorer;

/// Which way to go: SplitMix64 (Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014, figure 17).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// From 0 to 1, without 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

impl Explorer {
    /// Begins a walk.
    pub fn begin_walk(&mut self, rules: Rules) {
        self.spare.append(&mut self.frames);
        self.start(rules);
    }

    /// Goes on to the next execution, and returns the probability of that step; none if the walk ends here.
    pub fn step(&mut self, dice: &mut Dice) -> Option<f64> {
        let mut probability = 1.0;
        loop {
            self.weigh();
            let mut frame = self.frames.pop()?;
            self.spare.append(&mut self.frames);
            let choices = std::mem::take(&mut frame.choices);
            let total: f64 = choices.iter().map(|choice| choice.weight).sum();
            let mut left = dice.roll() * total;
            let chosen = choices.iter().find(|choice| {
                left -= choice.weight;
                left < 0.0
            });
            let chosen = *chosen.or(choices.last())?;
            probability *= chosen.weight / total;
            self.frames.push(frame);
            (self.open, self.fresh) = (1.0, 0);
            if self.take(chosen) {
                (self.open, self.fresh) = (1.0, 0);
                return Some(probability);
            }
            // Further choices there may be all the same: the places of a revisiting write, or the revisits of a write half whose
            // source is taken.
        }
    }
}
