"""The modules of the page's first look, sent as one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.interfaces.http.joining import FirstLook, join
from app.interfaces.http.page import web_folder


def page_of(web: Path, modules: Mapping[str, str]) -> Path:
    """Write the modules of a page."""
    for name, text in modules.items():
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(text, encoding="utf-8")
    return web


def test_page_of_ours_is_sent_as_one() -> None:
    """What the first look imports is in the one that is sent, and what comes later is not."""
    sent = join(web_folder())

    whole = sent["main.js"].decode()
    assert {"api.js", "later.js", "lib/dom.js", "elements/library/library-page.js"} <= set(sent)
    assert "elements/frame/job-tray.js" not in sent
    assert all(whole.count(f'$modules["{path}"] = ') == 1 for path in sent)
    assert 'import("/elements/frame/job-tray.js")' in whole


def test_modules_run_once_and_in_order(tmp_path: Path) -> None:
    """What is imported stands before who imports it, by the name it is called there."""
    web = page_of(
        tmp_path,
        {
            "main.js": 'import "./first.js";\nimport { a as b } from "./lib/a.js";\nb();\n',
            "first.js": 'import {\n  a,\n  C,\n} from "./lib/a.js";\na(C);\n',
            "lib/a.js": "const own = 1;\nexport function a() {}\nexport const C = own;\n",
        },
    )

    sent = join(web)

    whole = sent["main.js"].decode()
    places = [whole.index(f'$modules["{path}"] = ') for path in ("lib/a.js", "first.js", "main.js")]
    assert places == sorted(places)
    assert 'const { a: b } = $modules["lib/a.js"];' in whole
    assert "return { a, C };" in whole
    assert sent["lib/a.js"].decode().endswith('export const { a, C } = $modules["lib/a.js"];\n')


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;",
        "export let a = 1;",
        "export { a };",
        "await a();",
        'import a from "./a.js";',
        'import * as a from "./a.js";',
        "a(import.meta.url);",
        'import "./main.js";\n',
        'import "./none.js";\n',
        'import "../../secret.js";\n',
    ],
)
def test_what_cannot_be_joined_is_sent_as_it_is(tmp_path: Path, text: str) -> None:
    """A module written otherwise costs time, not the page."""
    web = page_of(tmp_path / "web", {"main.js": 'import "./a.js";\n', "a.js": f"{text}\n"})
    page_of(tmp_path, {"secret.js": "1;\n"})

    assert FirstLook(web).find("main.js") is None


def test_changed_module_is_seen(tmp_path: Path) -> None:
    """Who works on the page reloads it and has what was written."""
    web = page_of(tmp_path, {"main.js": 'import "./a.js";\n', "a.js": "old();\n"})
    first = FirstLook(web)
    assert b"old();" in (first.find("main.js") or b"")

    page_of(tmp_path, {"a.js": "new();\n"})
    os.utime(web / "a.js", ns=(1, 1))

    assert b"new();" in (first.find("main.js") or b"")
    assert first.find("b.js") is None
