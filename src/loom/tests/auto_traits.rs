//! What loom lets a crate send to another thread, share with it or carry over a caught panic, this library does too: a
//! crate that compiles with loom compiles here.

use std::rc::Rc;

/// Whether the type implements the trait, by which of two constants of one name is found first.
macro_rules! is {
    ($type:ty: $auto:path) => {{
        #[allow(dead_code)] // where the bound holds
        trait No {
            const YES: bool = false;
        }
        impl<T: ?Sized> No for T {}
        struct Has<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code)] // where it does not
        impl<T: ?Sized + $auto> Has<T> {
            const YES: bool = true;
        }
        <Has<$type>>::YES
    }};
}

/// The traits of a type of this library and of loom's.
macro_rules! same {
    ($refused:ident: $($path:ident)::+ $(<$value:ty>)?) => {
        let ours = traits!(loom::$($path)::+ $(<$value>)?);
        let loom = traits!(original::$($path)::+ $(<$value>)?);
        if ours.iter().zip(loom).any(|(ours, loom)| loom && !ours) {
            $refused.push(format!("{}: {ours:?}, loom {loom:?}", stringify!($($path)::+ $(<$value>)?)));
        }
    };
}

/// Send, Sync, Unpin, UnwindSafe, RefUnwindSafe.
macro_rules! traits {
    ($type:ty) => {
        [
            is!($type: Send),
            is!($type: Sync),
            is!($type: Unpin),
            is!($type: std::panic::UnwindSafe),
            is!($type: std::panic::RefUnwindSafe),
        ]
    };
}

/// Each type with a value that is everything, one that is `Send` alone and one that is neither.
macro_rules! generic {
    ($refused:ident: $($($path:ident)::+),+ $(,)?) => {$(
        same!($refused: $($path)::+<u8>);
        same!($refused: $($path)::+<std::cell::Cell<u8>>);
        same!($refused: $($path)::+<Rc<u8>>);
    )+};
}

#[test]
fn what_loom_allows_is_allowed() {
    let mut refused = Vec::new();
    generic!(refused: thread::JoinHandle, sync::Arc, sync::Mutex, sync::RwLock, sync::mpsc::Sender, sync::mpsc::Receiver);
    generic!(refused: cell::UnsafeCell, cell::Cell, cell::ConstPtr, cell::MutPtr, alloc::Track, sync::atomic::AtomicPtr);
    generic!(refused: lazy_static::Lazy, thread::LocalKey);
    same!(refused: sync::Condvar);
    same!(refused: sync::Notify);
    same!(refused: sync::Barrier);
    same!(refused: sync::atomic::AtomicUsize);
    same!(refused: sync::atomic::AtomicBool);
    same!(refused: thread::Thread);
    same!(refused: thread::ThreadId);
    same!(refused: thread::Builder);
    same!(refused: future::AtomicWaker);
    generic!(refused: sync::MutexGuard, sync::RwLockReadGuard, sync::RwLockWriteGuard);
    assert!(refused.is_empty(), "\n{}", refused.join("\n"));
}
