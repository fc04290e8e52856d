"""Files, wherever they are: local paths and S3 objects behind one small interface."""

from utilities.objects.credentials import Credentials, find_credentials
from utilities.objects.store import FoundFile, ObjectStore, Patience, StoredObject

__all__ = [
    "Credentials",
    "FoundFile",
    "ObjectStore",
    "Patience",
    "StoredObject",
    "find_credentials",
]
