"""From what the sources tell to documents: pull, plan, bill, and where the agreements stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from connector.core import standing
from connector.core.bank_entries import TimeBank
from connector.core.invoice import Invoice
from connector.core.materials_terms import MaterialsTerms
from connector.core.numbering import WORKING_NUMBERS
from connector.core.plan import Facts
from connector.core.problems import Problem
from connector.core.retainer_terms import RetainerTerms
from connector.core.term_end import notice_warning
from connector.jobs import bill as bill_job
from connector.jobs import pull as pull_job
from connector.jobs.bill import Outlook, Request, Terms
from connector.jobs.pull import PulledSource, PullOptions
from connector.jobs.timebank import time_bank_of
from connector.jobs.work import time_left_out
from connector.wiring.workspace import Workspace

Selection = Mapping[str, frozenset[str]]
"""Positions and categories by agreement."""


def terms(space: Workspace) -> Terms:
    """Return what billing needs of the configuration."""
    tenant = space.tenant
    return Terms(
        tenant=tenant.id,
        seller=tenant.seller,
        payment_days=tenant.payment_days,
        agreements=tenant.agreements,
        mapping=tenant.mapping,
        approve_at_once=tenant.approval == "auto",
        number_format=WORKING_NUMBERS if space.sink.capabilities.numbers else tenant.number_format,
        config_hash=tenant.config_hash,
    )


def facts(space: Workspace, as_of: date, selection: Selection) -> Facts:
    """Return what a plan is made from."""
    request = Request(as_of, space.who, selection)
    return bill_job.facts_for(space.collected, space.store.billing, terms(space), request)


def pull(
    space: Workspace, as_of: date, accept_empty: frozenset[str] = frozenset(), reread_from: date | None = None
) -> list[PulledSource]:
    """Read all sources into the store; time from the day on as a whole, where one is given."""
    tenant = space.tenant
    days = pull_job.reread_days(tenant.agreements, tenant.reread_days)
    options = PullOptions(as_of, days, space.now(), reread_from, tenant.on_bad_rows == "skip", accept_empty)
    return pull_job.pull(space.sources, space.store.sources, options)


def look_ahead(space: Workspace, as_of: date, selection: Selection) -> Outlook:
    """Return what would be billed; writes nothing.

    Where anything is selected, nothing else is billed (domain 3.10); otherwise, what was selected before holds.
    RefusedError for an unknown agreement.
    """
    for name in selection:
        space.agreement(name)
    nothing = dict.fromkeys((agreement.id for agreement in space.tenant.agreements), frozenset[str]())
    chosen = nothing | dict(selection) if selection else space.store.selections.chosen()
    known = facts(space, as_of, chosen)
    return bill_job.look_ahead(known, terms(space), space.sink, time_left_out(space.collected, known))


def bill(space: Workspace, outlook: Outlook) -> tuple[Invoice, ...]:
    """Store the documents that are ready."""
    return bill_job.bill(space.store.billing, terms(space), outlook, space.who)


def standings(space: Workspace, as_of: date) -> list[standing.Standing]:
    """Return where each agreement stands."""
    return list(standing.standings(facts(space, as_of, {})))


def renewals(space: Workspace, as_of: date) -> list[Problem]:
    """Return a notice for every agreement that renews itself soon unless notice is given (domain 4.8)."""
    timed = [(each, each.terms) for each in space.tenant.agreements]
    found = [
        notice_warning(agreement, agreed.term, agreed.start, agreed.calendar, as_of)
        for agreement, agreed in timed
        if isinstance(agreed, RetainerTerms | MaterialsTerms)
    ]
    return [warning for warning in found if warning]


def time_bank(space: Workspace, name: str, as_of: date, period: str = "") -> TimeBank:
    """Return the time bank of the agreement, or of its period named; RefusedError where there is none."""
    return time_bank_of(space.collected, space.agreement(name), space.tenant.agreements, as_of, period)
