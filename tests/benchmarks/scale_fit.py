"""Costs of the stages per million documents, and what they come to for more: table and figure.

`python scale_fit.py RESULTS [FIGURE]` reads the lines that `test_scale.py` writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

STAGES = {"import": "import", "match": "matching", "years": "denominators", "edges": "edges"}
TARGET = 440_000_000


def read_results(path: Path) -> pd.DataFrame:
    """One row per size and stage: the last that was measured."""
    frame = pd.DataFrame([json.loads(line) for line in path.read_text().splitlines()])
    frame = frame.drop_duplicates(["size", "stage"], keep="last")
    return frame.sort_values(["stage", "size"]).reset_index(drop=True)


def costs(results: pd.DataFrame) -> pd.DataFrame:
    """Seconds, processor seconds, memory and disk of each stage and size, also per million."""
    million = results["size"] / 1e6
    return pd.DataFrame(
        {
            "stage": results["stage"],
            "documents": results["size"],
            "seconds": results["seconds"],
            "cpu_s": results["cpu_s"],
            "cpu_s_per_million": results["cpu_s"] / million,
            "documents_per_s": results["size"] / results["seconds"],
            "peak_gib": results["peak_bytes"] / 2**30,
            "disk_peak_gb": results["disk_peak_bytes"] / 1e9,
            "load": [f"{a:.1f}-{b:.1f}" for a, b in results["load"]],
        }
    )


def fit(results: pd.DataFrame, *, target: int = TARGET) -> pd.DataFrame:
    """Processor seconds of each stage as c * n^b, least squares on logarithms; and at a target.

    Two figures for the target: along the fitted power, and with the cost per document of the
    largest size measured.
    """
    rows = []
    for stage in STAGES:
        some = results[(results["stage"] == stage) & (results["size"] >= 1_000_000)]
        if len(some) < 2:
            continue
        x, y = np.log(some["size"]), np.log(some["cpu_s"])
        power, constant = np.polyfit(x, y, 1)
        largest = some.iloc[-1]
        rows.append(
            {
                "stage": stage,
                "sizes": len(some),
                "power": power,
                "by_power_h": np.exp(constant + power * np.log(target)) / 3600,
                "linear_h": largest["cpu_s"] / largest["size"] * target / 3600,
            }
        )
    return pd.DataFrame(rows)


def draw(results: pd.DataFrame, path: Path) -> None:
    """Processor seconds and memory over documents."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for (stage, label), mark in zip(STAGES.items(), "osD^", strict=True):
        some = results[results["stage"] == stage]
        left.loglog(some["size"], some["cpu_s"], marker=mark, label=label)
        right.semilogx(some["size"], some["peak_bytes"] / 2**30, marker=mark, label=label)
    some = results[results["stage"] == "scan"]
    left.loglog(some["size"], some["cpu_s"], "k:", label="reading the columns twice")
    left.set(xlabel="documents", ylabel="processor seconds", title="Time")
    right.set(xlabel="documents", ylabel="GiB (proportional set size)", title="Memory at the peak")
    right.set_ylim(0, None)
    left.set_ylim(top=3e4)  # room for the legend
    left.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Print the tables, draw the figure."""
    results = read_results(Path(sys.argv[1]))
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        print(costs(results).round(2).to_string(index=False))  # noqa: T201
        print(fit(results).round(2).to_string(index=False))  # noqa: T201
    if len(sys.argv) > 2:
        draw(results, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
