//! One step of a hash, and of a sequence that looks random: the finalizer of SplitMix64 (Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*,
//! OOPSLA 2014, figure 17).

/// What the generator adds in each step.
pub(super) const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A key with one more value. With 0 and the generator's state it is the generator's next number. The key is 0 or a hash itself: of two
/// small numbers one may undo what the other one does.
pub(super) fn mix(key: u64, value: u64) -> u64 {
    let mut z = (key.rotate_left(23) ^ value).wrapping_add(GAMMA);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
