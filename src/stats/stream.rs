//! Random streams keyed by (seed, path, purpose, name).

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

use super::{exponential, gamma, normal, ziggurat};

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
        self.open_at(seed, path, 0, 0)
    }

    /// The stream of a place on a branch of a path: as [`StreamKey::open`], with place and branch
    /// XORed into the other two words, so that under one key distinct (seed, path, place, branch)
    /// give distinct states. Place 0 of branch 0 is the path's own stream.
    #[inline]
    pub fn open_at(&self, seed: u64, path: u64, place: u64, branch: u64) -> Stream {
        let mut state = self.words;
        state[0] ^= seed;
        state[1] ^= path;
        state[2] ^= place;
        state[3] ^= branch;
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

    /// Gamma of this shape and scale 1; NaN unless the shape is a positive number. Takes a normal
    /// and a uniform, seldom more.
    #[inline]
    pub fn gamma(&mut self, shape: f64) -> f64 {
        gamma::draw(shape, self)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// First three words, recomputed outside Rust from the descriptions above and Blackman &
    /// Vigna's C source. In Python, with M = 2**64 - 1 and rotl its usual self:
    ///
    /// ```text
    /// h = sha256(b"".join(pack("<Q", len(s)) + s for s in (purpose, name))).digest()
    /// s = list(unpack("<4Q", h)); s[0] ^= seed; s[1] ^= path
    /// for r in range(8):
    ///     z = (s[r % 4] + rotl(s[(r + 3) % 4], 32) + 0x9e3779b97f4a7c15 * (r + 1)) & M
    ///     z = ((z ^ z >> 30) * 0xbf58476d1ce4e5b9) & M
    ///     z = ((z ^ z >> 27) * 0x94d049bb133111eb) & M; s[r % 4] = z ^ z >> 31
    /// def word():
    ///     w = (rotl((s[0] + s[3]) & M, 23) + s[0]) & M; t = (s[1] << 17) & M
    ///     s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t
    ///     s[3] = rotl(s[3], 45); return w
    /// ```
    #[test]
    fn first_words_are_pinned() {
        let table = [
            ("prices", "BTC", 1, 0, [0xb5c1f1b79ac03d8f, 0x9df327b18703bdda, 0xae30ba2459780ffc]),
            ("prices", "BTC", 1, 1, [0xf46f0888f7a3de01, 0xfff9b09b75f94301, 0x479d2604d57dc193]),
            ("prices", "BTC", 2, 0, [0x11207ba47768933f, 0x8ad762c74b3d6193, 0x81380b66c52fe00e]),
            ("prices", "ETH", 1, 0, [0x670c4c4b2396e6ec, 0xfb1c210df9783aa7, 0xba745f3b63035625]),
            ("", "", 0, 0, [0x04ddbfb26c8631fb, 0x32e70736d87f52f4, 0xa367d6dc7abdc3f2]),
            (
                "casino",
                "a",
                u64::MAX,
                u64::MAX,
                [0x883e976ff20b0caf, 0xdbaaf096fff90d6c, 0x515f602368f80dfa],
            ),
        ];
        for (purpose, name, seed, path, expected) in table {
            let mut stream = StreamKey::new(purpose, name).open(seed, path);
            assert_eq!(expected.map(|_| stream.next_u64()), expected, "{purpose} {name} {path}");
        }
    }

    /// Six draws of ("prices", "BTC", 1, 0): sign · fraction · edge[layer] by the same words in
    /// Python, with edges from mpmath at 30 digits. All six end on the fast path.
    #[test]
    fn first_draws_are_pinned() {
        let normals = [
            -1.0184909469291512,
            -0.5445704148277355,
            -0.2552441899546341,
            0.03444939626403272,
            -0.06610708141296193,
            -0.5126647158415122,
        ];
        let exponentials = [
            1.057146051307839,
            0.41047589540956153,
            0.11235795612348104,
            0.0264757518504988,
            0.05351952075055027,
            0.3612834904564605,
        ];
        let mut one = StreamKey::new("prices", "BTC").open(1, 0);
        let mut other = one.clone();
        for (normal, exponential) in normals.into_iter().zip(exponentials) {
            // The edges come from a recursion of up to 255 roundings.
            assert!((one.normal() / normal - 1.0_f64).abs() < 1e-13);
            assert!((other.exponential() / exponential - 1.0_f64).abs() < 1e-13);
        }
    }

    /// Place and branch are words of their own, and 0 of both is the path itself.
    #[test]
    fn places_and_branches_have_streams_of_their_own() {
        let key = StreamKey::new("prices", "BTC");
        assert_eq!(key.open_at(1, 0, 0, 0).next_u64(), 0xb5c1f1b79ac03d8f);
        let places = (0..8).flat_map(|place| (0..8).map(move |branch| (place, branch)));
        let mut first: Vec<u64> =
            places.map(|(place, branch)| key.open_at(1, 0, place, branch).next_u64()).collect();
        first.sort_unstable();
        first.dedup();
        assert_eq!(first.len(), 64);
    }

    #[test]
    fn the_two_strings_do_not_run_together() {
        assert_ne!(StreamKey::new("ab", "c"), StreamKey::new("a", "bc"));
        assert_ne!(StreamKey::new("a", ""), StreamKey::new("", "a"));
    }

    #[test]
    fn uniforms_stay_inside_their_interval() {
        let mut stream = StreamKey::new("test", "uniform").open(1, 0);
        let mut sum = 0.0;
        for _ in 0..100_000 {
            let (half_open, open) = (stream.uniform(), stream.uniform_open());
            assert!((0.0..1.0).contains(&half_open) && open > 0.0 && open < 1.0);
            sum += half_open + open;
        }
        // 2e5 uniforms of variance 1/12: four standard errors of their mean are 0.0026.
        assert!((sum / 200_000.0 - 0.5).abs() < 0.0026, "{sum}");
    }

    #[test]
    fn filling_equals_single_draws() {
        let mut one = StreamKey::new("test", "fill").open(3, 4);
        let mut other = one.clone();
        let mut filled = vec![0.0; 100_000]; // some 1,200 of them by the slow path
        one.fill_normal(&mut filled);
        assert!(filled.iter().all(|value| value.to_bits() == other.normal().to_bits()));
        assert_eq!(one.next_u64(), other.next_u64());
    }

    /// One flipped bit of seed or path flips each bit of the first word with probability one half:
    /// 64 words × 64 bits, standard deviation 32; five of them allowed for 128 looks.
    #[test]
    fn every_bit_of_seed_and_path_reaches_the_stream() {
        let key = StreamKey::new("test", "avalanche");
        for bit in 0..128 {
            let (seed_flip, path_flip) =
                if bit < 64 { (1 << bit, 0) } else { (0, 1 << (bit - 64)) };
            let flipped: u32 = (0..64_u64)
                .map(|base| {
                    let before = key.open(base, base * 3).next_u64();
                    let after = key.open(base ^ seed_flip, (base * 3) ^ path_flip).next_u64();
                    (before ^ after).count_ones()
                })
                .sum();
            assert!(flipped.abs_diff(2048) < 160, "bit {bit}: {flipped} of 4096");
        }
    }
}
