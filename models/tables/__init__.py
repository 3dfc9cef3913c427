"""The tables, and what the ledger guards among them."""

from models.tables.contracts import Acceptance, Adjustment, Contract, ContractLine, RecoveryDue
from models.tables.ledger import Event, LedgerHead, LifecycleEdge, Register
from models.tables.money import Contribution, Funding, MoneyEntry, QuantityEntry
from models.tables.people import Beneficiary, Body, Contact, PersonRow, Place, PlaceSuccessor, Unit
from models.tables.plans import Plan, PlanFork, PlanForkLine, PlanLine, PlanVersion, Report
from models.tables.programme import Budget, Content, Programme, Target
from models.tables.project import Decision, DecisionLine, PaperRow, Project, ProjectBeneficiary
from models.tables.rules import (
    CalendarEntry,
    CalendarRow,
    CalendarYear,
    CeilingRuleRow,
    Deadline,
    DeadlineRuleRow,
    PrepaymentRuleRow,
    PriorityRuleRow,
)

#: Rows with a life of their own, in an order in which foreign keys can be satisfied.
SUBJECTS = (
    Register,
    CalendarRow,
    DeadlineRuleRow,
    CeilingRuleRow,
    PrepaymentRuleRow,
    PriorityRuleRow,
    Place,
    Body,
    Unit,
    PersonRow,
    Beneficiary,
    Programme,
    Decision,
    Contract,
    Project,
    Adjustment,
    Plan,
    PlanFork,
    Report,
)
#: Append-only rows written by events.
LINES = (
    CalendarEntry,
    CalendarYear,
    PlaceSuccessor,
    Content,
    Budget,
    Target,
    ProjectBeneficiary,
    PaperRow,
    DecisionLine,
    ContractLine,
    MoneyEntry,
    QuantityEntry,
    Acceptance,
    RecoveryDue,
    PlanLine,
    PlanVersion,
    PlanForkLine,
)
#: Sums of lines, kept for guards and roll-ups.
BALANCES = (Funding, Contribution)

__all__ = [
    "BALANCES",
    "LINES",
    "SUBJECTS",
    "Acceptance",
    "Adjustment",
    "Beneficiary",
    "Body",
    "Budget",
    "CalendarEntry",
    "CalendarRow",
    "CalendarYear",
    "CeilingRuleRow",
    "Contact",
    "Content",
    "Contract",
    "ContractLine",
    "Contribution",
    "Deadline",
    "DeadlineRuleRow",
    "Decision",
    "DecisionLine",
    "Event",
    "Funding",
    "LedgerHead",
    "LifecycleEdge",
    "MoneyEntry",
    "PaperRow",
    "PersonRow",
    "Place",
    "PlaceSuccessor",
    "Plan",
    "PlanFork",
    "PlanForkLine",
    "PlanLine",
    "PlanVersion",
    "PrepaymentRuleRow",
    "PriorityRuleRow",
    "Programme",
    "Project",
    "ProjectBeneficiary",
    "QuantityEntry",
    "RecoveryDue",
    "Register",
    "Report",
    "Target",
    "Unit",
]
