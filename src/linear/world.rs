//! What runs a client: threads, and what comes before what.

/// A moment of a thread's run.
pub trait Moment: Copy + Send + Sync + 'static {
    /// This moment, in which the calling thread calls an operation; `what` says which, for who reads the execution.
    fn calls(what: impl Fn() -> String) -> Self;

    /// This moment, in which that operation returns.
    fn returns(what: impl Fn() -> String) -> Self;

    /// Whether it comes before what the calling thread has done last.
    fn is_past(&self) -> bool;
}

/// What one thread of a client tells another one by.
pub trait Flag: Send + Sync + 'static {
    /// Nothing was told yet.
    fn new() -> Self;

    /// Tells: what came before is there for who hears.
    fn tell(&self);

    /// Waits until something was told.
    fn hear(&self);
}

/// Where clients run: under a checker, or on real threads.
pub trait World: 'static {
    /// Its moments.
    type Moment: Moment;
    /// Its flags.
    type Flag: Flag;
    /// A thread to join.
    type Thread;

    /// A number below `end`: which client this execution is of.
    fn choose(end: usize) -> usize;

    /// Starts a thread.
    fn spawn(body: Box<dyn FnOnce() + Send>) -> Self::Thread;

    /// Waits for a thread's end.
    fn join(thread: Self::Thread);
}

#[cfg(feature = "rc11")]
pub use under_rc11::{Gate, Rc11};

#[cfg(feature = "rc11")]
mod under_rc11 {
    use rc11::sync::Moment;

    /// Under rc11: what comes before is what happens before.
    #[derive(Clone, Copy, Debug)]
    pub struct Rc11;

    impl super::World for Rc11 {
        type Moment = Moment;
        type Flag = Gate;
        type Thread = rc11::thread::JoinHandle<()>;

        #[track_caller]
        fn choose(end: usize) -> usize {
            rc11::choose(end)
        }

        #[track_caller]
        fn spawn(body: Box<dyn FnOnce() + Send>) -> Self::Thread {
            rc11::thread::spawn(body)
        }

        #[track_caller]
        fn join(thread: Self::Thread) {
            thread.join().expect("a panic fails the whole check");
        }
    }

    impl super::Moment for Moment {
        fn calls(what: impl Fn() -> String) -> Self {
            Moment::of_call(what())
        }

        fn returns(what: impl Fn() -> String) -> Self {
            Moment::of_return(what())
        }

        fn is_past(&self) -> bool {
            Moment::is_past(self)
        }
    }

    /// A flag that is a gate nobody is ever inside of, so that there is nothing to enter before a change is told.
    #[derive(Debug)]
    pub struct Gate(rc11::sync::Gate);

    impl super::Flag for Gate {
        #[track_caller]
        fn new() -> Self {
            Gate(rc11::sync::Gate::new(true))
        }

        #[track_caller]
        fn tell(&self) {
            self.0.leave(0, true);
        }

        #[track_caller]
        fn hear(&self) {
            self.0.enter_changed(0);
        }
    }
}
