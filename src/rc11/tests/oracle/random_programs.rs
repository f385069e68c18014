//! Random programs for the oracle, small enough that everything about them can be tried.

use proptest::collection::vec;
use proptest::prelude::*;

use super::oracle::{Change, Mode, Op, Program, Value, Waiting};

mod alike;
mod updates;
mod waiting;

pub use alike::*;
pub use updates::*;
pub use waiting::*;

/// Loads, stores and fences of every ordering.
pub fn atomics_and_fences() -> impl Strategy<Value = Program> {
    programs(2, 0, 0, one(prop_oneof![4 => load(2), 4 => store(2), 2 => fence()]), 12)
}

/// Read-modify-writes and compare-exchanges among loads and stores.
pub fn read_modify_writes() -> impl Strategy<Value = Program> {
    programs(
        2,
        0,
        0,
        one(prop_oneof![2 => load(2), 3 => store(2), 3 => rmw(2), 3 => cas(2), 1 => fence()]),
        10,
    )
}

/// Mostly SeqCst, on three locations: what the SC axiom is for.
pub fn sequentially_consistent() -> impl Strategy<Value = Program> {
    let sc_fence = Just(Op::Fence { mode: Mode::SeqCst });
    let ops = prop_oneof![
        2 => load(3),
        3 => load(3).prop_map(strong),
        2 => store(3),
        3 => store(3).prop_map(strong),
        2 => sc_fence,
        1 => rmw(3),
    ];
    programs(3, 0, 0, one(ops), 12)
}

/// Writers and readers of two locations in either order, with a fence or an ordering between: the shape of message passing
/// and of readers that disagree, which is the smallest that `psc_F` shows in.
pub fn writers_and_readers() -> impl Strategy<Value = Program> {
    let between = || {
        let sc = Just(Some(Op::Fence { mode: Mode::SeqCst }));
        prop_oneof![3 => sc, 2 => fence().prop_map(Some), 1 => Just(None)]
    };
    let often_relaxed =
        |mode: BoxedStrategy<Mode>| prop_oneof![3 => Just(Mode::Relaxed), 1 => mode];
    let write_mode = move || often_relaxed(write_mode().boxed());
    let read_mode = move || often_relaxed(read_mode().boxed());
    let one_store =
        (0..2usize, write_mode()).prop_map(|(location, mode)| vec![set(location, mode)]);
    let two_stores = (0..2usize, write_mode(), between(), write_mode());
    let two_stores = two_stores.prop_map(|(first, one, between, other)| {
        let stores = [Some(set(first, one)), between, Some(set(1 - first, other))];
        stores.into_iter().flatten().collect()
    });
    let reader = (0..2usize, read_mode(), between(), read_mode());
    let reader = reader.prop_map(|(first, one, between, other)| {
        let one = Op::Load { reg: 0, location: first, mode: one };
        let other = Op::Load { reg: 1, location: 1 - first, mode: other };
        [Some(one), between, Some(other)].into_iter().flatten().collect()
    });
    let writers = vec(prop_oneof![one_store, two_stores], 1..=2);
    (writers, vec(reader, 1..=2)).prop_map(|(writers, readers)| {
        let threads = [writers, readers].concat();
        Program { atomics: 2, threads, ..Program::default() }
    })
}

/// Rings of threads that read and then write what the next one reads, with more in between, of constants: what a thread does and writes is the
/// same whatever it reads.
pub fn constants() -> impl Strategy<Value = Program> {
    let swap = |locations: usize| {
        (0..locations, 1..3i64, rmw_mode()).prop_map(|(location, operand, mode)| Op::Rmw {
            reg: 0,
            location,
            change: Change::Swap,
            operand,
            mode,
        })
    };
    let more =
        || prop::option::weighted(0.2, prop_oneof![3 => load(3), 3 => store(3), 1 => fence()]);
    let reads = prop_oneof![6 => load(1), 1 => swap(1)];
    let writes = prop_oneof![6 => store(1), 1 => swap(1)];
    let thread =
        (more(), reads, prop_oneof![2 => more(), 1 => fence().prop_map(Some)], writes, more());
    (2..=3usize).prop_flat_map(move |count| {
        vec(thread.clone(), count).prop_map(move |threads| {
            let threads = threads.into_iter().enumerate().map(|(own, parts)| {
                let (before, reads, between, writes, after) = parts;
                let (reads, writes) = (at(own, reads), at((own + 1) % count, writes));
                let ops = [before, Some(reads), between, Some(writes), after];
                with_registers(ops.into_iter().flatten().collect(), &mut 0)
            });
            Program { atomics: 3, threads: threads.collect(), ..Program::default() }
        })
    })
}

/// Rings of threads that read, and then write what the next one reads: always, or only if they have read some value, or what they have read.
pub fn conditions() -> impl Strategy<Value = Program> {
    let more =
        || prop::option::weighted(0.2, prop_oneof![3 => load(2), 3 => store(2), 1 => fence()]);
    let writes = (store(1), 0..4usize, 0..3i64);
    let thread = (more(), load(1), more(), writes, prop::option::weighted(0.3, store(2)));
    (2..=3usize).prop_flat_map(move |count| {
        vec(thread.clone(), count).prop_map(move |threads| {
            let threads = threads.into_iter().enumerate().map(|(own, parts)| {
                let (before, read, between, (write, how, equals), after) = parts;
                let (read, write) = (at(own, read), at((own + 1) % count, write));
                let write = match (how, write) {
                    (0, write) => Op::If { reg: 0, equals, then: vec![write] },
                    (1, Op::Store { location, mode, .. }) => {
                        Op::Store { location, value: Value::Register(0), mode }
                    }
                    (_, write) => write,
                };
                let ops = [before, Some(read), between, Some(write), after];
                with_registers(ops.into_iter().flatten().collect(), &mut 0)
            });
            Program { atomics: 3, threads: threads.collect(), ..Program::default() }
        })
    })
}

fn set(location: usize, mode: Mode) -> Op {
    Op::Store { location, value: Value::Constant(1), mode }
}

/// Rings: each thread accesses its own location and then the next thread's, perhaps with a fence between. Most classic
/// litmus shapes are rings, and every term of the SC axiom shows in one.
pub fn rings() -> impl Strategy<Value = Program> {
    (2..=4usize).prop_flat_map(|count| {
        let thread = (ring_access(), prop::option::weighted(0.3, fence()), ring_access());
        vec(thread, count).prop_map(move |threads| {
            let threads = threads.into_iter().enumerate().map(|(own, (first, between, second))| {
                let accesses = [Some(at(own, first)), between, Some(at((own + 1) % count, second))];
                with_registers(accesses.into_iter().flatten().collect(), &mut 0)
            });
            Program { atomics: count, threads: threads.collect(), ..Program::default() }
        })
    })
}

/// A load or a store, rarely both in one, of any location; often SeqCst.
fn ring_access() -> impl Strategy<Value = Op> + Clone {
    let access = prop_oneof![5 => load(1), 5 => store(1), 1 => rmw(1)];
    prop_oneof![access.clone(), access.prop_map(strong)]
}

fn strong(op: Op) -> Op {
    match op {
        Op::Load { reg, location, .. } => Op::Load { reg, location, mode: Mode::SeqCst },
        Op::Store { location, value, .. } => Op::Store { location, value, mode: Mode::SeqCst },
        other => other,
    }
}

fn at(location: usize, op: Op) -> Op {
    match op {
        Op::Load { reg, mode, .. } => Op::Load { reg, location, mode },
        Op::Store { value, mode, .. } => Op::Store { location, value, mode },
        Op::Rmw { reg, change, operand, mode, .. } => {
            Op::Rmw { reg, location, change, operand, mode }
        }
        other => other,
    }
}

/// Code that runs only after some value was read, and stores of values read.
pub fn conditionals() -> impl Strategy<Value = Program> {
    let simple = || prop_oneof![3 => load(2), 3 => store(2), 1 => copy(2), 1 => rmw(2), 1 => cas(2), 1 => fence()];
    let conditional = (any::<usize>(), 0..3i64, vec(simple(), 1..3));
    let conditional = conditional.prop_map(|(reg, equals, then)| Op::If { reg, equals, then });
    programs(2, 0, 0, one(prop_oneof![4 => simple(), 2 => conditional]), 12)
}

/// Non-atomic accesses to one location, in races or guarded by accesses to others.
pub fn plain_accesses() -> impl Strategy<Value = Program> {
    let plain = prop_oneof![
        Just(Op::Load { reg: 0, location: 2, mode: Mode::NonAtomic }),
        (1..3i64).prop_map(|v| Op::Store {
            location: 2,
            value: Value::Constant(v),
            mode: Mode::NonAtomic
        }),
    ];
    let guarded = plain.clone().prop_flat_map(|op| {
        (any::<usize>(), 1..3i64).prop_map(move |(reg, equals)| Op::If {
            reg,
            equals,
            then: vec![op.clone()],
        })
    });
    let ops = prop_oneof![3 => load(2), 3 => store(2), 2 => plain, 2 => guarded, 1 => rmw(2), 1 => fence()];
    programs(2, 1, 0, one(ops), 12)
}

/// Plain and atomic accesses of one location.
pub fn mixed_accesses() -> impl Strategy<Value = Program> {
    let ops = prop_oneof![
        3 => load(2),
        3 => store(2),
        2 => (0..2usize).prop_map(plain_load),
        2 => (0..2usize, 1..3i64).prop_map(|(location, value)| plain_store(location, value)),
        1 => rmw(2),
        1 => cas(2),
        1 => fence(),
    ];
    programs(2, 0, 0, one(ops), 10)
}

fn plain_load(location: usize) -> Op {
    Op::Load { reg: 0, location, mode: Mode::NonAtomic }
}

fn plain_store(location: usize, value: i64) -> Op {
    Op::Store { location, value: Value::Constant(value), mode: Mode::NonAtomic }
}

/// A running thread creates a location and says so in another one; who reads that it exists accesses it.
pub fn published_locations() -> impl Strategy<Value = Program> {
    const READY: usize = 0;
    const NEW: usize = 1;
    let access = || {
        prop_oneof![
            3 => load(1).prop_map(|op| at(NEW, op)),
            3 => store(1).prop_map(|op| at(NEW, op)),
            2 => rmw(1).prop_map(|op| at(NEW, op)),
            1 => Just(plain_load(NEW)),
            1 => Just(plain_store(NEW, 2)),
            1 => fence(),
        ]
    };
    let creator = (write_mode(), vec(access(), 0..3), prop::option::of(fence()));
    let creator = creator.prop_map(|(mode, after, between)| {
        let publish = Op::Store { location: READY, value: Value::Constant(1), mode };
        let first = [Some(plain_store(NEW, 1)), between, Some(publish)].into_iter().flatten();
        with_registers(first.chain(after).collect(), &mut 0)
    });
    let user = (read_mode(), prop::option::of(fence()), vec(access(), 1..3));
    let user = user.prop_map(|(mode, between, used)| {
        let then = between.into_iter().chain(used).collect();
        let load = Op::Load { reg: 0, location: READY, mode };
        with_registers(vec![load, Op::If { reg: 0, equals: 1, then }], &mut 0)
    });
    (creator, vec(user, 1..=2), 0..3usize, any::<bool>()).prop_map(
        |(creator, users, place, main_takes_part)| {
            let mut threads = users;
            threads.insert(place.min(threads.len()), creator);
            Program { atomics: 2, threads, main_takes_part, late: true, ..Program::default() }
        },
    )
}

/// SeqCst accesses and fences around weaker stores, in rings where a thread may first see its own store: what RC11 and the
/// letter of C++20 differ in.
pub fn letter() -> impl Strategy<Value = Program> {
    let store = (0..4usize, 1..3i64, prop::sample::select(vec![Mode::Relaxed, Mode::Release]));
    let store = store.prop_map(|(_, value, mode)| Op::Store {
        location: 0,
        value: Value::Constant(value),
        mode,
    });
    let strong_store = self::store(1).prop_map(strong);
    let strong_load = load(1).prop_map(strong);
    let first = prop_oneof![3 => store.clone(), 1 => strong_store.clone(), 3 => strong_load.clone(), 1 => rmw(1)];
    let between = prop_oneof![
        3 => Just(None),
        2 => Just(Some(Op::Fence { mode: Mode::SeqCst })),
        3 => strong_load.clone().prop_map(Some),
    ];
    let second =
        prop_oneof![4 => strong_load, 1 => load(1), 1 => store, 1 => strong_store, 1 => rmw(1)];
    (2..=4usize).prop_flat_map(move |count| {
        let thread = (first.clone(), between.clone(), second.clone(), any::<bool>());
        vec(thread, count).prop_map(move |threads| {
            // Three threads and more share two locations as often as they make a ring.
            let locations = if threads[0].3 { count.min(3) } else { 2 };
            let threads =
                threads.into_iter().enumerate().map(|(own, (first, between, second, turned))| {
                    let (own, next) = (own % locations, (own + 1) % locations);
                    let (own, next) = if turned { (next, own) } else { (own, next) };
                    let ops = [
                        Some(at(own, first)),
                        between.map(|op| at(own, op)),
                        Some(at(next, second)),
                    ];
                    with_registers(ops.into_iter().flatten().collect(), &mut 0)
                });
            Program { atomics: locations, threads: threads.collect(), ..Program::default() }
        })
    })
}

/// A piece of code of one operation.
fn one(op: impl Strategy<Value = Op> + Clone) -> impl Strategy<Value = Vec<Op>> + Clone {
    op.prop_map(|op| vec![op])
}

/// Two to four threads that share about `size` pieces of code.
fn programs(
    atomics: usize,
    plains: usize,
    locks: usize,
    piece: impl Strategy<Value = Vec<Op>> + Clone + 'static,
    size: usize,
) -> impl Strategy<Value = Program> {
    let threads =
        (2..=4usize).prop_flat_map(move |count| vec(vec(piece.clone(), 1..=size / count), count));
    let waiting = prop::sample::select(vec![
        Waiting::Provided,
        Waiting::Spinning,
        Waiting::SpinningLate,
        Waiting::Undoing,
    ]);
    (threads, any::<bool>(), waiting).prop_map(move |(threads, main_takes_part, waiting)| {
        let numbered = |pieces: Vec<Vec<Op>>| with_registers(pieces.concat(), &mut 0);
        let threads = threads.into_iter().map(numbered).collect();
        Program { atomics, plains, locks, waiting, threads, main_takes_part, ..Program::default() }
    })
}

/// Gives every read a register of its own and every use of a register one that was read before; drops a use before any.
fn with_registers(code: Vec<Op>, next: &mut usize) -> Vec<Op> {
    code.into_iter().filter_map(|op| with_register(op, next)).collect()
}

fn with_register(op: Op, next: &mut usize) -> Option<Op> {
    let fresh = *next;
    Some(match op {
        Op::Load { location, mode, .. } => {
            *next += 1;
            Op::Load { reg: fresh, location, mode }
        }
        Op::Rmw { location, change, operand, mode, .. } => {
            *next += 1;
            Op::Rmw { reg: fresh, location, change, operand, mode }
        }
        Op::Cas { location, expected, new, success, failure, weak, .. } => {
            *next += 1;
            Op::Cas { reg: fresh, location, expected, new, success, failure, weak }
        }
        Op::Update { location, change, operand, load, success, failure, .. } => {
            *next += 1;
            Op::Update { reg: fresh, location, change, operand, load, success, failure }
        }
        Op::If { reg, equals, then } => {
            let reg = reg.checked_rem(fresh)?;
            Op::If { reg, equals, then: with_registers(then, next) }
        }
        Op::Store { location, value: Value::Register(reg), mode } => {
            Op::Store { location, value: Value::Register(reg.checked_rem(fresh)?), mode }
        }
        Op::AwaitPair { locations, ends, mode, .. } => {
            *next += 2;
            Op::AwaitPair { reg: fresh, locations, ends, mode }
        }
        Op::Leave { place, then } => Op::Leave { place, then: with_registers(then, next) },
        other => other,
    })
}

fn load(locations: usize) -> impl Strategy<Value = Op> + Clone {
    (0..locations, read_mode()).prop_map(|(location, mode)| Op::Load { reg: 0, location, mode })
}

fn store(locations: usize) -> impl Strategy<Value = Op> + Clone {
    let parts = (0..locations, 1..3i64, write_mode());
    parts.prop_map(|(location, value, mode)| Op::Store {
        location,
        value: Value::Constant(value),
        mode,
    })
}

/// A store of a value read before.
fn copy(locations: usize) -> impl Strategy<Value = Op> + Clone {
    let parts = (0..locations, any::<usize>(), write_mode());
    parts.prop_map(|(location, reg, mode)| Op::Store {
        location,
        value: Value::Register(reg),
        mode,
    })
}

fn rmw(locations: usize) -> impl Strategy<Value = Op> + Clone {
    let changes = prop::sample::select(vec![
        Change::Add,
        Change::Sub,
        Change::And,
        Change::Nand,
        Change::Or,
        Change::Xor,
        Change::Max,
        Change::Min,
        Change::Swap,
    ]);
    let parts = (0..locations, changes, 1..4i64, rmw_mode());
    parts.prop_map(|(location, change, operand, mode)| Op::Rmw {
        reg: 0,
        location,
        change,
        operand,
        mode,
    })
}

fn cas(locations: usize) -> impl Strategy<Value = Op> + Clone {
    let parts =
        (0..locations, 0..3i64, 1..4i64, rmw_mode(), read_mode(), prop::bool::weighted(0.3));
    parts.prop_map(|(location, expected, new, success, failure, weak)| Op::Cas {
        reg: 0,
        location,
        expected,
        new,
        success,
        failure,
        weak,
    })
}

fn fence() -> impl Strategy<Value = Op> + Clone {
    let modes =
        prop::sample::select(vec![Mode::Acquire, Mode::Release, Mode::AcqRel, Mode::SeqCst]);
    modes.prop_map(|mode| Op::Fence { mode })
}

fn read_mode() -> impl Strategy<Value = Mode> + Clone {
    prop::sample::select(vec![Mode::Relaxed, Mode::Acquire, Mode::SeqCst])
}

fn write_mode() -> impl Strategy<Value = Mode> + Clone {
    prop::sample::select(vec![Mode::Relaxed, Mode::Release, Mode::SeqCst])
}

fn rmw_mode() -> impl Strategy<Value = Mode> + Clone {
    prop::sample::select(vec![
        Mode::Relaxed,
        Mode::Acquire,
        Mode::Release,
        Mode::AcqRel,
        Mode::SeqCst,
    ])
}
