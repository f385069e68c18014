//! A sum in parallel needs room for the total, and an order if the addition is not associative.
//!
//! Shape: two threads each square one number and the squares are added up. Each square fits an
//! `i32` and their sum does not, on however many threads; from 46,341 on a square alone does not
//! fit. Integers give one sum in any order; floating point does not: added up as the threads come,
//! the total depends on who comes first. Added in the order of the input, it is always the same.
//!
//! Source: Goldberg, Computing Surveys 23(1), 1991 (addition is not associative); the Rust
//! Reference, section Overflow.
//! Does not show: speed; a sum this small is faster alone.

use super::rt::sync::Mutex;
use super::rt::thread;

cases! {
    /// The squares are `i32`, and so is the sum that is too small for them.
    narrow_total: fails(Assertion) => {
        let squares = square([40_000, 30_000]);
        let sum = squares.into_iter().try_fold(0_i32, i32::checked_add);
        assert!(sum.is_some(), "the sum overflows");
    };
    /// The least number whose square is too large by itself.
    narrow_square: fails(Assertion) => {
        let number = 46_341_i32;
        let square = thread::scope(|s| s.spawn(|| number.checked_mul(number)).join().unwrap());
        assert!(square.is_some(), "the square overflows");
    };
    /// Widened before it is added.
    wide_total: holds() => {
        let sum: i64 = square([40_000, 30_000]).into_iter().map(i64::from).sum();
        assert_eq!(sum, 2_500_000_000);
    };
    /// Whoever comes first decides what is rounded away.
    float_by_arrival: observes()
        .required([1.0])
        .interesting(0.0, "the small number is added to the large one first, and is rounded away")
        => add_by_arrival(1e8, [1.0, -1e8]);
    /// The scope gives the partial results back in the order of the input.
    float_in_order: observes()
        .required([0.0])
        .forbidden(1.0, "the order of addition does not depend on the schedule")
        => thread::scope(|s| {
            let parts = [1.0, -1e8].map(|part: f32| s.spawn(move || part));
            parts.into_iter().fold(1e8, |sum, part| sum + part.join().unwrap())
        });
}

fn square(numbers: [i32; 2]) -> [i32; 2] {
    thread::scope(|s| {
        numbers.map(|number| s.spawn(move || number * number)).map(|part| part.join().unwrap())
    })
}

fn add_by_arrival(start: f32, parts: [f32; 2]) -> f32 {
    let sum = Mutex::new(start);
    thread::scope(|s| {
        for part in parts {
            let sum = &sum;
            s.spawn(move || *sum.lock().unwrap() += part);
        }
    });
    sum.into_inner().unwrap()
}
