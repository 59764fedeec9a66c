"""The only place that joins configuration, store, adapters and jobs into something that runs."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

from connector import config, registry
from connector.core.accept import Acceptance, AcceptError, accepted_change, waiting_charges
from connector.core.agreement import Agreement
from connector.core.bank_entries import TimeBank
from connector.core.billed import BilledEntry
from connector.core.charge_due import DueCharge
from connector.core.due import QUANTITY_DECIMALS
from connector.core.edit import LineEdit, NoSuchLineError, line_of
from connector.core.errors import ConfigError, HonorarError, NotFound, RefusedError
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.login import LoginAdapter
from connector.core.materials_terms import MaterialsTerms
from connector.core.money import rounded
from connector.core.notation import ENGLISH, NotationError
from connector.core.numbering import WORKING_NUMBERS
from connector.core.offer import PRICE_DECIMALS
from connector.core.plan import Facts, make_plan
from connector.core.ports import BatchSink, Checkable, Inbox, Receipt, Slots, StatusSource, StatusWriter
from connector.core.problems import Problem
from connector.core.receivables import DSO_DAYS, Receivables, receivables, set_off
from connector.core.retainer_terms import RetainerTerms
from connector.core.schedule import billed_positions
from connector.core.scope import Scope
from connector.core.standing import Standing, standings
from connector.core.suggest import did_you_mean
from connector.core.term_end import notice_warning
from connector.documents.deliveries import explain_attempts, explain_receipt
from connector.documents.explain import explain_document, explain_line
from connector.documents.payments import explain_reading, news_text
from connector.http import Transport
from connector.jobs.approve import Approver
from connector.jobs.bill import Outlook, Request, Sink, Terms, bill, facts_for, look_ahead
from connector.jobs.cancel import Canceller
from connector.jobs.deliver import Deliverer
from connector.jobs.pull import NamedSource, PulledSource, PullOptions, pull, reread_days
from connector.jobs.push import Pushed, Pusher
from connector.jobs.reconcile import ReconcilableSink, Reconciled, Reconciler
from connector.jobs.settle import Settled, Settler
from connector.jobs.states import HOLD, PAID, RELEASE, RESEND, UNPAID, Move, bring
from connector.jobs.timebank import time_bank_of
from connector.jobs.work import time_left_out
from connector.jobs.write_back import WriteBack, WrittenBack
from connector.store import AuditRow, Collected, DocumentSummary, Store, StoredDocument, open_store

LOCK_WAIT_SECONDS = 30
"""A second run waits this long for the first one, then leaves with exit code 75."""

Selection = Mapping[str, frozenset[str]]


def utc_now() -> datetime:
    """Return the moment it is; the only clock besides the store's."""
    return datetime.now(UTC)


def current_user() -> str:
    """Return the name of the user of the operating system, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@dataclass(frozen=True)
class Workspace:
    """One tenant ready to work: its configuration, its store, who works, and the clock."""

    tenant: config.Tenant
    store: Store
    who: str
    now: Callable[[], datetime] = field(default=utc_now)

    def today(self) -> date:
        """Return the day it is for the tenant (domain 1.7)."""
        return self.now().astimezone(self.tenant.time_zone).date()

    @cached_property
    def sources(self) -> list[NamedSource]:
        """Return the adapters of the sources, in the order they are laid over."""
        built = ((each.name, registry.source(each.type), each.settings) for each in self.tenant.sources)
        return [NamedSource(name, module.build(settings, self._transport(name))) for name, module, settings in built]

    @cached_property
    def sink(self) -> Sink:
        """Return the adapter of the sink."""
        chosen = self.tenant.sink
        adapter: Sink = registry.sink(chosen.type).build(chosen.settings, self._transport(chosen.type))
        return adapter

    @property
    def terms(self) -> Terms:
        """Return what billing needs of the configuration."""
        tenant = self.tenant
        return Terms(
            tenant=tenant.id,
            seller=tenant.seller,
            payment_days=tenant.payment_days,
            agreements=tenant.agreements,
            mapping=tenant.mapping,
            approve_at_once=tenant.approval == "auto",
            number_format=WORKING_NUMBERS if self.sink.capabilities.numbers else tenant.number_format,
            config_hash=tenant.config_hash,
        )

    @property
    def adapters(self) -> list[NamedSource]:
        """Return sources and sink under their names."""
        return [*self.sources, NamedSource(self.tenant.sink.type, self.sink)]

    def check(self) -> list[Problem]:
        """Return what the adapters find wrong with their connections and settings, all of them."""
        return [problem for named in self.adapters for problem in _found_by(named)]

    def log_in(self, name: str, show: Callable[[str], None]) -> datetime:
        """Let a person log in for the source or sink; return until when the log-in holds.

        RefusedError where there is no such adapter, or it takes no log-in.
        """
        adapters = {each.name: each.adapter for each in self.adapters if isinstance(each.adapter, LoginAdapter)}
        if name not in adapters:
            message = f"no source or sink {name!r} takes a log-in"
            raise RefusedError(message, hint=did_you_mean(name, adapters))
        return adapters[name].log_in(show).astimezone(self.tenant.time_zone)

    def login_notices(self) -> list[Problem]:
        """Return which log-ins are missing or end soon; calls nobody."""
        holders = [each.adapter for each in self.adapters if isinstance(each.adapter, LoginAdapter)]
        return [notice for holder in holders for notice in holder.login_notices(self.now())]

    def renewals(self, as_of: date) -> list[Problem]:
        """Return a notice for every agreement that renews itself soon unless notice is given (domain 4.8)."""
        timed = [(each, each.terms) for each in self.tenant.agreements]
        found = [
            notice_warning(agreement, terms.term, terms.start, terms.calendar, as_of)
            for agreement, terms in timed
            if isinstance(terms, RetainerTerms | MaterialsTerms)
        ]
        return [warning for warning in found if warning]

    def pull(self, as_of: date, accept_empty: frozenset[str] = frozenset()) -> list[PulledSource]:
        """Read all sources into the store."""
        days = reread_days(self.tenant.agreements, self.tenant.reread_days)
        options = PullOptions(as_of, days, self.tenant.on_bad_rows == "skip", accept_empty)
        return pull(self.sources, self.store.sources, options)

    def look_ahead(self, as_of: date, selection: Selection) -> Outlook:
        """Return what would be billed; writes nothing.

        Where anything is selected, nothing else is billed (domain 3.10); otherwise, what was selected before holds.
        RefusedError for an unknown agreement.
        """
        for name in selection:
            self._agreement(name)
        nothing = dict.fromkeys((agreement.id for agreement in self.tenant.agreements), frozenset[str]())
        facts = self._facts(as_of, nothing | dict(selection) if selection else self.store.selections.chosen())
        return look_ahead(facts, self.terms, self.sink, time_left_out(self._collected, facts))

    def standings(self, as_of: date) -> list[Standing]:
        """Return where each agreement stands."""
        return list(standings(self._facts(as_of, {})))

    def time_bank(self, name: str, as_of: date, period: str = "") -> TimeBank:
        """Return the time bank of the agreement, or of its period named; RefusedError where there is none."""
        return time_bank_of(self._collected, self._agreement(name), self.tenant.agreements, as_of, period)

    def bill(self, outlook: Outlook) -> tuple[Invoice, ...]:
        """Store the documents that are ready."""
        return bill(self.store.billing, self.terms, outlook, self.who)

    def approve(self, names: Sequence[str]) -> Iterator[Invoice | Problem]:
        """Approve the named drafts (none named: all) and yield them, and the problems of those that stay drafts.

        Raises NotFound or RefusedError, before anything is changed, where a name is none of a draft.
        """
        drafts = names or [each.key for each in self.documents([DocumentState.DRAFT])]
        named = {each.summary.key: each for each in map(self.store.billing.document, drafts)}
        for each in named.values():
            _require_draft(each.summary)
        return self.approver.approve([each.invoice for each in named.values()])

    def edit(self, line: str, as_of: date, wanted: Mapping[str, str | None], reason: str) -> Invoice:
        """Change the line DOC.LINE of a draft; `wanted` may give text, quantity and price.

        Raises NotFound, or RefusedError for no draft, no such line, or a value that cannot be.
        """
        name, number = split_line(line)
        if number is None:
            message = f"{line!r} names no line"
            raise RefusedError(message, hint="write DOC.LINE, such as RE-2026-0001.2")
        numbers = {name: _decimal(name, wanted[name], most) for name, most in _DECIMALS.items()}
        change = LineEdit(number, self.who, as_of, reason, wanted["text"], numbers["quantity"], numbers["price"])
        document = self.store.billing.document(name)
        _require_draft(document.summary)
        try:
            return self.approver.edit(document.invoice, change)
        except ValueError as error:
            # The core's own words: no such line, nothing billed of it, an amount out of bounds.
            raise RefusedError(str(error)) from error

    def cancel(self, name: str, on: date, reason: str) -> Invoice | tuple[Problem, ...] | None:
        """Cancel the document; return its correction (None where its number is void), or what the sink refuses."""
        document = self.store.billing.document(name)
        canceller = Canceller(self.store.billing, self.sink, self.terms, self.who)
        return canceller.cancel(document, document.summary.state, on, reason)

    def hold(self, name: str, reason: str) -> None:
        """Hold the draft back; RefusedError where it cannot be."""
        self._bring(name, HOLD, reason)

    def release(self, name: str, reason: str) -> None:
        """Make a draft again of the document that was held, or let one be sent again that the sink rejected.

        RefusedError where it was neither.
        """
        rejected = self.summary(name).state is DocumentState.REJECTED
        self._bring(name, RESEND if rejected else RELEASE, reason)

    def paid(self, name: str, on: date, as_of: date, reason: str) -> None:
        """Record that the document was paid that day; RefusedError where it cannot be, or the day is yet to come."""
        if on > as_of:
            message = f"{on} is later than {as_of}"
            raise RefusedError(message, hint="give the day the money arrived")
        self._bring(name, PAID, reason, on)

    def unpaid(self, name: str, reason: str) -> None:
        """Take the payment back; RefusedError where none is recorded."""
        self._bring(name, UNPAID, reason)

    def accept(self, name: str, on: date, reason: str) -> BilledEntry | tuple[DueCharge, ...]:
        """Let the charges through that wait under the name, or accept that the position changed or vanished.

        RefusedError where nothing waits and nothing changed.
        """
        facts = self._facts(on, {})
        if waiting := waiting_charges(make_plan(facts), name):
            self.store.billing.approve_charges(waiting, self.who, reason)
            return waiting
        try:
            entry = accepted_change(facts, Acceptance(name, on, self.who, reason))
        except AcceptError as error:
            raise RefusedError(str(error), hint="honorar plan shows what waits, and what to type") from error
        self.store.billing.accept_change([entry], self.who, reason)
        return entry

    def select(self, name: str, positions: Collection[str]) -> None:
        """Let only these positions and categories of the agreement be billed from now on; none given: all of them.

        RefusedError for what the agreement does not have.
        """
        agreement = self._agreement(name)
        collected = self._collected
        found = Scope(collected.offers().values(), collected.projects()).positions(agreement)
        billed = billed_positions(agreement, found)
        if isinstance(billed, Problem):
            raise RefusedError(billed.message, place=billed.place, hint=billed.hint)
        known = {position.key for position in billed} | {position.category for position in billed if position.category}
        for position in positions:
            if position not in known:
                message = f"agreement {name} has no position or category {position!r}"
                raise RefusedError(message, hint=did_you_mean(position, known))
        self.store.selections.select(agreement.id, positions, self.who)

    def deeds(self, subject: str = "") -> list[AuditRow]:
        """Return what was done, oldest first; of one document (by number), position, agreement or sink, if named."""
        numbered = {each.number: each.key for each in self.documents()}
        return list(self.store.audit.list(numbered.get(subject, subject)))

    def push(self, again: str | None = None) -> Pushed:
        """Hand over what is queued, or one document once more to a sink that takes files.

        RefusedError where it never was handed over, or the sink keeps each document once.
        """
        pusher = self.pusher
        if again is None:
            return pusher.push()
        if isinstance(pusher, Deliverer):
            message = f"{self.tenant.sink.type} takes each document once"
            raise RefusedError(message, hint="what it rejected is sent again after: honorar release")
        document = self.store.billing.document(again).summary
        if not any(delivery.reference for delivery in self.store.outbox.deliveries(document.key)):
            message = f"document {document.number} was never handed over, so it cannot be repeated"
            raise RefusedError(message, hint="hand it over first: honorar push")
        return pusher.push_again(document.key)

    def documents(self, states: Collection[str] = (), agreement: str = "") -> list[DocumentSummary]:
        """Return the documents in one of the states (none given: any), oldest first; RefusedError for no such state."""
        try:
            chosen = [DocumentState(state) for state in states]
        except ValueError as error:
            raise RefusedError(str(error), hint=f"known: {', '.join(DocumentState)}") from None
        return list(self.store.billing.documents(chosen, agreement))

    def summary(self, name: str) -> DocumentSummary:
        """Return where the document stands; NotFound."""
        return self.store.billing.document(name).summary

    def log(self, position: str) -> list[BilledEntry]:
        """Return what the log says of the position; NotFound where it says nothing."""
        entries = list(self.store.billing.log(position))
        if not entries:
            message = f"nothing was billed of position {position!r}"
            raise NotFound(message, hint="write offer/position, as the plan shows it")
        return entries

    def explain(self, name: str) -> Iterator[str]:
        """Yield the sentences that explain a document, or one of its lines (DOC.LINE)."""
        document, number = split_line(name)
        found = self.store.billing.document(document)
        language = self.tenant.language
        if number is None:
            return chain(explain_document(found.invoice, found.booking, language), self._told_of_delivery(found))
        try:
            return explain_line(line_of(found.invoice, number), language)
        except NoSuchLineError as error:
            raise NotFound(str(error)) from error

    def _told_of_delivery(self, document: StoredDocument) -> Iterator[str]:
        """Yield how the document was handed over, in the tenant's language and time."""
        key, zone = document.summary.key, self.tenant.time_zone
        yield from explain_attempts(self.store.deliveries.attempts(key), zone, self.tenant.language)
        for kept in self.store.deliveries.receipts_of(key):
            yield explain_receipt(kept.sink, kept.receipt, kept.accepted_at.astimezone(zone), self.tenant.language)
        for told in self.store.payments.of(key):
            yield explain_reading(told.reading, told.at.astimezone(zone), self.tenant.language)

    def reconcile(self, since: date) -> Reconciled:
        """Return where store and sink disagree, from that day on; RefusedError where the sink cannot tell."""
        name = self.tenant.sink.type
        if not isinstance(self.sink, ReconcilableSink):
            message = f"what sink {name} has cannot be listed"
            raise RefusedError(message, hint="honorar outbox lists what was handed over")
        keys = frozenset(each.key for each in self.documents())
        return Reconciler(self.store.deliveries, self.sink, name, keys).reconcile(since)

    @property
    def settles(self) -> bool:
        """Tell whether the sink knows what was paid, or a source wants to be told."""
        return isinstance(self.sink, StatusSource) or bool(self.status_writers)

    @property
    def status_writers(self) -> dict[str, StatusWriter]:
        """Return the sources that are told what becomes of documents, by name."""
        adapters = ((each.name, each.adapter) for each in self.sources)
        return {name: each for name, each in adapters if isinstance(each, StatusWriter) and each.writes_status}

    def settle(self) -> Settled:
        """Read payments and reminders back; RefusedError where the sink knows of none, and no source wants any."""
        name = self.tenant.sink.type
        if not self.settles:
            message = f"sink {name} does not tell what was paid"
            raise RefusedError(message, hint="record payments with: honorar paid")
        if not isinstance(self.sink, StatusSource):
            return Settled()
        payments, deliveries = self.store.payments, self.store.deliveries
        return Settler(payments, deliveries, self.sink, name, self.who, self.now).settle()

    def write_back(self, on: date) -> WrittenBack:
        """Tell the sources what became of documents since they were last told, of what was settled a while ago too."""
        say = partial(news_text, language=self.tenant.language)
        back = WriteBack(self.store.billing, self.store.payments, say, self.who)
        return back.write(self.status_writers, set_off(self.store.payments.items(on - timedelta(days=DSO_DAYS))))

    def receivables(self, on: date, agreement: str = "") -> Receivables:
        """Return what is still to come on the day, of one agreement if one is named."""
        items = self.store.payments.items(on - timedelta(days=DSO_DAYS))
        return receivables([item for item in items if agreement in ("", item.agreement)], on)

    def receipts(self) -> list[Receipt]:
        """Return what the sink answered for each document that was handed over one by one, oldest first."""
        return list(self.store.deliveries.receipts(self.tenant.sink.type))

    @property
    def approver(self) -> Approver:
        """Return what approves and edits drafts."""
        return Approver(self.store.billing, self.tenant.mapping, self.sink, self.who)

    @property
    def pusher(self) -> Pusher | Deliverer:
        """Return what hands documents to the sink: in files, or one by one."""
        name = self.tenant.sink.type
        if isinstance(self.sink, BatchSink):
            return Pusher(self.store.outbox, self.sink, name, self.now(), self.who)
        return Deliverer(self.store.deliveries, self.sink, name, self.who, self.now)

    def locked(self) -> Any:  # noqa: ANN401 - a context manager of nothing
        """Return the lock that keeps every other run of the tenant out."""
        return self.store.run_lock(LOCK_WAIT_SECONDS)

    def _bring(self, name: str, move: Move, reason: str, on: date | None = None) -> None:
        bring(self.store.billing, self.summary(name), move, who=self.who, why=reason, on=on)

    def _agreement(self, name: str) -> Agreement:
        agreements = {agreement.id: agreement for agreement in self.tenant.agreements}
        if name not in agreements:
            message = f"no agreement is called {name!r}"
            raise RefusedError(message, hint=did_you_mean(name, agreements))
        return agreements[name]

    def _facts(self, as_of: date, selection: Selection) -> Facts:
        return facts_for(self._collected, self.store.billing, self.terms, Request(as_of, self.who, selection))

    @property
    def _collected(self) -> Collected:
        return self.store.collected([source.name for source in self.tenant.sources])

    def _transport(self, name: str) -> Transport:
        inbox: Inbox = self.store.inbox
        slots: Slots = self.store.slots
        return Transport(name, self.tenant.folder, inbox, time_zone=self.tenant.time_zone, slots=slots)


def _found_by(named: NamedSource) -> Iterator[Problem]:
    """Yield what the adapter finds; a check that cannot be done is a problem too, so that the others are done."""
    if isinstance(named.adapter, Checkable):
        try:
            yield from named.adapter.check()
        except HonorarError as error:
            yield Problem("CheckFailed", error.message, error.place or named.name, error.hint)


def split_line(name: str) -> tuple[str, int | None]:
    """Return document and line of 'RE-2026-0001.2'; the line is None where only the document is named."""
    document, dot, line = name.rpartition(".")
    return (document, int(line)) if dot and line.isdecimal() else (name, None)


_DECIMALS = {"quantity": QUANTITY_DECIMALS, "price": PRICE_DECIMALS}
"""What a person may change by number, and with how many decimals (domain 1.1, 3.6)."""


def _decimal(name: str, text: str | None, most_decimals: int) -> Decimal | None:
    if text is None:
        return None
    try:
        number = ENGLISH.number(text)
    except NotationError as error:
        message = f"{name}: {error.message}"
        raise RefusedError(message, hint=error.hint) from None
    if rounded(number, most_decimals) != number:
        message = f"{name} {text} has more than {most_decimals} decimals"
        raise RefusedError(message)
    if name == "price" and number < 0:
        message = f"price {text} is below zero"
        raise RefusedError(message, hint="give a credit a negative quantity")
    return number


def _require_draft(document: DocumentSummary) -> None:
    if document.state not in _DRAFTS:
        message = f"document {document.number} is {document.state.value}, no longer a draft"
        raise RefusedError(message, hint="what was approved is never changed; correct it by a document of its own")


_DRAFTS = (DocumentState.DRAFT, DocumentState.HELD)


def tenant_folders(folder: Path, name: str = "") -> list[Path]:
    """Return the folders of the tenants below the folder, or the one of that name; ConfigError if there is none."""
    chosen = [each for each in config.tenants(folder.resolve()) if name in ("", each.name)]
    if not chosen:
        message = f"no tenant{f' {name!r}' if name else ''} here: no connector.toml found"
        raise ConfigError(message, place=str(folder), hint="give --config DIR, or make one with: honorar init DIR")
    return chosen


@contextmanager
def open_workspace(
    folder: Path, who: str = "", now: Callable[[], datetime] = utc_now, *, secrets: bool = True
) -> Iterator[Workspace]:
    """Yield the tenant of the folder ready to work; ConfigError with every fault, or the errors of the store.

    Without `secrets` those of the adapters are not looked up: for work that calls none of them.
    """
    loaded = config.load(folder, secrets=secrets)
    if loaded.tenant is None:
        faults = "1 fault" if len(loaded.problems) == 1 else f"{len(loaded.problems)} faults"
        message = f"{faults} in the configuration"
        raise ConfigError(message, place=str(folder), problems=loaded.problems)
    with open_store(loaded.tenant.store_url, loaded.tenant.id, now) as store:
        yield Workspace(loaded.tenant, store, who or current_user(), now)
