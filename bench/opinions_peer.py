"""One run of red-dwarf 0.4.0 on made votes, in a process and an environment of its own: `python -m bench.opinions_peer SIZE`."""

import json
import resource
import sys
import time
import warnings

from bench.opinions_votes import loaded


def main() -> None:
    """Print seconds, seconds of the processor and the most memory, as JSON."""
    warnings.simplefilter("ignore")
    from reddwarf.implementations.polis import run_pipeline

    people, statements, answers = loaded(sys.argv[1])
    votes = [
        {"participant_id": who, "statement_id": what, "vote": said}
        for who, what, said in zip(people.tolist(), statements.tolist(), answers.tolist(), strict=True)
    ]
    wall, work = time.perf_counter(), time.process_time()
    found = run_pipeline(votes=votes, random_state=0)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - work}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**took, "peak": peak, "groups": len(set(found.clusterer.labels_.tolist()))}))


if __name__ == "__main__":
    main()
