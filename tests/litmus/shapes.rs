//! The classic shapes, and each construct of the language, have the outcomes that theory gives.

use super::{answer, prints};

/// Two threads that store to one location and load from the other: all four outcomes, one execution each.
#[test]
fn store_buffering() {
    prints(
        r#"C SB
"Fre PodWR Fre PodWR"
{}
P0 (atomic_int* x, atomic_int* y) {
  atomic_store_explicit(x, 1, memory_order_release);
  int r0 = atomic_load_explicit(y, memory_order_acquire);
}
P1 (atomic_int* x, atomic_int* y) {
  atomic_store_explicit(y, 1, memory_order_release);
  int r0 = atomic_load_explicit(x, memory_order_acquire);
}
exists (0:r0=0 /\ 1:r0=0)
"#,
        r"Test SB Allowed
States 4
0:r0=0; 1:r0=0;
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
Ok
Witnesses
Positive: 1 Negative: 3
Condition exists (0:r0=0 /\ 1:r0=0)
Observation SB Sometimes 1 3

",
    );
}

/// With `atomic_load` and `atomic_store`, which are SeqCst, one of the two is seen. `~exists` counts the executions that
/// do not satisfy it as positive, in the line of witnesses alone.
#[test]
fn store_buffering_is_forbidden_under_seq_cst() {
    prints(
        r"C SB+sc
{ x = 0; y = 0 }
P0 (atomic_int* x, atomic_int* y) { atomic_store(x, 1); int r0 = atomic_load(y); }
P1 (atomic_int* x, atomic_int* y) { atomic_store(y, 1); int r0 = atomic_load(x); }
~exists (0:r0=0 /\ 1:r0=0)
",
        r"Test SB+sc Forbidden
States 3
0:r0=0; 1:r0=1;
0:r0=1; 1:r0=0;
0:r0=1; 1:r0=1;
Ok
Witnesses
Positive: 3 Negative: 0
Condition ~exists (0:r0=0 /\ 1:r0=0)
Observation SB+sc Never 0 3

",
    );
}

/// Guarded by an acquired flag, the plain read is ordered after the plain write: no race, and it reads 1.
#[test]
fn message_passing_is_ordered() {
    prints(
        r"C MP
{ [x] = 0; [flag] = 0; }
P0 (int* x, atomic_int* flag) {
  *x = 1; // the message
  atomic_store_explicit(flag, 1, memory_order_release);
}
P1 (int* x, atomic_int* flag) {
  int r0 = atomic_load_explicit(flag, memory_order_acquire);
  int r1 = 1;
  if (r0 == 1) { r1 = *x; } else r1 = -1;
}
locations [flag; x]
forall (1:r0=1 /\ 1:r1=1 \/ 1:r0=0 /\ not (1:r1=1))
",
        r"Test MP Required
States 2
1:r0=0; 1:r1=-1; [flag]=1; [x]=1;
1:r0=1; 1:r1=1; [flag]=1; [x]=1;
Ok
Witnesses
Positive: 2 Negative: 0
Condition forall (1:r0=1 /\ 1:r1=1 \/ 1:r0=0 /\ not (1:r1=1))
Observation MP Always 2 0

",
    );
}

/// A relaxed flag orders nothing. The racy read has two sources when the flag is seen, and two when it is not.
#[test]
fn a_race_is_undefined_and_counted() {
    prints(
        r"C MP+rlx
{}
P0 (int* x, atomic_int* y) {
  *x = 1;
  atomic_store_explicit(y, 1, memory_order_relaxed);
}
P1 (int* x, atomic_int* y) {
  int r0 = atomic_load_explicit(y, memory_order_relaxed);
  int r1 = *x;
}
exists (1:r0=1 /\ 1:r1=0)
",
        r"Test MP+rlx Allowed
States 4
1:r0=0; 1:r1=0;
1:r0=0; 1:r1=1;
1:r0=1; 1:r1=0;
1:r0=1; 1:r1=1;
Undef
Witnesses
Positive: 1 Negative: 3
Flag *undef*
Condition exists (1:r0=1 /\ 1:r1=0)
Observation MP+rlx Sometimes 1 3

",
    );
}

/// One location takes atomic and plain accesses: `*x` is plain whatever the type says, and races with the atomic store.
#[test]
fn a_plain_access_of_an_atomic_location_races() {
    let answer = answer(
        r"C mixed {}
P0 (atomic_int* x) { atomic_store_explicit(x, 1, memory_order_seq_cst); }
P1 (atomic_int* x) { int r0 = *x; }
exists (1:r0=1)",
    );
    assert!(answer.undefined);
    assert_eq!((answer.positive, answer.negative), (1, 1));
}

/// `po ∪ rf` is acyclic in RC11: C++ allows this outcome, the model does not have it.
#[test]
fn load_buffering_is_outside_the_model() {
    let answer = answer(
        r"C LB
{}
P0 (atomic_int* x, atomic_int* y) {
  int r0 = atomic_load_explicit(x, memory_order_relaxed);
  atomic_store_explicit(y, 1, memory_order_relaxed);
}
P1 (atomic_int* x, atomic_int* y) {
  int r0 = atomic_load_explicit(y, memory_order_relaxed);
  atomic_store_explicit(x, 1, memory_order_relaxed);
}
exists (0:r0=1 /\ 1:r0=1)",
    );
    assert_eq!((answer.positive, answer.negative), (0, 3));
}

/// Each order of the three additions is one execution: 3! = 6.
#[test]
fn read_modify_writes_are_atomic() {
    prints(
        r"C adders
{ int x = 5; }
P0 (atomic_int* x) { atomic_fetch_add_explicit(x, 1, memory_order_relaxed); }
P1 (atomic_int* x) { atomic_fetch_add(x, 1); }
P2 (atomic_int* x) { int r = atomic_fetch_sub_explicit(x, 3, memory_order_acq_rel); }
forall x=4
",
        r"Test adders Required
States 1
[x]=4;
Ok
Witnesses
Positive: 6 Negative: 0
Condition forall ([x]=4)
Observation adders Always 6 0

",
    );
}

#[test]
fn every_read_modify_write_computes() {
    let answer = answer(
        r"C ops
{ a = 12; b = 12; c = 12; d = 12; e = 12 }
P0 (atomic_int* a, atomic_int* b, atomic_int* c, atomic_int* d, _Atomic int* e) {
  int r0 = atomic_fetch_and_explicit(a, 10, memory_order_relaxed);
  int r1 = atomic_fetch_or_explicit(b, 3, memory_order_acquire);
  int r2 = atomic_fetch_xor_explicit(c, 10, memory_order_release);
  int r3 = atomic_exchange_explicit(d, 1, memory_order_acq_rel);
  int r4 = atomic_exchange(e, r3 * 2 + 1);
}
forall (a=8 /\ b=15 /\ c=6 /\ d=1 /\ e=25 /\ 0:r0=12 /\ 0:r4=12)",
    );
    assert!(answer.ok, "{answer}");
}

/// Two threads race to set `x`; who fails finds the other's value in the place of the expected one: in a local variable
/// of P0, and in a shared location in P1, as herd has it.
#[test]
fn compare_exchange_leaves_what_it_found() {
    prints(
        r"C CAS
{ x = 0; e = 0; }
P0 (atomic_int* x) {
  int r0 = 0;
  int r1 = atomic_compare_exchange_strong_explicit(x, &r0, 1, memory_order_acq_rel, memory_order_relaxed);
}
P1 (atomic_int* x, int* e) {
  int r1 = atomic_compare_exchange_strong(x, e, 2);
}
locations [P0:r0; x; e]
exists (P0:r1=1 /\ 1:r1=1)
",
        r"Test CAS Allowed
States 2
0:r0=0; 0:r1=1; 1:r1=0; [e]=1; [x]=1;
0:r0=2; 0:r1=0; 1:r1=1; [e]=0; [x]=2;
No
Witnesses
Positive: 0 Negative: 2
Condition exists (0:r1=1 /\ 1:r1=1)
Observation CAS Never 0 2

",
    );
}

#[test]
fn weak_compare_exchange_may_fail_on_the_expected_value() {
    let weak = answer(
        r"C weak {}
P0 (atomic_int* x) {
  int r0 = 0;
  int r1 = atomic_compare_exchange_weak_explicit(x, &r0, 1, memory_order_relaxed, memory_order_relaxed);
}
exists (0:r1=0 /\ 0:r0=0 /\ x=0)",
    );
    assert_eq!((weak.positive, weak.negative), (1, 1));
}

/// A location may hold the address of another, and prints as its name.
#[test]
fn pointers() {
    prints(
        r"C pointers
{ int x = 1; int y = 2; int *p = &x; 0:r1 = 7; }
P0 (int** p, int* y) {
  int* r0 = *p;
  *r0 = r1 + 1;
  *p = y;
}
locations [p]
exists (0:r0=x /\ [x]=8 /\ p=&y)
",
        r"Test pointers Allowed
States 1
0:r0=x; [p]=y; [x]=8;
Ok
Witnesses
Positive: 1 Negative: 0
Condition exists (0:r0=x /\ [x]=8 /\ [p]=y)
Observation pointers Always 1 0

",
    );
}

/// Only the two orders in which the second load does not see less than the first are coherent; the filter leaves one.
#[test]
fn a_filter_drops_executions() {
    let text = |filter| {
        format!(
            r"C CoRR {{}}
P0 (atomic_int* x) {{ atomic_store_explicit(x, 1, memory_order_relaxed); }}
P1 (atomic_int* x) {{
  int r0 = atomic_load_explicit(x, memory_order_relaxed);
  int r1 = atomic_load_explicit(x, memory_order_relaxed);
}}
{filter}
exists (1:r0=0 /\ 1:r1=1)"
        )
    };
    let all = answer(&text(""));
    assert_eq!((all.positive, all.negative), (1, 2));
    let filtered = answer(&text("filter (1:r0=0 /\\ x=1)"));
    assert_eq!((filtered.positive, filtered.negative), (1, 1));
    assert_eq!(
        filtered.states[0].to_string(),
        "1:r0=0; 1:r1=0;",
        "what only the filter mentions is not shown"
    );
}

#[test]
fn readers_of_independent_writes_agree_under_sc_fences() {
    let iriw = |fence| {
        let reader = |name, a, b| {
            format!(
                "P{name} (atomic_int* x, atomic_int* y) {{ int r0 = atomic_load_explicit({a}, memory_order_relaxed); {fence}
                int r1 = atomic_load_explicit({b}, memory_order_relaxed); }}"
            )
        };
        let text = format!(
            r"C IRIW {{}}
P0 (atomic_int* x) {{ atomic_store_explicit(x, 1, memory_order_relaxed); }}
P1 (atomic_int* y) {{ atomic_store_explicit(y, 1, memory_order_relaxed); }}
{} {}
exists (2:r0=1 /\ 2:r1=0 /\ 3:r0=1 /\ 3:r1=0)",
            reader(2, "x", "y"),
            reader(3, "y", "x")
        );
        let answer = answer(&text);
        (answer.positive, answer.negative)
    };
    assert_eq!(iriw("atomic_thread_fence(memory_order_relaxed);"), (1, 15));
    assert_eq!(iriw("atomic_thread_fence(memory_order_acq_rel);"), (1, 15));
    assert_eq!(iriw("atomic_thread_fence(memory_order_seq_cst);"), (0, 15));
}

/// As in C: `*` before `+`, comparisons before `&`, `^`, `|`, and these before `&&` and `||`, which stop early.
#[test]
fn expressions_compute_as_in_c() {
    let value = |expression: &str| {
        let text = format!("C value {{}} P0 (int* x) {{ int r = {expression}; }} locations [0:r]");
        answer(&text).states[0].values[0].1.clone()
    };
    assert_eq!(value("1 + 2 * 3 - 8 / 4"), "5");
    assert_eq!(value("6 & 3 == 3"), "0");
    assert_eq!(value("1 | 2 ^ 3 & 2"), "1");
    assert_eq!(value("2 && 4 | 0 || 0"), "1");
    assert_eq!(value("0 && 1 == 0"), "0");
    assert_eq!(value("1 < 2 == 2 > 1"), "1");
    assert_eq!(value("-(~0) - -!0"), "2");
    assert_eq!(value("(int)0x1f != 31"), "0");
    assert_eq!(value("1 || 1 / 0"), "1");
}

#[test]
fn implications_hold_where_the_premise_does_not() {
    let holds =
        |prop: &str| answer(&format!("C i {{}} P0 (int* x) {{ *x = 1; }} forall ({prop})")).ok;
    assert!(holds("x=1 => x!=2"));
    assert!(holds("x=2 => x=3"));
    assert!(!holds("x=1 => x=2"));
    assert!(holds("x=2 => x=3 /\\ x=1"), "`=>` binds more than `/\\`");
}
