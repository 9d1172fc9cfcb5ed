#!/usr/bin/env python3
"""Recomputes what a run with prime brokerage says of loans, escrow and wallets.

    drypowder paths SCENARIO --out prices.csv
    drypowder run SCENARIO --set report.paths_file=true --out report
    python3 examples/prime_recompute.py SCENARIO prices.csv report
    python3 examples/prime_recompute.py --selftest

From the scenario, the prices and the order of events alone, and knowing nothing of the engine, it
checks on every traced path

    interest     each payment of interest, and the broker's cut of it
    fees         each fee of escrow and netting, each referral
    netting      who pays, who is paid and how much at each settlement
    recalls      that a recalled loan ends at its deadline or before
    utilisation  reserved over capital of each agent after each instant
    metrics      that events, and the interest owed at the end, sum to the columns of paths.csv

Money must agree to a micro-USDC (sums: to one per summand), ratios to 1e-9. What cannot be known from
these files (a pool's drawn rate, what a sale of collateral left over) is counted as unchecked, never
guessed. Exits with 1 if anything differs. Beside it: the rules (prime_rules.py), what a scenario says
(prime_terms.py), wallets (prime_wallet.py), metrics (prime_sums.py).
"""
import csv, math, os, sys, tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import groupby

from prime_rules import away, deadline, fee_on, referral_of, scale, selftest, utilisation
from prime_sums import ENDS, METRICS, SETTLED, Sums
from prime_terms import Loan, Terms, instant
from prime_wallet import Wallet


class Path:
    """One variant of one path."""

    def __init__(self, key, rows, ticks, terms, report):
        self.key, self.rows, self.ticks, self.terms, self.report = key, rows, ticks, terms, report
        self.start, self.end = ticks[0][0], ticks[-1][0]
        self.times = [time for time, _ in ticks]
        self.loans, self.sums = {}, Sums()
        self.owed = defaultdict(lambda: defaultdict(int))       # agreement → member → net
        self.obliged = defaultdict(lambda: defaultdict(int))    # agreement → agent → owed gross
        self.settling = set()
        self.wallets = {name: Wallet(terms, agent) for name, agent in terms.agents.items()}

    def mark(self, asset, now):
        """The mark that holds at an instant."""
        if asset == "USDC":
            return 1.0
        return self.ticks[bisect_right(self.times, now) - 1][1][asset]

    def same(self, what, got, wanted, row, tolerance=1.0):
        self.report.count(what)
        if not abs(got - wanted) <= tolerance:
            self.report.differs(what, f"{self.key} {row['time']} {row['agent']} {row['kind']} "
                                f"{row['subject']}: {got}, recomputed {wanted}")

    def check(self):
        for now, rows in groupby(self.rows, key=lambda row: row["ms"]):
            rows, selling = list(rows), set()
            for subject, group in self.by_subject(rows):
                self.fees_of(subject, group)
            for row in rows:
                if row["kind"] in ("bought_in", "collateral_liquidated"):
                    selling.add(row["subject"])
                self.loan_row(row, selling)
                self.netting_row(row)
                self.sums.take(row, self)
                self.wallets[row["agent"]].take(row, self)
            self.utilisation_after(rows)
        self.metrics()

    def by_subject(self, rows):
        groups = defaultdict(list)
        for row in rows:
            if row["kind"] in SETTLED + ("net_paid", "referral_received"):
                groups[row["subject"]].append(row)
        return groups.items()

    def fees_of(self, subject, rows):
        """A fee on what each payer paid; each referral is a share of one such fee."""
        fees = []
        for row in rows:
            if row["kind"] == "referral_received":
                continue
            fee = fee_on(away(row["amount"] * 1e6), self.terms.fee)
            if row["costs"] is not None:
                self.same("fees", away(row["costs"] * 1e6), fee, row, 0)
            if fee and fee not in fees:
                fees.append(fee)
        parts = [referral_of(fee, self.terms.share) for fee in fees]
        for row in (row for row in rows if row["kind"] == "referral_received"):
            if subject.startswith("agreement ") and "outside" in self.terms.members[subject[10:]]:
                net = -sum(self.owed[subject].values())
                parts.append(referral_of(fee_on(max(net, 0), self.terms.fee), self.terms.share))
            got = away(row["amount"] * 1e6)
            nearest = min(parts, key=lambda part: abs(part - got), default=0)
            self.same("fees", got, nearest, row, 0)

    def loan_row(self, row, selling):
        kind, subject = row["kind"], row["subject"]
        loan = self.loans.get(subject)
        if kind == "loan_opened":
            # Where both sides are agents one of them has the terms.
            if loan is None:
                self.loans[subject] = Loan(row, self.terms, self.start)
            elif not loan.known:
                loan.learn(row, self.terms, self.start)
            self.loans[subject].parties[row["reason"]] = row["agent"]
        elif loan is None and subject.startswith("loan "):
            self.report.unchecked["a loan that these events do not open"] += 1
        elif kind == "loan_recalled":
            loan.asked = row["ms"]
        elif kind == "interest_paid":
            self.interest_row(row, loan, subject in selling)
        elif kind in ENDS:
            loan.ended = True
            if loan.asked is not None and loan.known:
                due = deadline(loan.asked, loan.notice)
                self.same("recalls", max(row["ms"], due), due, row, 0)

    def interest_row(self, row, loan, sold):
        """What is paid is what has accrued; out of sold collateral it may be less."""
        unit = scale(row["asset"])
        got, cut = away(row["amount"] * unit), away((row["costs"] or 0) * unit)
        self.same("interest", cut, away(row["amount"] * self.terms.cut * unit), row)
        owed = loan.paid(row["ms"])
        if owed is None:
            self.report.unchecked["interest at a rate that these files do not have"] += 1
        elif sold:
            self.same("interest", max(got, away(owed * unit)), away(owed * unit), row)
        else:
            self.same("interest", got, away(owed * unit), row)

    def netting_row(self, row):
        """Obligations add up; at a settlement who owes net pays it, who is owed gets it."""
        kind, agent, subject = row["kind"], row["agent"], row["subject"]
        owed, micro = self.owed[subject], away((row["amount"] or 0) * 1e6)
        if kind in ("net_paid", "netted", "net_received"):
            self.settling.add(subject)
        elif kind == "obliged" and subject in self.settling:
            # Obliged in the instant of a settlement, after it: for the next one.
            owed.clear()
            self.settling.remove(subject)
        if kind == "obliged":
            owed[agent] += micro if row["reason"] == "pays" else -micro
            if row["reason"] == "pays":
                self.obliged[subject][agent] += micro
        elif kind == "net_paid":
            self.same("netting", micro, max(owed[agent], 0), row, 0)
        elif kind == "netted":
            outside = max(-sum(owed.values()), 0)
            wanted = sum(max(net, 0) for net in owed.values()) + outside
            self.same("netting", micro, wanted, row, 0)
            fee = fee_on(max(owed[agent], 0), self.terms.fee)
            saved = fee_on(self.obliged[subject].pop(agent, 0), self.terms.fee) - fee
            self.sums.of(agent)["fees_saved"] += saved / 1e6
        elif kind == "net_received":
            self.same("netting", micro, max(-owed[agent], 0), row, 0)

    def utilisation_after(self, rows):
        last = {}
        for row in rows:
            if row["kind"] not in ("alert", "health_confirmed"):
                last[row["agent"]] = row
        for subject in self.settling:
            self.owed[subject].clear()
        self.settling.clear()
        for agent, row in last.items():
            wallet = self.wallets[agent]
            if wallet.lost or row["utilisation"] is None:
                self.report.unchecked[f"utilisation: {wallet.lost or 'not told'}"] += 1
                continue
            reserved, capital = wallet.read(self, row["ms"])
            wanted = utilisation(reserved, capital)
            got = row["utilisation"]
            if not (math.isinf(got) and math.isinf(wanted)):
                self.same("utilisation", got, wanted, row, 1e-9 * max(1.0, wanted) + wallet.slack)

    def owed_at_end(self, agent, side):
        """Interest of loans that have not ended, USDC at the last mark; None where a rate is not known."""
        loans = [loan for loan in self.loans.values() if not loan.ended and loan.parties.get(side) == agent]
        owed = [(loan.owed(self.end), self.mark(loan.asset, self.end)) for loan in loans]
        if any(units is None for units, _ in owed):
            return None
        return sum(units * mark for units, mark in owed)

    def metrics(self):
        for agent, theirs in self.report.metrics[self.key].items():
            owed_to = self.owed_at_end(agent, "as lender")
            owed_by = self.owed_at_end(agent, "as borrower")
            unknown = ("interest_paid", "net_yield") if owed_by is None else ()
            if owed_to is None:
                # Then what was paid is checked, and what is owed is taken as told.
                owed_to, unknown = theirs["interest_accrued"], ("interest_accrued", *unknown)
            else:
                owed_to *= 1 - self.terms.cut
            sums = self.sums.complete(agent, owed_to, owed_by or 0.0)
            row = {"time": "end", "agent": agent, "kind": "paths.csv", "subject": ""}
            whole = dict(theirs, **{"fees and penalties": theirs["fees_paid"] + theirs["penalties"]})
            for name in METRICS:
                if name in unknown:
                    self.report.unchecked["interest owed at the end at a rate that these files do not have"] += 1
                elif name in whole:
                    row["subject"] = name
                    tolerance = 1e-6 * (len(self.rows) + 1)
                    self.same("metrics", whole[name], sums[name], row, tolerance)


class Report:
    """What was checked, what differed, what could not be known."""

    def __init__(self, metrics):
        self.metrics, self.checked, self.wrong, self.unchecked = metrics, Counter(), Counter(), Counter()

    def count(self, what):
        self.checked[what] += 1

    def differs(self, what, text):
        self.wrong[what] += 1
        if self.wrong[what] <= 20:
            print(f"{what}: {text}")

    def finish(self):
        for what, count in sorted(self.checked.items()):
            print(f"{what}: {count} checked, {self.wrong[what]} differ")
        for what, count in sorted(self.unchecked.items()):
            print(f"not checked: {what}: {count}")
        return 1 if sum(self.wrong.values()) else 0


def read_events(file):
    """Rows by (variant, path), numbers as numbers, None where there is none."""
    numbers = ("amount", "price", "health_factor", "utilisation", "costs")
    rows = defaultdict(list)
    with open(file) as f:
        for row in csv.DictReader(f):
            row.update({name: float(row[name]) if row[name] else None for name in numbers})
            row["ms"] = instant(row["time"])
            rows[row["variant"], int(row["path"])].append(row)
    return rows


def read_prices(file, wanted):
    """Ticks of the wanted paths: (ms, marks by asset)."""
    ticks = defaultdict(list)
    with open(file) as f:
        reader = csv.reader(f)
        assets = next(reader)[3:]
        for line in reader:
            if int(line[0]) in wanted:
                ticks[int(line[0])].append((instant(line[2]), dict(zip(assets, map(float, line[3:])))))
    return ticks


def main(scenario, prices, folder):
    with open(scenario, "rb") as f:
        terms = Terms(tomllib.load(f))
    events = read_events(os.path.join(folder, "events.csv"))
    metrics = defaultdict(dict)
    with open(os.path.join(folder, "paths.csv")) as f:
        for row in csv.DictReader(f):
            values = {name: float(value) for name, value in row.items()
                      if name not in ("variant", "path", "agent") and value}
            metrics[row["variant"], int(row["path"])][row["agent"]] = values
    report = Report(metrics)
    ticks = read_prices(prices, {path for _, path in events})
    for key, rows in sorted(events.items()):
        # Null policies change positions and protections; the plan itself and its silos do not.
        if key[0] in ("plan", "guarded", "silo"):
            Path(key, rows, ticks[key[1]], terms, report).check()
    return report.finish()


if __name__ == "__main__":
    if sys.argv[1:] == ["--selftest"]:
        selftest()
    elif len(sys.argv) == 4:
        sys.exit(main(*sys.argv[1:]))
    else:
        sys.exit(__doc__)
