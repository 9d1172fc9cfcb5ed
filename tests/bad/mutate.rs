//! Texts that nobody meant: scenarios with lines, words and bytes moved about.

/// Draws one mutated text after another, the same for the same seed.
pub struct Mutator(u64);

const WORDS: &[&str] = &[
    "0",
    "-1",
    "1e308",
    "nan",
    "inf",
    "\"\"",
    "\"5 minutes\"",
    "[]",
    "{}",
    "true",
    "1970-01-01",
    "\"15 %\"",
    "\"500 USDC\"",
    "99999999999999999999",
    "[[1, 2], [3]]",
    "\"cross\"",
    "\"history\"",
    "{ kind = \"partial\" }",
    "0x7fffffffffffffff",
    "\"µ✓\u{202e}\"",
    "'''\n'''",
    "2199-12-31T23:59:59Z",
    "\"73000d\"",
    "1e12",
    "1e-9",
];

impl Mutator {
    /// A mutator with a seed of its own.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    /// One of `texts`, mutated; as it is in one case of ten.
    pub fn next(&mut self, texts: &[&str]) -> String {
        let mut text = texts[self.below(texts.len())].to_owned();
        if self.below(10) == 0 {
            return text;
        }
        for _ in 0..=self.below(4) {
            text = self.step(&text);
        }
        text
    }

    fn step(&mut self, text: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (one, other) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(7) {
            _ if lines.is_empty() => return "[".to_owned(),
            0 => drop(lines.remove(one)),
            1 => lines.swap(one, other),
            2 => lines.insert(one, lines[other].clone()),
            3 | 4 => {
                let word = WORDS[self.below(WORDS.len())];
                let key = lines[one].split('=').next().unwrap_or_default().to_owned();
                lines[one] = format!("{key}= {word}");
            }
            5 => {
                let at = self.below(lines[one].chars().count() + 1);
                let byte = char::from_u32(self.below(0x2500) as u32).unwrap_or('"');
                lines[one] = lines[one].chars().take(at).chain([byte]).collect();
            }
            _ => {
                let key = lines[other].split('=').next().unwrap_or_default().to_owned();
                let value = lines[one].split('=').nth(1).unwrap_or_default().to_owned();
                lines[other] = format!("{key}={value}");
            }
        }
        lines.join("\n")
    }
}
