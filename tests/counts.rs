//! The corpus is as large, as broad and as well grounded in published bugs as it says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use casebook::case::{self, Entry};
use casebook::expect::Expectation;

const FAMILIES: [&str; 10] = [
    "asynchronous",
    "bugs",
    "caches",
    "channels",
    "counters",
    "litmus",
    "locks",
    "pools",
    "queues",
    "reclamation",
];

const REFUSED_BY_COMPILER: [&str; 5] = ["lifetimes", "lints", "ownership", "send", "sync"];

/// Every class of published concurrency bug that can be shown here, and what shows it.
const CLASSES: &[(&str, &str)] = &[
    ("weak ordering in a lock", "spin_relaxed_unlock/relaxed_unlock"),
    ("weak ordering, a data race", "tokio_join_handle_drop/relaxed"),
    ("weak ordering, misuse of a Relaxed count", "std_arc_get_mut/relaxed"),
    ("weak ordering, a lost wake-up", "tokio_wake_when_notified/load_only"),
    ("weak ordering, a use after free", "arc_swap_debt/acquire_release"),
    ("weak ordering, a leak", "std_tls_key_early/key_first"),
    ("weak ordering and two steps for one", "arc_uniqueness/two_looks"),
    ("store buffering", "rayon_latch_sleep/acq_rel_swap"),
    ("store buffering, a lost wake-up", "tokio_last_searcher/load"),
    ("store buffering, a use after free", "basedrop_shared_cell/no_fence"),
    ("atomicity violation", "metrique_in_flight/count_then_push"),
    ("atomicity violation, a data race", "tokio_send_after_close/set_and_look"),
    ("atomicity violation, an element had twice", "deque_buffer_swap/looked_up_once"),
    ("atomicity violation, a structure half built", "linked_block_discard/not_waited_for"),
    ("atomicity violation, a panic", "spin_once_failed_attempt/incomplete_is_unreachable"),
    ("atomicity violation, a lost message", "spmc_last_message/look_once"),
    ("atomicity violation, a bit overwritten", "tokio_forget_permits/permits_only"),
    ("atomicity violation, a spurious failure", "once_cell_weak_exchange/weak"),
    ("atomicity violation, a counter that wraps", "id_allocator/unchecked"),
    ("lost update", "tokio_notify_waiters/load_and_store"),
    ("an identity used again", "std_reentrant_owner/reused_identity"),
    ("ABA", "treiber_index_aba/index"),
    ("ABA by narrow cursors", "tokio_steal_cursor_wrap/as_narrow_as_the_ring"),
    ("ABA, a lost wake-up", "tokio_readiness_tick/tick_of_one_bit"),
    ("data race", "racing_counter/unsynchronised"),
    ("data race, dropped on the wrong thread", "tokio_local_set_abort/dropped_there"),
    ("data race by an interface", "tokio_mapped_downgrade/downgraded_while_mapped"),
    ("double free", "linked_block_discard/read_while_waiting"),
    ("double drop", "crossbeam_popped_twice_dropped/node_drops_value"),
    ("leak", "bytes_promotion_leak/forgotten"),
    ("leak of a lost message", "futures_mpsc_counted_message/until_empty"),
    ("use after free", "crossbeam_retired_tail/head_only"),
    ("use after free, cancellation", "oneshot_waker_after_disconnect/gone_then_waker"),
    ("use after free, a borrow that ends early", "std_scope_unpark/borrowed"),
    ("use after free, a leaked guard", "compile_fail/lifetimes/leaked_join_guard.rs"),
    ("use after free, a leaked future", "rio_forgotten_completion/forgotten"),
    ("use after free, a count raised from zero", "internment_resurrection/decrement_then_lock"),
    ("use after free, a grace period", "left_right_stale_epoch/epoch_before"),
    ("use after free, a counter that wraps", "sharded_slab_count_wrap/wraps"),
    ("use after free, a reference past its guard", "dashmap_escaped_reference/guard_dropped_first"),
    ("lost wake-up", "rayon_broadcast_sleep/global_queue_only"),
    ("lost wake-up, a failed initialisation", "once_cell_failed_init_parks/wake_on_success_only"),
    ("lost wake-up, cancellation", "tokio_notified_drop/store"),
    ("lost wake-up, a token taken by another", "park_token/stolen_token"),
    ("a task lost at shutdown", "tokio_shutdown_late_task/look_then_push"),
    ("deadlock, lock order", "std_tls_loader_lock/called_under_the_lock"),
    ("deadlock, re-entrancy", "tokio_drop_under_lock/dropped_under_lock"),
    ("deadlock, re-entrancy by work stealing", "rayon_par_bridge/locks_again"),
    ("deadlock, recursive read", "recursive_read/read_twice"),
    ("deadlock, cancellation", "async_lock_dropped_upgrade/bit_only"),
    ("deadlock, a future kept unpolled", "futurelock/kept"),
    ("livelock", "dekker_lock/nobody_gives_way"),
    ("an invariant broken without poison", "early_return/returned_half_way"),
    ("wrong Sync", "compile_fail/sync/mutex_guard_of_cell.rs"),
    ("wrong Send", "compile_fail/send/local_set.rs"),
    ("wrong Send by a feature", "compile_fail/send/guard_marked_like_std.rs"),
    ("wrong bound", "compile_fail/send/mapped_guard_without_bound.rs"),
    ("wrong bound, cloned in parallel", "compile_fail/sync/parallel_clone.rs"),
    ("wrong bound, Sync is missing", "compile_fail/sync/callable_from_any_thread.rs"),
    ("wrong bound of one method", "compile_fail/send/guard_clones_its_owner.rs"),
    ("race on the environment", "compile_fail/ownership/set_var_is_unsafe.rs"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of `compile_fail` that are refused: `NAME.rs`, not `NAME.ok.rs`.
fn refused(folder: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("compile_fail").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") && name.matches('.').count() == 1 {
                let path = path.strip_prefix(root()).expect("it is below the root");
                found.insert(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found
}

/// The shapes of each family.
fn families(corpus: &[Entry]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut families: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for entry in corpus {
        families.entry(entry.shape.family()).or_default().insert(entry.shape.stem());
    }
    families
}

#[track_caller]
fn at_least(count: usize, least: usize, what: &str) {
    assert!(count >= least, "{count} {what}; the corpus promises at least {least}");
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let corpus = case::corpus();
    let families = families(&corpus);
    at_least(corpus.len(), 400, "cases");
    at_least(families.values().map(BTreeSet::len).sum(), 120, "shapes");
    at_least(families["bugs"].len(), 45, "shapes of published bugs");
    let violations = REFUSED_BY_COMPILER.iter().map(|folder| refused(folder).len()).sum();
    at_least(violations, 70, "violations that the compiler or a lint refuses");
}

#[test]
fn every_family_is_present() {
    let present: BTreeSet<&str> = families(&case::corpus()).into_keys().collect();
    assert_eq!(present, BTreeSet::from(FAMILIES));
    for folder in REFUSED_BY_COMPILER {
        at_least(refused(folder).len(), 1, folder);
    }
}

/// A class counts as shown only by a case that fails, or by a file that is refused.
#[test]
fn every_class_of_published_bug_is_shown() {
    let corpus = case::corpus();
    let refused: BTreeSet<String> =
        REFUSED_BY_COMPILER.iter().flat_map(|folder| refused(folder)).collect();
    let fails = |id: &str| {
        let found = corpus.iter().find(|entry| entry.id == id);
        found.map(|entry| (entry.case.expect)()).is_some_and(|expectation| {
            matches!(expectation, Expectation::Property(_)) && expectation.summary() != "holds"
        })
    };
    let unshown: Vec<String> = CLASSES
        .iter()
        .filter(|(_, shown_by)| !fails(shown_by) && !refused.contains(*shown_by))
        .map(|(class, shown_by)| format!("{class}: {shown_by} shows no failure"))
        .collect();
    assert!(unshown.is_empty(), "\n{}\n", unshown.join("\n"));
    let classes: BTreeSet<&str> = CLASSES.iter().map(|(class, _)| *class).collect();
    assert_eq!(classes.len(), CLASSES.len(), "a class stands twice");
}
