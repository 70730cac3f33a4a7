# ruff: noqa: E501 - what people say is as long as it is
"""Study: mathematics in LaTeX, a paper with quotations from it, a student's own assistant."""

from __future__ import annotations

from app.demo import documents
from app.demo.maker import Maker
from app.demo.talk import Json, Talk, dumps, text

TUTOR = {"gizmo_id": "g-5fK2pQxWm", "gizmo_type": "gpt"}


def tell(maker: Maker) -> None:
    """Tell the conversations of a student."""
    least_squares(maker)
    paper(maker)
    tutor(maker)
    thesis(maker)
    comparison(maker)


def least_squares(maker: Maker) -> None:
    """Tell a derivation with aligned equations and inline mathematics."""
    talk = Talk(
        maker, "Least squares, slowly", "2024-10-21 15:00", model="gpt-4o", is_study_mode=True
    )
    talk.exchange(_SQUARES)


_SQUARES = (
    (
        "Derive the normal equations. Slowly, I have an exam in two days. $20 says I fail.",
        "Keep your $20. We want the \\(x\\) that makes \\(Ax\\) come closest to \\(b\\), that is, minimises \\(f(x) = \\lVert Ax - b \\rVert^2\\).\n\n"
        "**Step 1.** Write the square out:\n\n"
        "\\[\n\\begin{aligned}\nf(x) &= (Ax - b)^{\\mathsf T}(Ax - b) \\\\\n     &= x^{\\mathsf T}A^{\\mathsf T}Ax - 2\\,b^{\\mathsf T}Ax + b^{\\mathsf T}b\n\\end{aligned}\n\\]\n\n"
        "**Step 2.** Set the gradient to zero:\n\n$$\n\\nabla f(x) = 2A^{\\mathsf T}Ax - 2A^{\\mathsf T}b = 0\n$$\n\n"
        "**Step 3.** Divide by two. There they are:\n\n$$\\boxed{A^{\\mathsf T}A\\,x = A^{\\mathsf T}b}$$\n\n"
        "If the columns of $A$ are independent, $A^{\\mathsf T}A$ can be inverted and $\\hat{x}$ is unique.",
    ),
    (
        "And the picture behind it?",
        "The residual stands **at right angles** to everything \\(A\\) can reach: \\(A^{\\mathsf T}(b - A\\hat{x}) = 0\\). A ladder leaning as close to the lamp as the floor allows.\n\n"
        "> If you remember only the right angle, you can derive the rest in the exam.",
    ),
    (
        "Weighted version, and the matrix for 3 points please",
        "With weights on the diagonal of \\(W\\): \\(A^{\\mathsf T}WA\\,x = A^{\\mathsf T}W b\\).\n\n"
        "For a line \\(y = m t + c\\) through three points:\n\n\\[\nA = \\begin{bmatrix} t_1 & 1 \\\\ t_2 & 1 \\\\ t_3 & 1 \\end{bmatrix},\\quad\nA^{\\mathsf T}A = \\begin{bmatrix} \\sum t_i^2 & \\sum t_i \\\\ \\sum t_i & 3 \\end{bmatrix}\n\\]\n\n"
        "and for the curious, \\(\\displaystyle m = \\frac{\\sum (t_i - \\bar t)(y_i - \\bar y)}{\\sum (t_i - \\bar t)^2}\\).",
    ),
)

PAPER_LINES = (
    "Fourteen courtyards narrower than eight metres were measured for one year.",
    "Two thirds of the gardens held the thirty-year storm.",
    "The others failed for one reason: soil compacted during building.",
    "Loosening to forty centimetres restored the rate within a day.",
    "Sedges outlived every grass; mint outlived the sedges.",
)


def paper(maker: Maker) -> None:
    """Tell questions about an uploaded paper: searches in it, quotations, file citations."""
    talk = Talk(maker, "Questions about the rain garden paper", "2024-11-26 10:25", model="gpt-4o")
    document = maker.upload(
        "rain gardens in narrow courtyards.pdf",
        "application/pdf",
        documents.pdf("Rain gardens in narrow courtyards", PAPER_LINES),
    )
    talk.ask("What made the gardens fail, according to this?", document)
    talk.call("file_search", dumps({"queries": ["reason for failure", "compacted soil"]}), "json")
    quote = {
        "content_type": "tether_quote",
        "url": f"file-id://{document.id}",
        "domain": document.name,
        "text": PAPER_LINES[2],
        "title": document.name,
        "tether_id": None,
    }
    talk.reply("file_search", quote)
    sentence = "One reason only: the soil had been **compacted during building**【5:0†rain gardens in narrow courtyards.pdf】."
    talk.answer(sentence, citations=[_file_citation(sentence, document.name, document.id)])
    talk.ask("Can it be repaired?")
    marker = "\ue200filecite\ue202turn1file0\ue202L4-L4\ue201"
    sentence = f"Yes, within a day: loosening to forty centimetres brought the rate back.{marker}"
    reference = {
        "type": "file",
        "matched_text": marker,
        "start_idx": len(sentence) - len(marker),
        "end_idx": len(sentence),
        "name": document.name,
        "id": document.id,
        "source": "my_files",
        "snippet": PAPER_LINES[3],
        "alt": None,
    }
    talk.answer(sentence, content_references=[reference], n7jupd_crefs=[], n7jupd_crefs_by_file={})
    notes = maker.upload(
        "my notes.txt",
        "text/plain",
        "Mint outlived the sedges!\nAsk Prof. Lindqvist about plot 9 – “drained or drowned?”\n".encode(),
    )
    talk.ask("Compare with my notes", notes)
    talk.call("myfiles_browser", 'search("mint sedges")')
    talk.reply("myfiles_browser", text("# [0] my notes.txt\nMint outlived the sedges!"))
    talk.answer(
        "They agree on the mint. Plot 9 is not in the paper at all, so do ask. (A leftover of the tool: filecite turn0file1)"
    )


def _file_citation(sentence: str, name: str, file_id: str) -> Json:
    start = sentence.index("【")
    return {
        "start_ix": start,
        "end_ix": sentence.index("】") + 1,
        "citation_format_type": "berry_file_search",
        "invalid_reason": None,
        "metadata": {
            "type": "file",
            "name": name,
            "id": file_id,
            "source": "my_files",
            "text": PAPER_LINES[2],
            "extra": None,
        },
    }


def tutor(maker: Maker) -> None:
    """Tell lessons with a custom GPT."""
    for title, started, exchanges in _LESSONS:
        Talk(maker, title, started, model="gpt-4o", **TUTOR).exchange(exchanges)
    talk = Talk(maker, "Ask the tutor in passing", "2025-01-15 18:18", model="gpt-4o")
    talk.ask("@Tutor what is a p-value, one sentence", gizmo_id=TUTOR["gizmo_id"])
    talk.answer(
        "How often chance alone would show you something at least this striking.",
        gizmo_id=TUTOR["gizmo_id"],
    )


_LESSONS = (
    (
        "Entropy with coins",
        "2025-01-12 17:00",
        (
            (
                "Quiz me on entropy, start easy",
                "A fair coin: how many bits does one throw tell you?",
            ),
            ("1", "Right. A coin that falls heads *three times in four*?"),
            (
                "less than 1… 0.81?",
                "\\(-\\tfrac34\\log_2\\tfrac34-\\tfrac14\\log_2\\tfrac14 \\approx 0.811\\). You have it.",
            ),
        ),
    ),
    (
        "Vocabulary: soil",
        "2025-01-20 17:00",
        (
            (
                "Ten words about soil with their German",
                "| English | Deutsch |\n|---|---|\n| loam | der Lehm |\n| clay | der Ton |\n| silt | der Schluff |\n| humus | der Humus |\n| topsoil | der Oberboden |\n| to dig over | umgraben |\n| to mulch | mulchen |\n| root ball | der Wurzelballen |\n| waterlogged | staunass |\n| crumbly | krümelig |",
            ),
        ),
    ),
)


def thesis(maker: Maker) -> None:
    """Tell a pasted chapter, long enough to have become a file, with its summary."""
    talk = Talk(maker, "Tighten chapter 3", "2023-08-29 23:30", model="gpt-4", is_archived=True)
    chapter = "\n\n".join(f"3.{n} {line} " * 6 for n, line in enumerate(PAPER_LINES, start=1))
    pasted = maker.upload("Pasted text.txt", "text/plain", chapter.encode())
    talk.ask("Tighten this, it repeats itself", pasted)
    talk.mapping[talk.here]["message"]["metadata"]["attachments"][0]["is_big_paste"] = True
    talk.answer(
        "It does: each sentence occurs six times. Once each, it is a good page:\n\n"
        + "\n".join(f"{n}. {line}" for n, line in enumerate(PAPER_LINES, start=1))
    )


def comparison(maker: Maker) -> None:
    """Tell two answers offered side by side, of which one was chosen."""
    talk = Talk(maker, "Which opening is better?", "2025-04-18 09:50", model="gpt-4o")
    question = talk.ask("First sentence for a talk about rain gardens")
    variants = {
        "type": "completion",
        "num_variants_in_stream": 2,
        "display_treatment": "skippable",
        "conversation_id": talk.id,
    }
    talk.put(
        "assistant",
        text("Water always finds the lowest point; we would like it to find a flower bed first."),
        metadata=talk.told(paragen_variants_info=variants),
    )
    talk.here = question
    talk.answer(
        "Last July, fourteen courtyards drank a thunderstorm.",
        paragen_variants_info=variants,
        paragen_variant_choice="chosen",
    )
    talk.ask("the thunderstorm one!")
    talk.answer("It is yours. Pause after *drank*.")
