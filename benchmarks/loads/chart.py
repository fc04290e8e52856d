"""docs/benchmarks.png: how many times as long the others take. Runs in the peers' environment.

    python -m benchmarks.loads.chart BARS.json CHART.png

BARS.json: a list of [title, [[name, times ours, is ours], ...]].
"""

import json
import sys
from pathlib import Path

from matplotlib import rcParams  # type: ignore[import-not-found]
from matplotlib.axes import Axes  # type: ignore[import-not-found]
from matplotlib.figure import Figure  # type: ignore[import-not-found]

OURS, OTHERS, INK, FAINT = "#0f7b6c", "#c3c9d1", "#24292f", "#6b7280"
BAR_INCHES, TITLE_INCHES, WIDTH_INCHES = 0.3, 0.55, 9.0
Bars = list[tuple[str, float, bool]]


def draw(works: list[tuple[str, Bars]], chart: Path) -> None:
    """Draw one panel of horizontal bars for each work, all on one logarithmic scale."""
    rcParams.update({"font.size": 9, "text.color": INK})
    heights = [len(bars) * BAR_INCHES + TITLE_INCHES for _, bars in works]
    figure = Figure(figsize=(WIDTH_INCHES, sum(heights) + 0.4))
    panels = figure.subplots(len(works), 1, gridspec_kw={"height_ratios": heights}, squeeze=False)
    most = max(value for _, bars in works for _, value, _ in bars)
    for panel, (title, bars) in zip(panels[:, 0], works, strict=True):
        _panel(panel, title, bars, most)
    figure.suptitle(
        "Time, as a multiple of ours (logarithmic scale; shorter is faster)",
        x=0.01,
        y=0.995,
        ha="left",
        fontsize=11,
        fontweight="bold",
    )
    figure.tight_layout(rect=(0, 0, 1, 0.985), h_pad=1.2)
    figure.savefig(chart, dpi=130, metadata={"Software": ""})


def _panel(panel: Axes, title: str, bars: Bars, most: float) -> None:
    places = range(len(bars))
    # A bar on a logarithmic scale has no zero: all begin at the same small multiple.
    start = 0.3
    values = [value for _, value, _ in bars]
    colours = [OURS if is_ours else OTHERS for _, _, is_ours in bars]
    panel.barh(places, [v - start for v in values], left=start, color=colours, height=0.72)
    for place, (_, value, is_ours) in zip(places, bars, strict=True):
        weight = "bold" if is_ours else "normal"
        panel.text(value * 1.04, place, f"{value:.1f}", va="center", fontweight=weight)
    panel.set_yticks(places, [name for name, _, _ in bars])
    for label, (_, _, is_ours) in zip(panel.get_yticklabels(), bars, strict=True):
        label.set_fontweight("bold" if is_ours else "normal")
    panel.invert_yaxis()
    panel.set_xscale("log")
    panel.set_xlim(start, most * 1.6)
    panel.axvline(1, color=FAINT, linewidth=0.8, linestyle=(0, (3, 3)), zorder=0)
    panel.set_title(title, loc="left", fontsize=10, fontweight="bold", x=0)
    panel.tick_params(axis="both", length=0)
    panel.tick_params(axis="x", which="both", labelbottom=False, length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
