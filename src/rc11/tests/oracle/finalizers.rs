//! What the last one to leave does, where nobody can tell who does it: the engine agrees with a program in which a thread of its own does it.

use std::cell::Cell;

use proptest::prop_oneof;
use proptest::strategy::Strategy;
use rc11::{Checker, Model};

use super::agreement::{for_fewer, for_random};
use super::oracle::interpret::registers;
use super::oracle::{Executions, Op, Outcome, Program, by_preemptions, executions, is_alone};
use super::preemptions::is_same;
use super::{random_programs, under_engine};

/// A program in which the last one to leave does something, and what is known of it.
struct Destructor {
    /// What is done, with registers from 0 on.
    then: Vec<Op>,
    /// By thread, how many registers it has for itself.
    own: Vec<usize>,
}

impl Destructor {
    fn of(program: &Program) -> Destructor {
        let without = |code: &[Op]| {
            let others = code.iter().filter(|op| !matches!(op, Op::Leave { .. }));
            registers(&others.cloned().collect::<Vec<_>>())
        };
        let own = program.threads.iter().map(|code| without(code)).collect::<Vec<_>>();
        let leaves =
            |code: &Vec<Op>| code.iter().any(|op| matches!(op, Op::Leave { place: 0, .. }));
        let before = program.threads.iter().position(leaves).map_or(0, |first| own[first]);
        let then = program.then().iter().map(|op| moved(op, before)).collect();
        Destructor { then, own }
    }

    /// The program with a thread of its own for it, behind the others.
    fn aside(&self, program: &Program) -> Program {
        let mut aside = program.clone();
        for op in aside.threads.iter_mut().flatten() {
            if let Op::Leave { then, .. } = op {
                then.clear();
            }
        }
        aside.threads.push([&[Op::AllLeft], &self.then[..]].concat());
        aside
    }

    /// The same outcome, of whichever thread has done it: what each thread has read for itself, what was read in the end, and what is seen then.
    fn normal(&self, program: &Program, outcome: &Outcome) -> Outcome {
        let mut rest = &outcome[..];
        let mut take = |n: usize| {
            let (some, others) = rest.split_at(n);
            rest = others;
            some
        };
        let (mut normal, mut read) = (Vec::new(), vec![0; registers(&self.then)]);
        for (number, code) in program.threads.iter().enumerate() {
            let own = self.own.get(number).copied().unwrap_or(0);
            normal.extend_from_slice(take(own));
            // Whoever was not last has zeros there.
            let last = take(registers(code).max(own) - own);
            read.iter_mut().zip(last).for_each(|(sum, value)| *sum += value);
        }
        normal.extend(read);
        let locations = (0..program.locations()).filter(|l| !program.unseen.contains(l));
        let memory = rest;
        if memory.len() == program.locations() {
            normal.extend(locations.map(|location| memory[location]));
        } else {
            normal.extend_from_slice(memory);
        }
        normal
    }

    fn normalised(&self, program: &Program, found: Executions) -> Executions {
        let mut normal = Executions { by_outcome: Default::default(), ..found };
        for (outcome, count) in found.by_outcome {
            *normal.by_outcome.entry(self.normal(program, &outcome)).or_default() += count;
        }
        normal
    }
}

/// An operation of what is done then, with its registers from 0 on.
fn moved(op: &Op, own: usize) -> Op {
    let mut op = op.clone();
    if let Op::Load { reg, .. } | Op::Rmw { reg, .. } | Op::Cas { reg, .. } = &mut op {
        *reg -= own;
    }
    op
}

fn locations(code: &[Op]) -> Vec<usize> {
    let location = |op: &Op| match *op {
        Op::Load { location, .. } | Op::Store { location, .. } => Some(location),
        Op::Rmw { location, .. } | Op::Cas { location, .. } => Some(location),
        Op::Leave { .. } => None,
        _ => unreachable!("nothing else is done then"),
    };
    code.iter().filter_map(location).collect()
}

/// What is to be found of a program.
struct Expected {
    /// Nobody looks at the end at what is done then.
    program: Program,
    destructor: Destructor,
    /// The program with a finalizer, if nobody can tell who does it.
    apart: Option<Program>,
    executions: Executions,
}

impl Expected {
    fn of(program: &Program) -> Expected {
        let destructor = Destructor::of(program);
        let program = Program { unseen: locations(&destructor.then), ..program.clone() };
        let apart = Some(destructor.aside(&program));
        let apart = apart.filter(|apart| is_alone(Model::Rc11, apart, program.threads.len()));
        let as_it_is = destructor.normalised(&program, executions(&program));
        let executions = match &apart {
            Some(apart) => destructor.normalised(apart, executions(apart)),
            None => as_it_is.clone(),
        };
        // What the last one acquires is left out, and nothing else.
        assert!(as_it_is.by_outcome.keys().all(|o| executions.by_outcome.contains_key(o)));
        Expected { program, destructor, apart, executions }
    }

    fn found(&self, checker: &Checker) -> Executions {
        let found = under_engine::explore(&self.program, checker).0;
        self.destructor.normalised(&self.program, found)
    }
}

/// Nobody can tell who does it if everybody else's accesses happen before; otherwise who is last is a choice.
#[test]
fn a_finalizer_does_it_where_nobody_can_tell() {
    for workers in [1, 2] {
        let (all, aside) = (Cell::new(0), Cell::new(0));
        for_random(random_programs::destructors(), |program| {
            let expected = Expected::of(program);
            if program.leavers(0) > 1 {
                all.set(all.get() + 1);
                aside.set(aside.get() + usize::from(expected.apart.is_some()));
            }
            let found = expected.found(&Checker::new().workers(workers));
            if expected.executions == found { Ok(()) } else { Err((expected.executions, found)) }
        });
        let (all, aside) = (all.get(), aside.get());
        assert!(
            aside * 10 >= all && (all - aside) * 10 >= all,
            "{aside} of {all} have a finalizer"
        );
    }
}

/// A finalizer may leave a place that others leave as well.
#[test]
fn a_finalizer_leaves_too() {
    for workers in [1, 2] {
        for_random(random_programs::nested_departures(), |program| {
            let expected = Expected::of(program);
            let found = expected.found(&Checker::new().workers(workers));
            if expected.executions == found { Ok(()) } else { Err((expected.executions, found)) }
        });
    }
}

fn destructors_and_nested_departures() -> impl Strategy<Value = Program> {
    prop_oneof![2 => random_programs::destructors(), 1 => random_programs::nested_departures()]
}

#[test]
fn without_a_bound_on_preemptions() {
    for_fewer(2, destructors_and_nested_departures(), |program| {
        let expected = Expected::of(program);
        let found = expected.found(&Checker::new().preemptions(u32::MAX));
        let agrees = is_same(&expected.executions, &found);
        if agrees { Ok(()) } else { Err((expected.executions, found)) }
    });
}

/// A finalizer is not preempted, and preempts nobody.
#[test]
fn within_a_bound_on_preemptions() {
    for_fewer(2, destructors_and_nested_departures(), |program| {
        let expected = Expected::of(program);
        let Executions { racy, stuck, .. } = expected.executions;
        // The thread that starts the others would be preempted by them; and an execution that fails is not complete.
        if racy || stuck > 0 || program.main_takes_part {
            return Ok(());
        }
        let fewest = match &expected.apart {
            Some(apart) => by_preemptions(apart, Some(program.threads.len())),
            None => by_preemptions(&expected.program, None),
        };
        for bound in 0..3 {
            let found = expected.found(&Checker::new().preemptions(bound));
            let within = fewest.range(..=bound).map(|(_, n)| n).sum::<usize>();
            if found.count() != within {
                return Err((Executions { stuck: within, ..expected.executions }, found));
            }
        }
        Ok(())
    });
}
