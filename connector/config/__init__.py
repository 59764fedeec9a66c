"""The configuration of a tenant: three TOML files in a folder, read into values, every fault with file and line."""

from connector.config.loading import load, tenants
from connector.config.tenant import Loaded, SinkConfig, SourceConfig, Tenant

__all__ = ["Loaded", "SinkConfig", "SourceConfig", "Tenant", "load", "tenants"]
