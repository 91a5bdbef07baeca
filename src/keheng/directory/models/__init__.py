"""Tables of the directory."""

from keheng.directory.models.experts import AvoidanceFact, Expert, ExpertField
from keheng.directory.models.merging import DistinctPair, Merge, MergeField, MergeMove
from keheng.directory.models.organisations import Control, Organisation, OrganisationName
from keheng.directory.models.people import Affiliation, Person, RelatedParty

__all__ = [
    "Affiliation",
    "AvoidanceFact",
    "Control",
    "DistinctPair",
    "Expert",
    "ExpertField",
    "Merge",
    "MergeField",
    "MergeMove",
    "Organisation",
    "OrganisationName",
    "Person",
    "RelatedParty",
]
