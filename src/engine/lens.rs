//! An account as seen between two instants: everything but the marks stands still, so equity,
//! utilisation and the worst zone need only a few numbers per open position.

use super::fleet::Apart;
use crate::venue::exchange::{Capital, Exchange, MarginMode, Zone, ZoneBounds, margin};
use crate::venue::lending::Accrual;

/// What of an open position matters at every tick.
#[derive(Clone, Debug)]
struct LensLeg {
    asset: usize,
    market: usize,
    units: f64,
    entry: f64,
    collateral: f64,
    cross: bool,
    zones: ZoneBounds,
    /// Rate and deduction, where the market has one bracket.
    flat: Option<(f64, f64)>,
}

/// One account between two instants.
#[derive(Clone, Debug, Default)]
pub(super) struct Lens {
    wallet: f64,
    free: f64,
    reserved: f64,
    legs: Vec<LensLeg>,
    /// What lies beside the exchange.
    pub prime: Option<PrimeLens>,
    /// What lies apart of a coordinator's wallet.
    pub apart: Apart,
}

/// What of prime brokerage matters at every tick.
#[derive(Clone, Debug, Default)]
pub(super) struct PrimeLens {
    /// USDC in silos beside that of trading, and what of it is held.
    pub beside: f64,
    pub beside_held: f64,
    /// USDC in no wallet: under way, or locked in escrow.
    pub cash: f64,
    /// Holdings that count as capital: price and units.
    pub counted: Vec<(usize, f64)>,
    /// Holdings and posted collateral: price (`None`: USDC) and units.
    pub holdings: Vec<(Option<usize>, f64)>,
    pub loans: Vec<LensLoan>,
}

/// A claim or a debt.
#[derive(Clone, Copy, Debug)]
pub(super) struct LensLoan {
    /// 1 lent, −1 borrowed.
    pub sign: f64,
    /// Its price (`None`: USDC).
    pub asset: Option<usize>,
    pub principal: f64,
    pub accrual: Accrual,
    /// Part of the interest that is this agent's: a lender's without the broker's cut.
    pub kept: f64,
}

impl PrimeLens {
    /// Forgets what it has seen, keeping its memory.
    pub fn clear(&mut self) {
        self.counted.clear();
        self.holdings.clear();
        self.loans.clear();
    }

    /// Worth of what is not on the exchange.
    fn worth(&self, marks: &[f64], now_ms: i64) -> f64 {
        let price = |asset: Option<usize>| asset.map_or(1.0, |asset| marks[asset]);
        let mut worth = self.beside + self.cash;
        for (asset, units) in &self.holdings {
            worth += units * price(*asset);
        }
        for loan in &self.loans {
            let until_ms = now_ms.max(loan.accrual.since_ms());
            let owed = loan.principal + loan.kept * loan.accrual.owed(loan.principal, until_ms);
            worth += loan.sign * owed * price(loan.asset);
        }
        worth
    }

    /// What counts as capital beside the exchange's wallet and positions.
    fn capital(&self, marks: &[f64]) -> f64 {
        let counted = self.counted.iter().map(|(asset, units)| units * marks[*asset]);
        counted.fold(self.beside, |sum, value| sum + value)
    }
}

/// What is seen at a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sight {
    /// Everything owned less everything owed, USDC.
    pub equity: f64,
    /// Reserved over capital.
    pub utilisation: f64,
    /// The two.
    pub sums: Capital,
    /// The worst zone among the open positions; safe when none is.
    pub zone: Zone,
}

impl Lens {
    /// Takes in the account as it stands.
    pub fn focus(
        &mut self,
        exchange: &Exchange,
        account: usize,
        zones: impl Fn(usize) -> ZoneBounds,
    ) {
        let holder = &exchange.accounts()[account];
        self.wallet = exchange.ledger().balance(holder.wallet).usdc();
        self.free = exchange.free_wallet(account).usdc();
        self.reserved = exchange.capital(account).reserved;
        self.legs.clear();
        for (position, slot) in holder.positions.iter().enumerate() {
            if !slot.is_open() {
                continue;
            }
            let market = exchange.market(slot.market);
            self.legs.push(LensLeg {
                asset: market.asset,
                market: slot.market,
                units: slot.units,
                entry: slot.entry,
                collateral: exchange.collateral(account, position).usdc(),
                cross: slot.mode == MarginMode::Cross,
                zones: zones(position),
                flat: market.maintenance.single(),
            });
        }
    }

    /// What is seen at these marks, with interest as of `now_ms`.
    pub fn look(&self, exchange: &Exchange, now_ms: i64) -> Sight {
        let marks = exchange.marks();
        let mut equity = self.wallet;
        let mut zone = Zone::Safe;
        let (mut cross_equity, mut cross_maintenance) = (self.free, 0.0);
        for leg in &self.legs {
            let mark = marks[leg.asset];
            let backed = leg.collateral + margin::unrealised(leg.units, leg.entry, mark);
            equity += backed;
            let notional = leg.units.abs() * mark;
            let maintenance = match leg.flat {
                Some((rate, deduction)) => rate * notional - deduction,
                None => exchange.market(leg.market).maintenance.maintenance(notional),
            };
            if leg.cross {
                cross_equity += backed;
                cross_maintenance += maintenance;
            } else {
                zone = zone.min(leg.zones.zone(margin::health_factor(backed, maintenance)));
            }
        }
        let cross_factor = margin::health_factor(cross_equity, cross_maintenance);
        for leg in self.legs.iter().filter(|leg| leg.cross) {
            zone = zone.min(leg.zones.zone(cross_factor));
        }
        let (mut capital, mut reserved) = (equity, self.reserved);
        if let Some(prime) = &self.prime {
            capital += prime.capital(marks);
            reserved += prime.beside_held;
            equity += prime.worth(marks, now_ms);
        }
        capital += self.apart.dry_powder;
        equity += self.apart.dry_powder + self.apart.in_transit;
        let sums = Capital { equity: capital, reserved };
        Sight { equity, utilisation: sums.utilisation(), sums, zone }
    }
}
