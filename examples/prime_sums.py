"""What events sum to: the metrics of paths.csv that follow from them, for prime_recompute.py."""
from collections import defaultdict

from prime_rules import DAY

SETTLED = ("escrow_released", "escrow_timed_out", "escrow_resolved")
ENDS = ("loan_returned", "loan_returned_early", "loan_repaid", "bought_in", "collateral_liquidated")
CLOSES = ("liquidated", "kill_switch_closed", "stop_loss", "position_reduced", "rebalanced",
          "position_opened", "position_resumed")
COUNTS = {
    "liquidated": ("liquidations", "distress_exits"), "kill_switch_closed": ("kill_switches", "distress_exits"),
    "stop_loss": ("stop_losses",), "position_reduced": ("reductions",), "rebalanced": ("rebalances",),
    "collateral_topped_up": ("top_ups",), "margin_call": ("margin_calls",),
    "margin_call_cured": ("margin_calls_cured",), "spot_sold": ("spot_trades",),
    "spot_bought": ("spot_trades",), "move_arrived": ("moves",), "move_failed": ("moves_failed",),
    "collateral_called": ("collateral_calls",),
}
VALUES = {
    "collateral_topped_up": ("top_up_amount",), "funding": ("funding_paid",), "bad_debt": ("bad_debt",),
    "insurance_paid": ("insurance_used",), "referral_received": ("referral",),
    "net_received": ("escrow_received",), "bets_settled": ("casino_pnl",), "faucet_granted": ("faucet_grants",),
}
METRICS = sorted({name for names in (*COUNTS.values(), *VALUES.values()) for name in names} | {
    "interest", "interest_accrued", "interest_paid", "lending_losses", "loans_given", "lent_mean", "recalls", "recalls_failed",
    "recalls_arrived", "recall_days", "escrow_paid", "settlements", "obligations", "escrow_timeouts",
    "fees_saved", "domains_pnl", "net_yield", "fees and penalties"})


class Sums:
    """Sums by agent and metric."""

    def __init__(self):
        self.sums = defaultdict(lambda: defaultdict(float))

    def of(self, agent):
        return self.sums[agent]

    def complete(self, agent, owed_to, owed_by):
        """With the interest that is owed at the end, to the agent and by it, and what is made of others."""
        sums = self.of(agent)
        sums["interest_accrued"] = owed_to
        sums["interest"] += owed_to
        sums["interest_paid"] += owed_by
        income, costs = sums["interest"] + sums["referral"], sums["interest_paid"] + sums["lending_losses"]
        sums["net_yield"] = income - costs
        return sums

    def take(self, row, path):
        """What an event adds to the metrics of its agent."""
        add, kind = self.of(row["agent"]), row["kind"]
        amount, costs = row["amount"] or 0.0, row["costs"] or 0.0
        value = amount * path.mark(row["asset"], row["ms"]) if row["asset"] else amount
        lends = row["reason"] == "as lender"
        for name in COUNTS.get(kind, ()):
            add[name] += 1
        for name in VALUES.get(kind, ()):
            add[name] += amount
        if kind == "interest_paid":
            cut = costs * path.mark(row["asset"], row["ms"])
            add["interest" if lends else "interest_paid"] += value - cut if lends else value
        elif kind == "lending_shortfall" and lends:
            add["lending_losses"] += value
        elif kind == "loan_opened" and lends:
            add["loans_given"] += 1
            add["lent_mean"] += value * (path.end - row["ms"]) / (path.end - path.start)
            path.loans[row["subject"]].worth = value
        elif kind == "loan_recalled" and lends:
            add["recalls"] += 1
        elif kind == "recall_failed" and lends:
            add["recalls_failed"] += 1
        elif kind in ENDS and lends:
            loan = path.loans[row["subject"]]
            add["lent_mean"] -= loan.worth * (path.end - row["ms"]) / (path.end - path.start)
            if loan.asked is not None:
                add["recalls_arrived"] += 1
                add["recall_days"] += (row["ms"] - loan.asked) / DAY
        elif kind in SETTLED + ("net_paid",):
            if row["costs"] is None:
                add["escrow_received"] += amount
            else:
                add["escrow_paid"] += amount
                add["settlements"] += amount > 0
                add["fees and penalties"] += costs
        elif kind in ("names_registered", "names_sold"):
            add["domains_pnl"] += amount if kind == "names_sold" else -amount
        elif kind in CLOSES or kind in ("spot_sold", "spot_bought"):
            add["fees and penalties"] += costs
        pays = kind == "escrow_created" and row["costs"] is not None or kind == "obliged" and \
            row["reason"] == "pays"
        add["obligations"] += pays
        if kind in ("escrow_timed_out", "escrow_expired"):
            add["escrow_timeouts"] += 1
