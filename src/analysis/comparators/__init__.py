"""What others have: figures published about other municipalities, bundled or fetched on request.

Nothing here is about the municipality's own people, and nothing here is called during a build but ``held``: an edition
reads the bundled figures and the files that ``analysis.toml`` names, and never the network.
"""

from analysis.comparators.comparable import beside
from analysis.comparators.library import Comparator, held

__all__ = ["Comparator", "beside", "held"]
