//! A time-out does not say whether the request was carried out, so a retry has to say it is one.
//!
//! Shape: a client sends an order, waits for the receipt with a time-out, and sends the order
//! again. The server carries out what it gets: it may have carried out the first order, with the
//! receipt under way. The client cannot know. If both orders bear the same number, the server
//! carries out one of them and sends a receipt for either.
//!
//! Source: IETF RFC 9110, section 9.2.2 (what may be sent again without being asked).
//! Does not show: how long a server has to remember numbers.

use core::time::Duration;

use super::rt::sync::{Condvar, Mutex};
use super::rt::thread;

const A_MOMENT: Duration = Duration::from_micros(50);

cases! {
    /// The number tells that it is the same order.
    numbered: holds() => order([Some(1), Some(1)]);
    /// Each is an order of its own.
    sent_again: fails(Assertion) => order([None, None]);
    /// The number is made anew for the retry, and tells nothing.
    numbered_anew: fails(Assertion) => order([Some(1), Some(2)]);
}

#[derive(Default)]
struct Shop {
    carried_out: Vec<Option<u32>>,
    receipts: u32,
}

fn order([first, again]: [Option<u32>; 2]) {
    let (shop, receipt) = (Mutex::new(Shop::default()), Condvar::new());
    let (shop, receipt) = (&shop, &receipt);
    let serve = |number: Option<u32>| {
        move || {
            let mut shop = shop.lock().unwrap();
            if number.is_none() || !shop.carried_out.contains(&number) {
                shop.carried_out.push(number);
            }
            shop.receipts += 1;
            receipt.notify_one();
        }
    };
    thread::scope(|s| {
        s.spawn(serve(first));
        let none = |shop: &mut Shop| shop.receipts == 0;
        let waited = receipt.wait_timeout_while(shop.lock().unwrap(), A_MOMENT, none).unwrap();
        if waited.1.timed_out() {
            drop(waited);
            s.spawn(serve(again));
            drop(receipt.wait_while(shop.lock().unwrap(), none).unwrap());
        }
    });
    assert_eq!(shop.lock().unwrap().carried_out.len(), 1, "one order was meant");
}
