"""Arrows run one way: in tables as in imports."""

import ast

import pytest
from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model, OneToOneField

from tests.support.house import ROOMS, SRC, imports, modules, name_of, order, part_of, place_of, tree

HIGHER = {"views", "forms", "urls", "actions", "queries", "tasks", "steps", "letters"}
IMPURE = {
    "time",
    "random",
    "socket",
    "urllib",
    "http",
    "pathlib",
    "subprocess",
    "sqlite3",
    "tempfile",
    "logging",
    "shutil",
    "threading",
    "asyncio",
    "ssl",
}
CLOCK = {
    "datetime.now",
    "datetime.utcnow",
    "date.today",
    "datetime.today",
    "timezone.now",
    "time.time",
    "timezone.localdate",
    "timezone.localtime",
}


def forward(here: str, there: str) -> bool:
    """Say whether a place would lean on one above it."""
    return order().index(there) > order().index(here)


def our_models() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("alongside.")]


def test_the_order_of_rooms_is_read_from_the_contracts():
    assert order()[0] == "core"
    assert order()[-1] == "site"
    assert forward("chain.findings", "chain.answers")
    assert not forward("chain.answers", "chain.findings")
    assert forward("ground.record", "chain.voices")


def test_no_table_points_forward():
    found = []
    for model in our_models():
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                there = field.related_model.__module__
                if there.startswith("alongside.") and forward(place_of(model.__module__), place_of(there)):
                    found.append(
                        f"{model.__module__}.{model.__name__}.{field.name} points forward, to {there}; cite by entry id."
                    )
    assert found == []


def test_no_table_of_one_link_points_to_a_table_of_another():
    """Citations are record entry ids, never foreign keys across links."""
    found = [
        f"{model.__module__}.{model.__name__}.{field.name} points to another link; cite by entry id."
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField | ManyToManyField)
        and model.__module__.startswith("alongside.chain.")
        and field.related_model.__module__.startswith("alongside.chain.")
        and place_of(model.__module__) != place_of(field.related_model.__module__)
    ]
    assert found == []


def test_models_lean_on_models_alone():
    found = [
        f"{name_of(path)}:{line} imports {name}; a model leans on models and core only."
        for path in modules()
        if part_of(path) == "models"
        for line, name in imports(tree(path))
        if name.startswith("alongside.") and HIGHER & set(name.split("."))
    ]
    assert found == []


@pytest.mark.parametrize("room", [*ROOMS, "desks"])
def test_no_app_of_the_server_can_open_a_voice(room):
    """Even at one remove: the opening code is reached from the command line and the demonstration only."""
    import grimp

    graph = grimp.build_graph("alongside", cache_dir=None)
    opening = "alongside.core.sealing.opening"
    if f"alongside.{room}" not in graph.modules or opening not in graph.modules:
        pytest.skip(f"{room} or the opening code is not here yet")

    chain = graph.find_shortest_chain(f"alongside.{room}", opening, as_packages=True)

    assert chain is None, (
        f"{' -> '.join(chain or ())}: a server that can open a voice must not be; take this import out."
    )


def test_only_the_demonstration_and_the_commands_of_the_site_import_the_opening_code():
    allowed = ("site/demo", "site/cli", "check/", "site/management/", "core/sealing/", "site/commands")
    found = [
        f"{name_of(path)}:{line} imports the opening code; only the command line and the demonstration may."
        for path in modules()
        if not name_of(path).startswith(allowed)
        for line, name in imports(tree(path))
        if name.startswith("alongside.core.sealing.opening")
    ]
    assert found == []


def impure(module: ast.Module) -> list[str]:
    """List what a pure module may not do."""
    found = [f"{line}: imports {name}" for line, name in imports(module) if name.split(".")[0] in IMPURE]
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ):
            found.append(f"{node.lineno}: calls {node.func.id}()")
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "os"
            and node.attr != "urandom"
        ):
            found.append(f"{node.lineno}: uses os.{node.attr}")
    return [*found, *looks_at_the_clock(module)]


def looks_at_the_clock(module: ast.Module) -> list[str]:
    """List the places where a module asks what time it is."""
    calls = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return [
        f"{node.lineno}: calls {ast.unparse(node.func)}()"
        for node in calls
        if ".".join(ast.unparse(node.func).split(".")[-2:]) in CLOCK
    ]


def test_the_core_has_no_clock_no_network_and_no_files():
    found = [
        f"{name_of(p)}:{m}; core is pure, take it as an argument."
        for p in modules()
        if name_of(p).startswith("core/")
        for m in impure(tree(p))
    ]
    assert found == []


def test_only_views_and_commands_look_at_the_clock():
    found = [
        f"{name_of(path)}:{message}; take `now` as an argument."
        for path in modules()
        if path.is_relative_to(SRC)
        and part_of(path) != "views"
        and not name_of(path).startswith(("site/", "check/"))
        for message in looks_at_the_clock(tree(path))
    ]
    assert found == []


def test_an_impure_module_is_told():
    planted = ast.parse(
        "import socket\nimport os\nfrom datetime import datetime\ndatetime.now()\nopen('x')\nos.getenv('x')\nos.urandom(3)\n"
    )

    assert impure(planted) == [
        "1: imports socket",
        "5: calls open()",
        "6: uses os.getenv",
        "4: calls datetime.now()",
    ]
