//! Every execution is found by trying every source for every read and every coherence order, once each.
//!
//! Reads are chosen one at a time among the writes there are so far. As `po ∪ rf` is acyclic in RC11, each execution can
//! be built in that way; a set of what was seen makes it count once however it was built. Executions already refused in
//! part are not built further: the axioms only ever forbid.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use casebook_axioms::relation::Rel;
use casebook_axioms::{Graph, for_each_coherence_order};
use rc11::Model;

use super::interpret::{Choice, Need, Takes, Thread};
use super::{Event, EventId, Executions, Kind, Mode, Program};

/// For each thread what its reads read.
type Choices = Vec<Vec<Choice>>;

/// All executions of the program that RC11 allows.
pub fn executions(program: &Program) -> Executions {
    executions_under(Model::Rc11, program)
}

fn axioms(model: Model) -> casebook_axioms::Model {
    match model {
        Model::Rc11 => casebook_axioms::Model::Rc11,
        Model::Cxx20 => casebook_axioms::Model::Cxx20,
    }
}

/// All executions of the program that the memory model allows.
pub fn executions_under(model: Model, program: &Program) -> Executions {
    let mut found = Executions::default();
    let mut counted = HashSet::new();
    let mut again = HashSet::new();
    for_each_part(model, program, &mut |part| {
        let Part { choices, partial, graph, hb, .. } = part;
        if !program.waits_for_more() && partial.only_waits() {
            part.for_each_coherence_order(program, &mut |unordered, co| {
                let same = partial.but_for_departures(program, choices, unordered, co);
                let counts =
                    partial.is_stuck(unordered, co) && (!program.leaves() || counted.insert(same));
                found.stuck += usize::from(counts);
            });
        }
        if partial.is_whole() {
            part.for_each_coherence_order(program, &mut |unordered, co| {
                if partial.tries_again {
                    again.insert((partial.outcome(program, unordered, co), graph.is_racy(*hb)));
                    return;
                }
                found.racy |= graph.is_racy(*hb);
                let same = partial.but_for_departures(program, choices, unordered, co);
                if program.leaves() && !counted.insert(same) {
                    return;
                }
                let letter = graph.is_consistent(casebook_axioms::Model::Cxx20, *hb, co);
                found.beyond_letter += usize::from(!letter);
                *found.by_outcome.entry(partial.outcome(program, unordered, co)).or_default() += 1;
            });
        }
    });
    for (outcome, racy) in again {
        let is_known = found.by_outcome.contains_key(&outcome) && (found.racy || !racy);
        assert!(is_known, "to try again shows more: {outcome:?} of {program:?}");
    }
    found
}

/// How many executions of a program without waits, but for mutexes, have a schedule with so many preemptions, and none with fewer. The thread `aside`
/// is not preempted, and preempts nobody.
pub fn by_preemptions(program: &Program, aside: Option<usize>) -> BTreeMap<u32, usize> {
    let mut fewest = HashMap::new();
    for_each_part(Model::Rc11, program, &mut |part| {
        let Part { choices, partial, .. } = part;
        if partial.is_whole() && !partial.tries_again {
            let mutexes = program.locations()..program.first_token();
            let preemptions = partial.fewest_preemptions(mutexes, aside);
            part.for_each_coherence_order(program, &mut |unordered, co| {
                let same = partial.but_for_departures(program, choices, unordered, co);
                let fewest = fewest.entry(same).or_insert(preemptions);
                *fewest = preemptions.min(*fewest);
            });
        }
    });
    let mut found = BTreeMap::new();
    fewest.into_values().for_each(|fewest| *found.entry(fewest).or_default() += 1);
    found
}

/// Whether everything else that is done at the locations of a thread's accesses happens before them, in every execution and every beginning of one.
pub fn is_alone(model: Model, program: &Program, thread: usize) -> bool {
    let mut alone = true;
    for_each_part(model, program, &mut |part| {
        let partial = part.partial;
        let location = |(t, place): EventId| partial.events[t][place].location;
        let own = (0..partial.events[thread + 1].len()).map(|place| (thread + 1, place));
        for own in own.filter(|&own| location(own) < Some(program.departures(0))) {
            let others = partial.ids().filter(|&id| id.0 != own.0 && location(id) == location(own));
            let before = |id: EventId| part.hb.holds(partial.index(id), partial.index(own));
            alone &= others.into_iter().all(before);
        }
    });
    alone
}

/// A consistent execution, or the beginning of one, but for its coherence order.
struct Part<'a> {
    model: Model,
    choices: &'a Choices,
    partial: &'a Partial,
    graph: Graph,
    hb: Rel,
}

impl Part<'_> {
    /// Calls `f` with the writes of each location, and each order of them that the model allows.
    fn for_each_coherence_order(&self, program: &Program, f: &mut dyn FnMut(&[Vec<usize>], Rel)) {
        let unordered = self.partial.writes_by_location(program);
        let consistent = |co| self.graph.is_consistent(axioms(self.model), self.hb, co);
        for_each_coherence_order(&consistent, Rel::EMPTY, &unordered, &mut |co| f(&unordered, co));
    }
}

/// Calls `f` with each way in which some reads of the program may have read, once.
fn for_each_part(model: Model, program: &Program, f: &mut dyn FnMut(&Part<'_>)) {
    let start: Choices = vec![Vec::new(); program.threads.len()];
    let mut seen = HashSet::from([start.clone()]);
    let mut todo = vec![start];
    while let Some(choices) = todo.pop() {
        let partial = &Partial::run(program, &choices);
        let graph = partial.graph();
        let hb = graph.happens_before();
        if partial.reads_back || !graph.is_consistent(axioms(model), hb, Rel::EMPTY) {
            continue;
        }
        f(&Part { model, choices: &choices, partial, graph, hb });
        let further = partial.choices_for_one_more_read();
        todo.extend(further.filter_map(|(thread, choice)| {
            let mut choices = choices.clone();
            choices[thread].push(choice);
            seen.insert(choices.clone()).then_some(choices)
        }));
    }
}

/// All executions of a program without locks and waits, also those in which `po ∪ rf` has a cycle, if that is one in which some thread's write does not
/// depend on its read: on conditions, and on the value written. `values` are all that a read may find.
pub fn executions_with_load_buffering(program: &Program, values: &[i64]) -> Executions {
    let guesses: Vec<Vec<Choices>> = (0..program.threads.len())
        .map(|thread| guesses(program, thread, values).into_iter().map(|one| vec![one]).collect())
        .collect();
    let together = |all: Vec<Choices>, some: &Vec<Choices>| -> Vec<Choices> {
        all.iter().flat_map(|a| some.iter().map(move |b| [&a[..], b].concat())).collect()
    };
    let mut found = Executions::default();
    for guess in guesses.iter().fold(vec![Vec::new()], together) {
        for choices in with_sources(program, &guess) {
            let partial = Partial::run(program, &choices);
            let graph = partial.graph();
            let hb = graph.happens_before();
            let consistent = |co| graph.may_buffer_loads(casebook_axioms::Model::Rc11, hb, co);
            let is_thin_air = !partial.dependencies().or(graph.rf).is_acyclic();
            if !is_thin_air && hb.is_irreflexive() && consistent(Rel::EMPTY) {
                let unordered = partial.writes_by_location(program);
                for_each_coherence_order(&consistent, Rel::EMPTY, &unordered, &mut |co| {
                    let outcome = partial.outcome(program, &unordered, co);
                    *found.by_outcome.entry(outcome).or_default() += 1;
                });
            }
        }
    }
    found
}

/// What the reads of a thread may find, if they may find anything.
fn guesses(program: &Program, thread: usize, values: &[i64]) -> Vec<Vec<Choice>> {
    let (mut whole, mut todo) = (Vec::new(), vec![Vec::new()]);
    while let Some(choices) = todo.pop() {
        let mut run = Thread::new(program, thread, &choices);
        if run.run(&program.threads[thread]).is_ok() {
            whole.push(choices);
            continue;
        }
        todo.extend(values.iter().map(|&value| {
            let choice = Choice { source: (0, 0), value, spurious: false };
            [&choices[..], &[choice]].concat()
        }));
    }
    whole
}

/// The ways in which what is guessed may be read.
fn with_sources(program: &Program, guess: &Choices) -> Vec<Choices> {
    let partial = Partial::run(program, guess);
    let mut all = vec![vec![Vec::new(); guess.len()]];
    for (thread, choices) in guess.iter().enumerate() {
        let reads = partial.events[thread + 1].iter().filter(|event| event.kind == Kind::Read);
        for (read, choice) in reads.zip(choices) {
            let fits = |&(t, p): &EventId| {
                let e = &partial.events[t][p];
                let is_write = e.kind == Kind::Write && e.location == read.location;
                is_write && e.value == choice.value
            };
            let sources: Vec<EventId> = partial.ids().filter(fits).collect();
            let longer = |all: Choices| {
                sources.iter().map(move |&source| {
                    let mut all = all.clone();
                    all[thread].push(Choice { source, ..choice.clone() });
                    all
                })
            };
            all = all.into_iter().flat_map(longer).collect();
        }
    }
    all
}

/// The threads as far as their chosen reads bring them. The first list of events are the initial writes.
struct Partial {
    events: Vec<Vec<Event>>,
    /// By thread, places of a read and of what depends on it.
    dependencies: Vec<Vec<(usize, usize)>>,
    needs: Vec<Option<Need>>,
    registers: Vec<i64>,
    /// Somebody tries again what has failed.
    tries_again: bool,
    /// Somebody reads from a write once more after another one.
    reads_back: bool,
}

impl Partial {
    fn run(program: &Program, choices: &Choices) -> Partial {
        let mut partial = Partial {
            events: vec![initial_writes(program.words())],
            dependencies: vec![Vec::new()],
            needs: vec![],
            registers: vec![],
            tries_again: false,
            reads_back: false,
        };
        for (number, (code, choices)) in program.threads.iter().zip(choices).enumerate() {
            let mut thread = Thread::new(program, number, choices);
            partial.needs.push(thread.run(code).err());
            partial.tries_again |= thread.tries_again;
            partial.reads_back |= thread.reads_back;
            partial.registers.extend(thread.registers);
            partial.events.push(thread.events);
            partial.dependencies.push(thread.dependencies);
        }
        partial
    }

    fn index(&self, event: EventId) -> usize {
        casebook_axioms::index(&self.events, event)
    }

    fn dependencies(&self) -> Rel {
        let mut dependencies = Rel::EMPTY;
        for (thread, pairs) in self.dependencies.iter().enumerate() {
            for &(read, event) in pairs {
                dependencies.add(self.index((thread, read)), self.index((thread, event)));
            }
        }
        dependencies
    }

    fn ids(&self) -> impl Iterator<Item = EventId> {
        casebook_axioms::ids(&self.events)
    }

    fn graph(&self) -> Graph {
        Graph::new(&self.events)
    }

    /// The fewest preemptions of any schedule: all schedules are tried, those with fewer first. Who comes to a mutex that is held is not preempted.
    fn fewest_preemptions(&self, mutexes: Range<usize>, aside: Option<usize>) -> u32 {
        let ends: Vec<usize> = self.events[1..].iter().map(Vec::len).collect();
        let is_held = |mutex: usize, at: &[usize]| {
            let run = self.events[1..].iter().zip(at).flat_map(|(events, &end)| &events[..end]);
            let writes = run.filter(|e| e.location == Some(mutex) && e.kind == Kind::Write);
            writes.map(|e| if e.exclusive { 1 } else { -1 }).sum::<i32>() > 0
        };
        let waits = |t: usize, at: &[usize]| {
            let next = &self.events[t + 1][at[t]];
            let mutex = next.location.filter(|location| mutexes.contains(location));
            next.kind == Kind::Read && mutex.is_some_and(|mutex| is_held(mutex, at))
        };
        let mut seen = HashSet::new();
        // How far each thread is, and who runs.
        let mut level = vec![(vec![0; ends.len()], None)];
        for preemptions in 0.. {
            let mut next_level = Vec::new();
            while let Some((at, running)) = level.pop() {
                if at == ends {
                    return preemptions;
                }
                if !seen.insert((at.clone(), running)) {
                    continue;
                }
                let goes_on = running.is_some_and(|t: usize| at[t] < ends[t] && !waits(t, &at));
                for t in (0..ends.len()).filter(|&t| at[t] < ends[t]) {
                    let events = &self.events[t + 1];
                    let has_run = |(thread, place): EventId| thread == 0 || place < at[thread - 1];
                    let halves = events.get(at[t] + 1).is_some_and(|e| e.exclusive);
                    if !events[at[t]].source.is_none_or(has_run) {
                        continue;
                    }
                    let mut further = at.clone();
                    further[t] += if halves { 2 } else { 1 };
                    let is_aside = aside == Some(t);
                    let preempts = goes_on && running != Some(t) && !is_aside;
                    let to = if preempts { &mut next_level } else { &mut level };
                    to.push((further, if is_aside { running } else { Some(t) }));
                }
            }
            level = next_level;
        }
        unreachable!("every execution has a schedule")
    }

    fn choices_for_one_more_read(&self) -> impl Iterator<Item = (usize, Choice)> {
        let needs = self.needs.iter().enumerate();
        needs.filter_map(|(thread, need)| Some((thread, need.as_ref()?))).flat_map(
            |(thread, need)| {
                self.sources(need).flat_map(move |(source, value)| {
                    let outcomes =
                        if need.may_fail_on == Some(value) { &[false, true][..] } else { &[false] };
                    outcomes
                        .iter()
                        .map(move |&spurious| (thread, Choice { source, value, spurious }))
                })
            },
        )
    }

    fn sources(&self, need: &Need) -> impl Iterator<Item = (EventId, i64)> {
        self.ids().filter_map(|id| {
            let event = &self.events[id.0][id.1];
            let fits = event.kind == Kind::Write
                && event.location == Some(need.location)
                && need.takes.takes(event.value);
            fits.then_some((id, event.value))
        })
    }

    fn writes_by_location(&self, program: &Program) -> Vec<Vec<usize>> {
        let mut writes = vec![Vec::new(); program.words()];
        for id in self.ids() {
            let event = &self.events[id.0][id.1];
            if event.kind == Kind::Write {
                writes[event.location.expect("a write has a location")].push(self.index(id));
            }
        }
        writes
    }

    fn outcome(&self, program: &Program, writes: &[Vec<usize>], co: Rel) -> Vec<i64> {
        let memory = self.last_values(&writes[..program.locations()], co);
        self.registers.iter().copied().chain(memory).collect()
    }

    /// The value of the last write to each location.
    fn last_values(&self, writes: &[Vec<usize>], co: Rel) -> Vec<i64> {
        let events = self.events.concat();
        let overwritten: HashSet<usize> = co.pairs().map(|(before, _)| before).collect();
        let last = |writes: &Vec<usize>| {
            *writes.iter().find(|w| !overwritten.contains(w)).expect("co is total")
        };
        writes.iter().map(|writes| events[last(writes)].value).collect()
    }

    /// What tells executions apart that differ in more than the order of departures: what each read reads, and the order of writes. Of a
    /// departure, only whether it is the last, where that matters.
    fn but_for_departures(
        &self,
        program: &Program,
        choices: &Choices,
        writes: &[Vec<usize>],
        co: Rel,
    ) -> (Choices, Vec<(usize, usize)>) {
        let first = program.departures(0);
        let departs = |w: usize| writes[first..].iter().any(|writes| writes.contains(&w));
        let order = co.pairs().filter(|&(before, after)| !departs(before) && !departs(after));
        let mut choices = choices.clone();
        for choice in choices.iter_mut().flatten() {
            let (thread, position) = choice.source;
            let location = self.events[thread][position].location;
            if let Some(place) = location.and_then(|location| location.checked_sub(first)) {
                choice.source = (0, 0);
                let last = choice.value as usize + 1 == program.leavers(place);
                choice.value = i64::from(last && program.last_matters(place));
            }
        }
        (choices, order.collect())
    }

    /// Whether every thread has ended.
    fn is_whole(&self) -> bool {
        self.needs.iter().all(Option::is_none)
    }

    /// Whether some threads have not ended, and each of them comes to an operation that may wait.
    fn only_waits(&self) -> bool {
        let mut needs = self.needs.iter().flatten().peekable();
        needs.peek().is_some() && needs.all(|need| need.takes != Takes::Any)
    }

    /// Whether each thread that has not ended waits, on the value that its location holds in the end.
    fn is_stuck(&self, writes: &[Vec<usize>], co: Rel) -> bool {
        let values = self.last_values(writes, co);
        self.needs.iter().flatten().all(|need| need.takes.may_wait(values[need.location]))
    }
}

fn initial_writes(locations: usize) -> Vec<Event> {
    let write = |location| Event {
        kind: Kind::Write,
        location: Some(location),
        mode: Mode::NonAtomic,
        value: 0,
        source: None,
        exclusive: false,
        reader: false,
    };
    (0..locations).map(write).collect()
}
