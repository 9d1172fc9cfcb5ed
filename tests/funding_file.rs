//! A funding series in percent is refused where it is named, not later under another name.

use drypowder::scenario::Scenario;

#[test]
fn rates_are_fractions() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("funding.csv"),
        "time,rate\n2026-01-01T08:00:00Z,0.0001\n2026-01-01T16:00:00Z,5\n",
    )
    .unwrap();
    let text = "name = 'f'\n[prices]\nmodel = 'gbm'\nsteps = 24\n[prices.assets]\n\
                A = { start_price = 100, volatility = 0.5 }\n[markets.M]\nasset = 'A'\n\
                funding = { file = 'funding.csv' }\n[[agent]]\nname = 'a'\nwallet = 1000\n\
                [[agent.position]]\nmarket = 'M'\nnotional = 100\ncollateral = 50\n";
    let file = folder.path().join("f.toml");
    let errors = Scenario::from_text(&file, text, &[]).unwrap_err().plain();
    assert!(errors.contains("markets.M.funding.file"), "{errors}");
    assert!(errors.contains("the rate 5 at 2026-01-01T16:00:00Z is outside [-1, 1]"), "{errors}");
    std::fs::write(
        folder.path().join("funding.csv"),
        "time,rate\n2026-01-01T08:00:00Z,0.0001\n2026-01-01T16:00:00Z,-0.003\n",
    )
    .unwrap();
    assert!(Scenario::from_text(&file, text, &[]).is_ok());
}
