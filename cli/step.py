"""Recording one step: what `dean advance` and the commands of single steps share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from cli.door import DOOR, notice, open_desk, os_user
from cli.options import as_json, by_writer, decided_on, note, number, seen, signer
from cli.output import print_json
from cli.papers import paper_option, read_papers, record
from cli.typed import once_each
from states.actions import Action
from states.facts import Facts, Instalment, Order
from states.vocabulary import Source, State

if TYPE_CHECKING:
    from cli.door import Desk, Writing
    from models.ledger import Advanced

Function = TypeVar("Function", bound=Callable[..., Any])

#: The command in which a step is easiest to record; every other one is recorded with `dean advance`.
_COMMANDS: Mapping[Action, str] = {
    Action.APPROVE: "approve {code}",
    Action.SIGN_CONTRACT: "contract sign {code}",
    Action.AMEND_CONTRACT: "contract annex {code}",
    Action.PREPAY: "prepay {code}",
    Action.REQUEST_ADJUSTMENT: "adjust request {code}",
    Action.CONFIRM_ADJUSTMENT: "adjust confirm {code}",
    Action.APPROVE_ADJUSTMENT: "adjust approve {code}",
    Action.REFUSE_ADJUSTMENT: "adjust refuse {code}",
    Action.ACCEPT: "accept {code}",
    Action.ACCEPT_SHARE: "accept {code} --beneficiary SỐ",
    Action.FAIL_ACCEPTANCE: "accept {code} --failed",
    Action.FAIL_SHARE: "accept {code} --failed --beneficiary SỐ",
    Action.PAY: "pay {code}",
    Action.SETTLE: "settle {code}",
    Action.DEMAND_REFUND: "recover demand {code}",
    Action.START_RECOVERY: "recover demand {code}",
    Action.RECEIVE_RECOVERY: "recover receive {code}",
    Action.CLOSE_RECOVERY: "recover close {code}",
}


def command_of(action: Action, code: str) -> str:
    """How the step is recorded for a project."""
    return f"dean {_COMMANDS.get(action, f'advance {{code}} {action}').format(code=code)}"


def paper_form(function: Function) -> Function:
    """Add what every step has: number, day, signer, note, papers, who records, the version seen, --json."""
    for option in reversed((number, decided_on, signer, note, paper_option, by_writer, seen, as_json)):
        function = option(function)
    return function


class Taken(NamedTuple):
    """What a step did, and the facts of the project after it."""

    done: "Advanced"
    facts: Facts


def take_step(code: str, action: Action, by: str | None, papers: Sequence[str], **typed: Any) -> Taken:
    """Record one step as it was typed. Raises Refused with every reason."""
    with open_desk() as desk:
        return take(desk, read_facts(desk, code), action, by, papers, **typed)


def read_facts(desk: "Desk", code: str) -> Facts:
    from models.loading import load_project

    with desk.store.read() as session:
        return load_project(session, code).facts


def take(desk: "Desk", facts: Facts, action: Action, by: str | None, papers: Sequence[str], **typed: Any) -> Taken:
    """Record one step at an open desk; what was not typed stays as an order has it by default."""
    from models import ledger
    from states.steps import STEP

    bundle = read_papers(papers, facts=facts, step=STEP[action])
    given = {name: value for name, value in _read(facts, typed).items() if value is not None}

    def entry(writing: "Writing") -> "Advanced":
        order = Order(action, writing.person, desk.at, papers=bundle.enclosures, **given)
        return ledger.advance(writing.session, facts.code, order, door=DOOR, os_user=os_user())

    done = record(desk, by, bundle, entry)
    return Taken(done, read_facts(desk, facts.code))


def _read(facts: Facts, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Turn what was typed in pairs into what an order holds. Raises Refused for a name given twice."""
    read = dict(typed)
    if "amounts" in read:
        read["amounts"] = by_source(facts, read["amounts"])
    if "quantities" in read:
        read["quantities"] = once_each(read["quantities"], "--quantity")
    if "instalments" in read:
        due = once_each(read["instalments"], "--due")
        read["instalments"] = tuple(Instalment(day, amount) for day, amount in sorted(due.items()))
    return read


def by_source(facts: Facts, amounts: Iterable[tuple[Source | None, int]]) -> dict[Source, int]:
    """Amounts by source; one without a source is of the project's state fund."""
    return once_each(((source or facts.fund, amount) for source, amount in amounts), "--amount")


def on_state_funds(session: Any, amounts: Mapping[str, int | None]) -> dict[str, dict[Source, int]]:
    """Put the amount typed for each project on its state fund; for an unknown code the entry itself refuses."""
    from models.loading import load_projects

    known = load_projects(session, list(amounts))
    return {
        code: {} if amount is None or code not in known else {known[code].facts.fund: amount}
        for code, amount in amounts.items()
    }


def tell(taken: Taken, as_json: bool, *told_too: str, **more: Any) -> None:
    """Print what a step did and, in the words or fields of the command, what came of it."""
    if as_json:
        print_json(as_read(taken.done) | more)
    else:
        click.echo(told(taken))
        for sentence in told_too:
            click.echo(sentence)
    tell_warnings([taken.done])


def tell_warnings(steps: "Sequence[Advanced]") -> None:
    """Print on stderr what the steps were allowed in spite of, each sentence once with the projects it is about."""
    about: dict[str, list[str]] = {}
    for step in steps:
        for warning in step.warnings:
            about.setdefault(warning, []).append(step.code)
    for warning, codes in about.items():
        whose = "" if len(steps) == 1 else f"{', '.join(codes[:5])}{' …' if len(codes) > 5 else ''}: "
        notice(f"Lưu ý: {whose}{warning}")


def as_read(done: "Advanced") -> dict[str, Any]:
    """What a step did, for scripts."""
    return {
        "project": done.code,
        "action": done.action,
        "from": done.from_stage,
        "to": done.to_stage,
        "state": done.state,
        "version": done.version,
        "event": done.event_id,
        "hash": done.hash,
        "warnings": list(done.warnings),
    }


def told(taken: Taken) -> str:
    """What a step did, for a person."""
    from states.lifecycle import stage_label
    from states.steps import STEP

    done = taken.done
    before, after = (stage_label(stage, taken.facts.route) for stage in (done.from_stage, done.to_stage))
    moved = f"vẫn ở «{after}»" if done.from_stage is done.to_stage else f"«{before}» → «{after}»"
    state = State(done.state).label.lower()
    mark = f"Phiên bản {done.version}, sự kiện {done.event_id}."
    return f"{done.code}: {STEP[done.action].label}; {moved}, đã {state}. {mark}"
