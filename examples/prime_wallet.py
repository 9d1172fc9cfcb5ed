"""An agent's wallet, holds and positions as its events tell of them, for prime_recompute.py.

Money in micro-USDC. `read` gives what is reserved and the capital behind it:
R = holds + isolated collateral + initial margin at entry of cross positions,
K = wallet + isolated collateral + unrealised profit + holdings that count, less their haircut.
What events do not say makes the wallet `lost`: it is not guessed.
"""
from prime_rules import away, fee_on, scale
from prime_terms import amount_of, fraction


def micro(value):
    return away(amount_of(value) * 1e6)


class Position:
    def __init__(self, s, spec):
        market = s["markets"][spec["market"]]
        defaults = s.get("exchange", {}).get("defaults", {})
        self.asset = market["asset"]
        self.initial = fraction(market.get("initial_margin", defaults.get("initial_margin", 0.30)))
        self.fee = fraction(market.get("taker_fee", defaults.get("taker_fee", 0)))
        force = market.get("force_close", defaults.get("force_close", {"kind": "full"}))
        self.closed_whole = force.get("kind", "full") == "full"
        self.side = -1 if spec.get("side") == "short" else 1
        self.spec, self.cross = spec, spec.get("margin") == "cross"
        self.q = self.entry = self.collateral = 0

    def open(self, price):
        self.entry = price
        units = self.spec.get("quantity") or micro(self.spec["notional"]) / 1e6 / price
        self.q = self.side * away(units * 1e8) / 1e8
        self.collateral = 0 if self.cross else micro(self.spec.get("collateral", 0))


class Wallet:
    def __init__(self, terms, agent):
        self.terms, self.lost, self.slack = terms, None, 0.0
        self.money, self.held = micro(agent["wallet"]), 0
        self.positions = {p.get("name", p["market"]): Position(terms.s, p)
                          for p in agent.get("position", [])}
        self.units = {asset: away(float(units) * 1e8)
                      for asset, units in agent.get("holdings", {}).items()}
        self.haircut = {name: fraction(one["haircut"])
                        for name, one in terms.s.get("holdings", {}).items() if "haircut" in one}
        self.contracts, self.nets, self.posted = {}, {}, {}

    def read(self, path, now):
        money, reserved = float(self.money), float(self.held)
        for net in self.nets.values():
            reserved += self.backing(net)
        for one in self.positions.values():
            if one.q:
                money += one.q * (path.mark(one.asset, now) - one.entry) * 1e6
                money += one.collateral
                initial = one.initial * abs(one.q) * one.entry * 1e6
                reserved += initial if one.cross else max(one.collateral, 0)
        for asset, haircut in self.haircut.items():
            units = self.units.get(asset, 0) / 1e8
            money += units * path.mark(asset, now) * (1 - haircut) * 1e6
        return reserved, money

    def backing(self, net):
        return net + fee_on(net, self.terms.fee) if net > 0 else 0

    def add(self, asset, amount):
        """`amount` in smallest units of the asset."""
        if asset == "USDC":
            self.money += amount
        else:
            self.units[asset] = self.units.get(asset, 0) + amount

    def take(self, row, path):
        kind, subject = row["kind"], row["subject"]
        amount = away((row["amount"] or 0) * scale(row["asset"] or "USDC"))
        if subject in self.positions:
            self.position_row(row, amount, self.positions[subject])
        elif subject.startswith("loan "):
            self.loan_row(row, amount, path)
        elif subject.startswith("contract "):
            self.contract_row(row, amount)
        elif subject.startswith("agreement "):
            self.agreement_row(row, amount)
        elif kind in ("spot_sold", "spot_bought"):
            sign = 1 if kind == "spot_sold" else -1
            self.add(row["asset"], -sign * amount)
            self.money += sign * away(amount / 1e8 * row["price"] * 1e6)
            self.money -= away((row["costs"] or 0) * 1e6)
        elif kind in ("faucet_granted", "names_sold", "move_arrived", "move_failed"):
            self.money += amount
        elif kind == "move_requested":
            self.money -= amount
        elif kind in ("bankroll_held", "names_ordered"):
            self.held += amount
        elif kind == "bankroll_released":
            self.held -= amount
        elif kind == "bets_settled":
            self.money += amount
            self.held += amount
        elif kind == "names_registered":
            self.money -= amount
            self.held -= amount

    def position_row(self, row, amount, one):
        kind, costs = row["kind"], away((row["costs"] or 0) * 1e6)
        if kind == "position_opened":
            one.open(row["price"])
        elif kind == "position_resumed":
            self.lost = "a position was entered again"
        elif kind == "collateral_topped_up":
            self.money -= amount
            one.collateral += amount
        elif kind == "funding":
            self.purse(one, -amount)
        elif kind in ("kill_switch_closed", "stop_loss") or kind == "liquidated" and one.closed_whole:
            self.purse(one, amount - costs)
            self.close(one)
        elif kind in ("liquidated", "position_reduced", "rebalanced"):
            self.part_row(row, amount, costs, one)
        elif kind in ("auto_deleveraged", "loss_socialised"):
            self.lost = "losses of others were borne"

    def part_row(self, row, amount, costs, one):
        """How much was closed follows from the profit; at the entry price, from the fee. Either is
        rounded to a micro-USDC, and so is the part."""
        move = (row["price"] - one.entry) * one.q * 1e6
        fee = 0.0 if row["kind"] == "liquidated" else abs(one.q) * row["price"] * one.fee * 1e6
        whole, part = max((abs(move), amount / move if move else 0.0), (fee, costs / fee if fee else 0.0))
        if whole < 1.0:
            self.lost = "part of a position was closed at its entry price without a fee"
            return
        rest = one.collateral * (1 - part)
        self.purse(one, amount - costs)
        if part > 1 - 1.0 / whole:
            self.close(one)
            return
        self.slack += 2.0 / whole
        one.q *= 1 - part
        if row["kind"] == "rebalanced" and not one.cross:
            self.money += one.collateral - rest
            one.collateral = rest

    def purse(self, one, amount):
        if one.cross:
            self.money += amount
        else:
            one.collateral += amount

    def close(self, one):
        one.q = 0
        if one.cross:
            if not any(other.q and other.cross for other in self.positions.values()):
                self.money = max(self.money, self.held)   # a hole is filled by others
        else:
            self.money += max(one.collateral, 0)
            one.collateral = 0

    def loan_row(self, row, amount, path):
        kind, subject, asset = row["kind"], row["subject"], row["asset"]
        sign = 1 if row["reason"] == "as lender" else -1
        if kind == "loan_opened":
            self.add(asset, -sign * amount)
            if sign < 0:
                self.post(path.loans[subject], row, path)
        elif kind == "interest_paid":
            cut = away((row["costs"] or 0) * scale(asset)) if sign > 0 else 0
            self.add(asset, sign * amount - cut)
        elif kind == "collateral_posted" and sign < 0:
            self.add(asset, -amount)
            self.posted[subject] = (asset, self.posted[subject][1] + amount)
        elif kind in ("loan_returned", "loan_returned_early", "loan_repaid"):
            self.add(asset, sign * amount)
            if sign < 0:
                self.add(*self.posted.pop(subject))
        elif kind in ("bought_in", "collateral_liquidated"):
            if sign < 0:
                self.lost = "what a sale of collateral left over"
            principal = away(path.loans[subject].units * scale(asset))
            self.add(asset, min(amount, principal))

    def post(self, loan, row, path):
        """Collateral as agreed, or worth its ratio of the loan at the marks, so that it suffices."""
        terms, now = loan.terms, row["ms"]
        asset = terms.get("collateral_asset", "USDC")
        if not loan.known:
            self.lost = "a loan whose terms are not in the scenario"
        elif "collateral" in terms:
            units = away(amount_of(terms["collateral"]) * scale(asset))
            self.posted[row["subject"]] = (asset, units)
            self.add(asset, -units)
        else:
            value = loan.units * path.mark(loan.asset, now)
            ratio, price = terms.get("collateral_ratio", 1.2), path.mark(asset, now)
            units = away(ratio * value / price * scale(asset))
            units += units / scale(asset) * price / value < ratio
            self.posted[row["subject"]] = (asset, units)
            self.add(asset, -units)

    def contract_row(self, row, amount):
        kind, subject, pays = row["kind"], row["subject"], row["costs"] is not None
        lag = self.terms.lag > 0
        fee = lambda notional: fee_on(notional, self.terms.fee)
        if kind in ("referral_received", "settlement_arrived"):
            self.money += amount
            return
        if not pays:
            if kind in ("escrow_released", "escrow_timed_out", "escrow_resolved") and not lag:
                self.money += amount
            return
        if kind == "escrow_created":
            self.contracts[subject] = [amount, False]
            self.held += amount + fee(amount)
            return
        notional, funded = self.contracts[subject]
        if kind == "escrow_funded":
            self.money -= amount
            self.held -= amount
            self.contracts[subject][1] = True
        elif kind == "escrow_reduced":
            self.held -= fee(notional) - fee(notional - amount) + (0 if funded else amount)
            self.money += amount if funded and not lag else 0
            self.contracts[subject][0] = notional - amount
        elif kind in ("escrow_cancelled", "escrow_expired"):
            self.held -= fee(notional) + (0 if funded else notional)
            self.money += notional if funded and not lag else 0
        elif kind in ("escrow_released", "escrow_timed_out", "escrow_resolved"):
            self.held -= fee(notional)
            self.money -= fee(amount)
            self.money += 0 if lag else notional - amount

    def agreement_row(self, row, amount):
        kind, subject = row["kind"], row["subject"]
        if kind == "obliged":
            sign = 1 if row["reason"] == "pays" else -1
            self.nets[subject] = self.nets.get(subject, 0) + sign * amount
        elif kind in ("net_paid", "netted", "net_received"):
            self.nets.pop(subject, None)
        if kind == "net_paid":
            self.money -= amount + away((row["costs"] or 0) * 1e6)
        elif kind == "net_received":
            self.money += 0 if self.terms.lag > 0 else amount
        elif kind in ("referral_received", "settlement_arrived"):
            self.money += amount
