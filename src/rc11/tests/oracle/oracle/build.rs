//! Short names to write programs with.

use super::{Change, Mode, Op, Program, Value};

/// The first two locations.
pub const X: usize = 0;
pub const Y: usize = 1;

pub fn read(reg: usize, location: usize, mode: Mode) -> Op {
    Op::Load { reg, location, mode }
}

pub fn write(location: usize, value: i64, mode: Mode) -> Op {
    Op::Store { location, value: Value::Constant(value), mode }
}

/// Adds one.
pub fn add(reg: usize, location: usize, mode: Mode) -> Op {
    Op::Rmw { reg, location, change: Change::Add, operand: 1, mode }
}

pub fn fence(mode: Mode) -> Op {
    Op::Fence { mode }
}

/// Threads over two atomic locations.
pub fn program<const N: usize>(threads: [Vec<Op>; N]) -> Program {
    Program { atomics: 2, threads: threads.into(), ..Program::default() }
}
