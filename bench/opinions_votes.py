"""Made votes of a given size, the same for every engine: three camps, and people of whom most answer little. Needs numpy only."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

#: Name: people, statements, answers of a person in the mean.
SIZES = {
    "536x314": (536, 314, 55),
    "10k": (10_000, 300, 51),
    "33k": (33_422, 783, 58),
    "100k": (100_000, 500, 47),
    "1m": (1_000_000, 1_000, 31),
}


def made(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give people, statements and answers in an order by chance, each pair once."""
    people, statements, mean = SIZES[name]
    chance = np.random.default_rng(17)
    given = np.clip(chance.geometric(1 / mean, people), 1, statements)
    who = np.repeat(np.arange(people, dtype=np.int32), given)
    # a walk through the statements by a step that has no factor in common with their number meets each once
    steps = np.array([step for step in range(1, statements) if np.gcd(step, statements) == 1], np.int64)
    first = np.repeat(np.cumsum(given) - given, given)
    start, step = chance.integers(0, statements, people), chance.choice(steps, people)
    what = ((start[who] + step[who] * (np.arange(len(who)) - first)) % statements).astype(np.int32)
    camp = chance.integers(0, 3, people)
    leaning, base = chance.normal(0, 1.0, (3, statements)), chance.normal(0.4, 0.6, statements)
    opinion = (base[what] + leaning[camp[who], what]).astype(np.float32)
    opinion += chance.standard_normal(len(who), dtype=np.float32)
    said = np.where(opinion > 0.3, 1, np.where(opinion < -0.3, -1, 0)).astype(np.int8)
    order = chance.permutation(len(who))
    return who[order], what[order], said[order]


def loaded(name: str) -> list[np.ndarray]:
    """Give what `made` gives, made in a process of its own, so that the memory for making it is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "bench.opinions_votes", name, folder], check=True)
        return [np.load(Path(folder) / f"{place}.npy") for place in range(3)]


if __name__ == "__main__":
    for place, part in enumerate(made(sys.argv[1])):
        np.save(Path(sys.argv[2]) / f"{place}.npy", part)
