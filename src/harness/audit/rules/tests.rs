//! For each pattern a text that has it and texts that have not, with what is said.

use super::*;
use crate::audit::declared::Declared;
use crate::audit::walk::{self, Tests};

/// `LINE OPERATION` of each finding of a text, and what it says.
fn found(rule: Rule, text: &str) -> Vec<(String, String)> {
    let file = syn::parse_file(text).expect("the fixture is Rust");
    let declared = Declared::of(&file, text);
    let (functions, _) = walk::functions(&file, text, &declared, Tests::LeftOut);
    let found = all(&functions, &declared).into_iter().map(|of| {
        assert_eq!(of.rule, rule, "{text}");
        (format!("{} {}", of.at.line, of.operation), of.says)
    });
    found.collect()
}

fn has(rule: Rule, text: &str, place: &str, says: &str) {
    let found = found(rule, text);
    assert!(
        matches!(&found[..], [(at, words)] if at == place && words.contains(says)),
        "{found:?} in\n{text}"
    );
}

/// The text has none of it, nor has it with each of the changes.
fn quiet(rule: Rule, text: &str, changes: &[(&str, &str)]) {
    for (from, to) in changes {
        assert!(text.contains(from), "`{from}` is not in\n{text}");
        let changed = text.replacen(from, to, 1);
        assert_eq!(found(rule, &changed), [], "with `{to}` for `{from}` in\n{text}");
    }
}

const FLAG: &str = "
struct Slot { ready: AtomicBool, value: UnsafeCell<u32> }
impl Slot {
    fn put(&self, value: u32) {
        unsafe { *self.value.get() = value };
        self.ready.store(true, Release);
    }
    fn take(&self) -> Option<u32> {
        if self.ready.load(Relaxed) {
            return Some(unsafe { *self.value.get() });
        }
        None
    }
}";

#[test]
fn a_relaxed_flag_that_guards_plain_data() {
    let rule = Rule::RelaxedFlag;
    has(rule, FLAG, "9 self.ready.load", "which `Slot::put` stores after it has used `value`");
    let store = FLAG.replace("load(Relaxed)", "load(Acquire)").replace("Release", "Relaxed");
    has(rule, &store, "6 self.ready.store", "which `Slot::take` asks for before it uses `value`");
    let bound = FLAG.replace(
        "if self.ready.load(Relaxed) {",
        "let ready = self.ready.load(Relaxed); if ready {",
    );
    has(rule, &bound, "9 self.ready.load", "behind a Relaxed load");
    let statics = "static mut DATA: u32 = 0; static READY: AtomicBool = AtomicBool::new(false);
        fn put() { unsafe { DATA = 1 }; READY.store(true, Relaxed); }
        fn take() -> u32 { while !READY.load(Acquire) {} unsafe { DATA } }";
    has(rule, statics, "2 READY.store", "`DATA` is used and then `READY` is stored Relaxed");
    quiet(
        rule,
        FLAG,
        &[
            ("load(Relaxed)", "load(Acquire)"),
            ("return Some", "fence(Acquire); return Some"),
            ("return Some", "let _held = self.lock.lock(); return Some"),
            ("return Some", "acquire!(self); return Some"),
            ("fn take(&self)", "fn take(&mut self)"),
            ("fn take(&self)", "unsafe fn take(&self)"),
            // Nobody puts anything in.
            ("self.ready.store(true, Release);", ""),
            // It is another structure's flag.
            ("ready: AtomicBool, ", ""),
        ],
    );
}

const LOCK: &str = "
struct Lock { held: AtomicBool, value: UnsafeCell<u32> }
struct Guard<'a> { lock: &'a Lock }
impl Lock {
    fn lock(&self) -> Guard<'_> {
        while self.held.swap(true, Acquire) {}
        Guard { lock: self }
    }
}
impl Drop for Guard<'_> {
    fn drop(&mut self) { self.lock.held.store(false, Relaxed); }
}";

#[test]
fn a_lock_that_is_taken_or_given_back_relaxed() {
    let rule = Rule::RelaxedLock;
    has(rule, LOCK, "11 self.lock.held.store", "given back by a store that is Relaxed");
    let taken = LOCK.replace("Relaxed", "Release").replace("Acquire", "Relaxed");
    has(rule, &taken, "6 self.held.swap", "taken by an exchange that is Relaxed");
    quiet(
        rule,
        &taken,
        &[("store(false", "store(true"), ("swap(true, Relaxed", "swap(true, AcqRel")],
    );
    quiet(
        rule,
        LOCK,
        &[
            ("Relaxed", "Release"),
            ("self.lock.held.store", "fence(Release); self.lock.held.store"),
            // It guards nothing.
            (", value: UnsafeCell<u32>", ""),
            // Nobody takes it.
            ("swap(true", "swap(false"),
        ],
    );
    let reset = "fn reset(&mut self) { self.held.store(false, Relaxed); }\n    fn lock";
    let own = LOCK.replace("Relaxed", "Release").replace("fn lock", reset);
    assert_eq!(found(rule, &own), [], "it is nobody else's");
    let word = "
        struct Lock { state: AtomicUsize, value: UnsafeCell<u32> }
        struct Write<'a> { state: &'a AtomicUsize }
        struct Read<'a> { state: &'a AtomicUsize }
        impl Drop for Read<'_> { fn drop(&mut self) { self.state.fetch_sub(1, Release); } }
        impl Drop for Write<'_> { fn drop(&mut self) { self.state.store(0, Relaxed); } }
        impl Lock { fn new_again(&mut self) { self.state.store(0, Relaxed); } }";
    has(rule, word, "6 self.state.store", "given back");
}

const TWO_STEPS: &str = "
impl Counter {
    fn add(&self) {
        let count = self.count.load(Relaxed);
        self.count.store(count + 1, Relaxed);
    }
    fn take(&self) { self.count.fetch_sub(1, Relaxed); }
}";

#[test]
fn a_load_and_a_store_for_one_update() {
    let rule = Rule::LoadThenStore;
    has(rule, TWO_STEPS, "5 self.count.store", "`Counter::take` updates it in line 7");
    let seq_cst = "fn add(n: &AtomicU32) { n.store(n.load(SeqCst) + 1, SeqCst); }";
    has(rule, seq_cst, "1 n.store", "the SeqCst load expects another thread's stores");
    let of_static = "static N: AtomicU32 = AtomicU32::new(0);
        fn add() { let n = N.load(Relaxed); N.store(n + 1, Relaxed); }";
    has(rule, of_static, "2 N.store", "any thread may come to this static");
    let taken =
        "fn lock(held: &AtomicBool) { while held.load(Acquire) {} held.store(true, Relaxed); }";
    has(rule, taken, "1 held.store", "two threads may both come here");
    quiet(
        rule,
        TWO_STEPS,
        &[
            // The owner writes alone, as far as one can see.
            ("fn take(&self) { self.count.fetch_sub(1, Relaxed); }", ""),
            ("count + 1, Relaxed", "count + 1, Release"),
            ("fn add(&self)", "fn add(&mut self)"),
            ("fn add(&self)", "unsafe fn add(&self)"),
            ("fn add(", "fn add_unchecked("),
            ("let count", "let _held = self.lock.lock(); let count"),
            // What is stored is not made of what was loaded.
            ("count + 1", "7"),
        ],
    );
    let kept = of_static.replace("N.store(n + 1", "if n == 0 { n = ask(); } N.store(n");
    assert_eq!(found(rule, &kept), [], "a value that is asked for once");
}

const FAILURE: &str = "
fn get(table: &AtomicPtr<Table>, mine: *mut Table) -> &Table {
    match table.compare_exchange(null_mut(), mine, Release, Relaxed) {
        Ok(_) => unsafe { &*mine },
        Err(theirs) => unsafe { &*theirs },
    }
}";

#[test]
fn what_a_failed_exchange_has_read_is_followed() {
    let rule = Rule::RelaxedFailure;
    has(rule, FAILURE, "3 table.compare_exchange", "`theirs`, which the failed exchange has read");
    let value = "fn get(t: &AtomicPtr<T>, new: *mut T) -> &T {
        let t = match t.compare_exchange(null(), new, AcqRel, Relaxed) { Ok(_) => new, Err(t) => t };
        unsafe { &*t } }";
    has(rule, value, "2 t.compare_exchange", "`t` may be what the failed exchange has read");
    let again = "fn pop(head: &AtomicPtr<Node>) {
        let mut first = head.load(Acquire);
        loop {
            let next = unsafe { (*first).next };
            match head.compare_exchange_weak(first, next, AcqRel, Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }";
    has(rule, again, "5 head.compare_exchange_weak", "followed in line 4");
    let cell = "struct Slot { state: AtomicU8, value: UnsafeCell<u32> }
        fn get(s: &Slot) -> u32 { match s.state.compare_exchange(NEW, BUSY, Acquire, Relaxed) {
            Err(READY) => unsafe { *s.value.get() }, _ => 0 } }";
    has(rule, cell, "2 s.state.compare_exchange", "because the exchange has failed");
    quiet(
        rule,
        FAILURE,
        &[
            ("Release, Relaxed", "Release, Acquire"),
            ("unsafe { &*theirs }", "{ fence(Acquire); unsafe { &*theirs } }"),
            ("unsafe { &*theirs }", "unsafe { &*table.load(Acquire) }"),
            ("unsafe { &*theirs }", "retry(theirs)"),
        ],
    );
    quiet(
        rule,
        again,
        &[
            ("first = now,", "{ first = now; fence(Acquire); }"),
            ("let next = unsafe { (*first).next };", "let next = of(first);"),
        ],
    );
}

const BUFFERING: &str = "
impl Two {
    fn left(&self) -> bool { self.a.store(true, SeqCst); self.b.load(Acquire) }
    fn right(&self) -> bool { self.b.store(true, SeqCst); self.a.load(SeqCst) }
}";

#[test]
fn store_buffering_of_which_one_side_is_weak() {
    let rule = Rule::WeakStoreBuffering;
    has(
        rule,
        BUFFERING,
        "3 self.b.load",
        "`Two::right` does the reverse, and this load is Acquire",
    );
    let store = BUFFERING.replace("load(Acquire)", "load(SeqCst)");
    let store = store.replace("a.store(true, SeqCst)", "a.store(true, Release)");
    has(rule, &store, "3 self.a.store", "this write is Release");
    quiet(
        rule,
        BUFFERING,
        &[
            ("Acquire", "SeqCst"),
            ("self.b.load(Acquire)", "fence(SeqCst); self.b.load(Acquire)"),
            // The other one does not look.
            ("self.a.load(SeqCst)", "true"),
            // Nobody asks for the single order on one side.
            ("a.store(true, SeqCst)", "a.store(true, Release)"),
            (
                "self.b.store(true, SeqCst); self.a.load(SeqCst)",
                "self.b.store(true, Release); self.a.load(Acquire)",
            ),
            // Never both.
            (
                "self.a.store(true, SeqCst); self.b.load(Acquire)",
                "if x { self.a.store(true, SeqCst); true } else { self.b.load(Acquire) }",
            ),
        ],
    );
}

const REFERENCE: &str = "
impl Drop for Counted {
    fn drop(&mut self) {
        if self.inner().count.fetch_sub(1, Release) != 1 { return; }
        unsafe { drop(Box::from_raw(self.0)) };
    }
}";

#[test]
fn the_last_reference_frees_without_order() {
    let rule = Rule::LastReference;
    has(rule, REFERENCE, "4 self.inner().count.fetch_sub", "nothing acquires before it is freed");
    let relaxed = REFERENCE.replace("Release", "Relaxed");
    has(rule, &relaxed, "4 self.inner().count.fetch_sub", "it publishes no owner's last use");
    quiet(
        rule,
        REFERENCE,
        &[
            ("Release", "AcqRel"),
            ("unsafe {", "fence(Acquire); unsafe {"),
            ("unsafe {", "self.inner().count.load(Acquire); unsafe {"),
            ("unsafe { drop(Box::from_raw(self.0)) };", "self.drop_slow();"),
        ],
    );
}

const AWAITS: &str = "
async fn count(hits: &Mutex<u32>) {
    let mut held = hits.lock().unwrap();
    *held += 1;
    tick().await;
    drop(held);
}";

#[test]
fn a_guard_that_is_held_across_an_await() {
    let rule = Rule::GuardAcrossAwait;
    has(rule, AWAITS, "3 lock", "still held at the await in line 5");
    let matched = "async fn f(q: &Mutex<Vec<Job>>) { while let Some(job) = q.lock().unwrap().pop() { job.await; } }";
    has(rule, matched, "1 lock", "in what is matched");
    let bare = "use parking_lot::Mutex; async fn f(m: &Mutex<u32>) { let g = m.lock(); a.await; }";
    has(rule, bare, "1 lock", "named `g`");
    let spawned = "fn f() { spawn(async { let g = m.read().unwrap(); a.await; }); }";
    has(rule, spawned, "1 read", "named `g`");
    quiet(
        rule,
        AWAITS,
        &[
            ("tick().await", "drop(held); tick().await"),
            ("tick().await", "tick()"),
            ("hits.lock().unwrap()", "hits.lock().await"),
            ("hits.lock().unwrap()", "hits.lock().unwrap().clone()"),
            ("tick().await", "let later = async { tick().await }"),
            (
                "let mut held = hits.lock().unwrap();\n    *held += 1;",
                "{ let mut held = hits.lock().unwrap(); *held += 1; } let held = 1;",
            ),
        ],
    );
    quiet(
        rule,
        matched,
        &[("while let Some(job) = q.lock().unwrap().pop()", "if q.lock().unwrap().is_empty()")],
    );
    quiet(rule, bare, &[("use parking_lot::Mutex; ", "")]);
}
