//! What a search learns, and begins again with.
//!
//! It leaves out what is taken to make no difference: a round of a loop that leaves nothing behind (`waits`), threads that are alike in another
//! order (`alike`), another thread that leaves last (`sync::finalizer`). Where an execution shows that it does make one, that is noted here, the
//! search starts again, and does not leave it out any more. So no verdict comes of a search in which an execution has shown that. With
//! [`Checker::unreduced`](super::Checker::unreduced) nothing is left out.

use std::sync::{Arc, Mutex, MutexGuard};

use super::names::Names;
use super::ops::At;
use super::waits::Table;

/// What the workers of one search know.
#[derive(Default)]
pub(super) struct Learnt {
    pub loops: Arc<Table>,
    /// How threads and places are called in that.
    pub names: Names,
    told_apart: Mutex<ToldApart>,
}

/// What is told apart after all.
#[derive(Default)]
struct ToldApart {
    /// Threads that are alike, by their order.
    alike: bool,
    /// Who leaves last, of places that were made there.
    places: Vec<At>,
}

impl Learnt {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        let ToldApart { alike, ref places } = *self.lock();
        self.loops.is_empty() && !alike && places.is_empty()
    }

    /// Notes what an execution tells apart: threads that are alike, and who leaves last of places made there. Whether that is anything.
    pub fn note(&self, alike: bool, places: &mut Vec<At>) -> bool {
        let is_anything = alike || !places.is_empty();
        if is_anything {
            let mut told_apart = self.lock();
            told_apart.alike |= alike;
            told_apart.places.append(places);
        }
        is_anything
    }

    /// Whether threads that are alike are explored in every order.
    pub fn alike(&self) -> bool {
        self.lock().alike
    }

    /// Where places were made that it matters to leave last.
    pub fn places(&self) -> Vec<At> {
        self.lock().places.clone()
    }

    fn lock(&self) -> MutexGuard<'_, ToldApart> {
        self.told_apart.lock().unwrap_or_else(|e| e.into_inner())
    }
}
