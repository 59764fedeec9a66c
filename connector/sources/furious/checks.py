"""What is wrong with address, user and field names: each named field is asked for, and what is refused is told."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.problems import Problem
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.query import Search
from connector.sources.furious.settings import Settings


def fields(calls: Calls, settings: Settings) -> Iterator[Problem]:
    """Yield every resource and every field of the settings that this Furious refuses; a refused log-in is raised."""
    for asked in resources.everything(settings):
        if not calls.refusal_of(asked.search):
            continue
        resource = asked.search.resource
        if words := calls.refusal_of(Search(resource, ())):
            hint = f"let the user read {resource.name}, or leave its table out of the settings"
            yield Problem("RightMissing", f"{resource.name} cannot be read: {words}", calls.source, hint)
            continue
        for key, name in asked.fields.items():
            if words := calls.refusal_of(Search(resource, (name,))):
                place = f"{calls.source}: {'.'.join(filter(None, (asked.table, key)))}"
                message = f"{resource.name} has no field {name!r} that could be read: {words}"
                yield Problem("UnknownField", message, place, "look the name up in the API's page of your Furious")
