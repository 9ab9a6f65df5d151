"""Dashboards: of chosen cards, and the one that the integration makes itself."""

from typing import Any, Final

from .client import Client

CARD: Final = "acupressure-mat-card"


async def add_dashboard(client: Client, path: str, *cards: dict[str, object]) -> str:
    """Make a dashboard of these cards and return the path of its view."""
    section = {"type": "grid", "cards": list(cards)}
    view = {"title": "Test", "type": "sections", "sections": [section]}
    await _add(client, path, "Test", {"views": [view]})
    return f"/{path}/0"


async def add_our_dashboard(client: Client, path: str) -> str:
    """Make the dashboard that one click in the dialog makes, and return its path."""
    strategy = {"type": "custom:acupressure-mat"}
    await _add(client, path, "Acupressure mat", {"strategy": strategy})
    return f"/{path}"


async def _add(client: Client, path: str, title: str, config: dict[str, Any]) -> None:
    await client.call("lovelace/dashboards/create", url_path=path, title=title)
    await client.call("lovelace/config/save", url_path=path, config=config)
