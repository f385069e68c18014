//! Why an engine may not see what a case claims: a closed list, each shown by a case.

use serde::{Deserialize, Serialize};

use super::EngineId;

/// The closed list of reasons for which an engine may not see what a case claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// loom treats `SeqCst` accesses as acquire/release ones, so it alarms on correct programs (its
    /// issue 180).
    SeqCstAsAcqRel,
    /// The engine never lets a load read a store that comes later in every interleaving.
    NoLoadBuffering,
    /// The engine runs one sequentially consistent interleaving at a time.
    SequentiallyConsistent,
    /// loom orders two stores to one location only by happens-before, or once one has been read; a
    /// read-modify-write may take its value from any store that nothing follows in that order.
    PartialModificationOrder,
    /// loom's SeqCst fences synchronise with each other, with no atomic between them.
    SeqCstFencesSynchronise,
    /// loom's SeqCst fence releases before it takes in the earlier SeqCst fences.
    SeqCstFenceReleasesFirst,
    /// loom's unpark orders what is before it for whatever the thread does next, also where that never parks.
    UnparkOrders,
    /// loom's unpark of a thread that waits in a join wakes it there, and loom trips over that.
    UnparkWakesJoin,
    /// loom's locks order all who use them, readers among themselves too; so does what is modelled by a lock, such as a
    /// channel.
    LocksOrderAll,
    /// Under loom a time-out is a thread of the execution, and wakes all who wait at the condition variable: also who would have
    /// waited for ever.
    TimeOutWakesAll,
    /// loom's search skips interleavings (its issues 166 and 392).
    SkipsInterleavings,
    /// The case needs more threads than the engine has.
    ThreadLimit,
    /// The engine has no model of something the case uses.
    NotModelled,
    /// The engine runs one program, and not one for each input that the case leaves open.
    NoInputs,
    /// The engine never lets a weak compare-exchange fail, or a wait return, without a cause.
    NothingSpurious,
    /// The engine lets a thread fail or wake without a cause once, and no more.
    SpuriousOnce,
    /// loom remembers the last seven stores to a location; what is older cannot be read.
    ShortHistory,
    /// The engine cannot tell a livelock from a long execution: it stops at a bound.
    NoLivelockDetection,
    /// The failing execution is undefined behaviour, which must not be run for real.
    UndefinedBehaviour,
    /// The failing execution might never end on real threads.
    NeverEnds,
    /// The search is stopped at a bound before its end.
    TooLarge,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 21] = [
        Reason::SeqCstAsAcqRel,
        Reason::NoLoadBuffering,
        Reason::SequentiallyConsistent,
        Reason::PartialModificationOrder,
        Reason::SeqCstFencesSynchronise,
        Reason::SeqCstFenceReleasesFirst,
        Reason::UnparkOrders,
        Reason::UnparkWakesJoin,
        Reason::LocksOrderAll,
        Reason::TimeOutWakesAll,
        Reason::SkipsInterleavings,
        Reason::ThreadLimit,
        Reason::NotModelled,
        Reason::NoInputs,
        Reason::NothingSpurious,
        Reason::SpuriousOnce,
        Reason::ShortHistory,
        Reason::NoLivelockDetection,
        Reason::UndefinedBehaviour,
        Reason::NeverEnds,
        Reason::TooLarge,
    ];

    /// The engines it is known of, each shown by a case; `tests/suite/blindness.rs` holds the two together.
    pub fn engines(self) -> &'static [EngineId] {
        use EngineId::*;
        match self {
            Reason::SeqCstAsAcqRel
            | Reason::PartialModificationOrder
            | Reason::SeqCstFencesSynchronise
            | Reason::SeqCstFenceReleasesFirst
            | Reason::UnparkOrders
            | Reason::UnparkWakesJoin
            | Reason::LocksOrderAll
            | Reason::TimeOutWakesAll
            | Reason::SkipsInterleavings
            | Reason::ShortHistory
            | Reason::NoLivelockDetection
            | Reason::NoInputs => &[Loom],
            Reason::SequentiallyConsistent => &[Shuttle],
            Reason::SpuriousOnce => &[Rc11],
            Reason::NothingSpurious => &[Loom, Shuttle],
            Reason::ThreadLimit => &[Loom, Shuttle],
            Reason::NoLoadBuffering | Reason::TooLarge => &[Loom, Rc11],
            Reason::NotModelled => &[Loom, Shuttle, Rc11],
            Reason::UndefinedBehaviour | Reason::NeverEnds => &[Native],
        }
    }
}
