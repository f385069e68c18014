//! Verdicts, failures and reasons in whole sentences, for readers who meet them for the first time.

use super::{EngineId, Kind, Reason, Verdict};

impl Verdict {
    /// What the verdict of `engine` establishes, and how far it goes.
    pub fn meaning(&self, engine: EngineId) -> String {
        match self {
            Verdict::Proved { .. } => engine.proves(),
            Verdict::Explored { .. } => {
                "The search came to its end and met no failure. It is known to skip executions, so \
                 this is no proof."
            }
            Verdict::Sampled { .. } => engine.samples(),
            Verdict::Bounded { limit, .. } => {
                return format!(
                    "The search was cut off at a bound ({limit}). What it visited passed."
                );
            }
            Verdict::Refuted { failure, .. } => {
                let fails = format!("An execution fails: {}.", failure.kind);
                return match failure.letter {
                    Some(letter) => format!("{fails} {}", letter.sentence()),
                    None => fails,
                };
            }
            Verdict::Inexpressible { reason } => {
                return format!("Not run: {}.", reason.sentence());
            }
        }
        .to_string()
    }
}

impl Kind {
    /// Every class of failure.
    pub const ALL: [Kind; 10] = [
        Kind::DataRace,
        Kind::Assertion,
        Kind::Deadlock,
        Kind::LostWakeup,
        Kind::Livelock,
        Kind::UseAfterFree,
        Kind::DoubleFree,
        Kind::Leak,
        Kind::NotLinearizable,
        Kind::NotPublished,
    ];

    /// What a panic with this message is, and the message without it: it begins with what an object is not, or it is the program's own.
    pub fn told_by(message: &str) -> (Kind, &str) {
        let objects = [Kind::NotLinearizable, Kind::NotPublished];
        let told = |kind: Kind| Some((kind, message.strip_prefix(&format!("{kind}: "))?));
        objects.into_iter().find_map(told).unwrap_or((Kind::Assertion, message))
    }

    /// What goes wrong, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Kind::Assertion => "The program's own assertion fails, or it panics otherwise.",
            Kind::DataRace => {
                "Two threads access one location, one of them to write and one not atomically, and \
                 happens-before orders neither before the other: undefined behaviour."
            }
            Kind::Deadlock => "Every thread waits for another one.",
            Kind::Livelock => {
                "A thread spins on a condition that no other thread will ever make true."
            }
            Kind::UseAfterFree => "Memory is used after it has been freed.",
            Kind::DoubleFree => "Memory is freed twice.",
            Kind::Leak => "Memory is never freed.",
            Kind::LostWakeup => {
                "A thread waits for ever: its wake-up had been sent, but came too early, or went to \
                 somebody else."
            }
            Kind::NotLinearizable => {
                "No order of the operations explains what they returned: the object is not what its \
                 interface says."
            }
            Kind::NotPublished => {
                "An operation returns what another one put in, and what came before that is not \
                 ordered before it."
            }
        }
    }
}

impl Reason {
    /// What the reason means, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::SeqCstAsAcqRel => {
                "it treats SeqCst accesses as acquire/release, so it alarms on correct programs"
            }
            Reason::PartialModificationOrder => {
                "it orders two stores to one location only where happens-before or a read does"
            }
            Reason::SeqCstFencesSynchronise => {
                "its SeqCst fences synchronise with no atomic between them"
            }
            Reason::SeqCstFenceReleasesFirst => {
                "its SeqCst fence releases before it takes in the earlier SeqCst fences"
            }
            Reason::NoLoadBuffering => "it never lets a load read a later store",
            Reason::SequentiallyConsistent => {
                "it explores sequentially consistent interleavings only"
            }
            Reason::UnparkOrders => "its unpark orders, also where nobody parks",
            Reason::UnparkWakesJoin => "its unpark ends a join, and the engine fails",
            Reason::LocksOrderAll => "its locks order all who use them",
            Reason::TimeOutWakesAll => "a time-out wakes all who wait with it",
            Reason::SkipsInterleavings => "its search skips interleavings",
            Reason::ThreadLimit => "the case needs more threads than the engine has",
            Reason::NotModelled => "the engine has no model of something the case uses",
            Reason::NoInputs => "it runs one program, and the case leaves a choice open",
            Reason::NothingSpurious => "nothing fails or wakes spuriously in it",
            Reason::SpuriousOnce => "a thread fails or wakes spuriously once in it, and no more",
            Reason::ShortHistory => "it remembers the last seven stores to a location only",
            Reason::NoLivelockDetection => "it cannot tell a livelock from a long execution",
            Reason::UndefinedBehaviour => "running the failure for real is undefined behaviour",
            Reason::NeverEnds => "the failing execution might never end on real threads",
            Reason::TooLarge => "its search is stopped at a bound before its end",
        }
    }
}
