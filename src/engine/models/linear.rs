//! Every client of an object as one program: `casebook_linear` over the facade.

use casebook_linear::World;

use super::{raw, thread};

pub use casebook_linear::{Client, Clients, Object, OperationOf, Ran, Role, Size, Spec, specs};

/// The facade's threads.
struct Facade;

impl World for Facade {
    type Moment = raw::Point;
    type Flag = raw::Flag;
    type Thread = thread::JoinHandle<()>;

    #[track_caller]
    fn choose(end: usize) -> usize {
        raw::choose(end)
    }

    #[track_caller]
    fn spawn(body: Box<dyn FnOnce() + Send>) -> Self::Thread {
        thread::spawn(body)
    }

    #[track_caller]
    fn join(thread: Self::Thread) {
        if let Err(panic) = thread.join() {
            std::panic::resume_unwind(panic);
        }
    }
}

/// Runs each client of the object in executions of its own, and gives how many there are. A client that waits for good in some
/// order of its operations is none.
///
/// # Panics
/// If no order of the operations explains what they returned.
#[track_caller]
pub fn linearizable<T: Object>(clients: &Clients<OperationOf<T>>) -> Ran {
    casebook_linear::linearizable::<Facade, T>(clients)
}
