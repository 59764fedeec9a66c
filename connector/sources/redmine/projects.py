"""Redmine's projects: which of them are read, whose they are, and how they are billed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from connector.core.notation import ENGLISH, NotationError, one_of
from connector.core.offer import Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Problem, Severity
from connector.core.suggest import did_you_mean
from connector.sources.redmine.calls import Calls, Params
from connector.sources.redmine.records import TRUTH, ProjectRecord, record_of
from connector.sources.redmine.settings import CustomerFields, ProjectFields, Settings

ACTIVE_OR_CLOSED = "1|5"
"""Without this filter Redmine leaves closed projects out, and what was booked in them with it."""

LONGEST_PAYMENT_DAYS = 365

_COUNTRY = re.compile("[A-Z]{2}")
_LANGUAGES = {"de": "de", "en": "en"}


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects that are read, by Redmine's number, and what was wrong with them.

    `limited` tells that the settings name some of them; `known` are all that can be seen, because customers may be
    named by a project above.
    """

    source: str
    records: Mapping[int, ProjectRecord]
    known: Mapping[int, ProjectRecord]
    limited: bool
    problems: tuple[Problem, ...]

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Projects:
        """Return the projects named in the settings with all their subprojects; all of them if none is named."""
        known: dict[int, ProjectRecord] = {}
        problems: list[Problem] = []
        for row in calls.whole("projects", {"status": ACTIVE_OR_CLOSED}):
            record = record_of(row, ProjectRecord, f"{calls.source}: project #{row['id']}")
            if isinstance(record, Problem):
                problems.append(record)
            else:
                known[record.id] = record
        problems += _unknown(settings.projects, known.values(), calls.source)
        wanted = {
            number: record
            for number, record in known.items()
            if not settings.projects or any(each.identifier in settings.projects for each in _line(record, known))
        }
        return cls(calls.source, wanted, known, bool(settings.projects), tuple(problems))

    @property
    def scopes(self) -> list[Params]:
        """Return the filters that lists are read with, one walk each.

        `subproject_id` is stated because otherwise a setting of Redmine decides whether subprojects are in the list.
        """
        if not self.limited:
            return [{}]
        return [{"project_id": top.id, "subproject_id": "*"} for top in self.tops]

    @property
    def tops(self) -> list[ProjectRecord]:
        """Return those that are no part of another one that is read."""
        return [record for record in self.records.values() if self.top_of(record) is record]

    def top_of(self, record: ProjectRecord) -> ProjectRecord:
        """Return the project that this one is in the end a part of, as far as they are read."""
        return _line(record, self.records)[-1]

    def customer_of(self, record: ProjectRecord, number_field: str) -> str:
        """Return the customer's number: the project's own, else that of the nearest project above; '' for none."""
        return next((found for each in _line(record, self.known) if (found := each.text(number_field))), "")

    def not_read(self, place: str) -> Problem:
        """Return the notice that a record belongs to a project that was not in the list of projects."""
        message = "its project was not there when the projects were read"
        return Problem("ProjectNotRead", message, place, "the next run reads it", Severity.NOTICE)

    def place(self, record: ProjectRecord) -> str:
        """Return how the project is named in messages."""
        return f"{self.source}: project {record.identifier}"


def translated(projects: Projects, settings: Settings) -> Iterator[Project | Problem]:
    """Yield each project as a value of the core, and the problems of all."""
    yield from projects.problems
    number_field = settings.customer.number
    for record in projects.records.values():
        billing = _billing(record, settings.project, projects.place(record))
        if isinstance(billing, Problem):
            yield billing
            continue
        customer = projects.customer_of(record, number_field)
        parent = projects.records.get(record.parent.id) if record.parent else None
        if number_field and not customer and not parent:
            message, hint = "no customer number", f"fill {number_field!r}, or name the customer in the agreement"
            yield Problem("CustomerMissing", message, projects.place(record), hint, Severity.NOTICE)
        yield Project(
            id=record.identifier,
            name=record.name,
            customer=customer,
            parent=parent.identifier if parent else "",
            billing=billing,
            origin=projects.place(record),
        )


def customers(projects: Projects, fields: CustomerFields) -> Iterator[Party | Problem]:
    """Yield every customer once; projects with its number may share out its details, not contradict each other."""
    if not fields.name:
        return
    by_number: dict[str, list[ProjectRecord]] = {}
    for record in projects.known.values():
        by_number.setdefault(record.text(fields.number), []).append(record)
    wanted = dict.fromkeys(projects.customer_of(record, fields.number) for record in projects.records.values())
    for number in filter(None, wanted):
        records = by_number[number]
        yield _party(number, records, fields, ", ".join(projects.place(record) for record in records))


def _party(number: str, records: Iterable[ProjectRecord], fields: CustomerFields, place: str) -> Party | Problem:
    said: dict[str, str] = {}
    for detail, field in fields.model_dump(exclude={"number"}).items():
        values = {text for record in records if (text := record.text(field))}
        if len(values) > 1:
            message = f"customer {number} has more than one {field!r}: {', '.join(sorted(values))}"
            return Problem("CustomerContradicts", message, place, "let one project say it, or all the same")
        said[detail] = next(iter(values), "")
    if not said["name"]:
        hint = f"fill {fields.name!r} in one of the projects"
        return Problem("CustomerWithoutName", f"customer {number} has no name", place, hint)
    try:
        return _as_party(number, said, place)
    except NotationError as error:
        return Problem("BadCustomer", f"customer {number}: {error.message}", place, error.hint)


def _as_party(number: str, said: Mapping[str, str], place: str) -> Party:
    return Party(
        id=number,
        name=said["name"],
        address=Address(said["street"], said["postal_code"], said["city"], _country(said["country"])),
        vat_id=said["vat_id"].replace(" ", ""),
        is_business=one_of(TRUTH, said["business"]) if said["business"] else True,
        payment_days=_payment_days(said["payment_days"]),
        language=one_of(_LANGUAGES, said["language"]) if said["language"] else "de",
        email=said["email"],
        origin=place,
    )


def _country(text: str) -> str:
    if text and not _COUNTRY.fullmatch(text):
        raise NotationError(text, "not a country code", "write two capitals, such as DE (ISO 3166-1)")
    return text


def _payment_days(text: str) -> int | None:
    if not text:
        return None
    days = ENGLISH.number(text)
    if days != int(days) or not 0 <= days <= LONGEST_PAYMENT_DAYS:
        raise NotationError(text, "not a number of days", f"0 to {LONGEST_PAYMENT_DAYS}")
    return int(days)


def _billing(record: ProjectRecord, fields: ProjectFields, place: str) -> ProjectBilling | Problem:
    text = record.text(fields.billing)
    meanings = dict.fromkeys(fields.fixed_price, ProjectBilling.FIXED_PRICE)
    meanings |= dict.fromkeys(fields.time_and_materials, ProjectBilling.TIME_AND_MATERIALS)
    meanings |= dict.fromkeys(fields.unstated, ProjectBilling.UNSTATED)
    try:
        return one_of(meanings, text) if text else ProjectBilling.UNSTATED
    except NotationError:
        hint = f"{did_you_mean(text, meanings)} Say in the settings what the value means"
        return Problem("UnknownBilling", f"{fields.billing!r} is {text!r}", place, hint)


def _line(record: ProjectRecord, records: Mapping[int, ProjectRecord]) -> list[ProjectRecord]:
    """Return the project and those it is a part of, nearest first."""
    line = [record]
    while line[-1].parent and (above := records.get(line[-1].parent.id)) and above not in line:
        line.append(above)
    return line


def _unknown(named: Iterable[str], records: Iterable[ProjectRecord], source: str) -> list[Problem]:
    identifiers = [record.identifier for record in records]
    message = "no such project, or the key's user may not see it"
    return [
        Problem("UnknownProject", f"{message}: {name!r}", f"{source}: projects", did_you_mean(name, identifiers))
        for name in named
        if name not in identifiers
    ]
