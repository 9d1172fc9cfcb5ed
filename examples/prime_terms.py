"""What a scenario says of loans and escrow, and a loan as its events tell of it."""
import datetime

from prime_rules import DAY, away, daily_interest, kinked, simple_interest

PRIME_RATES = {"USDC": 0.094, "ETH": 0.042, "BTC": 0.028, "SOL": 0.071}
# Base, slope to the kink, slope beyond it, kink; Compound's slopes are per unit of utilisation.
CURVES = {
    "aave_v3_weth": (0.0, 0.027, 0.80, 0.90), "aave_v3_usdc": (0.0, 0.08, 0.35, 0.92),
    "aave_v3_wbtc": (0.0, 0.04, 3.0, 0.80),
    "compound_v3_usdc": (0.015, 0.035 * 0.8, 0.25 * (1 - 0.8), 0.80),
    "compound_v3_weth": (0.009945209674, 0.05171500002 * 0.9, 0.5171500339 * (1 - 0.9), 0.90),
}
UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY}


def fraction(value):
    return float(value.rstrip(" %")) / 100 if isinstance(value, str) else float(value)


def span(text):
    """"24h" in ms."""
    number = text.rstrip("msdh")
    return away(float(number) * UNITS[text[len(number):]])


def instant(text):
    """An instant of a file in ms."""
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return away(when.timestamp() * 1_000)


def amount_of(value):
    """"200 USDC", "0.12 ETH" or a number of units."""
    return float(str(value).replace("_", "").split()[0])


class Terms:
    """What the scenario says of loans and escrow; defaults are those of its manual."""

    def __init__(self, s):
        self.s = s
        escrow, lending = s.get("escrow", {}), s.get("lending", {})
        self.fee = fraction(escrow.get("fee", 0.01))
        self.share = fraction(escrow.get("referral", 0.15))
        self.lag = span(escrow.get("settlement_lag", "0s"))
        self.cut = fraction(lending.get("broker_cut", 0))
        self.pools = lending.get("pools", {})
        self.agents = {agent["name"]: agent for agent in s["agent"]}
        self.members = {name: one["members"] for name, one in s.get("agreements", {}).items()}

    def pool_rate(self, asset):
        """A pool's rate if it never moves."""
        pool = self.pools.get(asset, {})
        if "demand" in pool or "file" in pool:
            return None
        u = fraction(pool.get("utilisation", 0.8))
        if "curve" in pool:
            parts = (fraction(pool["curve"].get(key, 0)) for key in ("base", "slope1", "slope2", "kink"))
            return kinked(*parts, u)
        if pool.get("preset", "prime") in CURVES:
            return kinked(*CURVES[pool["preset"]], u)
        prime = PRIME_RATES.get(asset) if u == 0.8 else None
        return fraction(pool["rate"]) if "rate" in pool else prime

    def loan(self, agent, lends, asset, units, after):
        """Terms of the loan that an agent opened so long after the start."""
        own = self.agents[agent]
        for loan in own.get("loan", []):
            side = "lend" if lends else "borrow"
            same = abs(amount_of(loan["amount"]) - units) < 1e-9
            if (loan["side"], loan["asset"], span(loan.get("at", "0s"))) == (side, asset, after) and same:
                return loan
        policy = {**self.s.get("policy", {}), **own.get("policy", {})}
        return policy.get("utilisation", {}).get("lend", {}).get(asset) if lends else None


class Loan:
    """One loan as its events tell of it. Amounts in units of the asset."""

    def __init__(self, row, terms, start):
        self.asset, self.units, self.opened = row["asset"], row["amount"], row["ms"]
        self.since, self.asked, self.worth = row["ms"], None, 0.0
        self.last, self.ended, self.parties = (None, None), False, {}
        self.learn(row, terms, start)

    def learn(self, row, terms, start):
        """Looks for the terms at the agent that the row tells."""
        lends = row["reason"] == "as lender"
        found = terms.loan(row["agent"], lends, self.asset, self.units, row["ms"] - start)
        self.known, found = found is not None, found or {}
        rate = found.get("rate")
        fixed = rate is not None and rate not in ("fixed", "floating")
        self.rate = fraction(rate) if fixed else terms.pool_rate(self.asset)
        self.daily = found.get("compounding", "simple") == "daily"
        self.notice = span(found.get("notice", "24h"))
        self.terms = found

    def paid(self, now):
        """Interest owed at its payment, in units; the same to both sides who are told of it. None
        where the rate is not known."""
        if self.last[0] != now:
            self.last = (now, self.owed(now))
            self.since = now
        return self.last[1]

    def owed(self, now):
        if self.rate is None or not self.known:
            return None
        if self.daily:
            return daily_interest(self.units, self.since, now, self.rate)
        return simple_interest(self.units, [(self.since, now, self.rate)])
