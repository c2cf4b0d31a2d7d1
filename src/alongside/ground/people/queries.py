"""Read people: who is suspended."""

from collections.abc import Collection

from alongside.ground.people.models import Suspension


def suspended(people: Collection[int]) -> set[int]:
    """Give those of these people who are suspended and not restored. One query."""
    rows = Suspension.objects.filter(person__in=people, restored_at=None)
    return set(rows.values_list("person_id", flat=True))
