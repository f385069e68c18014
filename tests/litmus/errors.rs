//! What is wrong with a litmus file is said with its place.

use casebook_litmus::{parse, run};
use proptest::prelude::*;
use rc11::Checker;

#[track_caller]
fn rejected(text: &str, expected: &str) {
    let error = parse(text, "test.litmus").expect_err("this is no litmus test of the subset");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    rejected(
        "AArch64 SB\n{}",
        "test.litmus:1:1: expected `C` and the name of the test: only C litmus tests are supported, found `AArch64`",
    );
    rejected(
        "C x\n{ x=0",
        "test.litmus:2:6: expected `;` or `}` in the initial state, found the end of the file",
    );
    rejected(
        "C x\n{}\nexists (x=1)",
        "test.litmus:3:1: expected a thread, such as `P0 (atomic_int* x) { ... }`, found `exists`",
    );
    rejected(
        "C x {}\nP1 (int* x) {}",
        "test.litmus:2:1: expected `P0`: threads are P0, P1, ... in order, found `P1`",
    );
    rejected(
        "C x {}\nP0 (int* x) {\n  int r = 1\n}",
        "test.litmus:4:1: expected `;` after the statement, found `}`",
    );
    rejected(
        "C x {}\nP0 (int* x) {\n  r = 1;\n}",
        "test.litmus:3:3: `r` is neither a parameter nor a variable of P0",
    );
    rejected(
        "C x {}\nP0 (int x) {}",
        "test.litmus:2:9: expected `*`: a parameter is the address of a shared location, found `x`",
    );
    rejected("C x {}\nP0 (int* x) { int r = 1;\n", "test.litmus:2:13: this brace is not closed");
    rejected(
        "C x {}\nP0 (int* x) { /* never closed",
        "test.litmus:2:15: a comment begins with `/*` and does not end",
    );
    rejected("C x {}\nP0 (int* x) {}\nexists (1:r=1)", "test.litmus:3:9: P1 has no variable `r`");
    rejected(
        "C x {}\nP0 (int* x) {}\nexists (y=1)",
        "test.litmus:3:9: `y` is not a location of this test",
    );
    rejected(
        "C x {}\nP0 (int* x) {}\nexist (x=1)",
        "test.litmus:3:1: expected a thread, `locations`, `filter`, `exists`, `~exists` or `forall`, found `exist`",
    );
    rejected(
        "C x {}\nP0 (int* x) {}\nexists (x=1",
        "test.litmus:3:12: expected `)`, found the end of the file",
    );
    rejected("C x { 1:r=1; }\nP0 (int* x) {}\n", "test.litmus:1:7: there is no thread P1");
}

#[test]
fn illegal_orderings_are_errors() {
    let error = |statement: &str| {
        parse(&format!("C x {{}}\nP0 (atomic_int* x) {{\n{statement}\n}}"), "f")
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error("int r = atomic_load_explicit(x, memory_order_release);"),
        "f:3:33: a load cannot be `memory_order_release`"
    );
    assert_eq!(
        error("atomic_store_explicit(x, 1, memory_order_acq_rel);"),
        "f:3:29: a store cannot be `memory_order_acq_rel`"
    );
    assert_eq!(
        error(
            "int e = 0; atomic_compare_exchange_weak_explicit(x, &e, 1, memory_order_relaxed, memory_order_release);"
        ),
        "f:3:82: a failed compare-exchange, which is a load, cannot be `memory_order_release`"
    );
    assert_eq!(
        error("int r = atomic_load_explicit(x, relaxed);"),
        "f:3:33: expected a memory order, such as `memory_order_relaxed`, found `relaxed`"
    );
}

#[test]
fn what_is_outside_the_subset_is_named() {
    let outside = |statement: &str, place: &str, construct: &str| {
        let text = format!("C x {{}}\nP0 (atomic_int* x, int* y) {{\n{statement}\n}}");
        let expected = format!(
            "f:3:{place}: {construct} is outside the supported subset of herd's C litmus format"
        );
        assert_eq!(parse(&text, "f").unwrap_err().to_string(), expected);
    };
    outside("while (1) {}", "1", "`while`");
    outside("int r = READ_ONCE(*y);", "9", "the function `READ_ONCE`");
    outside("smp_mb();", "1", "the function `smp_mb`");
    outside(
        "int r = atomic_load_explicit(x, memory_order_consume);",
        "33",
        "`memory_order_consume`",
    );
    outside(
        "int r = *y + *y;",
        "12",
        "an expression with memory accesses in no order, on both sides of `+`,",
    );
    outside("float r = 1;", "1", "the type `float`");
    outside("int r = 1; r += 1;", "14", "`+=` here");
    outside("int r[2];", "6", "an array or a list of declarations");
    let array = parse("C x { int a[2]; }\nP0 (int* a) {}", "f").unwrap_err().to_string();
    assert_eq!(array, "f:1:12: an array is outside the supported subset of herd's C litmus format");
    let mutex = parse("C x { mtx_t m; }\nP0 (mtx_t* m) {}", "f").unwrap_err().to_string();
    assert_eq!(
        mutex,
        "f:1:7: the type `mtx_t` is outside the supported subset of herd's C litmus format"
    );
}

/// Whatever follows upon itself without brackets.
#[test]
fn too_many_operators_are_an_error() {
    let condition = |text: String| {
        format!("C t\n{{ x=0; }}\nP0 (atomic_int* x) {{\n int r0 = 1;\n}}\nexists {text}\n")
    };
    let statement = |text: String| {
        format!("C t\n{{ x=0; }}\nP0 (atomic_int* x) {{\n int r0 = {text};\n}}\nexists (0:r0=1)\n")
    };
    let many = |part: &str, count| part.repeat(count);
    for text in [
        condition(format!("{}(0:r0=1)", many("~", 200_000))),
        condition(format!("{}(0:r0=1)", many("not ", 200_000))),
        condition(format!("({}0:r0=1)", many("0:r0=1 /\\ ", 200_000))),
        condition(format!("({}0:r0=1)", many("0:r0=1 \\/ ", 200_000))),
        condition(format!("({}0:r0=1)", many("0:r0=1 => ", 200_000))),
        statement(format!("{}1", many("!", 200_000))),
        statement(format!("{}1", many("1+", 200_000))),
        statement(format!("{}1", many("1&&", 200_000))),
        statement(format!("{}1", many("atomic_exchange(x, 1) && ", 200_000))),
    ] {
        let error = parse(&text, "f").unwrap_err().to_string();
        assert!(error.contains("more than 1000 operators in one expression"), "{error}");
    }
    let chain = |n| statement(format!("1; {} r0 = 3", many("if (r0) { r0 = 2; } else ", n)));
    let nested = |n| statement(format!("1; {} r0 = 3", many("if (r0) ", n)));
    for text in [chain(200_000), nested(200_000)] {
        let error = parse(&text, "f").unwrap_err().to_string();
        assert!(error.contains("more than 100 times `if`"), "{error}");
    }
    for text in [
        chain(90),
        nested(90),
        condition(format!("({}0:r0=1)", many("0:r0=1 /\\ ", 900))),
        statement(format!("{}1", many("1*", 900))),
    ] {
        parse(&text, "f").unwrap();
    }
}

/// Reading recurses: a file that nests without end must not take the program down.
#[test]
fn deep_nesting_is_an_error() {
    let nested = |n: usize| {
        let (open, close) = ("(".repeat(n), ")".repeat(n));
        parse(&format!("C x {{}}\nP0 (int* x) {{\nint r = {open}1{close};\n}}"), "f")
    };
    nested(99).expect("it nests as deep as it may");
    let error = nested(100_000).unwrap_err().to_string();
    assert!(error.starts_with("f:3:108: nesting deeper than 100 brackets"), "{error}");
}

/// Even if only one execution of many goes wrong, and another one races.
#[test]
fn a_test_that_cannot_run_is_an_error() {
    let run = |statement: &str| {
        let text = format!("C broken {{}} P0 (int* x) {{ {statement} }} P1 (int* x) {{ *x = 1; }}");
        let test = parse(&text, "f").expect("it parses");
        run(&test, &Checker::new()).expect_err("it cannot run").to_string()
    };
    assert_eq!(run("*3 = 1;"), "broken: 3 is not the address of a location");
    assert_eq!(
        run("int r = *x; r = 1 / (r - 1);"),
        "broken: a division by zero, or of the least number"
    );
}

const WHOLE: &str = r#"C whole
"a description" Generator=by hand
{ int x = 1; [y] = -2; int *p = &x; 1:r1 = 3; } (* a (* nested *) comment *)
P0 (atomic_int* x, volatile int* y, int** p) {
  int r0 = atomic_load_explicit(x, memory_order_acquire); // a comment
  if (r0 == 1 && !(*y < 2)) { *y = ~r0 ^ (int)2; } else atomic_thread_fence(memory_order_seq_cst);
  atomic_compare_exchange_weak_explicit(x, &r0, 2, memory_order_acq_rel, memory_order_relaxed);
}
P1 (atomic_int* x) { r1 = atomic_fetch_xor(x, r1); /* a comment */ atomic_store(x, 0x10); }
locations [x; 1:r1;]
filter (x != 3)
~exists (0:r0=1 /\ (not ([y]=-2) \/ p=&x => 1:r1=0:r0))
"#;

#[test]
fn the_whole_language_is_read() {
    parse(WHOLE, "whole").unwrap_or_else(|error| panic!("{error}"));
}

proptest! {
    /// Whatever is cut out of a file or put into it, there is a test or an error within the file.
    #[test]
    fn a_damaged_file_is_read_or_refused(
        start in 0..WHOLE.len(),
        cut in 0..12usize,
        put in prop::sample::select(vec!["", "(", "}", "*", "(*", "/*", "\"", "=", "P0", "x", "99999999999999999999", "é", "0:"]),
    ) {
        let end = (start + cut).min(WHOLE.len());
        let damaged = format!("{}{put}{}", &WHOLE[..start], &WHOLE[end..]);
        if let Err(error) = parse(&damaged, "damaged") {
            let line = error.line().expect("a syntax error has a place");
            prop_assert!((1..=damaged.lines().count() + 1).contains(&line), "{error}");
        }
    }
}
