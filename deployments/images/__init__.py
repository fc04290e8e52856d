"""Container images: which to build, which exist, which nobody uses any longer."""

from deployments.images.image import ROOT, Image

__all__ = ["ROOT", "Image"]
