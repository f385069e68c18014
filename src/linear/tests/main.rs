//! Objects that are what they claim, and twins that are not.

mod histories;
mod objects;
mod shapes;
mod specs;
