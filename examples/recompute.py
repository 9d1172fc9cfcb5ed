#!/usr/bin/env python3
"""Recomputes the guarded variant of a Monte Carlo scenario from its price file alone.

    drypowder paths SCENARIO --paths 300 --out prices.csv
    drypowder run SCENARIO --paths 300 --set report.paths_file=true --out report
    python3 examples/recompute.py SCENARIO prices.csv report/paths.csv

It knows the rules and nothing of the engine: isolated positions of one or more agents, one look of
the guard a step, top-up with its caps and reserve, the kill switch on the position that triggered
it, force-closes at the mark, one insurance fund, bad debt. Counts must be equal; money must agree to a micro-USDC. Exits with 1 if anything
differs.
"""
import csv, math, sys, tomllib

MICRO = 1_000_000


def fraction(value):
    return float(value.rstrip(" %")) / 100 if isinstance(value, str) else float(value)


def usdc(value):
    return round(float(str(value).replace("USDC", "").replace("_", "")) * MICRO)


def away(x):
    """Half away from zero."""
    return int(math.floor(abs(x) + 0.5)) * (1 if x >= 0 else -1)


class Venue:
    """What all agents share."""

    def __init__(self, s):
        e = s["exchange"]["defaults"]
        self.rate = fraction(e.get("maintenance_margin", 0.15))
        self.h = e.get("liquidation_hf", 1.05)
        self.penalty = fraction(e.get("penalty", 0.01))
        slip = e.get("slippage", {})
        self.slip = slip.get("bps", 0) / 10_000 if slip.get("kind") == "fixed_bps" else 0.0
        self.fund = usdc(s["exchange"].get("insurance_fund", 0))


class Agent:
    """One agent's money, positions and guard; [policy] lies under [agent.policy]."""

    def __init__(self, s, a):
        self.name, self.wallet = a["name"], usdc(a["wallet"])
        self.positions = [
            (s["markets"][p["market"]]["asset"], -1 if p.get("side") == "short" else 1,
             usdc(p["notional"]) / MICRO, usdc(p["collateral"])) for p in a["position"]]
        common, own = s.get("policy", {}).get("top_up"), a.get("policy", {}).get("top_up")
        t = {**(common or {}), **(own or {})}
        self.guarded = (common is not None or own is not None) and t.get("enabled", True)
        self.warning, self.danger = t.get("warning_threshold", 1.6), t.get("danger_threshold", 1.2)
        self.target = t.get("target_health_factor", 2.0)
        self.event = usdc(t.get("max_topup_per_event", 500))
        self.day = usdc(t.get("max_topup_per_day", 2000))
        self.reserve = usdc(t.get("reserve_minimum", 100))
        self.fallback = t.get("fallback_to_kill_switch", True)
        self.any_cap = t.get("fallback_when", "reserve") == "any_cap"


class State:
    def __init__(self, agent, start):
        self.a, self.wallet, self.used = agent, agent.wallet, 0
        self.entry = [start[asset] for asset, _, _, _ in agent.positions]
        self.q = [side * away(n / start[asset] * 1e8) / 1e8 for asset, side, n, _ in agent.positions]
        self.coll = [c for _, _, _, c in agent.positions]
        self.live = [True] * len(self.q)
        self.out = dict.fromkeys(("top_ups", "kill_switches", "liquidations", "top_up_amount",
                                  "bad_debt", "insurance_used", "penalties"), 0)

    def marks(self, price):
        self.p = [price[asset] for asset, _, _, _ in self.a.positions]

    def equity(self, i):
        return self.coll[i] / MICRO + self.q[i] * (self.p[i] - self.entry[i])

    def maintenance(self, i, venue):
        return venue.rate * abs(self.q[i]) * self.p[i]

    def close(self, i, fill, penalty, venue, fund):
        """Closes position i at a price; returns what is left in the insurance fund."""
        left = self.coll[i] + away(self.q[i] * (fill - self.entry[i]) * MICRO)
        penalty = max(0, min(penalty, left))
        self.out["penalties"] += penalty
        fund += penalty
        if left < 0:
            paid = min(fund, -left)
            fund -= paid
            self.out["insurance_used"] += paid
            self.out["bad_debt"] += -left - paid
        else:
            self.wallet += left - penalty
        self.live[i], self.coll[i] = False, 0
        return fund


def check(state, venue, fund):
    for i in range(len(state.q)):
        if state.live[i] and state.equity(i) / state.maintenance(i, venue) <= venue.h:
            penalty = away(abs(state.q[i]) * state.p[i] * venue.penalty * MICRO)
            fund = state.close(i, state.p[i], penalty, venue, fund)
            state.out["liquidations"] += 1
    return fund


def look(state, venue, fund):
    a = state.a
    for i in range(len(state.q)):
        if not state.live[i]:
            continue
        hf = state.equity(i) / state.maintenance(i, venue)
        if hf >= a.warning:
            continue
        free, left_today = state.wallet - a.reserve, a.day - state.used
        if a.fallback and (hf < a.danger or free <= 0
                           or (a.any_cap and min(left_today, a.event) <= 0)):
            side = 1 if state.q[i] > 0 else -1
            fund = state.close(i, state.p[i] * (1 - side * venue.slip), 0, venue, fund)
            state.out["kill_switches"] += 1
            continue
        want = math.ceil((a.target * state.maintenance(i, venue) - state.equity(i)) * MICRO)
        amount = min(want, a.event, left_today, free)
        if amount > 0:
            state.wallet -= amount
            state.coll[i] += amount
            state.used += amount
            state.out["top_ups"] += 1
            state.out["top_up_amount"] += amount
    return fund


def one_path(venue, agents, rows):
    """rows: (day, {asset: price}) tick by tick."""
    states = [State(agent, rows[0][1]) for agent in agents]
    fund, today = venue.fund, None
    for day, price in rows[1:]:
        for state in states:
            state.marks(price)
            if day != today:
                state.used = 0
        today = day
        for state in states:
            fund = check(state, venue, fund)
        for state in states:
            if state.a.guarded:
                fund = look(state, venue, fund)
    for state in states:
        state.marks(rows[-1][1])
        state.out["final_equity"] = state.wallet + sum(
            state.equity(i) * MICRO for i in range(len(state.q)) if state.live[i])
    return states


def price_paths(prices):
    """The paths of a price file: number, and (day, {asset: price}) tick by tick."""
    with open(prices) as f:
        reader = csv.reader(f)
        assets = next(reader)[3:]
        current, rows = None, []
        for line in reader:
            if line[0] != current:
                if rows:
                    yield int(current), rows
                current, rows = line[0], []
            rows.append((line[2][:10], dict(zip(assets, map(float, line[3:])))))
        yield int(current), rows


def main(scenario, prices, table):
    with open(scenario, "rb") as f:
        text = tomllib.load(f)
    venue = Venue(text)
    agents = sorted((Agent(text, a) for a in text["agent"]), key=lambda agent: agent.name)
    with open(table) as f:
        report = {(int(row["path"]), row["agent"]): row for row in csv.DictReader(f)
                  if row["variant"] in ("guarded", "plan")}
    checked = differing = 0
    totals = {}

    def compare(number, rows):
        nonlocal checked, differing
        for state in one_path(venue, agents, rows):
            theirs = report[number, state.a.name]
            for name, value in state.out.items():
                totals[name] = totals.get(name, 0) + value
                money = name not in ("top_ups", "kill_switches", "liquidations")
                got = float(theirs[name]) * (MICRO if money else 1)
                if abs(got - value) > (1.0 if money else 0):
                    differing += 1
                    print(f"path {number} {state.a.name}: {name} is {got}, recomputed {value}")
        checked += 1

    for number, rows in price_paths(prices):
        compare(number, rows)
    print(f"{checked} paths, {differing} differences;",
          ", ".join(f"{name} {total}" for name, total in totals.items()), "(money in micro-USDC)")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
