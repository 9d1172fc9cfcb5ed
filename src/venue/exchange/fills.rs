//! Where orders fill: the last price, moved by slippage.

use super::spec::{Slippage, SlippageSpec};

/// Slippage takes at most this part of the price, so that a fill stays above zero.
const MOST: f64 = 0.99;

/// Fills of one instant: orders in one market, on one side, share a price.
#[derive(Clone, Debug)]
pub(in crate::venue) struct Fills {
    /// Per market: price of buys and of sells, of orders and of force-closes; NaN: none yet.
    prices: Vec<[f64; 4]>,
    /// Markets that have one.
    priced: Vec<usize>,
    /// Per market: factor by which the storm raises slippage of orders and of force-closes.
    stress: Vec<[f64; 2]>,
}

/// One order that asks for its fill price.
#[derive(Clone, Copy, Debug)]
pub(in crate::venue) struct Request<'a> {
    /// Index of the market.
    pub market: usize,
    /// Last price.
    pub last: f64,
    /// Whether it sells.
    pub sells: bool,
    /// Whether the venue forces it.
    pub forced: bool,
    /// Slippage that applies.
    pub slippage: &'a SlippageSpec,
    /// Quantity of all orders of the batch together, units.
    pub units: f64,
}

impl Fills {
    pub fn new(markets: usize) -> Self {
        let (prices, stress) = (vec![[f64::NAN; 4]; markets], vec![[1.0; 2]; markets]);
        Self { prices, priced: Vec::with_capacity(4 * markets), stress }
    }

    /// As another of the same markets is.
    pub fn return_to(&mut self, start: &Self) {
        self.prices.copy_from_slice(&start.prices);
        self.priced.clone_from(&start.priced);
        self.stress.copy_from_slice(&start.stress);
    }

    pub fn forget(&mut self) {
        for market in self.priced.drain(..) {
            self.prices[market] = [f64::NAN; 4];
        }
    }

    pub fn set_stress(&mut self, market: usize, orders: f64, forced: f64) {
        self.stress[market] = [orders, forced];
    }

    fn stress_of(&self, request: &Request<'_>) -> f64 {
        self.stress[request.market][usize::from(request.forced)]
    }

    /// The price at which an order fills; the first of the instant decides for the others.
    pub fn price(&mut self, request: &Request<'_>) -> f64 {
        let kept = &mut self.prices[request.market][place(request)];
        if kept.is_nan() {
            *kept = fill_price(request, self.stress[request.market][usize::from(request.forced)]);
            self.priced.push(request.market);
        }
        *kept
    }

    /// Whether the price of an order, or of a forced fill, is already decided.
    pub fn decided(&self, market: usize, sells: bool, forced: bool) -> bool {
        !self.prices[market][usize::from(sells) + 2 * usize::from(forced)].is_nan()
    }

    /// The price at which an order would fill, keeping nothing.
    pub fn preview(&self, request: &Request<'_>) -> f64 {
        let kept = self.prices[request.market][place(request)];
        if kept.is_nan() { fill_price(request, self.stress_of(request)) } else { kept }
    }
}

/// Where the shared price of a request's side and kind is kept.
fn place(request: &Request<'_>) -> usize {
    usize::from(request.sells) + 2 * usize::from(request.forced)
}

/// `last·(1 ± s)`: a buy pays more, a sell gets less.
fn fill_price(request: &Request<'_>, stress: f64) -> f64 {
    let slippage = request.slippage;
    let part = match slippage.form {
        Slippage::None => 0.0,
        Slippage::FixedBps { bps } => bps / 10_000.0,
        Slippage::SquareRoot { y, daily_volume_usdc } => {
            let notional = request.units.abs() * request.last;
            y * slippage.sigma_day * (notional / daily_volume_usdc).sqrt()
        }
    };
    let part = (part * stress).min(MOST);
    if request.sells { request.last * (1.0 - part) } else { request.last * (1.0 + part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(form: Slippage, sells: bool, units: f64, stress: f64) -> f64 {
        let slippage = SlippageSpec { form, sigma_day: 0.04, ..SlippageSpec::NONE };
        let request =
            Request { market: 0, last: 100.0, sells, forced: false, slippage: &slippage, units };
        fill_price(&request, stress)
    }

    #[test]
    fn forms_by_hand() {
        // Square root: 1·.04·√(10,000·100 / 1e8) = .04·.1 = .004 → 99.6.
        let square_root = Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e8 };
        let rows = [
            (Slippage::None, true, 1.0, 1.0, 100.0),
            (Slippage::FixedBps { bps: 5.0 }, true, 1.0, 1.0, 99.95),
            (Slippage::FixedBps { bps: 5.0 }, false, 1.0, 1.0, 100.05),
            (Slippage::FixedBps { bps: 5.0 }, false, 1.0, 3.0, 100.15),
            (square_root, true, 10_000.0, 1.0, 99.6),
            (square_root, true, 40_000.0, 1.0, 99.2),
            (square_root, true, 1e12, 1.0, 1.0),
        ];
        for (form, sells, units, stress, expected) in rows {
            let got = price(form, sells, units, stress);
            assert!((got - expected).abs() < 1e-9, "{form:?} {got} {expected}");
        }
    }

    #[test]
    fn orders_of_one_instant_share_a_price() {
        let slippage = SlippageSpec {
            form: Slippage::SquareRoot { y: 1.0, daily_volume_usdc: 1e8 },
            sigma_day: 0.04,
            ..SlippageSpec::NONE
        };
        let mut fills = Fills::new(1);
        let mut request = Request {
            market: 0,
            last: 100.0,
            sells: true,
            forced: false,
            slippage: &slippage,
            units: 10_000.0,
        };
        let first = fills.price(&request);
        request.units = 1.0;
        assert_eq!(fills.price(&request), first);
        fills.forget();
        assert!(fills.price(&request) > first);
    }
}
