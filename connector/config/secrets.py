"""Secrets by the name of an environment variable or a keyring entry; one in clear text is refused."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from connector.config.faults import Fault, model_faults
from connector.config.models import Secret
from connector.config.places import KeyPath
from connector.redact import register

NOT_RESOLVED = SecretStr("not-resolved")
"""Stands for a secret where a command needs none; no service takes it for a key."""

HINT = 'write { env = "NAME_OF_A_VARIABLE" } or { keyring = "service/user" }'


def with_secrets(
    settings: dict[str, Any], model: type[BaseModel], path: KeyPath, *, resolve: bool
) -> tuple[dict[str, Any], list[Fault]]:
    """Return the settings with their secrets filled in, and what is wrong with these; values are never shown.

    The model's fields of type SecretStr are the secrets. Without `resolve` only their form is checked.
    """
    filled, faults = dict(settings), list[Fault]()
    for name, field in model.model_fields.items():
        if name in settings and is_secret(field.annotation):
            filled[name], found = secret_at(settings[name], (*path, name), resolve=resolve)
            faults += found
    return filled, faults


def is_secret(annotation: object) -> bool:
    """Tell whether a field of this type holds a secret: SecretStr, alone or with None."""
    return annotation is SecretStr or SecretStr in get_args(annotation)


def secret_at(value: object, path: KeyPath, *, resolve: bool) -> tuple[SecretStr, list[Fault]]:
    """Return the secret that the table at the path names, and what is wrong with it."""
    if not isinstance(value, dict):
        return NOT_RESOLVED, [Fault("SecretInClear", path, "a secret never stands in the file itself", HINT)]
    try:
        secret = Secret.model_validate(value)
    except ValidationError as error:
        return NOT_RESOLVED, list(model_faults(error, Secret, value, path))
    return resolved(secret, path) if resolve else (NOT_RESOLVED, [])


def resolved(secret: Secret, path: KeyPath) -> tuple[SecretStr, list[Fault]]:
    """Return what is kept under the secret's name, and what is wrong: SecretMissing."""
    if secret.env is not None:
        value = os.environ.get(secret.env)
        missing = f"environment variable {secret.env} is not set", f"export {secret.env}=… before the command"
    else:
        service, _, user = (secret.keyring or "").partition("/")
        value = _from_keyring(service, user)
        missing = (
            f"the keyring has no {secret.keyring}",
            f"keyring set {service} {user} (pip install 'honorar[keyring]')",
        )
    if not value:
        return NOT_RESOLVED, [Fault("SecretMissing", path, *missing)]
    register(value)
    return SecretStr(value), []


def _from_keyring(service: str, user: str) -> str | None:
    """Return the entry, None where there is none or no keyring at all."""
    try:
        keyring = import_module("keyring")
        errors = import_module("keyring.errors")
    except ImportError:
        return None
    try:
        value = keyring.get_password(service, user)
    except errors.KeyringError:
        return None
    return str(value) if value is not None else None
