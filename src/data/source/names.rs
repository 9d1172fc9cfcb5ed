//! Names of members: for people, for order, and which of them are data.

use std::cmp::Ordering;
use std::path::Path;

/// How a member is called.
#[derive(Debug, Clone)]
pub(super) struct Named {
    /// Without the folders on disk.
    pub name: String,
    /// With them, as the caller gave them.
    pub origin: String,
}

impl Named {
    /// A file on disk.
    pub fn of_file(path: &Path) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self { name: printable(&name.to_string_lossy()), origin: path.display().to_string() }
    }

    /// A member of it.
    pub fn inner(&self, path: &str) -> Self {
        Self { name: format!("{}/{path}", self.name), origin: format!("{}/{path}", self.origin) }
    }
}

/// A name out of an archive, fit for a terminal: no control characters, no `./` before it.
pub(super) fn printable(name: &str) -> String {
    let name = name.trim_start_matches("./");
    name.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Whether a member is nobody's data but a file manager's or an archiver's: hidden (a name that
/// begins with a dot, such as `.DS_Store` and `._x`), in `__MACOSX` or `PaxHeader…`, `Thumbs.db`,
/// `desktop.ini`.
pub(super) fn is_metadata(path: &str) -> bool {
    path.split(['/', '\\']).any(|part| {
        let hidden = part.starts_with('.') && part != "." && part != "..";
        let added = matches!(part, "__MACOSX" | "Thumbs.db" | "desktop.ini");
        hidden || added || part.starts_with("PaxHeader")
    })
}

/// Order of names in which runs of digits count as numbers: `a-2` before `a-10`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut x, mut y) = (a.as_bytes(), b.as_bytes());
    while let (Some(&p), Some(&q)) = (x.first(), y.first()) {
        let order = if p.is_ascii_digit() && q.is_ascii_digit() {
            let (m, n) = (number(&mut x), number(&mut y));
            m.len().cmp(&n.len()).then_with(|| m.cmp(n))
        } else {
            (x, y) = (&x[1..], &y[1..]);
            p.cmp(&q)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    x.len().cmp(&y.len()).then_with(|| a.cmp(b))
}

/// Takes the digits at the front, leading zeros left out.
fn number<'a>(text: &mut &'a [u8]) -> &'a [u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    let zeros = digits.iter().take_while(|&&byte| byte == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_natural_order() {
        let sorted = ["", "a", "a-1", "a-01", "a-2", "a-10", "a-10b", "a2021-09", "a2021-10", "b"];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                // `a-1` and `a-01` are the same number: bytes decide.
                let expected =
                    if i + j == 5 && i != j && i.min(j) == 2 { j.cmp(&i) } else { i.cmp(&j) };
                assert_eq!(natural(a, b), expected, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn metadata_is_told_from_data() {
        for (path, expected) in [
            ("a/b.csv", false),
            ("./a.csv", false),
            ("../a.csv", false),
            (".DS_Store", true),
            ("a/._b.csv", true),
            ("__MACOSX/b.csv", true),
            ("PaxHeaders.12/b.csv", true),
            ("a\\Thumbs.db", true),
        ] {
            assert_eq!(is_metadata(path), expected, "{path}");
        }
    }

    #[test]
    fn names_are_fit_for_a_terminal() {
        assert_eq!(printable("./a\u{1b}[31m.csv\n"), "a\u{fffd}[31m.csv\u{fffd}");
    }
}
