"""The rules of lending, escrow and margin from first principles, and their hand calculations.

Money is whole micro-USDC, other assets are whole steps of 1e-8; rates and prices are floats. Used by
prime_recompute.py; `python3 examples/prime_recompute.py --selftest` runs what stands at the end.
"""
import math

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
YEAR = 365 * DAY


def away(x):
    """Half away from zero."""
    return int(math.floor(abs(x) + 0.5)) * (1 if x >= 0 else -1)


def scale(asset):
    """Smallest units in one of an asset."""
    return 1_000_000 if asset == "USDC" else 100_000_000


# Interest

def simple_interest(principal, pieces):
    """pieces: (from ms, to ms, rate a year). Unpaid interest earns nothing; a year has 365 days."""
    return sum(principal * rate * (to - since) / YEAR for since, to, rate in pieces)


def daily_interest(principal, since, to, rate):
    """The rate is nominal: at each UTC midnight what has accrued joins the principal."""
    base, accrued, now = principal, 0.0, since
    while now < to:
        end = min(to, (now // DAY + 1) * DAY)
        accrued += base * rate * (end - now) / YEAR
        if end % DAY == 0:
            base, accrued = base + accrued, 0.0
        now = end
    return base - principal + accrued


def kinked(base, slope1, slope2, kink, u):
    """The rate of a pool of which the part u is lent."""
    if u <= kink:
        return base + slope1 * u / kink
    return base + slope1 + slope2 * (u - kink) / (1 - kink)


def deadline(asked, notice):
    """When a loan that was asked back is due."""
    return asked + notice


# Escrow

def fee_on(amount, fee):
    return away(amount * fee)


def referral_of(paid, share):
    return away(paid * share)


def nets(obligations):
    """obligations: (payer, payee, amount) → what each member owes less what it is owed."""
    owed = {}
    for payer, payee, amount in obligations:
        owed[payer] = owed.get(payer, 0) + amount
        owed[payee] = owed.get(payee, 0) - amount
    return owed


def settle(obligations, fee):
    """(what each who owes net pays, what each who is owed gets, fees by payer, gross, fees saved)."""
    owed = nets(obligations)
    pays = {who: net for who, net in owed.items() if net > 0}
    gets = {who: -net for who, net in owed.items() if net < 0}
    fees = {who: fee_on(net, fee) for who, net in pays.items()}
    gross = sum(amount for _, _, amount in obligations)
    return pays, gets, fees, gross, fee_on(gross - sum(pays.values()), fee)


# Margin

def health(q, entry, mark, collateral, rate):
    """Health factor of an isolated position: (C + q·(p − p0)) / (r·|q|·p)."""
    maintenance = rate * abs(q) * mark
    return (collateral + q * (mark - entry)) / maintenance if maintenance > 0 else math.inf


def liquidation_price(q, entry, collateral, rate, level):
    """Where the health factor is `level`, if it ever is."""
    slope = q - level * rate * abs(q)
    price = (q * entry - collateral) / slope if slope else -1.0
    return price if price > 0 else None


def liquidate(q, entry, fill, mark, collateral, fee, penalty):
    """micro-USDC: (profit, fee, penalty, to the wallet, what lacks); fee first, at most what is left."""
    profit = away(q * (fill - entry) * 1e6)
    left = collateral + profit
    paid = min(away(abs(q) * fill * fee * 1e6), max(left, 0))
    fine = min(away(abs(q) * mark * penalty * 1e6), max(left - paid, 0))
    return profit, paid, fine, max(left - paid - fine, 0), max(-left, 0)


def utilisation(reserved, capital):
    return reserved / capital if capital > 0 else math.inf if reserved > 0 else 0.0


def selftest():
    """Every number is worked by hand in the line that has it."""
    def near(got, wanted, tolerance=1e-9):
        assert abs(got - wanted) <= tolerance, f"{got} instead of {wanted}"

    assert [away(x) for x in (0.5, -0.5, 1.5, 0.49, -2.5)] == [1, -1, 2, 0, -3]
    near(simple_interest(200, [(0, YEAR, 0.094)]), 18.80)            # 200·.094
    near(simple_interest(5_000, [(0, YEAR // 2, 0.02), (YEAR // 2, YEAR, 0.032)]), 130)  # 50 + 80
    near(simple_interest(1, [(7, 7 + 73 * DAY, 0.042)]), 0.0084)     # a fifth of .042
    near(daily_interest(200, 0, YEAR, 0.094), 19.709_290_238_519)    # 200·((1 + .094/365)^365 − 1)
    noon = DAY // 2                                                  # two halves: 200·(1 + .094/730)² − 200
    near(daily_interest(200, noon, noon + DAY, 0.094), 0.051_510_165_509)
    near(daily_interest(200, 0, noon, 0.094), 200 * 0.094 / 730)
    for u, rate in ((0, 0), (0.45, 0.0135), (0.9, 0.027), (0.95, 0.427), (1, 0.827)):
        near(kinked(0, 0.027, 0.80, 0.90, u), rate)                  # .027·u/.9, then + .8·(u − .9)/.1
    assert deadline(10 * DAY + 12 * HOUR, 24 * HOUR) == 11 * DAY + 12 * HOUR
    for volume, fee, part in ((10_000, 100, 15), (1_000_000, 10_000, 1_500)):  # 1 %, 15 % of that
        paid = fee_on(volume * 10**6, 0.01)
        assert (paid, referral_of(paid, 0.15)) == (fee * 10**6, part * 10**6)
    for amount, fee, part in ((49, 0, 0), (50, 1, 0), (150, 2, 0), (350, 4, 1), (1_000, 10, 2)):
        paid = fee_on(amount, 0.01)                                  # .49, .5, 1.5, 3.5, 10; .6, 1.5
        assert (paid, referral_of(paid, 0.15)) == (fee, part), amount
    twenty = [("a", "b", 12 * 10**6), ("b", "a", 10 * 10**6)] * 10   # 220 gross, 20 net
    pays, gets, fees, gross, saved = settle(twenty, 0.01)
    assert (pays, gets, fees) == ({"a": 20 * 10**6}, {"b": 20 * 10**6}, {"a": 200_000})
    assert (gross, saved) == (220 * 10**6, 2 * 10**6)                # 1 % of 200
    three = [("c", "a", 80), ("a", "b", 100)]                        # a owes 20, c 80, b is owed 100
    assert settle(three, 0)[:2] == ({"c": 80, "a": 20}, {"b": 100})
    assert settle([("a", "b", 40), ("b", "a", 40)], 0.01)[:2] == ({}, {})
    near(health(30, 100, 88, 1_000, 0.15), 640 / 396)                # 1,000 − 360 over .15·2,640
    near(health(-30, 100, 110, 1_000, 0.15), 700 / 495)
    near(liquidation_price(30, 100, 1_000, 0.15, 1.05), 2_000 / 25.275)
    near(liquidation_price(-30, 100, 1_000, 0.15, 1.05), 4_000 / 34.725)
    assert liquidation_price(30, 100, 3_000, 0.15, 1.05) is None     # fully paid for
    usdc = lambda *values: tuple(away(value * 1e6) for value in values)
    # 30 from 100 closed at 79 with 1,000: −630, fee 2.37, penalty 23.70, 343.93 left.
    assert liquidate(30, 100, 79, 79, 10**9, 0.001, 0.01) == usdc(-630, 2.37, 23.7, 343.93, 0)
    # At 66.8 of it 4 are left: 2.004 of fee, 1.996 of a penalty of 20.04.
    assert liquidate(30, 100, 66.8, 66.8, 10**9, 0.001, 0.01) == usdc(-996, 2.004, 1.996, 0, 0)
    assert liquidate(30, 100, 60, 60, 11 * 10**8, 0.001, 0.01) == usdc(-1_200, 0, 0, 0, 100)
    near(utilisation(65, 100), 0.65)
    assert utilisation(1, 0) == math.inf and utilisation(0, -1) == 0.0
    print("selftest: every number is as worked by hand")
