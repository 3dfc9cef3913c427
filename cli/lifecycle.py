"""`dean lifecycle`: the lifecycle table as people and scripts read it."""

import click

from cli.lazy import Command
from cli.options import as_json
from cli.output import print_json
from cli.typed import ROUTE
from states.step_rows import step_rows
from states.vocabulary import Route


@click.command(cls=Command)
@click.option("--table", "form", flag_value="table", default="table", help="In bảng các bước (mặc định).")
@click.option("--mermaid", "form", flag_value="mermaid", help="In sơ đồ Mermaid.")
@click.option("--route", metavar="TUYẾN", type=ROUTE, help="Chỉ vẽ sơ đồ của một tuyến: local hoặc national.")
@as_json
def lifecycle(form: str, route: Route | None, as_json: bool) -> None:
    """In vòng đời của đề án: bảng các bước hoặc sơ đồ."""
    from states.render import lifecycle_mermaid, lifecycle_table
    from states.steps import STEPS

    if as_json:
        print_json(step_rows(STEPS))
    elif form == "table":
        click.echo(lifecycle_table())
    else:
        for each in [route] if route else list(Route):
            click.echo(f"%% {each.label}\n{lifecycle_mermaid(each)}")
