//! Programs whose threads wait for each other: awaits, locks, parks, departures.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::oracle::{Mode, Op, Program, Value, Waiting};
use super::{
    cas, fence, load, one, plain_load, plain_store, programs, read_mode, rmw, store,
    with_registers, write_mode,
};

/// Reads that wait for a value.
pub fn awaits() -> impl Strategy<Value = Program> {
    let wait = (0..2usize, 1..3i64, read_mode());
    let wait = wait.prop_map(|(location, value, mode)| Op::Await { location, value, mode });
    programs(
        2,
        0,
        0,
        one(prop_oneof![3 => load(2), 5 => store(2), 2 => wait, 1 => rmw(2), 1 => fence()]),
        10,
    )
}

/// A loop that waits for one of two pairs of values, which are not there from the beginning, or for one of two values, and may go on to
/// store; beside others that store.
pub fn awaits_of_pairs() -> impl Strategy<Value = Program> {
    let pair = || (0..3i64, 0..3i64).prop_filter("it is there", |&pair| pair != (0, 0));
    let which = (any::<bool>(), prop::bool::weighted(0.7));
    let wait = (which, pair(), pair(), read_mode(), prop::option::of(store(2)));
    let wait = wait.prop_map(|((turned, both), one, other, mode, then)| {
        let locations = if turned { [1, 0] } else { [0, 1] };
        let wait = if both {
            Op::AwaitPair { reg: 0, locations, ends: [one, other], mode }
        } else {
            Op::AwaitEither { locations, ends: [one.0.max(1), one.1.max(1)], mode }
        };
        [Some(wait), then].into_iter().flatten().collect()
    });
    let other = vec(prop_oneof![4 => store(2), 1 => rmw(2), 1 => load(2)], 1..=2);
    (wait, vec(other, 2..=3), 0..3usize, any::<bool>(), any::<bool>()).prop_map(
        |(wait, mut threads, place, late, main_takes_part)| {
            threads.insert(place.min(threads.len()), wait);
            let waiting = if late { Waiting::SpinningLate } else { Waiting::Spinning };
            let threads = threads.into_iter().map(|ops| with_registers(ops, &mut 0)).collect();
            Program { atomics: 2, waiting, threads, main_takes_part, ..Program::default() }
        },
    )
}

/// Reads that wait for a value, among plain accesses of the same locations.
pub fn awaits_among_plain_accesses() -> impl Strategy<Value = Program> {
    let wait = (0..2usize, 1..3i64, read_mode());
    let wait = wait.prop_map(|(location, value, mode)| Op::Await { location, value, mode });
    let plain = (0..2usize, 0..3i64).prop_map(|(location, value)| plain_store(location, value));
    programs(2, 0, 0, one(prop_oneof![4 => store(2), 3 => wait, 2 => plain, 1 => load(2)]), 8)
}

/// A loop that waits for one of two locations and goes on to store, beside a plain access that may wait for that.
pub fn plain_accesses_after_loops() -> impl Strategy<Value = Program> {
    let ends = (1..3i64, 1..3i64);
    let wait = (any::<bool>(), ends, read_mode()).prop_map(|(turned, (first, second), mode)| {
        let locations = if turned { [1, 0] } else { [0, 1] };
        Op::AwaitEither { locations, ends: [first, second], mode }
    });
    let said = (0..2usize, 1..3i64, write_mode(), read_mode());
    let plain = (0..2usize, 0..3i64);
    let others = vec(vec(prop_oneof![3 => store(2), 1 => load(2)], 1..=2), 1..=2);
    (wait, said, plain, others, 0..6usize, any::<bool>(), any::<bool>()).prop_map(
        |(
            wait,
            (location, value, mode, reads),
            (plain, plain_value),
            others,
            order,
            late,
            main,
        )| {
            let say = Op::Store { location, value: Value::Constant(value), mode };
            let hear = Op::Load { reg: 0, location, mode: reads };
            let then = vec![plain_store(plain, plain_value)];
            let mut threads = others;
            threads.insert(order % 2, vec![wait, say]);
            threads.insert(order / 2, vec![hear, Op::If { reg: 0, equals: value, then }]);
            let waiting = if late { Waiting::SpinningLate } else { Waiting::Spinning };
            let threads = threads.into_iter().map(|ops| with_registers(ops, &mut 0)).collect();
            Program { atomics: 2, waiting, threads, main_takes_part: main, ..Program::default() }
        },
    )
}

/// The program with the first round of each waiting loop as code of its own: one that fails is reads that others may race with.
pub fn with_first_rounds(program: &Program) -> Program {
    let first_round = |op: Op, next: &mut usize| {
        let (reads, mode) = match op {
            Op::Await { location, value, mode } => (vec![(location, value)], mode),
            Op::AwaitEither { locations: [one, other], ends: [first, second], mode } => {
                (vec![(one, first), (other, second)], mode)
            }
            other => return with_registers(vec![other], next),
        };
        // The rest of a round that has failed so far, from its end.
        reads.into_iter().rev().fold(vec![op], |rest, (location, end)| {
            let reg = *next;
            *next += 1;
            let fails = (0..3).filter(|&found| found != end);
            let on = fails.map(|equals| Op::If { reg, equals, then: rest.clone() });
            [Op::Load { reg, location, mode }].into_iter().chain(on).collect()
        })
    };
    let threads = program.threads.iter().map(|code| {
        let mut next = 0;
        code.iter().flat_map(|op| first_round(op.clone(), &mut next)).collect()
    });
    Program { threads: threads.collect(), ..program.clone() }
}

/// Critical sections of two locks, sometimes one in the other (which may deadlock), among other accesses.
pub fn locks() -> impl Strategy<Value = Program> {
    let plain = prop_oneof![
        Just(Op::Load { reg: 0, location: 1, mode: Mode::NonAtomic }),
        (1..3i64).prop_map(|v| Op::Store {
            location: 1,
            value: Value::Constant(v),
            mode: Mode::NonAtomic
        }),
    ];
    let inside = prop_oneof![3 => plain, 1 => load(1), 1 => store(1)];
    let section = (0..2usize, prop::bool::weighted(0.2), vec(inside, 0..3)).prop_map(
        |(outer, nested, inside)| {
            let locks = if nested { vec![outer, 1 - outer] } else { vec![outer] };
            let mut section: Vec<Op> = locks.iter().map(|&lock| Op::Lock { lock }).collect();
            section.extend(inside);
            section.extend(locks.iter().rev().map(|&lock| Op::Unlock { lock }));
            section
        },
    );
    programs(1, 1, 2, prop_oneof![4 => section, 1 => one(load(1)), 1 => one(store(1))], 6)
}

/// Critical sections of a lock that is looked at before it is tried, among other accesses.
pub fn tested_locks() -> impl Strategy<Value = Program> {
    let inside = prop_oneof![2 => Just(plain_load(1)), 2 => Just(plain_store(1, 1)), 1 => load(1), 1 => store(1)];
    let section = vec(inside, 0..2).prop_map(|inside| {
        [vec![Op::Lock { lock: 0 }], inside, vec![Op::Unlock { lock: 0 }]].concat()
    });
    let piece = prop_oneof![4 => section, 1 => one(load(1)), 1 => one(store(1))];
    programs(1, 1, 1, piece, 4).prop_map(|mut program| {
        program.threads.truncate(3);
        Program { waiting: Waiting::Testing, ..program }
    })
}

/// Threads that park, and unpark each other, among other accesses and critical sections.
pub fn parks() -> impl Strategy<Value = Program> {
    let unpark = (0..4usize).prop_map(|thread| vec![Op::Unpark { thread }]);
    let section = store(1).prop_map(|op| vec![Op::Lock { lock: 0 }, op, Op::Unlock { lock: 0 }]);
    let park = Just(vec![Op::Park]);
    let piece =
        prop_oneof![3 => park, 4 => unpark, 1 => section, 2 => one(load(1)), 2 => one(store(1))];
    programs(1, 0, 1, piece, 7).prop_map(|mut program| {
        let count = program.threads.len();
        for op in program.threads.iter_mut().flatten() {
            if let Op::Unpark { thread } = op {
                *thread %= count;
            }
        }
        program.waiting = Waiting::Provided;
        program
    })
}

/// Threads that leave, and one that is the last and looks at what the others did; among critical sections, which may deadlock, and other
/// accesses.
pub fn departures() -> impl Strategy<Value = Program> {
    let plain = || prop_oneof![Just(plain_load(1)), Just(plain_store(1, 1))];
    let then = prop_oneof![2 => plain(), 1 => load(1), 1 => store(1), 1 => rmw(1)];
    let leave = Just(vec![leave(0)]);
    let section = (0..2usize, any::<bool>(), store(1)).prop_map(|(lock, nested, op)| {
        let locks = if nested { vec![lock, 1 - lock] } else { vec![lock] };
        let mut section: Vec<Op> = locks.iter().map(|&lock| Op::Lock { lock }).collect();
        section.push(op);
        section.extend(locks.iter().rev().map(|&lock| Op::Unlock { lock }));
        section
    });
    let piece = prop_oneof![
        6 => leave,
        1 => section,
        2 => one(load(1)),
        2 => one(store(1)),
        1 => one(plain()),
        1 => one(rmw(1)),
    ];
    (programs(1, 1, 2, piece, 8), vec(then, 0..2)).prop_map(|(mut program, last)| {
        for ops in &mut program.threads {
            for op in ops.iter_mut() {
                if let Op::Leave { then, .. } = op {
                    then.clone_from(&last);
                }
            }
            *ops = with_registers(std::mem::take(ops), &mut 0);
        }
        Program { waiting: Waiting::Provided, ..program }
    })
}

/// The same, with a last one that mostly looks at what only those who have not left yet access.
pub fn destructors() -> impl Strategy<Value = Program> {
    let owned = || prop_oneof![Just(plain_load(2)), Just(plain_store(2, 1)), load(1), store(1)];
    let owned = || prop_oneof![4 => owned(), 1 => rmw(1), 1 => cas(1)];
    let leave = vec![leave(0)];
    let use_it = vec(owned(), 0..2).prop_map(move |ops| [&ops[..], &leave].concat());
    let section = store(2).prop_map(|op| vec![Op::Lock { lock: 0 }, op, Op::Unlock { lock: 0 }]);
    let others = prop_oneof![one(load(2)), one(store(2)), one(rmw(2)), section];
    let piece = prop_oneof![use_it, others];
    (programs(2, 1, 1, piece, 7), vec(owned(), 1..3)).prop_map(|(mut program, last)| {
        for ops in &mut program.threads {
            let mut next = 0;
            *ops = with_registers(std::mem::take(ops), &mut next);
            for op in ops.iter_mut() {
                if let Op::Leave { then, .. } = op {
                    then.clone_from(&with_registers(last.clone(), &mut next.clone()));
                }
            }
        }
        Program { waiting: Waiting::Provided, ..program }
    })
}

/// Threads that leave two places, in any order, among loads and stores; the last one to leave the first place leaves the other one once more.
pub fn nested_departures() -> impl Strategy<Value = Program> {
    let others = prop_oneof![load(2), store(2)];
    let piece = prop_oneof![2 => Just(leave(0)), 1 => Just(leave(1)), 4 => others];
    vec((0..3usize, piece), 4..=8).prop_filter_map("too many executions", |pieces| {
        let leave_from = |at| move |(_, op): &&(usize, Op)| matches!(op, Op::Leave { place, .. } if *place == at);
        let leaving = |place| pieces.iter().filter(leave_from(place)).count();
        let mut threads = vec![Vec::new(); 3];
        pieces.iter().for_each(|(thread, op)| threads[*thread].push(op.clone()));
        let few = (2..=3).contains(&leaving(0)) && leaving(1) <= 2;
        few.then(|| {
            for op in threads.iter_mut().flatten() {
                if let Op::Leave { place: 0, then } = op {
                    then.push(leave(1));
                }
            }
            let threads = threads.into_iter().map(|code| with_registers(code, &mut 0)).collect();
            Program { atomics: 2, threads, ..Program::default() }
        })
    })
}

fn leave(place: usize) -> Op {
    Op::Leave { place, then: Vec::new() }
}

/// Loops that take a lock to look, beside sections of the same lock and stores.
pub fn polls() -> impl Strategy<Value = Program> {
    let section = store(1).prop_map(|op| vec![Op::Lock { lock: 0 }, op, Op::Unlock { lock: 0 }]);
    let poll = (1..3i64, read_mode());
    let poll = poll.prop_map(|(value, mode)| vec![Op::Poll { lock: 0, location: 0, value, mode }]);
    let piece = prop_oneof![2 => section, 2 => poll, 1 => one(store(1)), 1 => one(load(1))];
    vec(vec(piece, 1..=2), 2..=3).prop_filter_map("too many executions", |threads| {
        let pieces = || threads.iter().flatten();
        let locked = pieces().filter(|piece| matches!(piece[0], Op::Lock { .. } | Op::Poll { .. }));
        let polls = pieces().filter(|piece| matches!(piece[0], Op::Poll { .. })).count();
        let few = locked.count() <= 3 && polls == 1 && pieces().count() <= 4;
        few.then(|| {
            let numbered = |pieces: Vec<Vec<Op>>| with_registers(pieces.concat(), &mut 0);
            let threads = threads.into_iter().map(numbered).collect();
            Program { atomics: 1, locks: 1, threads, ..Program::default() }
        })
    })
}

/// Sections of readers and writers of one lock, around plain and atomic accesses; what reads under a read lock may be read or written by
/// another reader.
pub fn shared_locks() -> impl Strategy<Value = Program> {
    let plain = prop_oneof![2 => Just(plain_load(1)), 1 => Just(plain_store(1, 1))];
    let inside = prop_oneof![3 => plain, 1 => load(1), 1 => store(1)];
    let section = (any::<bool>(), vec(inside, 0..2)).prop_map(|(writes, inside)| {
        let (enter, leave) = if writes {
            (Op::WriteLock { lock: 0 }, Op::WriteUnlock { lock: 0 })
        } else {
            (Op::ReadLock { lock: 0 }, Op::ReadUnlock { lock: 0 })
        };
        [vec![enter], inside, vec![leave]].concat()
    });
    let piece = prop_oneof![4 => section, 1 => one(load(1)), 1 => one(store(1))];
    let threads = vec(vec(piece, 1..=2), 2..=3).prop_filter("too many executions", |threads| {
        // A writer that waits announces itself first, so it weighs more.
        let weight = |piece: &Vec<Op>| match piece[0] {
            Op::WriteLock { .. } => 3,
            Op::ReadLock { .. } => 2,
            _ => 0,
        };
        threads.iter().flatten().map(weight).sum::<usize>() <= 7
            && threads.iter().flatten().count() <= 4
    });
    threads.prop_map(|threads| {
        let numbered = |pieces: Vec<Vec<Op>>| with_registers(pieces.concat(), &mut 0);
        let threads = threads.into_iter().map(numbered).collect();
        let base = Program { atomics: 1, plains: 1, locks: 1, ..Program::default() };
        Program { shared_locks: true, threads, ..base }
    })
}
