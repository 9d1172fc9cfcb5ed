#!/usr/bin/env python3
"""Recomputes a sweep: the points of its grid, and every variant from the price file alone.

    drypowder paths SCENARIO --paths 40 --out prices.csv
    drypowder sweep SCENARIO --paths 40 --set sweep.paths_file=true --out report
    python3 examples/sweep_recompute.py SCENARIO prices.csv report

It knows the rules of the reference account (examples/recompute.py) and nothing of the engine. Of
every variant, path and agent counts must be equal and money must agree to a micro-USDC; the means of
sweep.csv must be those of the paths. Exits with 1 if anything differs.
"""
import copy, csv, itertools, os, re, sys, tomllib

import recompute

MONEY = ("top_up_amount", "bad_debt", "insurance_used", "penalties", "final_equity")


def number(value):
    """A plain number or an amount of USDC."""
    return float(str(value).replace("USDC", "").replace("_", ""))


def put(document, path, value):
    """Sets a field; entries of lists are called by number or name."""
    at, parts = document, path.split(".")
    for depth, part in enumerate(parts):
        if isinstance(at, list):
            names = [entry.get("name") for entry in at]
            part = int(part) if part.isdigit() else names.index(part)
        if depth == len(parts) - 1:
            at[part] = value
        elif isinstance(at, dict):
            at = at.setdefault(part, {})
        else:
            at = at[part]


def get(document, path):
    at = document
    for part in path.split("."):
        at = at[int(part)] if isinstance(at, list) else at[part]
    return number(at)


def grid(document):
    """The points of a grid of plain numbers and amounts that meet the constraints, with names."""
    sweep = document["sweep"]
    axes = sweep["fields"]

    def values(axis):
        if isinstance(axis, list):
            return [number(value) for value in axis]
        low, high, steps = number(axis["from"]), number(axis["to"]), axis["steps"]
        if axis.get("scale") == "log":
            return [low * (high / low) ** (k / max(steps - 1, 1)) for k in range(steps)]
        return [low + (high - low) * k / max(steps - 1, 1) for k in range(steps)]

    def meets(point, constraint):
        parts = re.split(r"(<=|>=|==|<|>)", constraint)
        if len(parts) > 3:
            pairs = [parts[k:k + 3] for k in range(0, len(parts) - 2, 2)]
            return all(meets(point, "".join(pair)) for pair in pairs)
        left, sign, right = (part.strip() for part in parts)

        def value(text):
            if not text[0].isalpha():
                return number(text)
            # Nine digits are enough to tell values of an axis from each other.
            return float(f"{point[text]:.9g}") if text in point else get(document, text)

        a, b = value(left), value(right)
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b}[sign]

    points = []
    combinations = itertools.product(*(values(axis) for axis in axes.values()))
    for index, combination in enumerate(combinations):
        point = dict(zip(axes, combination))
        if all(meets(point, constraint) for constraint in sweep.get("constraints", [])):
            points.append((f"v{index + 1:04}", list(combination)))
    return points


def main(scenario, prices, folder):
    with open(scenario, "rb") as f:
        document = tomllib.load(f)
    axes = list(document["sweep"]["fields"])
    with open(os.path.join(folder, "sweep.csv")) as f:
        variants = list(csv.DictReader(f))
    with open(os.path.join(folder, "sweep_paths.csv")) as f:
        rows = {(row["variant"], int(row["path"]), row["agent"]): row for row in csv.DictReader(f)}
    paths = list(recompute.price_paths(prices))
    differing = 0

    def differs(text):
        nonlocal differing
        differing += 1
        print(text)

    agents = {row["agent"] for row in variants}
    points = grid(document)
    names = list(dict.fromkeys(row["variant"] for row in variants))
    if names != [name for name, _ in points]:
        differs(f"variants {names}, recomputed {[name for name, _ in points]}")
    coordinates = {name: point for name, point in points}
    compared = 0
    totals = {}
    for name in names:
        mine = [row for row in variants if row["variant"] == name]
        if any(row["status"] != "done" for row in mine):
            differs(f"{name}: {mine[0]['status']}: {mine[0]['reason']}")
            continue
        for axis, expected in zip(axes, coordinates.get(name, [])):
            if abs(number(mine[0][axis]) - expected) > 5e-6 * abs(expected) + 1e-9:
                differs(f"{name}: {axis} is {mine[0][axis]}, recomputed {expected}")
        variant = copy.deepcopy(document)
        for axis in axes:
            text = mine[0][axis]
            put(variant, axis, text if "USDC" in text else float(text))
        sums, hit = {}, {}
        for path, ticks in paths:
            venue = recompute.Venue(variant)
            accounts = sorted((recompute.Agent(variant, a) for a in variant["agent"]),
                              key=lambda agent: agent.name)
            states = recompute.one_path(venue, accounts, ticks)
            for state in states:
                theirs = rows.pop((name, path, state.a.name))
                compared += 1
                for figure, value in state.out.items():
                    money = figure in MONEY
                    got = float(theirs[figure]) * (recompute.MICRO if money else 1)
                    if abs(got - value) > (1.0 if money else 0):
                        differs(f"{name} path {path} {state.a.name}: {figure} is {got}, recomputed {value}")
                    key = state.a.name, figure
                    sums[key] = sums.get(key, 0) + value
                    totals[figure] = totals.get(figure, 0) + value
                hit[state.a.name] = hit.get(state.a.name, 0) + (state.out["liquidations"] > 0)
        for row in mine:
            for figure in (figure for (agent, figure) in sums if agent == row["agent"]):
                if not row.get(figure):
                    continue
                mean = sums[row["agent"], figure] / len(paths)
                got = float(row[figure]) * (recompute.MICRO if figure in MONEY else 1)
                if abs(got - mean) > (1.0 if figure in MONEY else 1e-12 * max(1.0, mean)):
                    differs(f"{name} {row['agent']}: mean {figure} is {got}, recomputed {mean}")
            if row["agent"] in hit and row.get("liquidation_probability"):
                share = hit[row["agent"]] / len(paths)
                if abs(float(row["liquidation_probability"]) - share) > 1e-12:
                    differs(f"{name}: liquidation_probability is "
                            f"{row['liquidation_probability']}, recomputed {share}")
    if rows:
        differs(f"{len(rows)} rows of sweep_paths.csv are of no path or agent that is known")
    print(f"{len(names)} variants of {len(agents)} agents on {len(paths)} paths, {compared} rows, "
          f"{differing} differences;",
          ", ".join(f"{name} {total}" for name, total in totals.items()), "(money in micro-USDC)")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
