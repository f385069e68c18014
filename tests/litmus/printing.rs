//! Answers are spelt as herd spells them.

use casebook_litmus::parse;

use super::{answer, prints};

#[test]
fn a_file_without_condition_is_answered() {
    prints(
        "C nothing (* no question *)\n{}\nP0 (atomic_int* x) {}\n",
        "Test nothing Required\nStates 1\n\nOk\nWitnesses\nPositive: 1 Negative: 0\nCondition forall (true)\n\
         Observation nothing Always 1 0\n\n",
    );
}

/// The hashes are those that herd7 publishes for its own tests C03 and C14, of which these have the same code.
#[test]
fn hashes_are_herds() {
    let add = |order| {
        format!("(atomic_int* y) {{\n  atomic_fetch_add_explicit(y,1,memory_order_{order});\n}}\n")
    };
    let hash = |text: &str| parse(text, "f").expect("it parses").hash;
    let plain = add("seq_cst").replace("atomic_int*", "int*");
    assert_eq!(
        hash(&format!("C one {{}} P0 {plain} exists y=0")),
        "71a98e010b15b2b87bfe01c34e457390"
    );
    let relaxed = add("relaxed");
    let two = format!("C two\n{{}} (* none *)\nP0 {relaxed} P1 {relaxed} locations [y]");
    assert_eq!(hash(&two), "4ba3dd96c70ac3dd5dac4c7337261858");
    let told = format!("C told\nHash=0123\n{{}} P0 {relaxed}");
    assert!(answer(&told).to_string().ends_with("\nHash=0123\n\n"));
}

#[test]
fn the_answer_tells_its_time() {
    let mut answer = answer("C timed {} P0 (int* x) {}");
    answer.elapsed = std::time::Duration::from_millis(1234);
    assert!(answer.to_string().contains("\nTime timed 1.23\nHash="));
}

#[test]
fn conditions_print_as_herd_prints_them() {
    let condition =
        |text: &str| answer(&format!("C c {{}} P0 (int* x) {{ int r = 1; }} {text}")).condition;
    assert_eq!(condition("exists x=1"), "exists ([x]=1)");
    assert_eq!(
        condition("exists ((x==1) /\\ ((0:r=1 /\\ x=2)))"),
        "exists ([x]=1 /\\ 0:r=1 /\\ [x]=2)"
    );
    assert_eq!(
        condition("forall ((x=1 \\/ 0:r=1) /\\ x=2)"),
        "forall (([x]=1 \\/ 0:r=1) /\\ [x]=2)"
    );
    assert_eq!(
        condition("~exists (x=1 \\/ (0:r=1 /\\ x=2))"),
        "~exists ([x]=1 \\/ 0:r=1 /\\ [x]=2)"
    );
    assert_eq!(
        condition("exists (~x=1 /\\ not (0:r!=1))"),
        "exists (not ([x]=1) /\\ not (not (0:r=1)))"
    );
    assert_eq!(condition("exists (x=1 => 0:r=1 /\\ true)"), "exists (([x]=1 => 0:r=1) /\\ true)");
    assert_eq!(condition("exists (0:r=[x] \\/ false)"), "exists (0:r=[x] \\/ false)");
}

#[test]
fn the_answer_serializes() {
    let answer = answer("C c {} P0 (int* x) { *x = 1; } exists (x=1)");
    let json = serde_json::to_value(&answer).expect("an answer is plain data");
    assert_eq!(json["observation"], "Always");
    assert_eq!(json["states"][0]["values"][0], serde_json::json!(["[x]", "1"]));
}
