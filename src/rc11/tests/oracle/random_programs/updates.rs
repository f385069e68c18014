//! Programs whose threads replace a value, and try again if it has changed.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::oracle::{Change, Op, Program};
use super::{
    fence, load, plain_load, plain_store, read_mode, rmw, rmw_mode, store, with_registers,
};

/// Updates by a load and a compare-exchange that is tried until it succeeds, among other accesses.
pub fn updates() -> impl Strategy<Value = Program> {
    with_updates(prop_oneof![3 => store(2), 2 => load(2), 1 => rmw(2), 1 => fence()])
}

/// The same among plain accesses of the same locations, and of another one.
pub fn updates_among_plain_accesses() -> impl Strategy<Value = Program> {
    let plain = (0..3usize, 0..3i64).prop_map(|(location, value)| plain_store(location, value));
    let read = (0..3usize).prop_map(plain_load);
    let others = prop_oneof![2 => store(2), 1 => load(2), 1 => plain, 1 => read];
    with_updates(others).prop_map(|program| Program { plains: 1, ..program })
}

/// Two or three threads that update, perhaps twice, with something else around it: few operations, as each try may have read much.
fn with_updates(
    others: impl Strategy<Value = Op> + Clone + 'static,
) -> impl Strategy<Value = Program> {
    (2..=3usize)
        .prop_flat_map(move |count| {
            let other = || prop::option::weighted(1.2 / count as f64, others.clone());
            let more = prop::option::weighted(0.5 / count as f64, update(2));
            let thread = (other(), update(2), other(), more);
            (vec(thread, count), any::<bool>()).prop_map(|(threads, main_takes_part)| {
                let threads = threads.into_iter().map(|(before, update, after, more)| {
                    let ops = [before, Some(update), after, more].into_iter().flatten();
                    with_registers(ops.collect(), &mut 0)
                });
                let threads = threads.collect();
                Program { atomics: 2, threads, main_takes_part, ..Program::default() }
            })
        })
        .prop_filter("few operations", |program| {
            let ops = || program.threads.iter().flatten();
            let updates = ops().filter(|op| matches!(op, Op::Update { .. })).count();
            ops().count() + updates <= 7
        })
}

fn update(locations: usize) -> impl Strategy<Value = Op> + Clone {
    let changes = prop::sample::select(vec![Change::Add, Change::Xor, Change::Max, Change::Swap]);
    let parts = (0..locations, changes, 1..3i64, read_mode(), rmw_mode(), read_mode());
    parts.prop_map(|(location, change, operand, load, success, failure)| Op::Update {
        reg: 0,
        location,
        change,
        operand,
        load,
        success,
        failure,
    })
}
