"""Log lines for cron and its readers: text or JSON, on standard error, with every secret taken out."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from connector.redact import redact


class _RedactedText(logging.Formatter):
    """One line of text per event; an error is told without more, for the person at the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level and message without secrets; of an error the message alone."""
        return redact(record.getMessage() if record.levelno >= logging.ERROR else super().format(record))


class _RedactedJson(logging.Formatter):
    """One JSON object per event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, logger and message as JSON, without secrets."""
        event = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage()),
        }
        return json.dumps(event, ensure_ascii=False)


def set_up(log_format: str = "text", *, verbose: bool = False) -> None:
    """Send log lines to standard error: as text only errors, with `verbose` or as JSON also what is being done."""
    handler = logging.StreamHandler(sys.stderr)
    as_text = _RedactedText("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(_RedactedJson() if log_format == "json" else as_text)
    logger = logging.getLogger("connector")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO if verbose or log_format == "json" else logging.ERROR)
    logger.propagate = False


def tell(*messages: str) -> None:
    """Tell the operator what went wrong, one event per message."""
    for message in messages:
        logging.getLogger("connector").error("%s", message)
