"""Files, wherever they are: local paths and S3 objects behind one small interface."""

from utilities.objects.store import FoundFile, ObjectStore

__all__ = ["FoundFile", "ObjectStore"]
