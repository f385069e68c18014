//! Each specification accepts what it says, one operation after another, and nothing else.

use casebook_linear::Spec;
use casebook_linear::specs::*;

/// The first of these operations that the specification does not explain, if any.
fn refused<S: Spec>(calls: &[(S::Operation, S::Result)]) -> Option<usize> {
    let mut state = S::default();
    calls.iter().position(|(operation, result)| !state.explains(operation, result))
}

/// Accepts the calls but for the last, and of the last one these results alone among all up to 9.
#[track_caller]
fn ends<S>(calls: &[(S::Operation, Option<u8>)], last: S::Operation, results: &[Option<u8>])
where
    S: Spec<Result = Option<u8>>,
{
    assert_eq!(refused::<S>(calls), None);
    let accepts = |result: &Option<u8>| {
        let calls = [calls, &[(last.clone(), *result)]].concat();
        refused::<S>(&calls).is_none()
    };
    let all = (0..10).map(Some).chain([None]);
    let accepted: Vec<_> = all.filter(accepts).collect();
    assert_eq!(accepted, results);
}

/// Three values are there, and none has been taken.
const PUTS: [(Hold, Option<u8>); 3] =
    [(Hold::Put(2), None), (Hold::Put(7), None), (Hold::Put(5), None)];
use Hold::{Close, Put, Rest, Steal, Take};

#[test]
fn what_holds_values() {
    ends::<Fifo>(&PUTS, Take, &[Some(2)]);
    ends::<Fifo>(&[], Take, &[None]);
    ends::<Lifo>(&PUTS, Take, &[Some(5)]);
    ends::<Lifo>(&PUTS, Steal, &[Some(2)]);
    ends::<Lifo>(&[], Take, &[None]);
    ends::<Bag>(&PUTS, Take, &[Some(2), Some(5), Some(7)]);
    ends::<Fifo>(&PUTS, Rest, &[Some(2)]);
    ends::<Lifo>(&PUTS, Rest, &[Some(5)]);
    ends::<Bag>(&PUTS, Rest, &[Some(2), Some(5), Some(7)]);
    ends::<Bag>(&[PUTS[0], (Take, Some(2))], Take, &[None]);
}

#[test]
fn what_is_full_or_empty_or_closed() {
    ends::<Fifo<false, 2>>(&PUTS[..2], Put(5), &[Some(5)]);
    ends::<Fifo<false, 2>>(&PUTS[..1], Put(5), &[None]);
    // These wait.
    ends::<Channel<2>>(&PUTS[..2], Put(5), &[]);
    ends::<Channel>(&[], Take, &[]);
    ends::<Channel>(&[PUTS[0], (Close, None)], Take, &[Some(2)]);
    ends::<Channel>(&[(Close, None)], Take, &[None]);
    ends::<Channel>(&[(Close, None)], Put(5), &[Some(5)]);
}

#[test]
fn what_leaves_some_of_it_open() {
    ends::<MayRefuse<Fifo>>(&PUTS, Take, &[Some(2), None]);
    ends::<MayRefuse<Fifo>>(&[], Put(5), &[Some(5), None]);
    // What was refused is not there.
    ends::<MayRefuse<Fifo>>(&[(Put(5), Some(5)), PUTS[0]], Take, &[Some(2), None]);
    ends::<MayRefuse<Fifo>>(&PUTS, Rest, &[Some(2)]);
    ends::<MayRefusePuts<Fifo>>(&PUTS, Take, &[Some(2)]);
    ends::<MayRefusePuts<Fifo>>(&[], Put(5), &[Some(5), None]);
    ends::<MayRefuseTakes<Fifo>>(&PUTS, Take, &[Some(2), None]);
    ends::<MayRefuseTakes<Fifo>>(&[], Put(5), &[None]);
    let producers = [(Put(0x02), None), (Put(0x13), None), (Put(0x04), None)];
    assert_eq!(refused::<PerProducer>(&[&producers[..], &[(Take, Some(0x13))]].concat()), None);
    assert_eq!(refused::<PerProducer>(&[&producers[..], &[(Take, Some(0x04))]].concat()), Some(3));
    ends::<PerProducer>(&producers, Take, &[Some(2)]);
    ends::<PerProducer>(&[], Take, &[None]);
}

#[test]
fn numbers() {
    use Number::*;
    let some = |calls: &[Number]| {
        let mut state = Cell::<3>::default();
        calls.iter().map(|call| state.apply(call).expect("none waits")).collect::<Vec<_>>()
    };
    assert_eq!(some(&[Read, Add(2), Count(1), Read]), [Some(3), Some(3), None, Some(6)]);
    assert_eq!(some(&[Max(2), Max(5), Read]), [Some(3), Some(3), Some(5)]);
    assert_eq!(some(&[Swap(1), Write(9), Read]), [Some(3), None, Some(9)]);
}

#[test]
fn maps_and_permits() {
    use Keyed::*;
    let there = [(Insert(1, 7), None), (GetOrInsert(2, 8), Some(8))];
    ends::<Map>(&there, Insert(1, 9), &[Some(7)]);
    ends::<Map>(&there, GetOrInsert(1, 9), &[Some(7)]);
    ends::<Map>(&there, Remove(2), &[Some(8)]);
    ends::<Map>(&there, Get(3), &[None]);
    ends::<Map>(&there, Len, &[Some(2)]);
    use Permit::*;
    ends::<Permits<1>>(&[], TryAcquire, &[Some(1)]);
    ends::<Permits<1>>(&[(Acquire, None)], TryAcquire, &[None]);
    ends::<Permits<1>>(&[(Acquire, None)], Acquire, &[]);
    ends::<Permits<1>>(&[(Acquire, None), (Release, None)], Acquire, &[None]);
}

/// What is handed over comes from one who gave it, and from nowhere else.
#[test]
fn what_is_handed_over() {
    assert!(Fifo::<false, 2>::hands_over(&Put(5), &Take, &Some(5)));
    assert!(!Fifo::<false, 2>::hands_over(&Put(5), &Take, &Some(6)));
    assert!(!Fifo::<false, 2>::hands_over(&Put(5), &Put(5), &Some(5)), "it was refused");
    assert!(Cell::<0>::hands_over(&Number::Write(4), &Number::Read, &Some(4)));
    assert!(!Cell::<4>::hands_over(&Number::Write(4), &Number::Read, &Some(4)));
    assert!(!Cell::<0>::hands_over(&Number::Add(4), &Number::Read, &Some(4)));
    let insert = Keyed::Insert(1, 4);
    assert!(Map::hands_over(&insert, &Keyed::Get(1), &Some(4)));
    assert!(!Map::hands_over(&insert, &Keyed::Get(2), &Some(4)));
    assert!(!Map::hands_over(&Keyed::Len, &Keyed::Get(1), &Some(4)));
    let own = Keyed::GetOrInsert(1, 4);
    assert!(!Map::hands_over(&own, &own, &Some(4)), "it may be its own");
    let took = |found| Permits::<0>::hands_over(&Permit::Release, &Permit::TryAcquire, &found);
    assert!(took(Some(1)) && !took(None));
    let first = Permits::<1>::hands_over(&Permit::Release, &Permit::Acquire, &None);
    assert!(!first, "it may be the one that was there");
}
