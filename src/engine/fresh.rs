//! What an execution has besides the values that its body makes: statics, and thread-locals.
//!
//! A static must be there from the beginning of every execution, whichever thread asks for it first. Which statics a case has is
//! known once it has asked: what is met too late is *learnt*, the execution stops, and the check begins anew with what was learnt.
//!
//! The threads of an execution are coroutines of one operating-system thread, so all of it is in thread-locals of that thread.
//! Nothing of an execution is dropped after it: destructors are the case's code, and its execution is over.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::probe::{self, Stop};

type Make = Rc<dyn Fn() -> Rc<dyn Any>>;

/// A thread-local of a thread: which one it is, and its value until that is dropped.
struct Local {
    thread: usize,
    key: usize,
    value: Option<Rc<dyn Any>>,
}

thread_local! {
    /// The statics that an execution begins with, by their addresses: in the same order in every process.
    static KNOWN: RefCell<BTreeMap<usize, Make>> = const { RefCell::new(BTreeMap::new()) };
    static HAS_LEARNT: Cell<bool> = const { Cell::new(false) };
    static VALUES: RefCell<BTreeMap<usize, Rc<dyn Any>>> = const { RefCell::new(BTreeMap::new()) };
    static LOCALS: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
}

/// How many executions there were in this process.
static EXECUTIONS: AtomicU64 = AtomicU64::new(0);

/// The number of the execution that has begun last in this process.
pub fn execution() -> u64 {
    EXECUTIONS.load(Ordering::Relaxed) // Relaxed: whoever asks was started by the one that has begun it
}

/// Begins an execution.
pub(crate) fn begin() {
    EXECUTIONS.fetch_add(1, Ordering::Relaxed); // Relaxed: as above
    VALUES.take();
    LOCALS.take().into_iter().for_each(|local| std::mem::forget(local.value));
    let known = KNOWN.with_borrow(|known| known.clone());
    for (address, make) in known {
        let value = make();
        VALUES.with_borrow_mut(|values| values.insert(address, value));
    }
}

/// Forgets what was learnt of another case.
pub(crate) fn forget() {
    KNOWN.take();
}

/// Whether the case is known to have statics.
pub(crate) fn is_any_known() -> bool {
    KNOWN.with_borrow(|known| !known.is_empty())
}

/// Runs a check, again and again until it learns nothing more.
pub(crate) fn learning<R>(check: impl Fn() -> R) -> R {
    loop {
        HAS_LEARNT.set(false);
        let found = check();
        if !HAS_LEARNT.get() {
            return found;
        }
    }
}

/// The value of the static at an address. Dropping the value must not run the case's code.
pub fn value(address: usize, make: impl Fn() -> Rc<dyn Any> + 'static) -> Rc<dyn Any> {
    VALUES.with_borrow(|values| values.get(&address).cloned()).unwrap_or_else(|| {
        KNOWN.with_borrow_mut(|known| known.insert(address, Rc::new(make)));
        HAS_LEARNT.set(true);
        probe::halt(Stop::Bound("a static that was not known".into()))
    })
}

/// The value of a thread's local, which `make` makes if there was none yet; none once it has been dropped.
pub fn local(thread: usize, key: usize, make: impl FnOnce() -> Rc<dyn Any>) -> Option<Rc<dyn Any>> {
    let find = || {
        LOCALS.with_borrow(|locals| {
            let of = |local: &&Local| local.thread == thread && local.key == key;
            locals.iter().find(of).map(|local| local.value.clone())
        })
    };
    find().unwrap_or_else(|| {
        let value = Some(make());
        LOCALS.with_borrow_mut(|locals| locals.push(Local { thread, key, value: value.clone() }));
        value
    })
}

/// Takes the value of a thread that was made last.
pub fn take_local(thread: usize) -> Option<Rc<dyn Any>> {
    LOCALS.with_borrow_mut(|locals| {
        locals.iter_mut().rev().filter(|local| local.thread == thread).find_map(|l| l.value.take())
    })
}
