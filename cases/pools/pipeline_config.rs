//! A pipeline stage must read its configuration once per item, and hold no guard while it sends.
//!
//! Shape: a stage scales items by a configuration of two fields that another thread replaces under
//! a `RwLock`. Reading the fields under two guards mixes two configurations. Keeping the guard
//! while sending into a full channel stops everything, if the consumer wants to change the
//! configuration before it receives.
//!
//! Source: Lu, Park, Seo and Zhou, ASPLOS 2008, section 3; Rust std, `RwLock`.
//! Does not show: a configuration that many stages must change at one moment.

use super::rt::crossbeam::channel;
use super::rt::sync::RwLock;
use super::rt::thread;

cases! {
    /// One guard, one configuration.
    read_once: holds() => scale(|config| *config.read().unwrap());
    /// Half of one configuration, half of the next.
    read_twice: fails(Assertion) => scale(|config| {
        let factor = config.read().unwrap().factor;
        let divisor = config.read().unwrap().divisor;
        Config { factor, divisor }
    });
    /// The guard is gone before the item is sent.
    copied_before_send: holds() => feed_back(|config, items| {
        let factor = config.read().unwrap().factor;
        items.send(factor).unwrap();
    });
    /// The stage waits for the consumer, and the consumer for the stage's guard.
    guard_held_in_send: fails(Deadlock) => feed_back(|config, items| {
        let config = config.read().unwrap();
        items.send(config.factor).unwrap();
    });
}

#[derive(Clone, Copy)]
struct Config {
    factor: u32,
    divisor: u32,
}

fn scale(read: fn(&RwLock<Config>) -> Config) {
    let config = RwLock::new(Config { factor: 2, divisor: 2 });
    thread::scope(|s| {
        s.spawn(|| {
            let Config { factor, divisor } = read(&config);
            assert_eq!(7 * factor / divisor, 7, "half of each configuration");
        });
        s.spawn(|| *config.write().unwrap() = Config { factor: 3, divisor: 3 });
    });
}

fn feed_back(produce: fn(&RwLock<Config>, &channel::Sender<u32>)) {
    let config = RwLock::new(Config { factor: 2, divisor: 2 });
    let (items, received) = channel::bounded(0);
    thread::scope(|s| {
        s.spawn(|| produce(&config, &items));
        s.spawn(|| {
            config.write().unwrap().factor = 3;
            let item = received.recv().unwrap();
            assert!(item == 2 || item == 3);
        });
    });
}
