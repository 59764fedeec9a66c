"""The only place that joins configuration, store, adapters and jobs into something that runs.

A workspace is one tenant, ready; a module for each room of the work takes it and does what a person asks for.
"""

from __future__ import annotations

from connector.wiring.workspace import Workspace, open_workspace, tenant_folders

__all__ = ["Workspace", "open_workspace", "tenant_folders"]
