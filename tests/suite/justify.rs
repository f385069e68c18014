//! What `justify` finds is what is known, and a wrong statement about an ordering is refused.

mod command;
mod lattice;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::Mutex;

use casebook::cache::Cache;
use casebook::case::{self, Entry};
use casebook::cite::Citation;
use casebook::engine::Request;
use casebook::justify::{self as justification, Justification, Kept, Need, stated};
use casebook::ordering::Override;
use casebook::ordering::Strength::{Relaxed, SeqCst};
use casebook::pool::Pool;
use casebook::run;
use casebook::verdict::Reason::{self, *};
use casebook::verdict::{EngineId, Model};

static CORPUS: LazyLock<Vec<Entry>> = LazyLock::new(case::corpus);
static POOL: LazyLock<Pool> =
    LazyLock::new(|| Pool::new(env!("CARGO_BIN_EXE_casebook"), &["worker"]));
/// What tests/corpus.rs has found, or else is found now.
static KEPT: LazyLock<Cache> =
    LazyLock::new(|| Cache::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/justified")));
static RC11: LazyLock<Vec<Justified>> = LazyLock::new(|| justify_all(EngineId::Rc11));

type Justified = (Vec<&'static Entry>, Justification);

fn justify_all(engine: EngineId) -> Vec<Justified> {
    let files = justification::files(&CORPUS);
    let done = Mutex::new(Vec::new());
    let work = |cases: &Vec<&'static Entry>| {
        (cases.clone(), justification::kept(&KEPT, &POOL, engine, Model::Rc11, cases).0)
    };
    run::on_all_cores(&files, work, |justified| {
        done.lock().expect("nobody panics with it").push(justified);
        true
    });
    let mut done = done.into_inner().expect("nobody panics with it");
    done.sort_by(|(_, a), (_, b)| a.stem.cmp(&b.stem));
    done
}

fn of(stem: &str) -> &'static Justified {
    let found = RC11.iter().find(|(_, found)| found.stem == stem);
    found.unwrap_or_else(|| panic!("{stem} is justified"))
}

#[test]
fn every_case_that_holds_is_answered() {
    let answers = RC11.iter().flat_map(|(_, found)| &found.answers);
    let holding = CORPUS.iter().filter(|entry| (entry.case.expect)().claims_to_hold());
    let answered: BTreeSet<&str> = answers.map(|answer| &answer.id[..]).collect();
    let all: BTreeSet<&str> = holding.map(|entry| &entry.id[..]).collect();
    assert_eq!(answered, all);
}

/// What is cited as needed is just what was found to be, with what breaks below it.
#[test]
fn a_citation_says_what_was_found() {
    for (cases, found) in RC11.iter() {
        for answer in &found.answers {
            let entry =
                cases.iter().find(|entry| entry.id == answer.id).expect("it is one of them");
            let needed = Citation::of(entry, &[], Some(found)).needed;
            let load_bearing =
                answer.findings.iter().filter(|finding| finding.need == Need::LoadBearing);
            let load_bearing: Vec<_> = load_bearing.collect();
            assert_eq!(needed.len(), load_bearing.len(), "{}", answer.id);
            for (cited, finding) in needed.iter().zip(load_bearing) {
                let place = &found.places[finding.place];
                assert_eq!(cited.place, place.name(), "{}", answer.id);
                assert!(cited.says.starts_with(&format!("{}: ", place.used.ordering)));
                for broken in &finding.breaks {
                    let words = format!("with {}, {}", broken.weakened_to, broken.failure.kind);
                    assert!(cited.says.contains(&words), "{}: {}", answer.id, cited.says);
                }
            }
        }
    }
}

/// An ordering weakened by the harness gives what the twin gives that is written with it.
#[test]
fn a_weakened_ordering_is_the_broken_twin() {
    let (_, found) = of("message_passing");
    let used = |operation: &str| {
        let place = found
            .places
            .iter()
            .find(|place| place.operation == operation && place.used.ordering != SeqCst);
        place.expect("the place is known").used.clone()
    };
    for (operation, twin) in [("ready.store", "relaxed_store"), ("ready.load", "relaxed_load")] {
        let overrides = vec![Override { of: used(operation), by: Relaxed }];
        let request = Request { overrides, ..Request::default() };
        for engine in [EngineId::Loom, EngineId::Shuttle, EngineId::Rc11] {
            let weakened = POOL.check(engine, "message_passing/release_acquire", &request);
            let twin = POOL.check(engine, &format!("message_passing/{twin}"), &Request::default());
            let (weakened, twin) = (weakened.expect("it runs"), twin.expect("it runs"));
            assert!(twin.verdict.failure().is_some(), "{engine}: the twin is refuted");
            assert_eq!(weakened.verdict, twin.verdict, "{engine}: {operation}");
        }
    }
}

/// What everybody knows, and the engine must find: a place, what it needs, and in which case.
const WELL_KNOWN: [(&str, &str, &str); 14] = [
    ("message_passing/release_acquire", "publish: ready.store", "Release"),
    ("message_passing/release_acquire", "publish: ready.load", "Acquire"),
    ("message_passing/seq_cst", "publish: ready.store", "Release"),
    ("lost_update/fetch_add_seq_cst", "add_in_one_step: count.fetch_add", "Relaxed"),
    ("arc_by_hand/sound", "use_and_drop: count.fetch_sub", "Release"),
    ("arc_by_hand/sound", "use_and_drop: fence", "Acquire"),
    ("dekker_lock/seq_cst_fence", "lock_both: fence #1", "SeqCst"),
    ("seqlock/sound", "read_beside_write: fence #1", "Release"),
    ("seqlock/sound", "read_beside_write: fence #2", "Acquire"),
    ("chase_lev_deque/take_and_steal", "Deque::take: fence", "SeqCst"),
    ("chase_lev_deque/take_and_steal", "Deque::steal: fence", "SeqCst"),
    ("chase_lev_deque/push_and_steal", "Deque::push: fence", "Release"),
    ("chase_lev_deque/push_and_steal", "Deque::steal: self.bottom.load", "Acquire"),
    ("store_buffering/seq_cst", "store_buffering: x.store", "SeqCst"),
];

#[test]
fn what_everybody_knows_is_found() {
    for (id, place, weakest) in WELL_KNOWN {
        let (stem, _) = id.split_once('/').expect("it is an id");
        let (_, found) = of(stem);
        let answer = found.answers.iter().find(|answer| answer.id == id);
        let answer = answer.unwrap_or_else(|| panic!("{id} is justified"));
        let named = |f: &&justification::Finding| found.places[f.place].name() == place;
        let finding = answer.findings.iter().find(named);
        let finding = finding.unwrap_or_else(|| panic!("{id} has a place `{place}`"));
        assert_eq!(stated::strengths(&finding.weakest), weakest, "{id}: {place}");
    }
}

/// That a Relaxed clone suffices is no finding: nothing is weaker. It must be Relaxed, and hold.
#[test]
fn the_clone_of_an_arc_is_relaxed() {
    let (_, found) = of("arc_by_hand");
    let clone = found.places.iter().find(|place| place.name() == "use_and_drop: count.fetch_add");
    assert_eq!(clone.expect("it clones").used.ordering, Relaxed);
}

#[test]
fn at_least_15_structures_state_their_minimal_orderings_and_who_else_does() {
    let stating = RC11.iter().filter(|(cases, _)| {
        cases.first().is_some_and(|entry| !stated::minimal_of(&entry.shape.prose()).is_empty())
    });
    let stems: Vec<&str> = stating.map(|(_, found)| &found.stem[..]).collect();
    assert!(stems.len() >= 15, "only {} files have a `Minimal:` paragraph: {stems:?}", stems.len());
}

fn answer<'a>(found: &'a mut Justification, case: &str) -> &'a mut justification::Answer {
    let answer = found.answers.iter_mut().find(|answer| answer.id.ends_with(case));
    answer.expect("it is justified")
}

/// A statement that says more, less or something else than what was found is refused.
#[test]
fn wrong_statements_are_refused() {
    let (cases, found) = of("message_passing");
    let refused = |change: fn(&mut Justification), complaint: &str| {
        let mut found = found.clone();
        change(&mut found);
        let complaints = stated::complaints(&found, cases);
        assert!(complaints.iter().any(|c| c.contains(complaint)), "{complaint}: {complaints:#?}");
    };
    refused(
        |found| {
            let finding = &mut answer(found, "/release_acquire").findings[0];
            finding.need = Need::Slack;
            finding.holds.push(Relaxed);
        },
        "weaken it, add the client that needs it, or declare",
    );
    refused(
        |found| {
            let finding = &mut answer(found, "/seq_cst").findings[0];
            finding.need = Need::LoadBearing;
            finding.holds.truncate(1);
        },
        "is declared slack, but it is load-bearing",
    );
    refused(
        |found| {
            let finding = &mut answer(found, "/seq_cst").findings[0];
            finding.holds.push(Relaxed);
        },
        "is declared slack down to Release, but it is Relaxed",
    );
    refused(
        |found| {
            answer(found, "/seq_cst").findings.remove(0);
        },
        "which is none of its orderings",
    );
    refused(
        |found| {
            let answer = answer(found, "/release_acquire");
            answer.findings[0].holds.push(Relaxed);
            answer.minimal[0][0] = Relaxed;
        },
        "`Minimal:`",
    );
}

/// Where loom says something else than rc11 about an ordering of a case that it passes, and why.
const LOOM_DIFFERS: [(&str, &[&str], Reason); 9] = [
    (
        "arc_swap_debt/seq_cst_fences",
        &["use_while_replaced: current.swap"],
        SeqCstFencesSynchronise,
    ),
    (
        "chase_lev_deque/push_around",
        &["Deque::push: self.top.load", "Deque::steal: self.top.compare_exchange"],
        SkipsInterleavings,
    ),
    ("hazard_pointer/sound", &["replace_beside_read: current.store"], SeqCstFencesSynchronise),
    (
        "rings_of_three/two_stores",
        &["lose_second_stores: x[(me + 1) % 3].store", "lose_second_stores: x[me].store"],
        PartialModificationOrder,
    ),
    (
        "stale_rmw/flag_released",
        &["update_after_flag: ready.load", "update_after_flag: ready.store"],
        PartialModificationOrder,
    ),
    (
        "tokio_steal_cursor_wrap/wider",
        &[
            "push_while_stolen_from: head.load #1",
            "push_while_stolen_from: head.store",
            "push_while_stolen_from: tail.store",
        ],
        SkipsInterleavings,
    ),
    (
        "treiber_index_aba/tagged",
        &["Stack::exchange: self.head.compare_exchange", "Stack::pop: self.head.load"],
        SkipsInterleavings,
    ),
    (
        "unpark_orders/acquire",
        &["unparked_reader: set.load", "unparked_reader: set.store"],
        UnparkOrders,
    ),
    // What a Relaxed store publishes is fixed before the fence has taken in the earlier fences.
    ("z6_3/seq_cst_fences", &["overwrite: z.store"], SeqCstFenceReleasesFirst),
];

#[test]
fn loom_agrees_where_no_difference_is_declared() {
    let mut differing = BTreeSet::new();
    for (cases, loom) in justify_all(EngineId::Loom) {
        let stem = cases[0].shape.stem();
        let (_, rc11) = of(stem);
        for answer in loom.answers.iter().filter(|answer| answer.open.is_empty()) {
            let exact = rc11.answers.iter().find(|exact| exact.id == answer.id);
            for expected in &exact.expect("both answer the same cases").findings {
                let place = &rc11.places[expected.place];
                let same = |f: &&justification::Finding| loom.places[f.place].used == place.used;
                let said = answer.findings.iter().find(same);
                if said.is_none_or(|said| said.weakest != expected.weakest) {
                    differing.insert((answer.id.clone(), place.name()));
                }
            }
        }
    }
    let declared = LOOM_DIFFERS
        .iter()
        .flat_map(|(id, places, _)| places.iter().map(|place| (id.to_string(), place.to_string())));
    assert_eq!(differing, declared.collect::<BTreeSet<_>>());
    for (id, _, reason) in LOOM_DIFFERS {
        assert!(reason.engines().contains(&EngineId::Loom), "{id}: {reason:?} is not loom's");
    }
}

#[test]
fn what_is_kept_is_used_again_until_something_changes() {
    let folder = std::env::temp_dir().join(format!("casebook-justify-{}", std::process::id()));
    let (cache, cases) = (Cache::new(&folder), &of("message_passing").0);
    let (first, kept) = justification::kept(&cache, &POOL, EngineId::Rc11, Model::Rc11, cases);
    assert!(matches!(kept, Kept::Now(Ok(()))), "it can be kept");
    // A pool that cannot work: what comes now was kept.
    let nobody = Pool::new("/nowhere/casebook", &["worker"]);
    let (again, kept) = justification::kept(&cache, &nobody, EngineId::Rc11, Model::Rc11, cases);
    assert_eq!(first, again);
    assert!(matches!(kept, Kept::Before), "and that is known");

    // A half-written or foreign file is no answer.
    let file = folder.join("message_passing.rc11.json");
    let text = std::fs::read_to_string(&file).expect("it is kept there");
    std::fs::write(&file, &text[..text.len() / 2]).expect("it can be written");
    let (asked, _) = justification::kept(&cache, &nobody, EngineId::Rc11, Model::Rc11, cases);
    assert_ne!(first, asked, "half a file was believed");
    let stale = text.replacen("\"key\":\"", "\"key\":\"0", 1);
    std::fs::write(&file, stale).expect("it can be written");
    let (asked, _) = justification::kept(&cache, &nobody, EngineId::Rc11, Model::Rc11, cases);
    assert_ne!(first, asked, "what other sources gave was believed");
    let _ = std::fs::remove_dir_all(folder);
}
