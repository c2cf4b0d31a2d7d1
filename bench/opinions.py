"""The opinion map beside red-dwarf 0.4.0, in turn and each in a process of its own; then its stages beside what the memory could do.

Usage: python -m bench.opinions [SIZE ...], sizes 536x314 10k 33k 100k 1m; without one 536x314 and 10k. red-dwarf is installed
into .dev/red-dwarf where ALONGSIDE_BENCH_PEERS is set; it is measured where it is there. Each works on one thread, and ratios are
of the time of the processor: what else the machine does changes them least.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.opinions_votes import SIZES, loaded

ROOT = Path(__file__).parents[1]
PEER = ROOT / ".dev/red-dwarf"
RELEASE = "red-dwarf==0.4.0"
GOALS = {"10k": 50, "33k": 60, "100k": 120}  # times as fast as the peer
LIMITS = {"1m": (8.0, 1228.8)}  # seconds, MB
CHECKED = ("536x314", 6.0)  # seconds to say whether there are groups
LARGEST_FOR_PEER = 100_000
AGAIN = 3
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def stages(name: str) -> dict[str, tuple[float, float, float]]:
    """Run each stage of the map; give its seconds, those of the processor, and the bytes it must read and write at least once."""
    from alongside.core.opinions.axes import center, leading
    from alongside.core.opinions.k_means import splits
    from alongside.core.opinions.consensus import shared, telling
    from alongside.core.opinions.groups import Rules, placed
    from alongside.core.opinions.positions import place
    from alongside.core.opinions.votes import cast, tally

    arrays = loaded(name)
    took: dict[str, tuple[float, float, float]] = {}

    def timed[T](stage: str, size: Callable[[T], float], work: Callable[[], T]) -> T:
        wall, busy = time.perf_counter(), time.process_time()
        found = work()
        took[stage] = (time.perf_counter() - wall, time.process_time() - busy, size(found))
        return found

    kept = lambda votes: 5.0 * len(votes.answer)  # a place of 4 bytes and an answer of 1
    given = len(arrays[0])
    votes = timed("votes", lambda found: 9.0 * given + kept(found), lambda: cast(*arrays))
    arrays.clear()
    centered = timed("centering", lambda _: kept(votes) + 8 * len(votes.answer), lambda: center(votes))
    loadings, _ = timed("axes", lambda _: kept(votes), lambda: leading(centered.matrix, 2))
    positions = timed("positions", lambda _: kept(votes), lambda: place(centered, loadings))
    del centered  # as the map does
    who = placed(votes, Rules())
    points = positions.at[who]
    found = timed(
        "clusters",
        lambda _: float(points.nbytes),
        lambda: splits(points, range(2, 6), np.random.default_rng(0)),
    )
    best = max(found, key=lambda one: one.clearness)
    side = np.full(len(votes.people), -1)
    side[who] = best.side
    every = timed("counts", lambda _: kept(votes), lambda: tally(votes, side + 1, len(best.centers) + 1))
    counts, everybody = every[1:], every.sum(axis=0)
    timed("statistics", lambda _: float(every.nbytes), lambda: (shared(counts, everybody), telling(counts)))
    return took


def ours(name: str) -> None:
    """Print one run of this engine, as JSON."""
    stages("536x314")  # what is loaded and compiled once is not counted
    took = stages(name)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, busy = (sum(one[at] for one in took.values()) for at in (0, 1))
    print(json.dumps({"wall": wall, "cpu": busy, "peak": peak, "stages": took}))


def checked(name: str) -> None:
    """Print how long it takes to say whether there are groups, as JSON."""
    from alongside.core.opinions.axes import center
    from alongside.core.opinions.groups import Rules, look
    from alongside.core.opinions.positions import find
    from alongside.core.opinions.votes import cast

    votes = cast(*loaded(name))
    positions = find(center(votes))
    wall, work = time.perf_counter(), time.process_time()
    groups = look(votes, positions, Rules(), 0)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - work}
    print(json.dumps({**took, "groups": groups.count}))


def run(python: Path | str, *call: str) -> dict:
    """Run a process and read its one line; what it cannot do is told in its last line."""
    ran = subprocess.run(
        [str(python), "-m", *call],
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        return {"failed": (ran.stderr.strip().splitlines() or ["killed"])[-1]}
    return json.loads(ran.stdout.strip().splitlines()[-1])


def peer() -> Path | None:
    """Give the peer's Python, installing it where that was asked for."""
    python = PEER / "bin/python"
    if not python.exists() and os.environ.get("ALONGSIDE_BENCH_PEERS"):
        uv = os.environ.get("UV", "uv")
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(PEER)], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--python", str(python), RELEASE], check=True)
    return python if python.exists() else None


def says(held: bool) -> str:
    """Say whether a goal is met."""
    return "holds" if held else "does not hold"


def bandwidth() -> float:
    """Measure how many bytes a second one thread reads from memory."""
    block = np.ones(16_000_000)
    best = min(_seconds(block.sum) for _ in range(5))
    return block.nbytes / best


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def beside(name: str, python: Path | None) -> dict:
    """Measure both engines in turn on one size, and print the least of each with their ratio."""
    mine, theirs = [], []
    rounds = AGAIN if SIZES[name][0] <= 10_000 else 1
    for _ in range(rounds):
        mine.append(run(sys.executable, "bench.opinions", "ours", name))
        if python and SIZES[name][0] <= LARGEST_FOR_PEER:
            theirs.append(run(python, "bench.opinions_peer", name))
    best = min(mine, key=lambda one: one.get("cpu", 1e9))
    people, statements, _ = SIZES[name]
    if "failed" in best:
        print(f"{name}: failed: {best['failed']}", flush=True)
        return best
    line = f"{people:,} x {statements}: {best['wall']:.3f} s ({best['cpu']:.3f} of the processor), {best['peak']:.0f} MB"
    good = [one for one in theirs if "failed" not in one]
    if good:
        their = min(good, key=lambda one: one["cpu"])
        ratio = their["cpu"] / best["cpu"]
        goal = f"; goal {GOALS[name]} times {says(ratio >= GOALS[name])}" if name in GOALS else ""
        line += f"; red-dwarf {their['wall']:.2f} s ({their['cpu']:.2f}), {their['peak']:.0f} MB: {ratio:.0f} times, {their['peak'] / best['peak']:.1f} times the memory{goal}"
    elif theirs:
        line += f"; red-dwarf failed: {theirs[0]['failed']}"
    elif python:
        line += f"; red-dwarf is not asked above {LARGEST_FOR_PEER:,} people: it keeps a full matrix"
    if name in LIMITS:
        seconds, memory = LIMITS[name]
        line += f"; goal {seconds:.0f} s of the processor and {memory / 1024:.1f} GB {says(best['cpu'] <= seconds and best['peak'] <= memory)}"
    print(line, flush=True)
    return best


def distances(name: str, best: dict) -> None:
    """Print how far each stage is from reading and writing its bytes once, and which stage would gain most."""
    rate = bandwidth()
    print(f"{name}, beside memory read at {rate / 1e9:.1f} GB a second:")
    for stage, (_, seconds, size) in best["stages"].items():
        print(f"  {stage:12}{1000 * seconds:8.1f} ms {seconds / max(size / rate, 1e-9):10.0f} times")
    most = max(best["stages"], key=lambda stage: best["stages"][stage][1])
    share = best["stages"][most][1] / best["cpu"]
    print(f"  next: {most}, {share:.0%} of the time. {NEXT[most]}", flush=True)


NEXT = {
    "votes": "Votes that are kept by person as they come need no sorting.",
    "centering": "Means kept as running sums need no pass over the votes.",
    "axes": "Start from the axes of the last map: they hardly move between two batches.",
    "positions": "Only people with new votes have to be placed again while axes stand.",
    "clusters": "Fewer starts, or a coarser grid; start from the last centers.",
    "counts": "Counts kept as running sums by group and statement.",
    "statistics": "A table of bounds by successes and trials.",
}


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["ours"]:
        return ours(sys.argv[2])
    if sys.argv[1:2] == ["checked"]:
        return checked(sys.argv[2])
    python = peer()
    if python is None:
        print(f"{RELEASE} is not here; ALONGSIDE_BENCH_PEERS=1 ./dev bench opinions installs it.")
    for name in sys.argv[1:] or ("536x314", "10k"):
        best = beside(name, python)
        if "stages" in best:
            distances(name, best)
    took = run(sys.executable, "bench.opinions", "checked", CHECKED[0])
    print(
        f"100 samples of the people, 100 shuffles and 39 draws from one cloud at {CHECKED[0]}: {took['wall']:.1f} s ({took['cpu']:.1f} of the processor); goal {CHECKED[1]:.0f} s of the processor {says(took['cpu'] <= CHECKED[1])}"
    )
    return None


if __name__ == "__main__":
    main()
