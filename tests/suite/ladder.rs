//! The ladder's steps are in an order in which they can be read, and its questions have the answers that it gives.

use std::path::Path;
use std::process::Command;

use casebook::case;
use casebook::ladder::{Step, ladder};
use serde_json::Value;

/// What is wrong with the order, the cases and the lines of a ladder.
fn complaints(steps: &[Step]) -> Vec<String> {
    let corpus = case::corpus();
    let mut found = Vec::new();
    for (nth, step) in steps.iter().enumerate() {
        let name = &step.case;
        let declared = |id: &str| {
            let entry = corpus.iter().find(|entry| entry.id == id)?;
            Some(((entry.case.expect)().summary(), entry.shape))
        };
        match declared(name) {
            None => found.push(format!("there is no {name}")),
            Some((what, _)) if what != "holds" => found.push(format!("{name} does not hold")),
            Some((_, shape)) if shape.source.matches(&step.line).count() != 1 => {
                found.push(format!("{name}: its file has the line not once"));
            }
            Some(_) => {}
        }
        match declared(&step.twin) {
            None => found.push(format!("there is no {}", step.twin)),
            Some((what, _)) if what == "holds" => found.push(format!("{} holds", step.twin)),
            Some(_) => {}
        }
        if name.split('/').next() != step.twin.split('/').next() {
            found.push(format!("{} is no twin of {name}", step.twin));
        }
        let earlier: Vec<&str> = steps[..nth].iter().map(|step| step.case.as_str()).collect();
        let late = step.needs.iter().filter(|id| !earlier.contains(&id.as_str()));
        found.extend(late.map(|id| format!("{name} needs {id}, which does not come before it")));
        if !earlier.last().is_none_or(|last| step.needs.iter().any(|id| id == last)) {
            found.push(format!("{name} does not need the step before it"));
        }
        if !step.question.ends_with('?') || !step.because.ends_with('.') {
            found.push(format!("{name}: no question, or no sentence that answers it"));
        }
    }
    found
}

#[test]
fn each_step_needs_the_one_before_it_and_has_a_twin_that_fails() {
    let steps = ladder();
    assert_eq!(steps.len(), 10);
    assert_eq!(complaints(&steps), [""; 0]);
}

#[test]
fn every_complaint_about_a_ladder_can_be_made() {
    type Change = fn(&mut Vec<Step>);
    let changes: [(Change, &str); 9] = [
        (|steps| steps[0].case = "joined_output/nobody".into(), "there is no joined_output/nobody"),
        (|steps| steps[0].case = "joined_output/slept".into(), "joined_output/slept does not hold"),
        (|steps| steps[1].line = "thread".into(), "the line not once"),
        (|steps| steps[1].twin = "lost_update/nobody".into(), "there is no lost_update/nobody"),
        (|steps| steps[1].twin = "lost_update/fetch_add_seq_cst".into(), "fetch_add_seq_cst holds"),
        (|steps| steps[1].twin = "lock_order/two_orders".into(), "is no twin of"),
        (|steps| steps.swap(3, 4), "which does not come before it"),
        (|steps| drop(steps.remove(4)), "does not need the step before it"),
        (|steps| steps[2].question = "So it is.".into(), "no question"),
    ];
    for (change, words) in changes {
        let mut steps = ladder();
        change(&mut steps);
        let found = complaints(&steps).join("\n");
        assert!(found.contains(words), "{words}: {found}");
    }
}

/// Each line is changed, and the case checked alone by the engine that is exact.
#[test]
fn the_questions_have_the_answers_that_are_given() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ladder");
    std::fs::create_dir_all(&folder).expect("it can be made");
    for Step { case, line, becomes, finds, .. } in ladder() {
        let entry = case::corpus().into_iter().find(|entry| entry.id == case);
        let shape = entry.expect("another test looks").shape;
        let file = folder.join(format!("{}.rs", shape.stem()));
        std::fs::write(&file, shape.source.replace(&line, &becomes)).expect("it can be written");
        let check = [
            Path::new("check"),
            &file,
            Path::new("--engine"),
            Path::new("rc11"),
            Path::new("--json"),
        ];
        let output = Command::new(env!("CARGO_BIN_EXE_casebook")).args(check).output();
        let output = output.expect("it starts").stdout;
        let output = String::from_utf8_lossy(&output);
        let mut lines = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let found = lines.find(|line| line["id"] == case.as_str());
        let found = found.unwrap_or_else(|| panic!("{case} is not checked: {output}"));
        let kind = match found["verdict"].as_str() {
            Some("proved") => "holds".to_string(),
            _ => {
                let kind = found["report"]["failure"]["kind"].clone();
                let kind: casebook::verdict::Kind =
                    serde_json::from_value(kind).unwrap_or_else(|_| panic!("{case}: {found}"));
                kind.to_string()
            }
        };
        assert_eq!(kind, finds, "{case}");
    }
}
