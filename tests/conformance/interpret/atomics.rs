//! Every atomic and all that it can do.

use super::Story;
use super::rt::sync::atomic::*;
use crate::conformance::programs::{Access, Arithmetic, Bits};

/// A first value and the steps after it.
pub type Program = (u64, Vec<Access>);

/// Runs programs on one atomic type. `$of` makes a value from a number, `$shown` shows one.
macro_rules! interpreter {
    ($run:ident, $atomic:ty, $value:ty, $of:expr, $shown:expr, $fetch:expr) => {
        pub fn $run((first, steps): &Program) -> Story {
            let of: fn(u64) -> $value = $of;
            let shown: fn($value) -> String = $shown;
            let fetch: fn(&$atomic, Access) -> $value = $fetch;
            let both = |result: Result<$value, $value>| match result {
                Ok(value) => format!("Ok({})", shown(value)),
                Err(value) => format!("Err({})", shown(value)),
            };
            let atomic = <$atomic>::new(of(*first));
            let mut story = Story::new();
            for step in steps {
                story.push(match *step {
                    Access::Load(order) => shown(atomic.load(order)),
                    Access::Store(value, order) => {
                        atomic.store(of(value), order);
                        "stored".into()
                    }
                    Access::Swap(value, order) => shown(atomic.swap(of(value), order)),
                    Access::Exchange { weak, expects, new, orders: (success, failure) } => {
                        let expected = expects.map_or_else(|| atomic.load(failure), of);
                        let exchange = if weak {
                            <$atomic>::compare_exchange_weak
                        } else {
                            <$atomic>::compare_exchange
                        };
                        // A weak exchange may fail on hardware although the value is as expected.
                        let result = loop {
                            let result = exchange(&atomic, expected, of(new), success, failure);
                            if result != Err(expected) {
                                break result;
                            }
                        };
                        both(result)
                    }
                    Access::Update { new, orders: (set, fetch) } => {
                        both(atomic.fetch_update(set, fetch, |_| new.map(of)))
                    }
                    step => shown(fetch(&atomic, step)),
                });
            }
            story.push(format!("at the end {}", shown(atomic.into_inner())));
            story
        }
    };
}

macro_rules! bits {
    ($atomic:ident, $of:ident, $bits:ident, $value:ident, $order:ident) => {
        match $bits {
            Bits::And => $atomic.fetch_and($of($value), $order),
            Bits::Or => $atomic.fetch_or($of($value), $order),
            Bits::Xor => $atomic.fetch_xor($of($value), $order),
            Bits::Nand => $atomic.fetch_nand($of($value), $order),
        }
    };
}

macro_rules! integers {
    ($($run:ident $atomic:ty),+) => {
        $(interpreter!($run, $atomic, $run, |n| n as $run, |n| n.to_string(), |atomic, step| {
            fn of(number: u64) -> $run {
                number as $run
            }
            match step {
                Access::Bits(bits, value, order) => bits!(atomic, of, bits, value, order),
                Access::Arithmetic(Arithmetic::Add, value, order) => atomic.fetch_add(of(value), order),
                Access::Arithmetic(Arithmetic::Sub, value, order) => atomic.fetch_sub(of(value), order),
                Access::Arithmetic(Arithmetic::Max, value, order) => atomic.fetch_max(of(value), order),
                Access::Arithmetic(Arithmetic::Min, value, order) => atomic.fetch_min(of(value), order),
                step => unreachable!("{step:?} is every atomic's"),
            }
        });)+

        /// The integers, each with its name.
        pub const INTEGERS: [(&str, fn(&Program) -> Story); 10] =
            [$((stringify!($run), $run)),+];
    };
}

integers!(
    u8 AtomicU8, u16 AtomicU16, u32 AtomicU32, u64 AtomicU64, usize AtomicUsize,
    i8 AtomicI8, i16 AtomicI16, i32 AtomicI32, i64 AtomicI64, isize AtomicIsize
);

interpreter!(boolean, AtomicBool, bool, odd, |b| b.to_string(), |atomic, step| match step {
    Access::Bits(bits, value, order) => bits!(atomic, odd, bits, value, order),
    step => unreachable!("an AtomicBool cannot do {step:?}"),
});

fn odd(number: u64) -> bool {
    number % 2 == 1
}

interpreter!(pointer, AtomicPtr<u8>, *mut u8, place, named, |_, step| {
    unreachable!("an AtomicPtr cannot do {step:?}")
});

/// What the pointers point to.
static PLACES: [u8; 3] = [0; 3];

fn place(number: u64) -> *mut u8 {
    let place = PLACES.get((number % 4) as usize);
    place.map_or(std::ptr::null_mut(), |place| std::ptr::from_ref(place).cast_mut())
}

fn named(pointer: *mut u8) -> String {
    let found = PLACES.iter().position(|place| std::ptr::eq(place, pointer));
    found.map_or("null".into(), |index| format!("place {index}"))
}
