//! What failed rounds leave behind, and of what use it is.
//!
//! A round may leave something on the stack that nobody looks at again: the arguments of an operation that the next round does not begin with, a value that it
//! has compared. Then the memory is another one, and the loop does the same all the same. To see that, its memories are gone
//! through: that at the head, those after a failed round, after two, and so on, until the next round leads from each of them where it led before. If there are
//! only a few, and the thread leaves the loop from each of them with the memory with which it leaves it from the head, the rounds leave nothing of use, in
//! whatever order they come. A count of the rounds is a new memory each time; a flag that they set is another memory when the loop is left.
//!
//! Memories are not compared with each other but by what the next round makes of them: most of what a round leaves is written over by the next. Say each round leads
//! from `v` and from `w` to the same memory, `v` and `w` being sequences of failed rounds. Then `w f` leads where `v f` does, and so does all that
//! begins with them. So one of the two will do, and all the memories there are follow one round on one of the sequences that are kept.

/// How many sequences of failed rounds may be kept, beside that of none.
const MOST: usize = 6;

/// Sequences of failed rounds, of which one leads to the memory that any sequence of them leads to. None if the thread may have use for what they leave.
///
/// `alike` says whether two sequences of rounds lead to the same memory; both end with the same round. `others` are the rounds that leave the loop.
pub(super) fn residues<R: Clone>(
    failed: &[R],
    others: &[R],
    mut alike: impl FnMut(&[&R], &[&R]) -> bool,
) -> Option<Vec<Vec<R>>> {
    // A count shows at once; what is left the first time may be left in another way the second.
    if !failed.iter().all(|f| alike(&[f, f], &[f, f, f])) {
        return None;
    }
    let mut do_the_same = |rounds: &[R], after: [&[R]; 2]| {
        rounds.iter().all(|r| {
            let [some, others] = after.map(|way| way.iter().chain([r]).collect::<Vec<_>>());
            alike(&some, &others)
        })
    };
    let (mut found, mut different) = (Vec::new(), vec![Vec::new()]);
    let mut nth = 0;
    while nth < different.len() {
        for last in failed {
            let way = [&different[nth], std::slice::from_ref(last)].concat();
            if !do_the_same(others, [&[], &way]) {
                return None;
            }
            if !different.iter().any(|other| do_the_same(failed, [other, &way])) {
                if different.len() > MOST {
                    return None;
                }
                different.push(way.clone());
            }
            found.push(way);
        }
        nth += 1;
    }
    Some(found)
}

/// Which failed rounds leave something of use to a round that comes `then`, of those that `found` is made of: the last ones of the shortest sequences that do.
pub(super) fn of_use<R: Clone + PartialEq>(
    found: &[Vec<R>],
    then: &R,
    mut alike: impl FnMut(&[&R], &[&R]) -> bool,
) -> Vec<R> {
    let mut of_use: Vec<R> = Vec::new();
    for rounds in found {
        let way: Vec<&R> = rounds.iter().chain([then]).collect();
        // What is shorter by the last round has come before.
        if !rounds.iter().any(|round| of_use.contains(round)) && !alike(&[then], &way) {
            of_use.extend(rounds.last().cloned());
        }
    }
    of_use
}

#[cfg(test)]
mod tests {
    use super::{of_use, residues};

    /// Whether two ways lead to the same memory.
    fn alike(memory: impl Fn(&str) -> String) -> impl Fn(&[&char], &[&char]) -> bool {
        move |some, others| {
            let memory = |rounds: &[&char]| memory(&rounds.iter().copied().collect::<String>());
            memory(some) == memory(others)
        }
    }

    /// Of a loop with the failed rounds `f` and `g`, which is left by `x`, and the memory to which rounds lead.
    fn of(memory: impl Fn(&str) -> String) -> Option<Vec<String>> {
        let found = residues(&['f', 'g'], &['x'], alike(memory))?;
        Some(found.into_iter().map(String::from_iter).collect())
    }

    fn ways(ways: &[&str]) -> Option<Vec<String>> {
        Some(ways.iter().map(|&way| way.into()).collect())
    }

    #[test]
    fn nothing_is_left() {
        assert_eq!(of(|rounds| rounds[rounds.len() - 1..].into()), ways(&["f", "g"]));
    }

    #[test]
    fn what_is_written_again_before_the_end_is_of_no_use() {
        let slot = |rounds: &str| rounds.contains('f') && !rounds.ends_with('x');
        assert_eq!(of(|rounds| slot(rounds).to_string()), ways(&["f", "g", "ff", "fg"]));
    }

    #[test]
    fn each_round_may_leave_something_of_its_own() {
        let slots = |rounds: &str| {
            let slots = ['f', 'g'].map(|f| rounds.contains(f) && !rounds.ends_with('x'));
            format!("{slots:?}")
        };
        assert_eq!(of(slots), ways(&["f", "g", "ff", "fg", "gf", "gg", "fgf", "fgg"]));
    }

    /// Each of ten rounds leaves another value, and each writes over that of the one before.
    #[test]
    fn memories_that_the_next_round_writes_over_are_one() {
        let failed: Vec<char> = ('a'..='j').collect();
        let left = |rounds: &str| {
            let left = (rounds.contains('a'), rounds.chars().last());
            if rounds.ends_with('x') { String::new() } else { format!("{left:?}") }
        };
        let found = residues(&failed, &['x'], alike(left)).expect("a flag, and what comes last");
        assert_eq!(found.len(), 2 * failed.len());
    }

    #[test]
    fn a_flag_matters_once_the_loop_is_left() {
        assert_eq!(of(|rounds| rounds.contains('f').to_string()), None);
    }

    fn two_flags(rounds: &str) -> String {
        let flags = ['f', 'g'].map(|f| rounds.contains(f));
        if rounds.ends_with('x') { (flags == [true; 2]).to_string() } else { format!("{flags:?}") }
    }

    #[test]
    fn two_flags_may_matter_together() {
        assert_eq!(of(two_flags), None);
    }

    /// The loop is left in a way that nobody had met when its rounds were found to fail.
    #[test]
    fn what_matters_later_is_the_last_of_the_fewest() {
        let found = ["f", "g", "fg"].map(|rounds| rounds.chars().collect::<Vec<_>>());
        assert_eq!(of_use(&found, &'x', alike(two_flags)), ['g']);
        assert_eq!(of_use(&found, &'x', alike(|rounds| rounds.contains('f').to_string())), ['f']);
        assert_eq!(of_use(&found, &'x', alike(|_| String::new())), []);
    }

    #[test]
    fn a_count_has_no_end() {
        let count = |rounds: &str| rounds.matches('f').count();
        let told_at_the_end =
            |rounds: &str| (count(rounds) > 20 || !rounds.ends_with('x')) as usize;
        assert_eq!(of(|rounds| (count(rounds) * told_at_the_end(rounds)).to_string()), None);
    }

    /// Which of the two came first is seen only when there were many memories.
    #[test]
    fn too_many_memories_are_not_looked_through() {
        let memory = |rounds: &str| {
            let turns = rounds.replace("ff", "f").replace("gg", "g");
            if rounds.ends_with('x') { String::new() } else { turns }
        };
        assert_eq!(of(memory), None);
    }
}
