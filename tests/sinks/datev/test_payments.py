"""Payments come back to the sink of files, where the settings say how."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.core.errors import ConfigError, HonorarError
from connector.core.payment import PaymentState, PaymentStatus
from connector.core.ports import BatchSink, Checkable, Receipt, StatusSource
from connector.sinks.datev import DatevFiles, build
from tests.datev.samples import settings
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant
from tests.support.transports import transport_for

LIST = "Konto;Belegfeld 1;Betrag;Saldo\n10001;RE-2026-0001;{};{}\n10002;RE-2026-0002;1,00;1,00\n"


def built(folder: Path, **wishes: object) -> DatevFiles:
    """Return the sink of the folder."""
    return build(settings(**wishes), transport_for("datev", folder=folder))


def test_without_the_setting_files_tell_no_payments(tmp_path: Path) -> None:
    """A person records them."""
    assert not isinstance(built(tmp_path), StatusSource)


def test_with_it_the_sink_is_all_that_it_was_and_tells_payments(tmp_path: Path) -> None:
    """From lists in the folder."""
    (tmp_path / "in" / "opos").mkdir(parents=True)
    (tmp_path / "in" / "opos" / "2026-03-31.csv").write_text(LIST.format("119,00", "19,00"))
    sink = built(tmp_path, payments="opos")
    assert isinstance(sink, BatchSink)
    assert isinstance(sink, StatusSource)
    assert list(sink.check()) == []
    [status] = sink.statuses([Receipt("key-1", "file", "RE-2026-0001")], None)
    assert isinstance(status, PaymentStatus)
    assert status.state is PaymentState.PART_PAID


def test_check_asks_datevconnect_too(tmp_path: Path) -> None:
    """A wrong address is found before the night."""
    wishes = {"datevconnect_client": "x", "datevconnect_user": "anna", "datevconnect_url": "http://127.0.0.1:1"}
    sink = built(tmp_path, payments="datevconnect", **wishes)
    assert isinstance(sink, Checkable)
    with pytest.raises(HonorarError, match="no connection"):
        list(sink.check())


def test_postings_need_the_other_sink(tmp_path: Path) -> None:
    """They come from the data centre, where files do not go."""
    with pytest.raises(ConfigError, match='payments = "exchange" needs a log-in') as caught:
        built(tmp_path, payments="exchange")
    assert "datev_online" in caught.value.hint


def test_settling_brings_documents_to_their_state(tmp_path: Path) -> None:
    """From the hand-over to paid, in lists of three days; the second document stays open."""
    folder = small_tenant(tmp_path / "agency")
    tables = folder / "connector.toml"
    text = tables.read_text(encoding="utf-8")
    tables.write_text(text.replace('directory = "out"', 'directory = "out"\npayments = "opos"'), encoding="utf-8")
    assert honorar("--config", folder, "run", "--as-of", "2026-01-31", "--json").code == 0
    listed = honorar("--config", folder, "documents", "--json").json["documents"]
    gross = next(each["gross"] for each in listed if each["number"] == "RE-2026-0001")
    amount = str(gross).split(" ", maxsplit=1)[0].replace(".", ",")
    (folder / "in" / "opos").mkdir(parents=True)
    found = []
    for day, rows in (("2026-02-10", LIST.format(amount, amount)), ("2026-02-20", LIST.format(amount, "1,00"))):
        (folder / "in" / "opos" / f"OPOS_{day}.csv").write_text(rows)
        found.append(settled(folder))
    (folder / "in" / "opos" / "OPOS_2026-03-01.csv").write_text("Konto;Belegfeld 1;Saldo\n10002;RE-2026-0002;1,00\n")
    found.append(settled(folder))
    assert found == ["open", "part_paid", "paid"]


def test_a_cancelled_document_and_its_correction_share_an_open_item(tmp_path: Path) -> None:
    """DATEV keeps both under one number: booked, nothing is open of them, and nobody has paid."""
    folder = small_tenant(tmp_path / "agency")
    tables = folder / "connector.toml"
    text = tables.read_text(encoding="utf-8")
    tables.write_text(text.replace('directory = "out"', 'directory = "out"\npayments = "opos"'), encoding="utf-8")
    honorar("--config", folder, "run", "--as-of", "2026-01-31")
    (folder / "in" / "opos").mkdir(parents=True)
    (folder / "in" / "opos" / "2026-02-10.csv").write_text(LIST.format("9916,66", "9916,66"))
    honorar("--config", folder, "settle")
    honorar("--config", folder, "cancel", "RE-2026-0001", "--reason", "wrong customer")
    honorar("--config", folder, "push")
    assert still_open(folder) == {"RE-2026-0002": "1.00"}
    (folder / "in" / "opos" / "2026-03-10.csv").write_text("Konto;Belegfeld 1;Saldo\n10002;RE-2026-0002;1,00\n")
    told = honorar("--config", folder, "settle").out
    assert "RE-2026-0001: cancelled" in told
    assert still_open(folder) == {"RE-2026-0002": "1.00"}


def still_open(folder: Path) -> dict[str, str]:
    """Return what is open, by number."""
    items = honorar("--config", folder, "documents", "--open", "--json").json["items"]
    return {each["number"]: each["open"] for each in items}


def settled(folder: Path) -> str:
    """Settle, and return the state of the first document."""
    assert honorar("--config", folder, "settle", "--json").code in (0, 1)
    documents = honorar("--config", folder, "documents", "--json").json["documents"]
    return str(next(each["state"] for each in documents if each["number"] == "RE-2026-0001"))
