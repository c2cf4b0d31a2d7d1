"""Read a policy pack that ships with the program."""

from importlib.resources import files


def read(name: str) -> str:
    """Give the text of a shipped policy pack."""
    return (files("alongside.ground.programs") / "packs" / f"{name}.toml").read_text()
