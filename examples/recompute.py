#!/usr/bin/env python3
"""Recomputes the guarded variant of a Monte Carlo scenario from its price file alone.

    drypowder paths SCENARIO --paths 300 --out prices.csv
    drypowder run SCENARIO --paths 300 --set report.paths_file=true --out report
    python3 examples/recompute.py SCENARIO prices.csv report/paths.csv

It knows the rules and nothing of the engine: isolated positions, one look of the guard a step,
top-up with its caps and reserve, the kill switch on the position that triggered it, force-closes
at the mark. Counts must be equal; money must agree to a micro-USDC. Exits with 1 if anything
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


class Rules:
    def __init__(self, file):
        with open(file, "rb") as f:
            s = tomllib.load(f)
        e = s["exchange"]["defaults"]
        self.rate = fraction(e.get("maintenance_margin", 0.15))
        self.h = e.get("liquidation_hf", 1.05)
        self.penalty = fraction(e.get("penalty", 0.01))
        slip = e.get("slippage", {})
        self.slip = slip.get("bps", 0) / 10_000 if slip.get("kind") == "fixed_bps" else 0.0
        self.wallet = usdc(s["agent"][0]["wallet"])
        self.positions = [
            (s["markets"][p["market"]]["asset"], 1 if p["side"] == "long" else -1,
             usdc(p["notional"]) / MICRO, usdc(p["collateral"]))
            for p in s["agent"][0]["position"]]
        t = s.get("policy", {}).get("top_up", {"enabled": False})
        self.guarded = t.get("enabled", True)
        self.warning, self.danger = t.get("warning_threshold", 1.6), t.get("danger_threshold", 1.2)
        self.target = t.get("target_health_factor", 2.0)
        self.event = usdc(t.get("max_topup_per_event", 500))
        self.day = usdc(t.get("max_topup_per_day", 2000))
        self.reserve = usdc(t.get("reserve_minimum", 100))
        self.fallback = t.get("fallback_to_kill_switch", True)
        self.any_cap = t.get("fallback_when", "reserve") == "any_cap"


def one_path(r, rows):
    """rows: (day, {asset: price}) tick by tick."""
    start = rows[0][1]
    wallet, used, today = r.wallet, 0, None
    entry = [start[a] for a, _, _, _ in r.positions]
    q = [side * away(n / start[a] * 1e8) / 1e8 for a, side, n, _ in r.positions]
    coll = [c for _, _, _, c in r.positions]
    live = [True] * len(q)
    out = dict(top_ups=0, kill_switches=0, liquidations=0, top_up_amount=0, bad_debt=0, penalties=0)
    for day, price in rows[1:]:
        if day != today:
            today, used = day, 0
        p = [price[a] for a, _, _, _ in r.positions]
        equity = lambda i: coll[i] / MICRO + q[i] * (p[i] - entry[i])
        maint = lambda i: r.rate * abs(q[i]) * p[i]
        for i in range(len(q)):
            if live[i] and equity(i) / maint(i) <= r.h:
                left = coll[i] + away(q[i] * (p[i] - entry[i]) * MICRO)
                pen = max(0, min(away(abs(q[i]) * p[i] * r.penalty * MICRO), left))
                out["penalties"] += pen
                # The insurance fund holds the penalties of this path: it pays first.
                if left < 0:
                    fund = out["penalties"] - out.setdefault("insurance_used", 0)
                    paid = min(fund, -left)
                    out["insurance_used"] += paid
                    out["bad_debt"] += -left - paid
                else:
                    wallet += left - pen
                live[i], coll[i] = False, 0
                out["liquidations"] += 1
        if not r.guarded:
            continue
        for i in range(len(q)):
            if not live[i]:
                continue
            hf = equity(i) / maint(i)
            if hf >= r.warning:
                continue
            free, left_today = wallet - r.reserve, r.day - used
            kill = r.fallback and (hf < r.danger or free <= 0
                                   or (r.any_cap and min(left_today, r.event) <= 0))
            if kill:
                fill = p[i] * (1 - r.slip) if q[i] > 0 else p[i] * (1 + r.slip)
                back = coll[i] + away(q[i] * (fill - entry[i]) * MICRO)
                if back < 0:
                    fund = out["penalties"] - out.setdefault("insurance_used", 0)
                    paid = min(fund, -back)
                    out["insurance_used"] += paid
                    out["bad_debt"] += -back - paid
                    back = 0
                wallet += back
                live[i], coll[i] = False, 0
                out["kill_switches"] += 1
                continue
            want = math.ceil((r.target * maint(i) - equity(i)) * MICRO)
            amount = min(want, r.event, left_today, free)
            if amount > 0:
                wallet -= amount
                coll[i] += amount
                used += amount
                out["top_ups"] += 1
                out["top_up_amount"] += amount
    last = rows[-1][1]
    p = [last[a] for a, _, _, _ in r.positions]
    out["final_equity"] = wallet + sum(
        coll[i] + q[i] * (p[i] - entry[i]) * MICRO for i in range(len(q)) if live[i])
    return out


def main(scenario, prices, table):
    r = Rules(scenario)
    with open(table) as f:
        report = {int(row["path"]): row for row in csv.DictReader(f) if row["variant"] in ("guarded", "plan")}
    checked = differing = 0
    totals = {}

    def compare(number, rows):
        nonlocal checked, differing
        mine, theirs = one_path(r, rows), report[number]
        for name, value in mine.items():
            totals[name] = totals.get(name, 0) + value
            money = name in ("top_up_amount", "bad_debt", "penalties", "final_equity", "insurance_used")
            got = float(theirs[name]) * (MICRO if money else 1)
            if abs(got - value) > (1.0 if money else 0):
                differing += 1
                print(f"path {number}: {name} is {got}, recomputed {value}")
        checked += 1

    with open(prices) as f:
        reader = csv.reader(f)
        assets = next(reader)[3:]
        current, rows = None, []
        for line in reader:
            if line[0] != current:
                if rows:
                    compare(int(current), rows)
                current, rows = line[0], []
            rows.append((line[2][:10], dict(zip(assets, map(float, line[3:])))))
        compare(int(current), rows)
    print(f"{checked} paths, {differing} differences;",
          ", ".join(f"{k} {v / MICRO if v > 1e6 else v}" for k, v in totals.items()))
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
