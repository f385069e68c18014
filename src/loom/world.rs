//! What one execution of a model has besides its memory: thread-locals, lazy statics, allocations.
//!
//! The threads of an execution are coroutines of one operating-system thread, so all of it is in a thread-local
//! of that thread, begun anew with each execution. What an execution leaves there that never came to its
//! end is forgotten: destructors are the program's code, and its execution is over.
//!
//! Some things must be there from the beginning of every execution, whichever thread asks for them first,
//! or the order in which threads are run would show. What is met too late is *learnt*, and the search begins
//! anew with what was learnt: which statics there are, and what is asked of counts of references.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::panic::panic_any;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::panicking;

use crate::statics::Make;
use crate::sync::Count;
use rc11::sync::atomic::AtomicBool;
use rc11::thread::Thread;
use rc11::thread_index;

/// What a search has to know before it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// The lazy statics, by address.
    pub statics: BTreeSet<usize>,
    /// The statics that are made at the beginning, by address.
    pub fixed: BTreeMap<usize, Make>,
    /// What somebody asks of counts of references.
    pub asked: Asked,
}

/// How many statics of either kind are known, and what is asked of counts.
pub(crate) type Size = (usize, usize, usize);

impl Known {
    pub fn size(&self) -> Size {
        (self.statics.len(), self.fixed.len(), self.asked as usize)
    }
}

/// What a program may ask of a count of references: each needs a larger model than the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asked {
    /// Nothing, but who is last to drop one.
    #[default]
    Nothing,
    /// Whether a reference is the only one.
    Unique,
    /// How many there are.
    Count,
}

/// Shared by the workers of a search.
pub(crate) type Learnt = Arc<Mutex<Known>>;

/// A lazy static in one execution.
pub(crate) struct Lazy {
    /// Whether the value is there.
    pub ready: AtomicBool,
    /// Whoever makes the value holds it.
    pub making: rc11::sync::Mutex<()>,
    pub value: RefCell<Option<Rc<dyn Any>>>,
    /// Whether the value has been dropped, or is being dropped.
    gone: Cell<bool>,
}

impl Lazy {
    fn new() -> Lazy {
        Lazy {
            ready: AtomicBool::new(false),
            making: rc11::sync::Mutex::new(()),
            value: RefCell::new(None),
            gone: Cell::new(false),
        }
    }
}

type Locals = BTreeMap<usize, Local>;

/// A thread-local value, or the place where one was.
pub(crate) enum Local {
    Here(Rc<dyn Any>),
    Dropped,
}

#[derive(Default)]
pub(crate) struct World {
    known: Known,
    learnt: Learnt,
    statics: BTreeMap<usize, Rc<Lazy>>,
    /// What was made at the beginning; none once it is dropped.
    fixed: BTreeMap<usize, Option<Rc<dyn Any>>>,
    /// By thread.
    locals: BTreeMap<usize, Locals>,
    /// The counts of references, by the value's address: raw pointers lead back to them.
    pub counts: BTreeMap<usize, Arc<Count>>,
    /// Where memory is that has not been given back.
    pub allocated: BTreeSet<usize>,
    /// How many clones of wakers there are.
    pub wakers: usize,
    /// How many tracked values there are.
    pub tracked: usize,
    /// The threads that nobody has joined.
    pub unjoined: Vec<Thread>,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

pub(crate) fn with<R>(f: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(f)
}

/// Begins an execution; what is known of it is there before its first operation.
pub(crate) fn begin(known: &Known, learnt: &Learnt) {
    // The one before may have learnt something that it could not leave for.
    if *learnt.lock().unwrap_or_else(PoisonError::into_inner) != *known {
        panic_any(Anew);
    }
    let statics = known.statics.iter().map(|address| (*address, Rc::new(Lazy::new()))).collect();
    let world = World { known: known.clone(), learnt: learnt.clone(), statics, ..World::default() };
    WORLD.replace(world).forget();
    for (&address, &make) in &known.fixed {
        fixed(address, make);
    }
}

/// Forgets what the last execution of a search has left.
pub(crate) fn forget() {
    WORLD.take().forget();
}

impl World {
    /// Drops what is the engine's; values of the program's are not dropped outside of their execution.
    fn forget(self) {
        let locals = self.locals.into_values().flat_map(BTreeMap::into_values);
        locals.for_each(mem::forget);
        self.statics.into_values().for_each(|it| mem::forget(it.value.take()));
        self.fixed.into_values().for_each(mem::forget);
    }

    /// Takes a static's value, a lazy one's first.
    fn next_static(&mut self) -> Option<Rc<dyn Any>> {
        let lazy = self.statics.values().find_map(|it| {
            let value = it.value.take();
            it.gone.set(value.is_some() || it.gone.get());
            value
        });
        lazy.or_else(|| self.fixed.values_mut().find_map(Option::take))
    }
}

/// Ends an execution once all its threads have ended: drops the statics, and looks for leaks.
pub(crate) fn end() {
    while let Some(thread) = with(|world| world.unjoined.pop()) {
        thread.await_end();
    }
    // One after the other, for a destructor may use those that are left, and make one.
    while let Some(value) = with(World::next_static) {
        drop(value);
    }
    let (counts, memory) = with(|world| {
        (
            !world.counts.is_empty() || world.wakers > 0,
            !world.allocated.is_empty() || world.tracked > 0,
        )
    });
    assert!(!counts, "Arc leaked.");
    assert!(!memory, "Allocation leaked.");
}

/// What ends a search that has to begin anew.
pub(crate) struct Anew;

/// Notes what has to be known from the beginning, and leaves. While a panic unwinds, leaving would abort: then it comes back, the
/// caller answers as well as it can, and this search is left at its next execution, if not before.
fn learn(note: impl FnOnce(&mut Known)) {
    let learnt = with(|world| world.learnt.clone());
    note(&mut learnt.lock().unwrap_or_else(PoisonError::into_inner));
    if !panicking() {
        panic_any(Anew);
    }
}

/// The lazy static at an address.
///
/// # Panics
/// If it has been dropped.
#[track_caller]
pub(crate) fn lazy(address: usize) -> Rc<Lazy> {
    let found = with(|world| world.statics.get(&address).cloned());
    let found = found.unwrap_or_else(|| {
        learn(|known| _ = known.statics.insert(address));
        let new = Rc::new(Lazy::new());
        with(|world| world.statics.insert(address, new.clone()));
        new
    });
    assert!(
        !found.gone.get(),
        "attempted to access lazy_static during shutdown: it has been dropped"
    );
    found
}

/// The static at an address, which is made at the beginning, or before if another one needs it.
///
/// # Panics
/// If it has been dropped.
#[track_caller]
pub(crate) fn fixed(address: usize, make: Make) -> Rc<dyn Any> {
    if let Some(value) = with(|world| world.fixed.get(&address).cloned()) {
        return value.expect("attempted to access a Static during shutdown: it has been dropped");
    }
    if !with(|world| world.known.fixed.contains_key(&address)) {
        learn(|known| _ = known.fixed.insert(address, make));
    }
    let value = make.make();
    with(|world| world.fixed.insert(address, Some(value.clone())));
    value
}

/// What is asked of counts of references.
pub(crate) fn asked() -> Asked {
    with(|world| world.known.asked)
}

/// Notes that more is asked of counts of references than was known, and leaves; or, while a panic unwinds, comes back: then `std`'s
/// own counts are the answer.
pub(crate) fn learn_asked(asked: Asked) {
    learn(|known| known.asked = known.asked.max(asked));
}

fn me() -> usize {
    thread_index().expect("loom's types work only inside a model")
}

/// The running thread's value under a key, or what `make` makes; none once it is dropped.
pub(crate) fn local(key: usize, make: impl FnOnce() -> Rc<dyn Any>) -> Option<Rc<dyn Any>> {
    rc11::thread_matters();
    let found = with(|world| match world.locals.get(&me()).and_then(|locals| locals.get(&key)) {
        Some(Local::Here(value)) => Some(Some(value.clone())),
        Some(Local::Dropped) => Some(None),
        None => None,
    });
    found.unwrap_or_else(|| {
        let value = make();
        let local = Local::Here(value.clone());
        with(|world| world.locals.entry(me()).or_default().insert(key, local));
        Some(value)
    })
}

/// Drops the running thread's values, as its last act. A destructor may make further ones.
pub(crate) fn drop_locals() {
    loop {
        let value = with(|world| {
            let locals = world.locals.get_mut(&me())?;
            let here = locals.values_mut().find(|local| matches!(local, Local::Here(_)))?;
            Some(mem::replace(here, Local::Dropped))
        });
        if value.is_none() {
            return;
        }
    }
}
