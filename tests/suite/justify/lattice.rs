//! The search for minimal assignments against the definition, on random upward-closed sets.

use casebook::justify::search::{self, Answer, Assignment, Domain};
use casebook::ordering::{Role, Strength};
use proptest::collection::vec;
use proptest::prelude::*;

const ROLES: [Role; 5] = [Role::Load, Role::Store, Role::Update, Role::Failure, Role::Fence];

fn all(domains: &[Domain]) -> Vec<Assignment> {
    domains.iter().fold(vec![Vec::new()], |prefixes, domain| {
        let longer = |prefix: &Assignment| {
            let prefix = prefix.clone();
            domain.strengths.iter().map(move |s| [&prefix[..], &[*s]].concat()).collect::<Vec<_>>()
        };
        prefixes.iter().flat_map(longer).collect()
    })
}

/// The minimal ones of all assignments for which `holds` answers yes.
fn by_definition(domains: &[Domain], holds: impl Fn(&[Strength]) -> bool) -> Vec<Assignment> {
    let holding: Vec<Assignment> = all(domains).into_iter().filter(|a| holds(a)).collect();
    let is_minimal =
        |a: &&Assignment| !holding.iter().any(|other| other != *a && search::covers(a, other));
    let mut minimal: Vec<Assignment> = holding.iter().filter(is_minimal).cloned().collect();
    minimal.sort();
    minimal
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(0x00ca_5eb0), ..ProptestConfig::default() })]

    #[test]
    fn every_minimal_assignment_is_found_and_no_other(
        roles in vec(0..ROLES.len(), 1..5),
        seeds in vec(vec(0..100_usize, 4), 0..4),
    ) {
        let domains: Vec<Domain> = roles
            .iter()
            .map(|role| {
                let role = ROLES[*role];
                Domain { role, strengths: role.up_to(Strength::SeqCst) }
            })
            .collect();
        // The set of all that covers one of these.
        let generators: Vec<Assignment> = seeds
            .iter()
            .map(|seed| {
                let pick = |(domain, n): (&Domain, &usize)| domain.strengths[n % domain.strengths.len()];
                domains.iter().zip(seed).map(pick).collect()
            })
            .collect();
        let holds = |a: &[Strength]| generators.iter().any(|g| search::covers(a, g));
        let mut asked = Vec::new();
        let found = search::minimal(&domains, u64::MAX, |assignment| {
            asked.push(assignment.to_vec());
            if holds(assignment) { Answer::Holds } else { Answer::Breaks }
        });
        prop_assert!(found.complete);
        prop_assert_eq!(&found.minimal, &by_definition(&domains, holds));
        let questions = asked.len();
        asked.sort();
        asked.dedup();
        prop_assert_eq!(asked.len(), questions, "a question was asked twice");
    }
}

#[test]
fn a_search_that_is_given_up_says_so() {
    let role = Role::Update;
    let domains = vec![Domain { role, strengths: role.up_to(Strength::SeqCst) }; 4];
    let strong = |a: &[Strength]| a.iter().filter(|s| **s == Strength::SeqCst).count() >= 2;
    let answer = |a: &[Strength]| if strong(a) { Answer::Holds } else { Answer::Breaks };
    assert!(!search::minimal(&domains, 3, answer).complete);
    let found = search::minimal(&domains, 1_000, answer);
    assert!(found.complete);
    assert_eq!(found.minimal.len(), 6);
    assert!(!search::minimal(&domains, 1_000, |_| Answer::Unknown).complete);
}
