"""Where the assets of messages are in an export's folder, by its map of pointers."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.archive.sniffing import by_extension
from app.core.blocks import AssetReference
from app.files.export_folder import ExportFolder
from app.files.paths import join_inside


def find_asset(
    folder: ExportFolder, places: Mapping[str, str], asset: AssetReference, conversation: str
) -> str | None:
    """Answer where an asset is below media/; None if it is not there.

    ``places`` is what `ExportFolder.assets` answered; other pointers the message gives
    are tried where the first leads nowhere.
    """
    for pointer in (asset.pointer, *asset.alternatives):
        path = places.get(asset_key(AssetReference(pointer, asset.kind, asset.name), conversation))
        if path is not None and join_inside(folder.media, path).is_file():
            return path
    return None


def kind_of_asset(asset: AssetReference, path: str | None) -> str:
    """Answer what a file is: as its own name says, where that says more than the message."""
    found = by_extension(path).kind if path else "file"
    return asset.kind if found == "file" else found


def asset_key(asset: AssetReference, conversation: str) -> str:
    """Answer an asset's key in `assets.json`: its pointer.

    A ``sandbox:`` path, or a file known by its name alone, means one of its own
    conversation, so the key names that.
    """
    if asset.pointer.startswith("sandbox:"):
        return f"{conversation}/{asset.pointer}"
    return asset.pointer or f"{conversation}/name:{asset.name}"
