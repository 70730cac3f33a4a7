"""What the invented account is made with: ids, files and side rows, all from one seed."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from msgspec import Struct

from app.demo.scenes import Drawn

_LETTERS = string.ascii_letters + string.digits


class Told(Protocol):
    """A conversation of the account, as far as its maker knows it."""

    id: str
    now: float

    def raw(self) -> dict[str, Any]:
        """Return the conversation object as exported."""


class Asset(Struct, frozen=True):
    """A file of the account: its id, the pointer that means it, and where it lies.

    ``path`` is its place in a classic archive; a sharded one calls it ``<id>.dat``.
    """

    id: str
    pointer: str
    path: str
    name: str
    mime_type: str
    data: bytes
    width: int | None = None
    height: int | None = None

    def part(self, metadata: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Return the message part that shows this picture."""
        return {
            "content_type": "image_asset_pointer",
            "asset_pointer": self.pointer,
            "size_bytes": len(self.data),
            "width": self.width,
            "height": self.height,
            "fovea": None,
            "metadata": None if metadata is None else dict(metadata),
        }

    def attachment(self) -> dict[str, Any]:
        """Return the row of ``metadata.attachments`` for this upload."""
        return {
            "id": self.id,
            "name": self.name,
            "size": len(self.data),
            "mime_type": self.mime_type,
            "mimeType": self.mime_type,
            "width": self.width,
            "height": self.height,
            "file_token_size": len(self.data) // 4,
            "source": "local",
            "is_big_paste": False,
        }


@dataclass
class Maker:
    """Gathers the account's conversations, files and side rows as stories are told."""

    seed: int = 7
    random: Random = field(init=False)
    account: str = field(init=False)
    talks: list[Told] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    shared: list[dict[str, Any]] = field(default_factory=list)
    textdocs: dict[str, dict[str, Any]] = field(default_factory=dict)
    # files a program made: the asset's id, its name, the message and conversation it is from
    made: list[tuple[str, str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - a story, not a secret
        self.account = "user-" + self.letters(24)

    def letters(self, count: int) -> str:
        """Return that many letters and digits."""
        return "".join(self.random.choices(_LETTERS, k=count))

    def uuid(self) -> str:
        """Return a new id of the form conversations and messages have."""
        digits = f"{self.random.getrandbits(128):032x}"
        digits = f"{digits[:12]}4{digits[13:16]}{'89ab'[self.random.randrange(4)]}{digits[17:]}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def upload(self, name: str, mime_type: str, data: bytes, drawn: Drawn | None = None) -> Asset:
        """Add a file the person uploaded: at the root, under its own name."""
        file_id = "file-" + self.letters(22)
        return self._keep(
            file_id, "file-service://", f"{file_id}-{name}", name, mime_type, data, drawn
        )

    def photo(self, name: str, drawn: Drawn) -> Asset:
        """Add a picture the person uploaded."""
        return self.upload(name, "image/png", drawn.data, drawn)

    def painting(self, drawn: Drawn) -> Asset:
        """Add a picture made by the older image tool."""
        file_id = "file-" + self.letters(22)
        path = f"dalle-generations/{file_id}-{self.uuid()}.png"
        return self._keep(file_id, "file-service://", path, "", "image/png", drawn.data, drawn)

    def drawing(self, drawn: Drawn) -> Asset:
        """Add a picture made by the newer image tool, or taken by an agent."""
        file_id = self._hex_id()
        path = f"{self.account}/{file_id}-{self.uuid()}.png"
        return self._keep(file_id, "sediment://", path, "", "image/png", drawn.data, drawn)

    def recording(self, talk: Told, data: bytes) -> Asset:
        """Add a voice recording of one conversation."""
        file_id = self._hex_id()
        path = f"{talk.id}/audio/{file_id}-{self.uuid()}.wav"
        return self._keep(file_id, "sediment://", path, "", "audio/wav", data, None)

    def gone(self) -> str:
        """Return a pointer whose file no archive of this account holds."""
        return "sediment://" + self._hex_id()

    def _hex_id(self) -> str:
        return f"file_00000000{self.random.getrandbits(64):016x}"

    def _keep(
        self,
        file_id: str,
        scheme: str,
        path: str,
        name: str,
        mime_type: str,
        data: bytes,
        drawn: Drawn | None,
    ) -> Asset:
        size = (drawn.width, drawn.height) if drawn else (None, None)
        asset = Asset(file_id, scheme + file_id, path, name, mime_type, data, *size)
        self.assets.append(asset)
        return asset
