//! `Arc` and `Weak`: the counts, and what they allow.

use std::cell::Cell;

use super::rt::sync::{Arc, Weak};
use super::{Counted, Story, nth};
use crate::conformance::programs::Counting;

struct References<'a> {
    strong: Vec<Arc<Counted<'a>>>,
    weak: Vec<Weak<Counted<'a>>>,
}

#[allow(
    clippy::arc_with_non_send_sync,
    reason = "no thread is started; the lint sees only `std`'s"
)]
pub fn run(steps: &Vec<Counting>) -> Story {
    let drops = Cell::new(0);
    let strong = [1, 2].map(|value| Arc::new(Counted::new(value, &drops))).into();
    let mut references = References { strong, weak: Vec::new() };
    let mut story = Story::new();
    for step in steps {
        let line = match *step {
            Counting::NewCyclic(value) => references.new_cyclic(value, &drops),
            step => references.step(step).unwrap_or_else(|| "nothing there".into()),
        };
        story.push(format!("{line}; {} dropped", drops.get()));
    }
    drop(references);
    story.push(format!("at the end {} dropped", drops.get()));
    story
}

impl<'a> References<'a> {
    fn new_cyclic(&mut self, value: i8, drops: &'a Cell<u32>) -> String {
        let mut early = false;
        self.strong.push(Arc::new_cyclic(|weak| {
            early = weak.upgrade().is_some();
            self.weak.push(weak.clone());
            Counted::new(value, drops)
        }));
        format!("made; there before: {early}")
    }

    /// One step; `None` if what it acts on is not there.
    fn step(&mut self, step: Counting) -> Option<String> {
        let References { strong, weak } = self;
        Some(match step {
            Counting::Clone(n) => {
                let clone = strong[nth(strong, n)?].clone();
                strong.push(clone);
                "cloned".into()
            }
            Counting::Drop(n) => {
                drop(strong.swap_remove(nth(strong, n)?));
                "dropped".into()
            }
            Counting::Downgrade(n) => {
                weak.push(Arc::downgrade(&strong[nth(strong, n)?]));
                "downgraded".into()
            }
            Counting::CloneWeak(n) => {
                let clone = weak[nth(weak, n)?].clone();
                weak.push(clone);
                "weak cloned".into()
            }
            Counting::DropWeak(n) => {
                drop(weak.swap_remove(nth(weak, n)?));
                "weak dropped".into()
            }
            Counting::Upgrade(n) => {
                let upgraded = weak[nth(weak, n)?].upgrade();
                let line = format!("upgraded to {:?}", upgraded.as_ref().map(|arc| arc.value));
                strong.extend(upgraded);
                line
            }
            Counting::StrongCount(n) => {
                format!("{} strong", Arc::strong_count(&strong[nth(strong, n)?]))
            }
            Counting::Read(n) => format!("reads {}", strong[nth(strong, n)?].value),
            Counting::GetMut(n, by) => {
                let n = nth(strong, n)?;
                let changed = Arc::get_mut(&mut strong[n]).map(|counted| counted.add(by));
                format!("changed to {changed:?}")
            }
            Counting::TryUnwrap(n) => match Arc::try_unwrap(strong.swap_remove(nth(strong, n)?)) {
                Ok(counted) => format!("unwrapped {}", counted.value),
                Err(arc) => {
                    let line = format!("still shared: {}", arc.value);
                    strong.push(arc);
                    line
                }
            },
            Counting::PtrEq(left, right) => {
                let (left, right) = (&strong[nth(strong, left)?], &strong[nth(strong, right)?]);
                format!("the same: {}", Arc::ptr_eq(left, right))
            }
            Counting::NewCyclic(_) => unreachable!("it needs no reference"),
        })
    }
}
