"""Files, wherever they are: local paths and S3 objects behind one small interface."""

from utilities.objects.credentials import Credentials, find_credentials
from utilities.objects.store import FoundFile, ObjectStore, Patience

__all__ = ["Credentials", "FoundFile", "ObjectStore", "Patience", "find_credentials"]
