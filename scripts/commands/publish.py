"""Owns `seats publish`: the terms of a launch, for everybody to read.

Refuses to read the launch file: what is published is what was launched, as the record keeps it.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated

import typer

from marketplace.client import SeatmarketClient
from marketplace.launch.record import read_record, record_path
from scripts.commands.options import Keystore, signer
from scripts.publishing import launches_of, publish_launch
from scripts.views.console import console
from scripts.views.publishing import show_published

Api = Annotated[
    str, typer.Option("--api", envvar="SEATS_API", help="Origin of the API, as in https://….")
]


def publish(
    file: Annotated[Path, typer.Argument(help="The launch file that was launched.")],
    api: Api,
    keystore: Keystore = None,
) -> None:
    """Publish the terms and allowlists of a launched drop, as its mentor; repeatable.

    The key comes from an encrypted keystore or from the environment variable SEATS_KEY.
    """
    record = record_path(file)
    with SeatmarketClient(api) as client:
        launches = launches_of(client, read_record(record), record)
    mentor = signer(keystore)
    drop = publish_launch(api, mentor, launches[0])
    show_published(console(), drop, launches[0], api)
