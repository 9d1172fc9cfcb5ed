//! Random streams keyed by (seed, path, purpose, name).

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

use super::{exponential, normal, ziggurat};

/// What a stream is for: 256 bits hashed from a purpose ("prices", "casino") and a name (an
/// agent, a market). Made once, opened for every path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamKey {
    words: [u64; 4],
}

impl StreamKey {
    /// SHA-256 of the two strings, each after its length in bytes as a little-endian `u64`, read
    /// as four little-endian words. The lengths keep ("ab", "c") and ("a", "bc") apart.
    pub fn new(purpose: &str, name: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [purpose, name] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut words = [0; 4];
        for (word, bytes) in words.iter_mut().zip(digest.chunks_exact(8)) {
            for (shift, byte) in bytes.iter().enumerate() {
                *word |= u64::from(*byte) << (8 * shift);
            }
        }
        Self { words }
    }

    /// The stream of one path under one seed.
    ///
    /// Seed and path are XORed into the key's first two words, then eight rounds, each of which
    /// passes one word, its predecessor added, through SplitMix64's finaliser. Every round is a
    /// bijection, so under one key distinct (seed, path) give distinct states; between keys a
    /// collision is one of SHA-256.
    #[inline]
    pub fn open(&self, seed: u64, path: u64) -> Stream {
        let mut state = self.words;
        state[0] ^= seed;
        state[1] ^= path;
        for round in 0..8_u64 {
            let (to, from) = (round as usize % 4, (round as usize + 3) % 4);
            let tweak = GOLDEN.wrapping_mul(round.wrapping_add(1));
            let sum = state[to].wrapping_add(state[from].rotate_left(32)).wrapping_add(tweak);
            state[to] = splitmix_finalise(sum);
        }
        if state == [0; 4] {
            state = [GOLDEN; 4]; // the one state from which the generator never leaves
        }
        let mut bytes = [0; 32];
        for (chunk, word) in bytes.chunks_exact_mut(8).zip(state) {
            chunk.copy_from_slice(&word.to_le_bytes());
        }
        Stream { rng: Xoshiro256PlusPlus::from_seed(bytes) }
    }
}

/// 2⁶⁴ / golden ratio, SplitMix64's increment (Steele, Lea & Flood 2014).
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// SplitMix64's output function (Stafford's variant 13): a bijection in which every input bit
/// reaches every output bit.
#[inline]
fn splitmix_finalise(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Draws from one Xoshiro256++ sequence (Blackman & Vigna 2021).
#[derive(Debug, Clone)]
pub struct Stream {
    rng: Xoshiro256PlusPlus,
}

impl Stream {
    /// 64 uniform bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// Uniform in [0, 1), steps of 2⁻⁵³.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        ziggurat::uniform(&mut self.rng)
    }

    /// Uniform in (0, 1): never 0 or 1, symmetric about one half, steps of 2⁻⁵².
    #[inline]
    pub fn uniform_open(&mut self) -> f64 {
        ziggurat::uniform_open(&mut self.rng)
    }

    /// Normal of mean 0 and variance 1. Takes one generator word, seldom more.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal::draw(normal::table(), &mut self.rng)
    }

    /// Exponential of mean 1. Takes one generator word, seldom more.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        exponential::draw(exponential::table(), &mut self.rng)
    }

    /// Fills `values` with what as many calls of [`Stream::normal`] would have returned, faster.
    #[inline]
    pub fn fill_normal(&mut self, values: &mut [f64]) {
        let table = normal::table();
        let mut rng = self.rng.clone();
        for value in values {
            *value = normal::draw(table, &mut rng);
        }
        self.rng = rng;
    }
}
