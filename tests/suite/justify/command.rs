//! `casebook justify` and `casebook cite` as people and programs use them.

use std::process::{Command, Output};

use serde_json::Value;

fn casebook(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_casebook")).args(arguments).output().expect("it starts")
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).expect("it prints text")
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    let output = casebook(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|l| serde_json::from_str(l).expect("it is JSON")).collect()
}

#[test]
fn each_ordering_is_a_line_and_each_case_is_one() {
    let lines = lines(&["justify", "message_passing/release_acquire", "--json"]);
    let sites: Vec<&Value> = lines.iter().filter(|line| line["site"].is_string()).collect();
    let operations: Vec<&str> =
        sites.iter().map(|site| site["operation"].as_str().expect("it is text")).collect();
    assert_eq!(operations, ["ready.store", "ready.load"]);
    let store = sites[0];
    assert!(
        store["site"].as_str().is_some_and(|s| s.starts_with("cases/litmus/message_passing.rs:"))
    );
    assert_eq!(store["function"], "publish");
    assert_eq!(store["ordering"], "Release");
    assert_eq!(store["verdict"], "load_bearing");
    assert_eq!(store["weakest"], "Release");
    assert_eq!(store["failure"]["kind"], "DataRace");
    assert!(store["failure"]["trace"].as_array().is_some_and(|trace| !trace.is_empty()));
    assert!(store["failure"]["graph"].is_object(), "a failure has its graph");
    let case = lines.iter().find(|line| line["minimal"].is_array() && line["id"].is_string());
    let case = case.expect("a line tells the minimal assignments of the case");
    assert_eq!(case["model"], "RC11");
    assert_eq!(case["minimal"][0]["publish: ready.store"], "Release");
    assert_eq!(case["minimal"].as_array().map(Vec::len), Some(1));
}

/// A whole id means that case, and not those whose ids begin with it.
#[test]
fn a_whole_id_selects_one_case() {
    let lines = lines(&["justify", "reclamation/arc_uniqueness/weak_count_locked", "--json"]);
    let ids = lines.iter().filter_map(|line| line["id"].as_str());
    let ids: std::collections::BTreeSet<&str> = ids.collect();
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["arc_uniqueness/weak_count_locked"]);
}

/// What one client does not need, another may: a reader of the one is told.
#[test]
fn slack_in_one_client_names_the_clients_that_need_it() {
    let said = text(&casebook(&["justify", "chase_lev_deque/take_and_steal"]).stdout);
    assert!(said.contains("under RC11, for this client program"), "{said}");
    assert!(said.contains("other clients of the file: chase_lev_deque/push_and_steal"), "{said}");
    assert!(said.contains("needed by"), "{said}");
    let lines = lines(&["justify", "chase_lev_deque/take_and_steal", "--json"]);
    let push = lines.iter().find(|line| line["place"] == "Deque::push: self.top.load");
    let push = push.expect("the push acquires");
    assert_eq!(push["verdict"], "slack");
    assert_eq!(push["needed_by"], serde_json::json!(["chase_lev_deque/push_around"]));
}

/// An outcome that a weaker ordering lets in is evidence, with steps and graph, as a failure is.
#[test]
fn an_outcome_that_is_not_allowed_is_a_failure_with_its_graph() {
    let lines = lines(&["justify", "shape_r", "--json"]);
    let broken = lines.iter().find(|line| {
        line["failure"]["message"].as_str().is_some_and(|m| m.contains("the case does not allow"))
    });
    let failure = &broken.expect("an observation needs an ordering")["failure"];
    assert!(failure["graph"].is_object() && !failure["trace"].as_array().is_none_or(Vec::is_empty));
}

#[test]
fn a_request_that_makes_no_sense_says_what_would() {
    for (arguments, hint) in [
        (&["justify", "mesage_passing"][..], "did you mean message_passing"),
        (&["justify", "message_passing/relaxed"][..], "nothing to justify"),
        (&["justify", "--engine", "shuttle"][..], "rc11 and loom can"),
        (&["cite", "message_passing/release_aquire"][..], "did you mean message_passing"),
    ] {
        let output = casebook(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(hint), "{arguments:?}: {said}");
    }
}

#[test]
fn a_citation_says_what_was_proved_and_what_was_not() {
    let output = casebook(&["cite", "message_passing/release_acquire"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    for part in [
        "— publish: ready.store: Release: with Relaxed, data race",
        "— publish: ready.load: Acquire: with Relaxed, data race",
        "- rc11 under RC11: proved, 2 executions",
        "- does not show: that the reader ever sees the flag",
        "casebook 0.1.0",
        "@misc{casebook:message_passing:release_acquire,",
        "message\\_passing/release\\_acquire",
    ] {
        assert!(said.contains(part), "{part} is missing in:\n{said}");
    }
    let bibtex = text(&casebook(&["cite", "store_buffering/relaxed", "--form", "bibtex"]).stdout);
    assert!(bibtex.starts_with("@misc{"), "{bibtex}");
    for part in ["author = {{Casebook}}", "outcomes (0, 0) (0, 1)", "sequentially consistent"] {
        assert!(bibtex.contains(part), "{part} is missing in:\n{bibtex}");
    }
    assert_eq!(bibtex.matches('{').count(), bibtex.matches('}').count(), "{bibtex}");
}

/// Of a book that is published, the citation leads to the case.
#[test]
fn a_citation_carries_the_address_of_its_book() {
    let address = "https://example.org/casebook/case/message_passing.html#relaxed";
    let cite = |form: &str, url: &str| {
        casebook(&["cite", "message_passing/relaxed", "--form", form, "--base-url", url])
    };
    for (form, line) in [
        ("comment", format!("// {address}")),
        ("markdown", format!("<{address}>")),
        ("bibtex", format!("  url = {{{address}}},")),
    ] {
        let said = text(&cite(form, "https://example.org/casebook/").stdout);
        assert!(said.lines().any(|said| said == line), "no {line} in {said}");
        let without = casebook(&["cite", "message_passing/relaxed", "--form", form]);
        assert!(!text(&without.stdout).contains("://"), "{}", text(&without.stdout));
    }
    for wrong in ["example.org", "ftp://example.org", "https://", "https://a b", "https://a/{x}"] {
        let output = cite("bibtex", wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(text(&output.stderr).contains("like https://example.org/casebook"), "{wrong}");
    }
}
