//! What the charts of prime brokerage are given.

use std::sync::atomic::AtomicBool;

use super::recalls::{needs, on_the_way};
use crate::report::charts::recalls::NeedKind;
use crate::report::loans::recalls;
use crate::report::testing::{T0, failed_recall, prime_scenario, variants};
use crate::report::{produce, terminal_report};
use crate::study::{Execution, NoProgress};
use crate::units::time::{DAY_MS, HOUR_MS};

#[test]
fn money_on_its_way_and_when_it_was_missed() {
    let events = failed_recall();
    let found = recalls(&events);
    let values: Vec<(i64, f64)> = on_the_way(&found, (T0, T0 + 4 * DAY_MS))
        .iter()
        .map(|sample| ((sample.time_ms - T0) / HOUR_MS, sample.value))
        .collect();
    // .8 ETH at 2,840 from the request at 24 h to the buy-in at 48 h.
    assert_eq!(values, [(0, 0.0), (24, 2_272.0), (48, 0.0), (96, 0.0)]);
    let missed = needs(&found, &events);
    assert_eq!(missed.len(), 1);
    assert_eq!(missed[0].time_ms, T0 + 30 * HOUR_MS);
    assert_eq!((missed[0].on_the_way, missed[0].kind), (2_272.0, NeedKind::Liquidation));
}

#[test]
fn a_run_with_prime_brokerage_leaves_its_pictures_and_tables() {
    let names = ["utilisation.png", "wallet_use.png", "zones.png", "yield.png"];
    for prime in [true, false] {
        let mut scenario = prime_scenario();
        scenario.plan.prime = scenario.plan.prime.filter(|_| prime);
        let set = variants(&scenario);
        let home = tempfile::tempdir().unwrap();
        let out = home.path().join("out");
        let stop = AtomicBool::new(false);
        let execution = Execution { threads: 1, stop: &stop };
        let run = produce(&scenario, &set, &execution, &out, false, &mut NoProgress).unwrap();
        for name in names {
            assert_eq!(out.join(name).is_file(), prime, "{name}");
        }
        // 600 + 1,000 and, held beside, 2 ETH at 2,840.
        let start = run.findings.result.variants[0].agents[0].start_capital_usdc;
        assert_eq!(start, if prime { 7_280.0 } else { 1_600.0 });
        // There is no silo to compare with.
        assert!(!out.join("custody.png").exists());
        let text = terminal_report(&scenario, &set, &run.findings, "", &out);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.contains("The wallet: utilisation"), prime);
        assert_eq!(text.contains("net yield"), prime);
        assert_eq!(text.contains("a buy-in always fills"), prime);
        assert_eq!(text.contains("borrowing, lending, escrow"), !prime);
    }
}
