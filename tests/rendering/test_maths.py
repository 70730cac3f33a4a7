"""Formulas are MathML with their source; money stays money; failures are shown as code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rendering.markdown.maths import maths
from app.rendering.wall import sanitised
from tests.rendering.shown import Page, prose

FORMULAS = (
    *("x^2", r"\frac{a}{b}", r"\sqrt[3]{x+y}", r"\sum_{i=1}^{n} i", r"\int_0^\infty e^{-x}\,dx"),
    *(r"\alpha+\beta", r"\mathbb{R}^n", r"\vec{v}\cdot\hat{n}", r"\lim_{x\to 0}", r"a<b \& c>d"),
    *(r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{cases}1&x>0\\0&x\le0\end{cases}"),
    *(r"\begin{aligned}a&=b\\&=c\end{aligned}", r"\begin{align}a&=b\\c&=d\end{align}"),
    *(r"\begin{alignedat}{2}a&=b&c&=d\end{alignedat}", r"\begin{gathered}a\\b\end{gathered}"),
    *(r"\begin{gather*}a\\b\end{gather*}", r"\begin{multline}a\\b\end{multline}"),
    *(r"\begin{dcases}1\\2\end{dcases}", r"\begin{equation}E=mc^2\end{equation}"),
    *(r"\left(\frac{1}{2}\right)", r"\text{if } x", r"\overline{AB}", r"\underbrace{a+b}_{c}"),
    *(r"\operatorname{rank}A", r"\binom{n}{k}", r"\boxed{x}", r"\mathcal{L}", r"\nabla\times F"),
)


@pytest.mark.parametrize("tex", FORMULAS)
def test_formula_is_mathml_with_its_source(tex: str) -> None:
    """What ChatGPT writes is typeset, no command or ampersand leaks, and the TeX can be copied."""
    page = Page(sanitised(maths(tex, display=True)))

    assert page.all("math")
    assert page.all("span", "math")[0]["data-tex"] == tex
    assert "\\" not in page.text


@pytest.mark.parametrize(
    "tex",
    [r"\ce{H2O}", r"\frac{", r"\unknown{x}", "{" * 200, "x" * 5000, r"\def\a{xx}\a", r"a & b"],
)
def test_what_cannot_be_typeset_is_shown_as_code(tex: str) -> None:
    """A formula that cannot be read keeps every character of its source."""
    page = Page(sanitised(maths(tex, display=False)))

    assert page.all("math") == []
    assert page.all("code", "tex")
    assert page.text == tex


@pytest.mark.parametrize(
    "text",
    [
        *("It costs $5 and $10.", "$3.50–$4", "US$20 and CA$30", "$5M", "from $5/h to $10/h"),
        *("$HOME and $PATH", "$HOME:$PATH", "a $ b $ c", r"\$x\$", "$5$", r"unbalanced \[ here"),
        *(r"unbalanced \( here", "$$", "$x", "price$x$y", "`$x^2$`", "$a\nb$"),
    ],
)
def test_money_and_loose_dollars_stay_text(text: str) -> None:
    """Dollars are maths only when they cannot be money."""
    assert Page(prose(text)).all("math") == []


@pytest.mark.parametrize(
    ("text", "tex", "block"),
    [
        ("so $x^2$.", "x^2", False),
        (r"so \(x\) it", "x", False),
        (r"($a_1$)", "a_1", False),
        (r"so \[x\] it", "x", True),
        ("so $$x$$ it", "x", True),
        ("$$\nx\n= y\n$$", "x\n= y", True),
        ("\\[\nx\n- y\n+ z\n\\]", "x\n- y\n+ z", True),
        ("- item\n  \\[\n  x\n  \\]", "x", True),
        ("> \\[\n> x\n> \\]", "x", True),
        ("\\begin{align}\nx\n\\end{align}", "\\begin{align}\nx\n\\end{align}", True),
        ("a\n\\[x\\]\nb", "x", True),
        ("| a |\n|--|\n| $x$ |", "x", False),
        ("**$x$**", "x", False),
        (r"$\text{cost: \$5}$", r"\text{cost: \$5}", False),
    ],
)
def test_delimiters(text: str, tex: str, block: bool) -> None:
    """Each way of writing a formula is read, in lists, quotes and tables too."""
    shown = Page(prose(text)).all("span", "math")

    assert [formula["data-tex"] for formula in shown] == [tex]
    assert ("display" in shown[0]["class"]) is block


def test_words_of_a_formula_stay_text() -> None:
    """The library's writer would turn an escaped tag back into a tag; ours does not."""
    page = Page(sanitised(maths(r"\text{&lt;img src=x&gt; <b>}", display=False)))

    assert page.all("img") == []
    assert page.all("b") == []


@pytest.mark.parametrize(
    "tex",
    [
        *(
            r"\frac" * 600,
            r"\left(" * 500,
            "x^" * 1500,
            r"\sqrt " * 600,
            "'" * 3900,
            r"\over" * 700,
        ),
        *("{" * 1500 + "}" * 1500, "a&" * 1900, r"\begin{matrix}" * 200, "x_{" * 60 + "}" * 60),
    ],
)
def test_hostile_formulas_are_quick(tex: str) -> None:
    """Nothing of the allowed length takes long or ends the stack."""
    began = time.thread_time()

    page = Page(sanitised(maths(tex, display=True)))

    assert time.thread_time() - began < 2
    assert page.unbalanced == []


@given(st.text(alphabet="\\{}^_&<>$ab1 '\"[]()fracleqtx", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_formula_is_balanced(tex: str) -> None:
    """Whatever stands between the delimiters, the wall has nothing to take out."""
    html = maths(tex, display=False)

    assert Page(sanitised(html)).unbalanced == []


@pytest.mark.parametrize("tex", [r"\lVert x\rVert^2", r"\lvert x\rvert", r"\Vert x \Vert"])
def test_bars_do_not_stretch(tex: str) -> None:
    """The bars of a norm or an absolute value stay as high as the line."""
    assert maths(tex, display=False).count('stretchy="false"') == 2
