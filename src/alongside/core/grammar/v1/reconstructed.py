"""What is reconstructed from old sources: dated today, with the event's own date and source, without clocks."""

from alongside.core.grammar.shape import (
    Cites,
    Kind,
    event_date,
    list_of,
    one_of,
    slug,
    words,
)

STEPS = ("promise", "voices", "finding", "ask", "answer", "commitment", "delivery", "report", "gap")

KINDS = tuple(
    Kind(
        name=f"reconstructed.{step}",
        says=f"Reconstructed from the public record: a {step} from before this log, with its date and its source.",
        pen="program",
        by=("steward",),
        data={
            "thread": slug,
            "whose": one_of("community", "city", "both"),
            "event_date": event_date,
            "sources": list_of(words(500), 1, 20),
        },
        may={"until": event_date, "unit": slug},
        cites={"follows": Cites(tuple(f"reconstructed.{one}" for one in STEPS), 0, 20)},
        texts=("title", "statement"),
        subject="thread",
    )
    for step in STEPS
)
