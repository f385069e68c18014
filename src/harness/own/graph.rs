//! The execution of a failure as a picture, from what the test's process told of it (`src/loom/graph.rs`).

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use rc11::{EventKind, FailureKind, Wait};
use serde::{Deserialize, Deserializer};

use crate::report;

/// A failure with its graph, as it is told.
#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    #[serde(deserialize_with = "kind")]
    kind: FailureKind,
    message: String,
    blocked: Vec<Blocked>,
    threads: Vec<Vec<Event>>,
    locations: Vec<Location>,
    rf: Vec<(Id, Id)>,
    sw: Vec<(Id, Id)>,
    hb: Vec<Vec<Vec<u32>>>,
    marked: Vec<Id>,
}

/// A thread, and the place in its program order.
type Id = (usize, usize);

#[derive(Clone, Debug, Deserialize)]
struct Event {
    id: Id,
    #[serde(deserialize_with = "event_kind")]
    kind: EventKind,
    operation: String,
    site: Option<Site>,
    location: Option<usize>,
    #[serde(deserialize_with = "ordering")]
    ordering: Option<Ordering>,
    value: Option<u64>,
    child: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
struct Location {
    name: String,
    site: Option<Site>,
    co: Vec<Id>,
}

#[derive(Clone, Debug, Deserialize)]
struct Site {
    file: String,
    line: u32,
    column: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Blocked {
    thread: usize,
    #[serde(deserialize_with = "wait")]
    wait: Wait,
    holder: Option<usize>,
    wakeup_issued: bool,
}

/// Events beyond which nobody could read a picture.
const MOST: usize = 400;

/// Draws it into `folder`, in a file named after the test; its locations are named as the sources below
/// `sources` name them. None if it is too large for a picture.
pub fn draw(
    told: &Told,
    test: &str,
    folder: &Path,
    sources: &Path,
) -> std::io::Result<Option<PathBuf>> {
    if told.threads.iter().map(Vec::len).sum::<usize>() > MOST {
        return Ok(None);
    }
    let mut graph = casebook_engine_rc11::graph::of(&told.failure());
    graph.name_locations(|site| {
        let text = fs::read_to_string(sources.join(&site.file)).ok()?;
        text.lines().nth((site.line as usize).checked_sub(1)?).map(str::to_string)
    });
    let path = path(folder, test);
    fs::create_dir_all(folder)?;
    fs::write(&path, report::graph::svg(&graph))?;
    Ok(Some(path))
}

/// Where the picture of a test stands: `mpsc::closes` is `mpsc-closes.svg`, and that of the program `all`, where
/// another one has such a test, too, `all.mpsc-closes.svg`.
pub fn path(folder: &Path, test: &str) -> PathBuf {
    let test = test.replace("::", "-").replace(": ", ".").replace('/', "-");
    folder.join(format!("{test}.svg"))
}

impl Told {
    fn failure(&self) -> rc11::Failure {
        let pairs = |pairs: &[(Id, Id)]| pairs.iter().map(|(a, b)| (id(a), id(b))).collect();
        rc11::Failure {
            kind: self.kind,
            message: self.message.clone(),
            site: None,
            trace: Vec::new(),
            blocked: self.blocked.iter().map(Blocked::thread).collect(),
            graph: rc11::Graph {
                threads: self
                    .threads
                    .iter()
                    .map(|t| t.iter().map(Event::event).collect())
                    .collect(),
                locations: self.locations.iter().map(Location::location).collect(),
                rf: pairs(&self.rf),
                sw: pairs(&self.sw),
                hb: self.hb.clone(),
                marked: self.marked.iter().map(id).collect(),
            },
            beyond_letter: false,
            replay: String::new(),
        }
    }
}

fn id((thread, index): &Id) -> rc11::EventId {
    rc11::EventId { thread: *thread, index: *index }
}

impl Event {
    fn event(&self) -> rc11::Event {
        rc11::Event {
            id: id(&self.id),
            kind: self.kind,
            operation: self.operation.clone(),
            site: self.site.as_ref().map(Site::site),
            location: self.location,
            ordering: self.ordering,
            value: self.value,
            child: self.child,
        }
    }
}

impl Location {
    fn location(&self) -> rc11::LocationInfo {
        rc11::LocationInfo {
            name: self.name.clone(),
            site: self.site.as_ref().map(Site::site),
            co: self.co.iter().map(id).collect(),
        }
    }
}

impl Site {
    /// The engine's sites live as long as its program. These do too: there are as many as failures have lines.
    fn site(&self) -> rc11::Site {
        let file = Box::leak(self.file.clone().into_boxed_str());
        rc11::Site { file, line: self.line, column: self.column }
    }
}

impl Blocked {
    fn thread(&self) -> rc11::BlockedThread {
        rc11::BlockedThread {
            thread: self.thread,
            wait: self.wait,
            site: None,
            location: String::new(),
            holder: self.holder,
            wakeup_issued: self.wakeup_issued,
        }
    }
}

/// The one of these that is called so.
fn named<'de, D: Deserializer<'de>, T: Debug + Copy>(from: D, all: &[T]) -> Result<T, D::Error> {
    let name = String::deserialize(from)?;
    let found = all.iter().find(|one| format!("{one:?}") == name).copied();
    found.ok_or_else(|| serde::de::Error::custom(format!("`{name}` is unknown")))
}

fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<FailureKind, D::Error> {
    use FailureKind::*;
    named(from, &[Assertion, DataRace, Deadlock, Livelock, UseAfterFree, DoubleFree, Leak])
}

fn event_kind<'de, D: Deserializer<'de>>(from: D) -> Result<EventKind, D::Error> {
    use EventKind::*;
    let access = [Init, Read, Write, ExclusiveWrite, Fence, Free];
    let thread = [Begin, End, Create, Join, Moment, Call, Return, Spin];
    named(from, &[&access[..], &thread].concat())
}

fn wait<'de, D: Deserializer<'de>>(from: D) -> Result<Wait, D::Error> {
    named(from, &[Wait::Lock, Wait::Condvar, Wait::Futex, Wait::Park, Wait::Join, Wait::Spin])
}

fn ordering<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Ordering>, D::Error> {
    use Ordering::*;
    let name = Option::<String>::deserialize(from)?;
    let all = [Relaxed, Acquire, Release, AcqRel, SeqCst];
    Ok(name.and_then(|name| all.into_iter().find(|one| format!("{one:?}") == name)))
}
