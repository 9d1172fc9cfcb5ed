use super::*;
use crate::fields::{Decode, Duration, Fraction, Money, Name};

/// The value of each of `count` copies of `v = …` in a table where `v` has a type.
fn copies<T: Decode>(spread: &str, count: u64) -> Result<Vec<Value>, String> {
    let mut faults = Faults::default();
    let source = faults.sources.add_file("x", format!("v = {spread}\n"));
    let mut table = Node::parse(source, &mut faults).unwrap();
    let field = crate::fields::FieldInfo {
        name: "v",
        doc: "",
        default: None,
        bounds: Bounds::ANY,
        shape: T::shape(),
    };
    let shape = Shape::Table(vec![field]);
    let names = |pattern: &str| (pattern == "m.*").then(|| vec!["A".to_owned(), "B".to_owned()]);
    let stream = "agent x".to_owned();
    let copies = Copies { stream, shape: Some((&shape, &Bounds::ANY)), count, names: &names };
    copies.check(&mut table, &mut faults);
    if faults.has_errors() {
        return Err(faults.into_diagnostics().plain());
    }
    let copy = |number| {
        let copy = copies.copy(&table, number, "x", &mut Draws::new());
        copy.child("v").unwrap().value.clone()
    };
    Ok((1..=count).map(copy).collect())
}

/// What a spread gives, or says, and what it should give.
type Row = (Result<Vec<Value>, String>, Vec<Value>);

/// Steps, turns and roundings by hand.
#[test]
fn what_does_not_depend_on_draws() {
    let text = |values: &[&str]| values.iter().map(|text| Value::from(*text)).collect::<Vec<_>>();
    let rows: [Row; 8] = [
        // 1 + 2·{0, 1/3, 2/3, 1}, to six digits.
        (
            copies::<f64>("{ steps = [1, 3] }", 4),
            [1.0, 1.66667, 2.33333, 3.0].map(Value::Float).to_vec(),
        ),
        (copies::<u64>("{ steps = [10, 1] }", 4), [10, 7, 4, 1].map(Value::Integer).to_vec()),
        // Cents, or as fine as the ends.
        (
            copies::<Money>("{ steps = [\"1 USDC\", 2] }", 4),
            text(&["1.00 USDC", "1.33 USDC", "1.67 USDC", "2.00 USDC"]),
        ),
        (
            copies::<Money>("{ steps = [\"0.001 USDC\", \"0.002 USDC\"] }", 3),
            // Half of a thousandth to even: .0015 as a binary fraction lies above.
            text(&["0.001 USDC", "0.002 USDC", "0.002 USDC"]),
        ),
        // The finer unit of the ends is the second: 30 s, 165 s, 300 s.
        (copies::<Duration>("{ steps = [\"30s\", \"5m\"] }", 3), text(&["30s", "165s", "5m"])),
        (copies::<Name>("{ cycle = [\"a\", \"b{n}\"] }", 3), text(&["a", "b2", "a"])),
        (copies::<Name>("{ cycle = \"m.*\" }", 3), text(&["A", "B", "A"])),
        (copies::<Fraction>("{ steps = [\"10 %\", 0.2] }", 1), vec![Value::Float(0.1)]),
    ];
    for (got, expected) in rows {
        assert_eq!(got, Ok(expected));
    }
}

/// 4,000 draws: the mean of U(2, 6) is 4 ± 4·(4/√12)/√4000 = .073, of log-uniform on [1, 100] the
/// median 10, so that half lie below, ± 4·.5/√4000 = 3.2 %; each of four wholes 25 % ± 2.7 %.
#[test]
fn draws_have_their_law() {
    let number = |value: &Value| match value {
        Value::Float(number) => *number,
        Value::Integer(whole) => *whole as f64,
        _ => f64::NAN,
    };
    let drawn = |spread| copies::<f64>(spread, 4_000).unwrap();
    let uniform = drawn("{ uniform = [2, 6] }");
    let mean = uniform.iter().map(number).sum::<f64>() / 4_000.0;
    assert!((mean - 4.0).abs() < 0.073, "{mean}");
    assert!(uniform.iter().map(number).all(|x| (2.0..=6.0).contains(&x)));
    let below = drawn("{ log_uniform = [1, 100] }").iter().filter(|x| number(x) < 10.0).count();
    assert!((below as f64 / 4_000.0 - 0.5).abs() < 0.032, "{below}");
    for (values, what) in [
        (copies::<u64>("{ uniform = [1, 4] }", 4_000).unwrap(), "uniform"),
        (copies::<u64>("{ pick = [1, 2, 3, 4] }", 4_000).unwrap(), "pick"),
    ] {
        for whole in 1..=4 {
            let part = values.iter().filter(|x| **x == Value::Integer(whole)).count();
            assert!((part as f64 / 4_000.0 - 0.25).abs() < 0.027, "{what} {whole}: {part}");
        }
    }
    // More copies move none.
    let more = copies::<f64>("{ uniform = [2, 6] }", 4_001).unwrap();
    assert_eq!(more[..4_000], uniform);
}

#[test]
fn what_is_no_spread_is_said() {
    let rows = [
        (
            copies::<f64>("{ uniform = [2] }", 2),
            "[2] is not two ends; write e.g. { uniform = [1, 5] }",
        ),
        (copies::<f64>("{ uniform = [2, \"x\"] }", 2), "v.uniform.1: \"x\" is not a number"),
        (copies::<f64>("{ uniform = [3, 2] }", 2), "[3, 2] starts above its end"),
        (copies::<f64>("{ log_uniform = [0, 2] }", 2), "starts at or below 0"),
        (
            copies::<Money>("{ uniform = [\"5 USD\", 9] }", 2),
            "amounts are in USDC: write \"5 USDC\"",
        ),
        (copies::<Name>("{ steps = [\"a\", \"b\"] }", 2), "between which no name lies; use cycle"),
        (copies::<Name>("{ pick = [] }", 2), "[] is nothing to choose from"),
        (copies::<Name>("{ pick = \"k.*\" }", 2), "\"k.*\" names no table"),
        (copies::<Name>("{ pick = [\"a\", \"b c\"] }", 2), "\"b c\" is not a name"),
        (copies::<f64>("{ pick = [1], steps = [1, 2] }", 2), "pick stands beside steps"),
    ];
    for (got, fragment) in rows {
        let got = got.unwrap_err();
        assert!(got.contains(fragment) && got.lines().count() == 1, "{fragment}: {got}");
    }
}
