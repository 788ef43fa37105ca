"""Owns the settings of the house's parts: where each finds the others, and how fast it is.

Refuses the environment: it holds the settings of other processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from api.settings import ApiSettings
from indexer.settings import IndexerSettings
from marketplace.devnet.accounts import account_named
from marketplace.domain.addresses import ZERO_ADDRESS

if TYPE_CHECKING:
    from pydantic_settings import PydanticBaseSettingsSource

    from scripts.demo.folder import Folder
    from scripts.demo.stage import Stage

_SHUTDOWN_S: Final = 1
"""Streams that are being watched when the demo ends are not waited for."""
_POLL_S: Final = 0.1
RECEIPT_SIGNER: Final = "guardian"
"""The account whose key signs receipts: one of the platform's own, with no part in any drop."""


class _ToldHere(BaseSettings):
    """Settings from nowhere but here: the environment's are those of other processes."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's own order
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not asked
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not asked
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not asked
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is passed, and nothing else."""
        return (init_settings,)


class _ApiHere(_ToldHere, ApiSettings):
    """The API's settings."""


class _IndexerHere(_ToldHere, IndexerSettings):
    """The indexer's settings."""


def indexer_settings(folder: Folder, here: Stage) -> IndexerSettings:
    """Of an indexer that follows the stage into the folder."""
    return _IndexerHere(
        database=SecretStr(f"sqlite:///{folder.mirror}"),
        node=SecretStr(here.url),
        chain_id=here.market.seats.chain_id,
        contract=here.deployment.seats,
        poll_interval_s=_POLL_S,
    )


def api_settings(folder: Folder, here: Stage, port: int) -> ApiSettings:
    """Of an API over the stage and the folder, on a port."""
    return _ApiHere(
        database_url=SecretStr(f"sqlite:///{folder.store}"),
        mirror_url=SecretStr(f"sqlite:///{folder.mirror}"),
        node_url=SecretStr(here.url),
        contract=here.deployment.seats,
        chain_id=here.market.seats.chain_id,
        port=port,
        media_url=SecretStr(folder.recordings.as_uri()),
        media_copy_url=SecretStr(folder.copies.as_uri()),
        receipt_key=SecretStr(account_named(RECEIPT_SIGNER).private_key.hex()),
        shutdown_s=_SHUTDOWN_S,
    )


def listening_settings(port: int) -> ApiSettings:
    """Of nothing but a port, for an address that is taken before anything is begun."""
    return _ApiHere(
        database_url=SecretStr("sqlite://"),
        node_url=SecretStr("http://127.0.0.1"),
        contract=ZERO_ADDRESS,
        port=port,
    )
