"""Support given twice: the same beneficiary gets the same machine again, in another year or on the other route."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from states.activities import ACTIVITIES, Activity, read_activity
from states.folding import WORD, fold
from states.refusal import Refused
from states.vocabulary import Labelled
from states.wording import is_same_machine, is_same_subject, names_a_machine


class Certainty(Labelled):
    """How sure it is that two projects support the same thing. Both only flag; people decide."""

    SAME = "same", "Trùng hỗ trợ"
    LIKELY = "likely", "Có thể trùng hỗ trợ"


class Kinship(Labelled):
    """By what two records of beneficiaries are taken for one, the surest sign first."""

    RECORD = "record", "cùng một đơn vị trong sổ"
    TAX_CODE = "tax_code", "cùng mã số thuế gốc"
    NAME_AND_PLACE = "name_and_place", "cùng tên, cùng địa bàn"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A beneficiary as far as it can be recognised."""

    id: int
    name: str
    tax_code: str | None = None
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """What a project gives to whom. `id` is the project's, `equipment` the machine, line or product where known."""

    id: int
    plan_year: int
    activity: str
    name: str
    equipment: str | None
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another support of the same thing, and the recipient by which it was found."""

    support: Support
    recipient: Recipient
    kinship: Kinship
    certainty: Certainty


#: Which places took over a place, by its id.
Successors = Mapping[int, Sequence[int]]


def duplicates(at_hand: Support, others: Iterable[Support], successors: Successors) -> list[Duplicate]:
    """The other supports that give the same thing to the same beneficiary: the certain ones first, then by year."""
    found = []
    for other in others:
        if other.id == at_hand.id or (sure := certainty(at_hand, other)) is None:
            continue
        if shared := _shared(at_hand.recipients, other.recipients, successors):
            found.append(Duplicate(other, *shared, sure))
    return sorted(found, key=lambda d: (d.certainty is not Certainty.SAME, d.support.plan_year, d.support.id))


# --- the same beneficiary -----------------------------------------------------------------------------


def kinship(one: Recipient, other: Recipient, successors: Successors) -> Kinship | None:
    """By what two records are one beneficiary; None when nothing says so.

    A branch has its firm's ten digits and three of its own. A commune that was merged and the one that took it over
    are one place; of a place that nobody recorded nothing is known, so two such records are not in the same place.
    """
    if one.id == other.id:
        return Kinship.RECORD
    if one.tax_code and other.tax_code and tax_root(one.tax_code) == tax_root(other.tax_code):
        return Kinship.TAX_CODE
    if fold(one.name) == fold(other.name) and _is_same_place(one.place_id, other.place_id, successors):
        return Kinship.NAME_AND_PLACE
    return None


def tax_root(tax_code: str) -> str:
    """The ten digits that a firm shares with its branches."""
    return tax_code[:10]


def _shared(
    ours: Sequence[Recipient], theirs: Sequence[Recipient], successors: Successors
) -> tuple[Recipient, Kinship] | None:
    """The recipient of theirs that is one of ours, by the surest sign."""
    known = [(their, kin) for their in theirs for our in ours if (kin := kinship(our, their, successors))]
    return min(known, key=lambda found: _SUREST.index(found[1]), default=None)


_SUREST = tuple(Kinship)


def _is_same_place(one: int | None, other: int | None, successors: Successors) -> bool:
    if one is None or other is None:
        return False
    return one == other or one in _later(other, successors) or other in _later(one, successors)


def _later(place: int, successors: Successors) -> set[int]:
    """All that took the place over, one after the other."""
    known: set[int] = set()
    waiting = [place]
    while waiting:
        heirs = set(successors.get(waiting.pop(), ())) - known
        known |= heirs
        waiting += heirs
    return known


# --- the same thing -----------------------------------------------------------------------------------

#: A line is a row of machines; under which of the two it was filed says little.
_MACHINES = (Activity.MACHINERY, Activity.PRODUCTION_LINE)
#: These come back every year by their nature: the next fair is another fair. In one year they can be paid for twice.
_OCCASIONS = frozenset(
    {
        Activity.CONFERENCE,
        Activity.PRODUCT_SELECTION,
        Activity.PRODUCT_SELECTION_DISTRICT,
        Activity.PRODUCT_SELECTION_REGION,
        Activity.PRODUCT_SELECTION_NATION,
        Activity.FAIR_ORGANISATION,
        Activity.FAIR_PARTICIPATION,
        Activity.FAIR_ABROAD,
        Activity.BROADCASTING,
        Activity.PUBLICATION,
        Activity.MINISTRY_DELEGATION,
        Activity.STUDY_ABROAD,
        Activity.TRAINING,
        Activity.STUDY_TOUR,
        Activity.COLLABORATOR_NETWORK,
    }
)


def certainty(one: Support, other: Support) -> Certainty | None:
    """How sure it is that two supports of one beneficiary are for the same thing; None when they are not.

    "same": the same class of activity, and the equipment is equal but for accents, case and punctuation.
    "likely": the same class, and the wordings are alike: where both name their equipment by that, otherwise by the
    names of the projects, or by the equipment of the one and the name of the other.
    """
    kind = activity_class(one.activity)
    if kind != activity_class(other.activity) or (kind in _OCCASIONS and one.plan_year != other.plan_year):
        return None
    mine, theirs = _equipment(one), _equipment(other)
    if mine and theirs and WORD.findall(fold(mine)) == WORD.findall(fold(theirs)):
        return Certainty.SAME
    compared = _compared(one.name, mine, other.name, theirs)
    if kind == Activity.MACHINERY:
        return Certainty.LIKELY if any(is_same_machine(*texts) for texts in compared) else None
    # What both say anyway tells nothing: the activity itself, and whom it is for.
    known = (ACTIVITIES.get(kind, kind), *(recipient.name for recipient in one.recipients + other.recipients))
    return Certainty.LIKELY if any(is_same_subject(*texts, known) for texts in compared) else None


@cache
def activity_class(activity: str) -> str:
    """The activities among which support counts as given twice: machines and lines together, others by themselves."""
    try:
        known = read_activity(activity)
    except Refused:
        return fold(activity)
    return Activity.MACHINERY if known in _MACHINES else known


def _equipment(support: Support) -> str:
    """The equipment, where its words say something."""
    return support.equipment if support.equipment and names_a_machine(support.equipment) else ""


def _compared(name: str, equipment: str, other_name: str, other_equipment: str) -> Iterator[tuple[str, str]]:
    if equipment and other_equipment:
        yield equipment, other_equipment
        return
    yield name, other_name
    if equipment:
        yield equipment, other_name
    if other_equipment:
        yield name, other_equipment
