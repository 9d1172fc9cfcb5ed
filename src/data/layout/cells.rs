//! One cell of text as a number.

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Blank,
    /// Neither blank nor a finite number.
    Odd,
}

/// Reads a number with a decimal point. Blank are an empty cell and the words that programs write
/// for one: `NULL`, `NaN`, `None`, `NA`, `N/A`, `\N`, `-`, in any case.
pub(super) fn read_cell(text: &[u8]) -> Cell {
    match text.first() {
        None => return Cell::Blank,
        Some(b'0'..=b'9' | b'+' | b'.') => {}
        Some(b'-') if text.len() > 1 => {}
        Some(_) => return if is_blank_word(text) { Cell::Blank } else { Cell::Odd },
    }
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
    number.filter(|number| number.is_finite()).map_or(Cell::Odd, Cell::Number)
}

fn is_blank_word(text: &[u8]) -> bool {
    const WORDS: [&[u8]; 9] =
        [b"null", b"nan", b"none", b"na", b"n/a", b"#n/a", b"<na>", b"\\n", b"-"];
    text.len() <= 4 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Text of a cell for a message, cut to 60 characters.
pub(super) fn shown(text: &[u8]) -> String {
    // Four bytes are the most that a character takes.
    let head = &text[..text.len().min(4 * 60)];
    String::from_utf8_lossy(head).chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_blank_or_odd() {
        let table = [
            ("1", Cell::Number(1.0)),
            ("-0.5", Cell::Number(-0.5)),
            (".25", Cell::Number(0.25)),
            ("+3", Cell::Number(3.0)),
            ("8.166856367563017e+20", Cell::Number(8.166856367563017e20)),
            ("", Cell::Blank),
            ("NULL", Cell::Blank),
            ("nan", Cell::Blank),
            ("NaN", Cell::Blank),
            ("N/A", Cell::Blank),
            ("None", Cell::Blank),
            ("-", Cell::Blank),
            ("1e999", Cell::Odd),
            ("inf", Cell::Odd),
            ("-inf", Cell::Odd),
            ("-nan", Cell::Odd),
            ("1,5", Cell::Odd),
            ("1_000", Cell::Odd),
            ("0x10", Cell::Odd),
            ("$5", Cell::Odd),
            ("5 ", Cell::Odd),
        ];
        for (text, expected) in table {
            assert_eq!(read_cell(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(read_cell(b"1\xff"), Cell::Odd);
    }
}
