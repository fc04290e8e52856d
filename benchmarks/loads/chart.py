"""docs/benchmarks.png: how many times as long the others take. Runs in the peers' environment.

    python -m benchmarks.loads.chart BARS.json CHART.png

BARS.json: a list of [title, [[name, times ours, kind], ...]]; kinds are those of COLOURS.
"""

import json
import sys
from pathlib import Path

from matplotlib import rcParams  # type: ignore[import-not-found]
from matplotlib.axes import Axes  # type: ignore[import-not-found]
from matplotlib.figure import Figure  # type: ignore[import-not-found]
from matplotlib.patches import Patch  # type: ignore[import-not-found]

COLOURS = {
    "ours": "#0f7b6c",
    "the floor": "#e3e6ea",
    "documented": "#7f8b9b",
    "tuned by hand": "#b9c2ce",
}
LABELS = {
    "ours": "ours",
    "the floor": "the floor",
    "documented": "others, as documented",
    "tuned by hand": "others, tuned by hand",
}
INK, FAINT = "#24292f", "#6b7280"
BAR_INCHES, TITLE_INCHES, GAP_INCHES = 0.27, 0.3, 0.25
HEAD_INCHES, WIDTH_INCHES, LEFT_INCHES, RIGHT_INCHES = 0.8, 9.0, 3.2, 0.2
# A bar on a logarithmic scale has no zero: all begin at the same small multiple.
START, SHORTEST = 0.3, 0.75
Bars = list[tuple[str, float, str]]


def draw(works: list[tuple[str, Bars]], chart: Path) -> None:
    """Draw one panel of horizontal bars for each work, all on one logarithmic scale."""
    rcParams.update({"font.size": 9, "text.color": INK, "ytick.color": INK})
    height = HEAD_INCHES + sum(_panel_inches(bars) for _, bars in works)
    figure = Figure(figsize=(WIDTH_INCHES, height))
    values = [value for _, bars in works for _, value, _ in bars]
    ends = min(START, SHORTEST * min(values)), 1.4 * max(values)
    left, wide = LEFT_INCHES / WIDTH_INCHES, WIDTH_INCHES - LEFT_INCHES - RIGHT_INCHES
    top = HEAD_INCHES
    for title, bars in works:
        bars_inches = len(bars) * BAR_INCHES
        bottom = 1 - (top + TITLE_INCHES + bars_inches) / height
        panel = figure.add_axes((left, bottom, wide / WIDTH_INCHES, bars_inches / height))
        _fill(panel, title, bars, ends)
        top += _panel_inches(bars)
    _head(figure, height)
    figure.savefig(chart, dpi=130, metadata={"Software": ""})


def _panel_inches(bars: Bars) -> float:
    return TITLE_INCHES + len(bars) * BAR_INCHES + GAP_INCHES


def _head(figure: Figure, height: float) -> None:
    figure.text(
        0.012,
        1 - 0.12 / height,
        "Time, as a multiple of ours (logarithmic scale; shorter is faster)",
        va="top",
        fontsize=11,
        fontweight="bold",
    )
    figure.legend(
        handles=[Patch(color=colour, label=LABELS[kind]) for kind, colour in COLOURS.items()],
        loc="upper left",
        bbox_to_anchor=(0.002, 1 - 0.34 / height),
        ncols=len(COLOURS),
        frameon=False,
    )


def _fill(panel: Axes, title: str, bars: Bars, ends: tuple[float, float]) -> None:
    places = range(len(bars))
    values = [value for _, value, _ in bars]
    colours = [COLOURS[kind] for _, _, kind in bars]
    panel.axvline(1, color=FAINT, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
    panel.barh(places, [v - ends[0] for v in values], left=ends[0], color=colours, height=0.74)
    panel.set_yticks(places, [name for name, _, _ in bars])
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    for place, label, (_, value, kind) in zip(places, panel.get_yticklabels(), bars, strict=True):
        weight = "bold" if kind == "ours" else "normal"
        label.set_fontweight(weight)
        panel.text(value * 1.05, place, f"{value:.1f}", va="center", fontweight=weight, bbox=behind)
    panel.set_ylim(len(bars) - 0.5, -0.5)
    panel.set_xscale("log")
    panel.set_xlim(*ends)
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold")
    panel.tick_params(axis="both", length=0)
    panel.tick_params(axis="x", which="both", labelbottom=False, length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
