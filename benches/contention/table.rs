//! The table, what follows from it, and what it does not show.

use crate::measure::{Cell, Plan, WRITES};

/// Prints what the columns are.
pub fn head(plan: &Plan) {
    let Plan { round, pairs, cores } = plan;
    let round = round.as_millis();
    println!(
        "{cores} cores; {pairs} pairs of rounds of {round} ms in each line. Rates in millions of acquisitions\n\
         a second. Ratio: parking_lot's rate over std's in two neighbouring rounds, the median pair, the\n\
         middle half of the pairs and all of them; above 1 parking_lot is faster. Fair: the thread that\n\
         acquired least over the one that acquired most.\n"
    );
    println!(
        "{:<8}{:>8}{:>9}{:>8}{:>13}{:>7}{:>13}{:>13}{:>10}{:>7}",
        "lock",
        "threads",
        "inside",
        "std",
        "parking_lot",
        "ratio",
        "middle half",
        "all",
        "fair: std",
        "p_lot"
    );
}

/// Prints one line.
pub fn line(cell: &Cell) {
    let [least, lower, ratio, upper, most] = cell.ratio;
    println!(
        "{:<8}{:>8}{:>9}{:>8.2}{:>13.2}{ratio:>7.2}{:>13}{:>13}{:>10.2}{:>7.2}",
        cell.lock,
        cell.threads,
        format!("{} ns", cell.inside),
        cell.std,
        cell.parking_lot,
        format!("{lower:.2}-{upper:.2}"),
        format!("{least:.2}-{most:.2}"),
        cell.std_fairness,
        cell.parking_lot_fairness,
    );
}

/// Prints what follows for the claim that parking_lot lowers contention by nearly 30 %, and what does not.
pub fn tail(plan: &Plan, cells: &[Cell]) {
    println!(
        "\nLines in which three pairs of four have parking_lot faster, slower, or faster by 30 %:"
    );
    for lock in ["control", "Mutex", "RwLock"] {
        for (threads, shared) in [("one thread", false), ("several threads", true)] {
            let lines = cells.iter().filter(|it| it.lock == lock && (it.threads > 1) == shared);
            let count = |is: fn(&Cell) -> bool| lines.clone().filter(|cell| is(cell)).count();
            println!(
                "  {lock:<8}{threads:<16}{:>4} of {2:>2} faster{:>4} of {2:>2} slower{3:>4} of {2:>2} by 30 %",
                count(|cell| cell.ratio[1] > 1.0),
                count(|cell| cell.ratio[3] < 1.0),
                count(|_| true),
                count(|cell| cell.ratio[1] >= 1.3),
            );
        }
    }
    println!(
        "\ncontrol: std's mutex on both sides; how far its ratio is from 1 is the noise of this machine.\n\
         RwLock: one acquisition in {WRITES} writes. Each thread works outside as long as inside.\n\
         Not shown: other machines (this one has {} cores) or operating systems, other shares of work\n\
         outside, latency, and what contention costs a whole program. With more threads than cores an\n\
         unfair lock is fast, for the thread that runs takes it again and again.",
        plan.cores
    );
}
