"""The flows of the repository, found without importing them."""

from deployments.catalog.found import Catalog, CatalogFlow, Parameter, Unreadable

__all__ = ["Catalog", "CatalogFlow", "Parameter", "Unreadable"]
