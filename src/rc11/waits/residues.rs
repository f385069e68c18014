//! What failed rounds leave behind, and of what use it is.
//!
//! A round may leave something on the stack that nobody looks at again: the arguments of an operation that the next round does not begin with, a value that it
//! has compared. Then the memory is another one, and the loop does the same all the same. To see that, its memories are gone
//! through: that at the head, those after a failed round, after two, and so on, until none of them is new. If there are
//! only a few, and the thread leaves the loop from each of them with the memory with which it leaves it from the head, the rounds leave nothing of use, in
//! whatever order they come. A count of the rounds is a new memory each time; a flag that they set is another memory when the loop is left.

/// How many memories there may be, beside that at the head.
const MOST: usize = 6;

/// Sequences of failed rounds, one for each memory that a sequence of them may lead to, but for that at the head. None if the thread may have use for what
/// they leave.
///
/// `alike` says whether two sequences of rounds lead to the same memory; each ends with a round, and both with the same or with rounds
/// that `end_alike`: at the same place of the program. `others` are the rounds that leave the loop.
pub(super) fn residues<R: Clone>(
    failed: &[R],
    others: &[R],
    end_alike: impl Fn(&R, &R) -> bool,
    mut alike: impl FnMut(&[&R], &[&R]) -> bool,
) -> Option<Vec<Vec<R>>> {
    // A count shows at once; what is left the first time may be left in another way the second.
    if !failed.iter().all(|f| alike(&[f, f], &[f, f, f])) {
        return None;
    }
    let mut found: Vec<Vec<R>> = Vec::new();
    let mut nth = 0;
    while nth <= found.len() {
        let before: &[R] = if nth == 0 { &[] } else { &found[nth - 1] };
        let longer: Vec<Vec<R>> =
            failed.iter().map(|f| [before, std::slice::from_ref(f)].concat()).collect();
        for (next, last) in longer.into_iter().zip(failed) {
            let way = || next.iter();
            let then = |then| way().chain([then]).collect::<Vec<_>>();
            let is_known = found.iter().any(|other| {
                other.last().is_some_and(|o| end_alike(o, last))
                    && alike(&other.iter().collect::<Vec<_>>(), &way().collect::<Vec<_>>())
            });
            let leaves_so = others.iter().all(|r| alike(&[r], &then(r)));
            if is_known || leaves_so && failed.iter().all(|r| alike(&[r], &then(r))) {
                continue;
            }
            if !leaves_so || found.len() == MOST {
                return None;
            }
            found.push(next);
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
        let found = residues(&['f', 'g'], &['x'], |_, _| true, alike(memory))?;
        Some(found.into_iter().map(String::from_iter).collect())
    }

    #[test]
    fn nothing_is_left() {
        assert_eq!(of(|rounds| rounds[rounds.len() - 1..].into()), Some(Vec::new()));
    }

    #[test]
    fn what_is_written_again_before_the_end_is_of_no_use() {
        let slot = |rounds: &str| rounds.contains('f') && !rounds.ends_with('x');
        assert_eq!(of(|rounds| slot(rounds).to_string()), Some(vec!["f".into()]));
    }

    #[test]
    fn each_round_may_leave_something_of_its_own() {
        let slots = |rounds: &str| {
            let slots = ['f', 'g'].map(|f| rounds.contains(f) && !rounds.ends_with('x'));
            format!("{slots:?}")
        };
        assert_eq!(of(slots), Some(["f", "g", "fg"].map(String::from).into()));
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
