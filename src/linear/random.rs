//! Random clients, for sizes of which all are too many.

use std::cell::RefCell;
use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use super::check::{Check, Checked, Verdict};
use super::client::{Client, Clients, Role, hand_offs};
use super::spec::{Object, ResultOf, Spec};

impl<O: Clone + Ord + fmt::Debug> Clients<O> {
    /// Any of these clients. It shrinks by threads and operations that are left out.
    pub fn any(&self) -> impl Strategy<Value = Client<O>> + use<'_, O> {
        let calls = vec(any::<Index>(), 1..=self.size.each);
        let threads = vec((any::<Index>(), calls), 2..=self.size.threads);
        let drawn = (threads, prop::option::of(any::<Index>()));
        drawn.prop_filter_map("it is too large, or none of these clients", |(threads, told)| {
            let mut used = vec![0; self.roles.len()];
            let thread = |(role, calls): (Index, Vec<Index>)| {
                let role = role.index(self.roles.len());
                used[role] += 1;
                let Role { operations, threads } = &self.roles[role];
                let call = |call: Index| operations[call.index(operations.len())].clone();
                (used[role] <= *threads).then(|| calls.into_iter().map(call).collect())
            };
            let threads: Vec<Vec<O>> = threads.into_iter().map(thread).collect::<Option<_>>()?;
            let all = threads.iter().map(Vec::len).sum::<usize>() + usize::from(told.is_some());
            let told = told.map(|told| {
                let hand_offs: Vec<_> = hand_offs(&threads).collect();
                hand_offs[told.index(hand_offs.len())]
            });
            self.client(threads, told).filter(|_| all <= self.size.all)
        })
    }
}

impl<O: Clone + Ord + fmt::Debug + Send + Sync + 'static> Check<O> {
    /// Checks an object for so many random clients: the same ones for the same seed. One that fails is made smaller as long as it fails.
    pub fn sample<T: Object>(&self, clients: u32, seed: u64) -> Checked<O, ResultOf<T>>
    where
        T::Spec: Spec<Operation = O>,
    {
        let config = Config { cases: clients, failure_persistence: None, ..Config::default() };
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let found = RefCell::new((0, 0, 0));
        let test = |client: Client<O>| {
            let (executions, verdict) = self.verdict::<T>(&client);
            let (ran, all, cut_off) = &mut *found.borrow_mut();
            *ran += 1;
            *all += executions;
            match verdict {
                Verdict::Broken(broken) => {
                    return Err(TestCaseError::fail(broken.client.to_string()));
                }
                Verdict::Bounded(..) => *cut_off += 1,
                Verdict::Proved | Verdict::Sampled { .. } => {}
            }
            Ok(())
        };
        let outcome = TestRunner::new_with_rng(config, rng).run(&self.clients.any(), test);
        let (clients, executions, cut_off) = found.into_inner();
        let verdict = match outcome {
            Ok(()) => Verdict::Sampled { cut_off },
            Err(TestError::Fail(_, smallest)) => self.verdict::<T>(&smallest).1,
            Err(TestError::Abort(why)) => panic!("no random client was found: {why}"),
        };
        Checked { clients, executions, verdict }
    }
}
