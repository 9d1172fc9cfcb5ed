//! Shocks: from what is written to what prices and plan do.

mod names;
mod preset;
mod rare;
mod stress;
mod words;

pub(super) use stress::stress;

use self::names::{assets, markets, pools};
use self::words::{each, over};
use super::correlation::correlation;
use crate::engine::{Plan, VenuePart, VenueShock, VenueShockKind};
use crate::fields::{Duration, Faults, Places, Spot};
use crate::prices::{Onset, Shock, ShockKind, ShockPart};
use crate::scenario::NamedShock;
use crate::scenario::format::{CorrelationTarget, DepegForm, Root, ShockForm, ShockTime};

/// What shocks are built on.
pub(super) struct Scene<'a> {
    pub root: &'a Root,
    /// Names of the assets.
    pub assets: Vec<&'a str>,
    /// The plan without shocks, where it could be built.
    pub plan: Option<&'a Plan>,
    /// Length of the run, ms, where it is known.
    pub run_ms: Option<f64>,
    /// When shocks begin that do not say, where that is given.
    pub after: Option<Duration>,
}

/// A shock in the making.
struct Draft<'a> {
    name: &'a str,
    after_ms: Option<i64>,
    prices: Vec<ShockPart>,
    venue: Vec<VenuePart>,
    words: String,
}

impl Draft<'_> {
    fn price(&mut self, from_ms: i64, over_ms: i64, kind: ShockKind) {
        self.prices.push(ShockPart { from_ms, over_ms, kind });
    }

    fn venue(&mut self, from_ms: i64, for_ms: i64, kind: VenueShockKind) {
        self.venue.push(VenuePart { from_ms, for_ms, kind });
    }

    /// From its beginning to the end of its last part, ms.
    fn length_ms(&self) -> i64 {
        let prices = self.prices.iter().map(|part| part.from_ms.saturating_add(part.over_ms));
        let venue = self.venue.iter().map(|part| part.from_ms.saturating_add(part.for_ms));
        prices.chain(venue).max().unwrap_or(0)
    }
}

impl Scene<'_> {
    /// The shock of a form; faults are reported.
    pub fn shock(&self, name: &str, form: &ShockForm, faults: &mut Faults) -> Option<NamedShock> {
        let before = faults.errors();
        let (prices, venue) = (Vec::new(), Vec::new());
        let mut draft = Draft { name, after_ms: None, prices, venue, words: String::new() };
        let spot = match form {
            ShockForm::None(_) => {
                "nothing".clone_into(&mut draft.words);
                None
            }
            ShockForm::Preset(preset) => {
                let after = preset.after.or(self.after);
                draft.after_ms = after.map(|after| after.ms);
                self.preset(&mut draft, preset, faults);
                Some((preset.at.section().clone(), preset.at.sound(&["after"])))
            }
            timed => {
                let time = self.timed(&mut draft, timed, faults)?;
                Some((time.at.of("over"), time.at.sound(&["after", "over"])))
            }
        };
        let length_ms = draft.length_ms();
        if let Some((spot, true)) = spot {
            self.check_time(&draft, length_ms, &spot, faults);
        }
        (faults.errors() == before).then(|| self.finish(draft, length_ms))
    }

    /// Prices and venue begin their parts at one instant.
    fn finish(&self, draft: Draft<'_>, length_ms: i64) -> NamedShock {
        let onset = Onset { name: draft.name.to_owned(), after_ms: draft.after_ms, length_ms };
        let clock = self.root.prices.clock();
        let prices =
            (!draft.prices.is_empty()).then(|| Shock { onset: onset.clone(), parts: draft.prices });
        let venue = (!draft.venue.is_empty()).then(|| VenueShock {
            onset,
            step_ms: clock.map_or(1, |clock| clock.step.ms),
            // Bounded far below the limit of its type.
            steps: clock.and_then(|clock| clock.steps).unwrap_or(0) as usize,
            in_pairs: self.root.prices.antithetic().is_some(),
            parts: draft.venue,
        });
        let begins = match draft.after_ms {
            _ if prices.is_none() && venue.is_none() => String::new(),
            Some(ms) => format!("; from {} on", Duration { ms }),
            None => "; from an instant on that is drawn for each path".to_owned(),
        };
        let words = format!("{}{begins}", draft.words);
        NamedShock { name: draft.name.to_owned(), words, prices, venue }
    }

    fn check_time(&self, draft: &Draft<'_>, length_ms: i64, spot: &Spot, faults: &mut Faults) {
        let name = draft.name;
        if self.root.prices.clock().is_none() && draft.after_ms.is_none() {
            let message = format!("the shock {name} does not say when it begins");
            let help = "a history has one path to draw on: give after, e.g. after = \"12h\"";
            faults.error(spot, message, help);
        }
        let ends_ms = draft.after_ms.unwrap_or(0).saturating_add(length_ms);
        let clock_sound = (self.root.prices.clock())
            .is_none_or(|clock| clock.at.sound(&["step", "steps", "duration"]));
        if clock_sound && self.run_ms.is_some_and(|run_ms| ends_ms as f64 > run_ms) {
            let end = Duration { ms: ends_ms };
            let message = format!("the shock {name} ends {end} after the start: the run is over");
            let help = "begin earlier, make it shorter, or the run longer";
            faults.error(spot, message, help);
        }
    }

    /// The kinds that say how long they take.
    fn timed<'a>(
        &self,
        draft: &mut Draft<'_>,
        form: &'a ShockForm,
        faults: &mut Faults,
    ) -> Option<&'a ShockTime> {
        let time = match form {
            ShockForm::Crash(form) => {
                let sizes = assets(self, form.size, form.by_asset.as_ref(), &form.at, faults);
                // 1 − size is the part of the price that is left.
                let logs = sizes.iter().map(|size| libm::log1p(-size.0)).collect();
                draft.price(0, form.time.over.ms, ShockKind::Crash(logs));
                draft.words = format!("prices {}", each(&self.assets, &sizes, words::fall));
                &form.time
            }
            ShockForm::Volatility(form) => {
                let factors = assets(self, form.factor, form.by_asset.as_ref(), &form.at, faults);
                self.of_model("volatility", &form.at, faults);
                draft.words = format!("volatility {}", each(&self.assets, &factors, words::times));
                draft.price(0, form.time.over.ms, ShockKind::Volatility(factors));
                &form.time
            }
            ShockForm::Correlation(form) => {
                if !self.of_model("correlation", &form.at, faults) {
                    return None;
                }
                let matrix = self.matrix(&form.to, &form.at, faults)?;
                draft.words = match form.to {
                    CorrelationTarget::All(value) => format!("correlations to {value}"),
                    CorrelationTarget::Each(_) => "correlations to those given".to_owned(),
                };
                draft.price(0, form.time.over.ms, ShockKind::Correlation(matrix));
                &form.time
            }
            ShockForm::Depeg(form) => self.depeg(draft, form, faults)?,
            venue => self.venue(draft, venue, faults)?,
        };
        draft.words += &over(time.over.ms);
        draft.after_ms = time.after.or(self.after).map(|after| after.ms);
        Some(time)
    }

    fn depeg<'a>(
        &self,
        draft: &mut Draft<'_>,
        form: &'a DepegForm,
        faults: &mut Faults,
    ) -> Option<&'a ShockTime> {
        let asset = form.asset.0.as_str();
        if asset == "USDC" {
            let message = "USDC is the money of the run: prices and balances are in it";
            let help = "its depeg lifts all prices in USDC: write a crash with a size below 0";
            faults.error(&form.at.of("asset"), message, help);
            return None;
        }
        let place = names::index(asset, &self.assets, &form.at.of("asset"), faults)?;
        let log = libm::log1p(-form.size.0);
        let lone = |log: f64| {
            let mut logs = vec![0.0; self.assets.len()];
            logs[place] = log;
            ShockKind::Crash(logs)
        };
        let (fall_ms, stay_ms) = (form.time.over.ms, form.stay.ms);
        let back_ms = form.back.map_or(fall_ms, |back| back.ms);
        draft.price(0, fall_ms, lone(log));
        draft.price(fall_ms.saturating_add(stay_ms), back_ms, lone(-log));
        draft.words = format!(
            "{asset} loses {} of its peg, stays there for {} and returns within {}",
            words::percent(form.size.0),
            form.stay,
            Duration { ms: back_ms }
        );
        Some(&form.time)
    }

    /// The kinds that the venue feels.
    fn venue<'a>(
        &self,
        draft: &mut Draft<'_>,
        form: &'a ShockForm,
        faults: &mut Faults,
    ) -> Option<&'a ShockTime> {
        match form {
            ShockForm::Liquidity(form) => {
                let factors = assets(self, form.factor, form.by_asset.as_ref(), &form.at, faults);
                if self.plan.is_some_and(|plan| !names::slips(plan)) {
                    let message = "all fills are at the last price: thin books change nothing";
                    faults.warn(form.at.section(), message, "give markets a slippage");
                }
                draft.words = format!("depth {}", each(&self.assets, &factors, words::divided));
                draft.venue(0, form.time.over.ms, VenueShockKind::Liquidity(factors));
                Some(&form.time)
            }
            ShockForm::Funding(form) => {
                let own = form.by_market.as_ref();
                let (known, rates) = markets(self, form.rate, own, &form.at, faults);
                names::check_funding(self, &rates, &form.at, faults);
                draft.words = format!("funding {} a payment", each(&known, &rates, words::added));
                let rates = rates.iter().map(|rate| rate.0).collect();
                draft.venue(0, form.time.over.ms, VenueShockKind::Funding(rates));
                Some(&form.time)
            }
            ShockForm::BorrowRate(form) => {
                names::check_lending(self, "borrow_rate", form.at.section(), faults);
                let own = form.by_asset.as_ref();
                let (known, rates) = pools(self, form.rate, own, &form.at, faults);
                draft.words = format!("borrow rates {} a year", each(&known, &rates, words::added));
                let rates = rates.iter().map(|rate| rate.0).collect();
                draft.venue(0, form.time.over.ms, VenueShockKind::BorrowRate(rates));
                Some(&form.time)
            }
            ShockForm::RecallFailure(form) => {
                names::check_lending(self, "recall_failure", form.at.section(), faults);
                let probability = form.probability.0;
                draft.words =
                    format!("recalls that fall due fail with {}", words::percent(probability));
                let kind = VenueShockKind::RecallFailure(probability);
                draft.venue(0, form.time.over.ms, kind);
                Some(&form.time)
            }
            // All others are handled where this is called.
            _ => None,
        }
    }

    /// Whether prices have what only a model has.
    fn of_model(&self, what: &str, at: &Places, faults: &mut Faults) -> bool {
        let prices = &self.root.prices;
        let has = prices.has_correlations() || (what == "volatility" && prices.clock().is_some());
        if !has {
            let message = format!("these prices have no {what} of their own to change");
            let help = match prices.clock() {
                Some(_) => "write it into the model's own tables",
                None => "what happened has happened: lay a crash over it, or draw from a model",
            };
            faults.error(at.section(), message, help);
        }
        has
    }

    fn matrix(&self, to: &CorrelationTarget, at: &Places, faults: &mut Faults) -> Option<Vec<f64>> {
        let n = self.assets.len();
        if n == 1 {
            let message = "one asset has no correlations";
            faults.error(at.section(), message, "leave the shock out");
            return None;
        }
        let spot = at.of("to");
        match to {
            CorrelationTarget::Each(each) => {
                let sound = self.root.prices.at().sound(&["assets"]) && at.sound(&["to"]);
                correlation(
                    &self.assets,
                    Some(each),
                    &spot,
                    sound,
                    self.root.prices.repair(),
                    faults,
                )
            }
            CorrelationTarget::All(value) => {
                let least = -1.0 / (n as f64 - 1.0);
                if *value < least {
                    let message = format!("{n} assets cannot all have a correlation of {value}");
                    faults.error(&spot, message, format!("give {least:.4} or more"));
                    return None;
                }
                Some(all_pairs(n, *value))
            }
        }
    }
}

/// The matrix with one correlation for all pairs.
fn all_pairs(n: usize, value: f64) -> Vec<f64> {
    (0..n * n).map(|at| if at.is_multiple_of(n + 1) { 1.0 } else { value }).collect()
}
