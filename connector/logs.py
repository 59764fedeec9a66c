"""Log lines for cron and its readers: text or JSON, on standard error, with every secret taken out."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from connector.redact import redact

FORMATS = ("text", "json")


class _RedactedText(logging.Formatter):
    """One line of text per event."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level and message without secrets."""
        return redact(super().format(record))


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
        if record.exc_info:
            event["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(event, ensure_ascii=False)


def set_up(log_format: str, *, verbose: bool) -> None:
    """Send log lines to standard error: warnings and worse, with `verbose` also what is being done."""
    handler = logging.StreamHandler(sys.stderr)
    as_text = _RedactedText("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(_RedactedJson() if log_format == "json" else as_text)
    logger = logging.getLogger("connector")
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO if verbose else logging.WARNING)
    logger.propagate = False
