//! What is compared: a sequential specification, and an object.

use std::fmt::Debug;
use std::hash::Hash;

/// Which operations come before which in every order that explains what they returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// An operation whose return happens before another one's call comes before it: linearizability.
    HappensBefore,
    /// Those of one thread come in its order, and what is called last comes last: sequential consistency (Lamport, IEEE Transactions on Computers
    /// C-28(9), 1979).
    ProgramOrder,
    /// Two operations come in their order if a moment in between, at which none was under way, separates them: quiescent consistency (Aspnes,
    /// Herlihy and Shavit, *Counting Networks*, JACM 41(5), 1994).
    Quiescence,
}

/// A sequential specification: the state of an object, and what operations do to it.
///
/// ```
/// use casebook_linear::Spec;
///
/// #[derive(Clone, Default, PartialEq, Eq, Hash)]
/// struct Counter(u32);
///
/// impl Spec for Counter {
///     type Operation = ();
///     type Result = u32;
///     fn apply(&mut self, _: &()) -> Option<u32> {
///         self.0 += 1;
///         Some(self.0)
///     }
/// }
/// ```
pub trait Spec: Clone + Default + Eq + Hash + 'static {
    /// An operation with its arguments.
    type Operation: Clone + Debug + Ord + Send + Sync + 'static;
    /// What it returns.
    type Result: Clone + Debug + PartialEq + Send + Sync + 'static;

    /// What an order that explains results has to agree with.
    const AGREES_WITH: Agreement = Agreement::HappensBefore;

    /// Does the operation and says what it returns; none if it waits in this state, which it then leaves as it is.
    fn apply(&mut self, operation: &Self::Operation) -> Option<Self::Result>;

    /// Does the operation if it may return this, and says whether it may. For specifications that leave open what is returned.
    fn explains(&mut self, operation: &Self::Operation, result: &Self::Result) -> bool {
        self.apply(operation).as_ref() == Some(result)
    }

    /// Whether the second operation, by what it returned, has what the first gave: then the call of the first must happen before the
    /// second returns. True only if it cannot have come from elsewhere.
    fn hands_over(
        _first: &Self::Operation,
        _second: &Self::Operation,
        _result: &Self::Result,
    ) -> bool {
        false
    }
}

/// What is called of an object.
pub type OperationOf<T> = <<T as Object>::Spec as Spec>::Operation;
/// What its operations return.
pub type ResultOf<T> = <<T as Object>::Spec as Spec>::Result;

/// A concurrent object that claims to be what a specification says. It is dropped after all operations, if all have returned.
pub trait Object: Send + Sync + Sized + 'static {
    /// What it claims to be.
    type Spec: Spec;

    /// A new object.
    fn new() -> Self;

    /// Calls an operation.
    fn call(&self, operation: &OperationOf<Self>) -> ResultOf<Self>;
}
