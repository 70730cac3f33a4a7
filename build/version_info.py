"""What the systems show about the program: version, name, the files it opens."""

from __future__ import annotations

from typing import Any

COPYRIGHT = "MIT licence"


def windows_version(title: str, version: str) -> Any:
    """Make the version resource of a Windows executable (VS_VERSIONINFO)."""
    from PyInstaller.utils.win32 import versioninfo as info  # there on Windows only

    numbers = (*(int(part) for part in version.split(".")[:3]), 0)
    words = {
        "CompanyName": title,
        "FileDescription": title,
        "FileVersion": version,
        "LegalCopyright": COPYRIGHT,
        "ProductName": title,
        "ProductVersion": version,
    }
    table = info.StringTable("040904B0", [info.StringStruct(*pair) for pair in words.items()])
    return info.VSVersionInfo(
        ffi=info.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[
            info.StringFileInfo([table]),
            info.VarFileInfo([info.VarStruct("Translation", [0x0409, 1200])]),
        ],
    )


def bundle_info(version: str) -> dict[str, object]:
    """Answer what macOS wants to know beside the name: the Info.plist's further keys."""
    return {
        "CFBundleShortVersionString": version,
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # dark where the system is
        "LSMinimumSystemVersion": "13.0",
        "NSHumanReadableCopyright": COPYRIGHT,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "ChatGPT export",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.zip-archive"],
            }
        ],
    }
