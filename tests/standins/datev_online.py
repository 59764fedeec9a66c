"""DATEV's data centre, as its OpenAPI documents tell it: log-in, EXTF files, documents, dxso-jobs, data exchange.

All services answer at one address, at the vendor's paths (/platform/v3/clients/{id}/extf-files/import …). What people
do elsewhere is done by methods: `consent` is the person who logs in, `post` the tax adviser who books. Refresh tokens
are void once used, which the documents do not say: it is the stricter reading.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.standins._datev_checks import extf_faults, multipart
from tests.standins.server import Asked, Said

ACCESS_SECONDS = 900
JSON = {"Content-Type": "application/json;charset=utf-8"}
MOST_LISTED = 100
LARGEST_EXTF = 50 * 1024 * 1024
LARGEST_FILE = 20 * 1024 * 1024
PAGE_SIZE = 50_000

EXTF_SCOPE, DXSO_SCOPE = "datev:accounting:extf-files-import", "accounting:dxso-jobs"
CLIENTS_SCOPE = "accounting:clients:read"
DOCUMENTS_SCOPE, EXCHANGE_SCOPE = "accounting:documents", "datev:accounting:exchange"

_FILENAME = re.compile(r"EXTF_.{0,51}\.csv")
_REFERENCE = re.compile(r"[-0-9A-Za-z_äöüÄÖÜß_. +?;]{0,254}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DXSO_FILE = re.compile(r"[ &()+\-._0-9A-Za-zÀ-ÖØ-Ýßà-öø-ýþÿÞ]+\.(xml|pdf|png|jpe?g|tiff?)")


def api(**wishes: Any) -> DatevOnline:  # noqa: ANN401 - whatever the class takes
    """Return a data centre with one client of one adviser, and nothing in it; no limit of its rate is known."""
    return DatevOnline(**wishes)


@dataclass
class DatevOnline:
    """One data centre. `busy_for` is how many times a job is asked for before it is done.

    A transfer that was cancelled is gone, or with `remembers_cancelled` stays with the status for it: the documents say
    that its data is deleted, and name such a status.
    """

    client: str = "29098-55003"
    client_id: str = "app-1"
    client_secret: str = ""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    busy_for: int = 1
    retry_after: int = 5
    permitted: bool = True
    bucket: object = None
    fails_with: str = ""
    remembers_cancelled: bool = False
    folders: list[str] = field(default_factory=lambda: ["Ausgangsrechnungen"])
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    consents: list[dict[str, str]] = field(default_factory=list)
    access: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    documents: dict[str, bytes] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    postings: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    exports: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def answer(self, asked: Asked) -> Said:
        """Return the answer, and change the state."""
        if asked.path == "/token":
            return self._token(asked)
        found = re.fullmatch(r"/platform(?:-sandbox)?/(v\d)/clients/([^/]+)/?(.*)", asked.path)
        if not found:
            return Said(404)
        version, client, rest = found.groups()
        service, scope = _service(version, rest)
        if refused := self._refused(asked, client, scope):
            return refused
        said = service(self, asked, rest.split("/")) if service else Said(404)
        return replace(said, headers={**JSON, **said.headers}) if version == "v3" and said.body is not None else said

    # The log-in.

    def consent(self, address: str, **told: str) -> str:
        """Log in at the address as a person would, and agree; return where the browser is sent.

        `told` takes the place of what the browser would bring, such as error or state.
        """
        asked = dict(parse_qsl(urlsplit(address).query))
        assert urlsplit(address).path == "/openid/authorize"
        assert (asked["response_type"], asked["client_id"]) == ("code", self.client_id)
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 20
        assert asked["nonce"]
        code = uuid.uuid4().hex
        self.codes[code] = asked
        self.consents.append(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']} | told)}"

    def _token(self, asked: Asked) -> Said:
        form = {name: values[-1] for name, values in parse_qs(asked.body.decode()).items()}
        if asked.method != "POST" or asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            return Said(400, {"error": "invalid_request"})
        if form.get("client_id") != self.client_id or not self._knows_the_secret(asked):
            return Said(401, {"error": "invalid_client"})
        if form.get("grant_type") == "authorization_code":
            granted = self.codes.pop(form.get("code", ""), {})
            digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if granted.get("code_challenge") != challenge or granted["redirect_uri"] != form.get("redirect_uri"):
                return Said(400, {"error": "invalid_grant", "error_description": "code verifier does not match"})
            return self._granted(granted["scope"])
        scope = self.refresh.pop(form.get("refresh_token", ""), None)
        if scope is None:
            return Said(400, {"error": "invalid_grant", "error_description": "token is void"})
        return self._granted(scope)

    def _knows_the_secret(self, asked: Asked) -> bool:
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        return not self.client_secret or asked.headers.get("authorization") == f"Basic {pair}"

    def _granted(self, scope: str) -> Said:
        access, refresh = uuid.uuid4().hex, uuid.uuid4().hex
        self.access[access] = self.now() + timedelta(seconds=ACCESS_SECONDS), scope
        self.refresh[refresh] = scope
        told = {"access_token": access, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "scope": scope}
        return Said(200, told | {"refresh_token": refresh})

    def _refused(self, asked: Asked, client: str, scope: str) -> Said | None:
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        until, scopes = self.access.get(token, (self.now(), ""))
        if scheme != "Bearer" or until <= self.now() or asked.headers.get("x-datev-client-id") != self.client_id:
            return Said(401)
        if scope not in scopes.split():
            missing = {"type": "http://www.datev.de/hilfe/1008829", "title": "Missing required scope"}
            return Said(403, missing | {"detail": f"Missing scope(s) are: {scope}", "status": 403})
        return Said(404) if client != self.client else None

    # accounting:extf-files 3.0

    def extf(self, asked: Asked, path: list[str]) -> Said:
        """Answer what concerns EXTF files."""
        match asked.method, path:
            case "POST", ["extf-files", "import"]:
                return self._import(asked)
            case "GET", ["extf-files", "jobs"]:
                return self._jobs(asked)
            case "GET", ["extf-files", "jobs", name]:
                job = next((each for each in self.jobs if each["id"] == name), None)
                return Said(200, self._looked_at(job)) if job else Said(404)
        return Said(405, {"title": "Method Not Allowed", "status": 405})

    def _import(self, asked: Asked) -> Said:
        name, reference = (asked.headers.get(each, "") for each in ("filename", "reference-id"))
        if asked.headers.get("content-type") != "application/octet-stream":
            return Said(415, {"title": "Unsupported Media Type", "status": 415})
        if not asked.body:
            return _invalid("1008831", "Invalid message-body", "Message body for request is missing")
        if not _FILENAME.fullmatch(name):
            return _invalid("1008832", "Invalid header fields", "Filename must conform to pattern")
        if not _REFERENCE.fullmatch(reference):
            return _invalid("1008832", "Invalid header fields", "Reference-Id must conform to pattern")
        if len(asked.body) > LARGEST_EXTF:
            return Said(413, _details("1008833", "Invalid file", "File size exceeds 50 MB") | {"status": 413})
        job = {"id": str(uuid.uuid4()), "filename": name, "reference_id": reference, "result": "pending"}
        job["timestamp"] = self.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self.jobs.append(job)
        self.files[job["id"]] = asked.body
        self.waits[job["id"]] = self.busy_for
        location = f"/clients/{self.client}/extf-files/jobs/{job['id']}"
        return Said(202, None, {"Location": location, "Retry-After": str(self.retry_after)})

    def _jobs(self, asked: Asked) -> Said:
        skip, top = asked.value("skip", "0"), asked.value("top", str(MOST_LISTED))
        if not (skip.isdigit() and top.isdigit()):
            return _invalid("1008828", "Invalid query parameters", "Paging parameters are invalid")
        page = self.jobs[int(skip) : int(skip) + min(int(top), MOST_LISTED)]
        return Said(200, [self._looked_at(job) for job in page], {"Total-Items": str(len(self.jobs))})

    def _looked_at(self, job: dict[str, Any]) -> dict[str, Any]:
        name = job["id"]
        if job["result"] == "pending":
            self.waits[name] -= 1
            if self.waits[name] < 0:
                self._finish(job)
        return job

    def _finish(self, job: dict[str, Any]) -> None:
        details = self._verdict(self.files[job["id"]])
        job["result"] = "failed" if details else "succeeded"
        if details:
            job["validation_details"] = details

    def _verdict(self, content: bytes) -> dict[str, Any]:
        if not self.permitted:
            return _details(
                "1008838", "Missing permission", "Permission to transfer data for this client-id is missing"
            )
        if self.fails_with:
            return _details(self.fails_with, "Told to fail", "by the test")
        code, title, reason = extf_faults(content, self.client)
        return _details(code, title, reason) if code else {}

    def received(self) -> list[str]:
        """Return the references of what is to be booked: one that is there twice would be booked twice."""
        for job in self.jobs:
            if job["result"] == "pending":
                self._finish(job)
        return [job["reference_id"] for job in self.jobs if job["result"] == "succeeded"]

    # accounting:documents 2.0

    def store(self, asked: Asked, path: list[str]) -> Said:
        """Answer what concerns document images."""
        match asked.method, path:
            case "PUT", ["documents", guid] if _GUID.fullmatch(guid):
                parts = multipart(asked)
                if "file" not in parts:
                    return _dco(400, "DCO01004", "restapi.MultipartUploadFault")
                if guid.lower() in self.documents:
                    return _dco(409, "DCO01012", "restapi.KeyConflictFault")
                name, content = parts["file"]
                if len(content) > LARGEST_FILE:
                    return _dco(400, "DCO01016", "restapi.FileSizeFault")
                told = json.loads(parts.get("metadata", ("", b"{}"))[1])
                self.documents[guid.lower()] = content
                return Said(201, {"id": guid, "files": [{"name": name, "size": len(content)}]} | told)
        return Said(404)

    # accounting:dxso-jobs 2.0

    def described(self, asked: Asked, path: list[str]) -> Said:  # noqa: ARG002 - as every service
        """Answer what the client is set up for."""
        ledgers = {"is_accounts_receivable_ledger_available": bool(self.folders), "is_cash_ledger_available": False}
        year = {"fiscal_year_start": "2026-01-01", "fiscal_year_end": "2026-12-31", "account_length": 4}
        known = {"id": self.client, "name": "Muster GmbH 1", "is_document_management_available": True}
        return Said(200, known | {"basic_accounting_information": [year | {"ledgers": ledgers}]})

    def transfer(self, asked: Asked, path: list[str]) -> Said:
        """Answer what concerns transfers of ledgers."""
        match asked.method, path:
            case "POST", ["dxso-jobs"]:
                return self._begin_transfer(asked)
            case _, ["dxso-jobs", name, *rest] if name in self.transfers:
                return self._in_transfer(asked, self.transfers[name], rest)
        return Said(404, {"request_id": str(uuid.uuid4())})

    def _begin_transfer(self, asked: Asked) -> Said:
        told = asked.json()
        month = told.get("accounting_month", "")
        if told.get("import_type") != "accountsReceivableLedgerImport" or not re.fullmatch(r"\d{4}-\d\d", month):
            return _dco(400, "DCO01002", "restapi.InvalidDxsoImportTargetFault")
        name = str(uuid.uuid4()).upper()
        self.transfers[name] = {"id": name, "month": month, "files": {}, "status": 0, "waits": self.busy_for}
        return Said(201, {"id": name, "account_length": 4, "ledger_folder_names": self.folders})

    def _in_transfer(self, asked: Asked, job: dict[str, Any], rest: list[str]) -> Said:
        match asked.method, rest:
            case "POST", ["files"]:
                return self._attach(asked, job)
            case "PUT", []:
                return self._finalise(asked, job)
            case "DELETE", [] if job["status"] == 0:
                job["status"] = 5
                if not self.remembers_cancelled:
                    del self.transfers[job["id"]]
                return Said(204)
            case "GET", []:
                return Said(200, {"id": job["id"], "status": self._transfer_status(job)})
            case "GET", ["protocol-entries"]:
                return Said(200, self._protocol(job))
        return _dco(400, "DCO01007", "restapi.InvalidDxsoJobStateFault")

    def _attach(self, asked: Asked, job: dict[str, Any]) -> Said:
        parts = multipart(asked)
        if job["status"] != 0:
            return _dco(400, "DCO01007", "restapi.InvalidDxsoJobStateFault")
        if "files" not in parts:
            return _dco(400, "DCO01004", "restapi.MultipartUploadFault")
        name, content = parts["files"]
        if not _DXSO_FILE.fullmatch(name):
            return _dco(400, "DCO01015", "restapi.UnsupportedFileTypeFault")
        if len(content) > LARGEST_FILE:
            return _dco(400, "DCO01016", "restapi.FileSizeFault")
        job["files"][name] = content
        return Said(201, {})

    def _finalise(self, asked: Asked, job: dict[str, Any]) -> Said:
        if asked.headers.get("content-type") != "application/merge-patch+json":
            return Said(415)
        if job["status"] != 0 or asked.json().get("ready") not in (True, "true"):
            return _dco(400, "DCO01007", "restapi.InvalidDxsoJobStateFault")
        job["status"] = 1
        return Said(204)

    def _transfer_status(self, job: dict[str, Any]) -> int:
        if job["status"] == 1:
            job["waits"] -= 1
            if job["waits"] < 0:
                job["status"] = int(self.fails_with or 2)
        return int(job["status"])

    def _protocol(self, job: dict[str, Any]) -> list[dict[str, str]]:
        time = {"time": "2026-02-02T14:12:57+01:00"}
        entries = [
            {"filename": name, "text": "wurde empfangen!", "type": "information"} | time for name in job["files"]
        ]
        if job["status"] in (3, 4):
            entries.append({"filename": "0001_RE-1.xml", "text": "Konto fehlt", "type": "error"} | time)
        return entries

    def transferred(self) -> list[str]:
        """Return the numbers of the documents of all transfers that count: one that is there twice is booked twice."""
        for job in self.transfers.values():
            while job["status"] == 1:
                self._transfer_status(job)
        taken = [job for job in self.transfers.values() if job["status"] in (2, 4)]
        return [
            number
            for job in taken
            for name, content in job["files"].items()
            if name != "document.xml"
            for number in re.findall(r'consolidatedInvoiceId="([^"]+)"', content.decode())
        ]

    # Accounting Data Exchange 1.5

    def exchange(self, asked: Asked, path: list[str]) -> Said:
        """Answer what concerns postings; answers with rows are NDJSON."""
        match asked.method, path:
            case "GET", ["fiscal-years"]:
                return _ndjson([sorted(self.postings)])
            case "POST", ["fiscal-years", year, "account-postings"] if int(year) in self.postings:
                name = str(uuid.uuid4())
                self.exports[name] = list(self.postings[int(year)])
                self.waits[name] = self.busy_for
                return Said(202, {"jobId": name})
            case "GET", ["jobs", name, "state"] if name in self.exports:
                self.waits[name] -= 1
                return Said(200, {"jobState": "PENDING" if self.waits[name] >= 0 else self.fails_with or "COMPLETED"})
            case "GET", ["account-postings-jobs", name] if name in self.exports:
                return self._page(asked, self.exports[name])
        return Said(404, {"status": 404, "title": "Not Found"})

    def _page(self, asked: Asked, rows: list[dict[str, Any]]) -> Said:
        page = int(asked.value("page", "0"))
        if page < 1:
            return Said(400, {"status": 400, "title": "Bad Request"})
        headers = {"x-total-pages": str(-(-len(rows) // PAGE_SIZE) or 1), "x-current-page": str(page)}
        return _ndjson(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], headers)

    def post(self, year: int, account: int, number: str, *, debit: str = "", credit: str = "", **more: Any) -> None:  # noqa: ANN401 - any field of a posting
        """Book as the tax adviser does: on the account (9 digits for a debtor), with this Belegfeld 1."""
        amounts = {"amountDebit": Decimal(debit)} if debit else {"amountCredit": Decimal(credit)}
        row = {"accountNumber": account, "documentField1": number, "date": "2026-02-01", "currencyCode": "EUR"}
        self.postings.setdefault(year, []).append(row | amounts | more)


Service = Callable[[DatevOnline, Asked, list[str]], Said]


def _service(version: str, rest: str) -> tuple[Service | None, str]:
    """Return what answers the path, and the scope it asks for."""
    match version, rest.split("/", maxsplit=1)[0]:
        case "v3", "extf-files":
            return DatevOnline.extf, EXTF_SCOPE
        case "v2", "documents":
            return DatevOnline.store, DOCUMENTS_SCOPE
        case "v2", "":
            return DatevOnline.described, CLIENTS_SCOPE
        case "v2", "dxso-jobs":
            return DatevOnline.transfer, DXSO_SCOPE
        case "v1", _:
            return DatevOnline.exchange, EXCHANGE_SCOPE
    return None, ""


def _details(code: str, title: str, reason: str) -> dict[str, Any]:
    element = {"name": "file", "reason": reason}
    return {"type": f"http://www.datev.de/hilfe/{code}", "title": title, "affected_elements": [element]}


def _invalid(code: str, title: str, reason: str) -> Said:
    return Said(400, _details(code, title, reason) | {"status": 400, "request_id": str(uuid.uuid4())})


def _dco(status: int, code: str, description: str) -> Said:
    return Said(status, {"error": f"#{code}", "error_description": description, "request_id": str(uuid.uuid4())})


def _ndjson(rows: list[Any], headers: dict[str, str] | None = None) -> Said:
    from tests.standins.server import as_json  # noqa: PLC0415 - only here are exact numbers written by hand

    lines = "".join(f"{as_json(row)}\n" for row in rows)
    return Said(200, lines.encode(), {"Content-Type": "application/x-ndjson", **(headers or {})})
