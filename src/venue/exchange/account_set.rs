//! A set of accounts, walked in their order.

/// Accounts by index. Adding, taking out and finding the next one cost the same for any number of
/// accounts up to a few hundred thousand: a bit each, and a bit for every 64 of those.
#[derive(Clone, Debug, Default)]
pub struct AccountSet {
    bits: Vec<u64>,
    /// One bit per word of `bits`: whether it has any.
    words: Vec<u64>,
    accounts: usize,
}

impl AccountSet {
    /// An empty set of accounts below `accounts`.
    pub fn new(accounts: usize) -> Self {
        let bits = vec![0; accounts.div_ceil(64)];
        let words = vec![0; bits.len().div_ceil(64)];
        Self { bits, words, accounts }
    }

    /// As another of the same accounts is.
    pub fn return_to(&mut self, start: &Self) {
        self.bits.copy_from_slice(&start.bits);
        self.words.copy_from_slice(&start.words);
    }

    /// Adds an account.
    #[inline]
    pub fn insert(&mut self, account: usize) {
        let word = account / 64;
        self.bits[word] |= 1 << (account % 64);
        self.words[word / 64] |= 1 << (word % 64);
    }

    /// Takes an account out.
    #[inline]
    pub fn remove(&mut self, account: usize) {
        let word = account / 64;
        self.bits[word] &= !(1 << (account % 64));
        if self.bits[word] == 0 {
            self.words[word / 64] &= !(1 << (word % 64));
        }
    }

    /// Adds every account.
    pub fn fill(&mut self) {
        fill_low(&mut self.bits, self.accounts);
        fill_low(&mut self.words, self.accounts.div_ceil(64));
    }

    /// Takes every account out.
    pub fn clear(&mut self) {
        for (place, words) in self.words.iter_mut().enumerate() {
            while *words != 0 {
                self.bits[place * 64 + words.trailing_zeros() as usize] = 0;
                *words &= *words - 1;
            }
        }
    }

    /// Whether it has none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|words| *words == 0)
    }

    /// The first account from `from` on.
    #[inline]
    pub fn first_from(&self, from: usize) -> Option<usize> {
        let word = from / 64;
        let rest = self.bits.get(word)? & (u64::MAX << (from % 64));
        if rest != 0 {
            return Some(word * 64 + rest.trailing_zeros() as usize);
        }
        let next = word + 1;
        let mut place = next / 64;
        let mut words = self.words.get(place)? & (u64::MAX << (next % 64));
        while words == 0 {
            place += 1;
            words = *self.words.get(place)?;
        }
        let word = place * 64 + words.trailing_zeros() as usize;
        Some(word * 64 + self.bits[word].trailing_zeros() as usize)
    }
}

/// Sets the lowest `count` bits and no other.
fn fill_low(words: &mut [u64], count: usize) {
    for (place, word) in words.iter_mut().enumerate() {
        let left = count.saturating_sub(place * 64).min(64) as u32;
        *word = u64::MAX.checked_shr(64 - left).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(set: &AccountSet) -> Vec<usize> {
        std::iter::successors(set.first_from(0), |last| set.first_from(last + 1)).collect()
    }

    /// Members that lie in one word, in neighbours, and in words of different words.
    #[test]
    fn members_come_in_order() {
        let mut set = AccountSet::new(10_000);
        assert!(set.is_empty() && set.first_from(0).is_none());
        for account in [9_999, 0, 63, 64, 4_095, 4_096, 8_000, 64] {
            set.insert(account);
        }
        assert_eq!(members(&set), [0, 63, 64, 4_095, 4_096, 8_000, 9_999]);
        for (from, first) in [(1, 63), (64, 64), (65, 4_095), (4_097, 8_000), (8_001, 9_999)] {
            assert_eq!(set.first_from(from), Some(first), "{from}");
        }
        for account in [64, 4_096, 9_999, 12] {
            set.remove(account);
        }
        assert_eq!(members(&set), [0, 63, 4_095, 8_000]);
        assert_eq!(set.first_from(8_001), None);
        set.clear();
        assert!(set.is_empty() && members(&set).is_empty());
    }

    #[test]
    fn filling_adds_those_that_there_are() {
        for accounts in [0, 1, 63, 64, 65, 4_096, 4_097] {
            let mut set = AccountSet::new(accounts);
            set.fill();
            assert_eq!(members(&set), (0..accounts).collect::<Vec<_>>());
            assert_eq!(set.is_empty(), accounts == 0);
            set.clear();
            assert!(set.is_empty());
        }
    }
}
