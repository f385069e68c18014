//! `Box`, owned and as a raw pointer, and plain data in an `UnsafeCell`.

use std::cell::Cell;

use super::rt::boxed::Box;
use super::rt::cell::UnsafeCell;
use super::{Counted, Story, nth};
use crate::conformance::programs::Owning;

struct Boxes<'a> {
    owned: Vec<Box<Counted<'a>>>,
    raw: Vec<*mut Counted<'a>>,
    drops: &'a Cell<u32>,
}

pub fn run(steps: &Vec<Owning>) -> Story {
    let drops = Cell::new(0);
    let mut boxes = Boxes { owned: Vec::new(), raw: Vec::new(), drops: &drops };
    let mut story = Story::new();
    for step in steps {
        let line = boxes.step(*step).unwrap_or_else(|| "nothing there".into());
        story.push(format!("{line}; {} dropped", drops.get()));
    }
    while boxes.step(Owning::FromRaw(0)).is_some() {}
    drop(boxes);
    story.push(format!("at the end {} dropped", drops.get()));
    story
}

impl Boxes<'_> {
    /// One step; `None` if what it acts on is not there.
    fn step(&mut self, step: Owning) -> Option<String> {
        let Boxes { owned, raw, drops } = self;
        Some(match step {
            Owning::New(value) => {
                owned.push(Box::new(Counted::new(value, drops)));
                "boxed".into()
            }
            Owning::Read(n) => format!("reads {}", owned[nth(owned, n)?].value),
            Owning::Add(n, by) => {
                let n = nth(owned, n)?;
                format!("changed to {}", owned[n].add(by))
            }
            Owning::IntoRaw(n) => {
                raw.push(Box::into_raw(owned.swap_remove(nth(owned, n)?)));
                "given up".into()
            }
            Owning::FromRaw(n) => {
                let pointer = raw.swap_remove(nth(raw, n)?);
                // SAFETY: it comes from `into_raw`, and its only copy has just left `raw`.
                owned.push(unsafe { Box::from_raw(pointer) });
                "taken back".into()
            }
            Owning::IntoInner(n) => {
                let counted = Box::into_inner(owned.swap_remove(nth(owned, n)?));
                format!("moved {} out", counted.value)
            }
            Owning::Drop(n) => {
                drop(owned.swap_remove(nth(owned, n)?));
                "dropped".into()
            }
        })
    }
}

/// Adds numbers to plain data.
pub fn cell((first, steps): &(i8, Vec<i8>)) -> Story {
    let cell = UnsafeCell::new(*first);
    let mut story = Story::new();
    for by in steps {
        // SAFETY: one thread, and the pointers do not leave the closures.
        cell.with_mut(|data| unsafe { *data = (*data).wrapping_add(*by) });
        // SAFETY: as above.
        story.push(cell.with(|data| unsafe { *data }).to_string());
    }
    story.push(format!("at the end {}", cell.into_inner()));
    story
}
