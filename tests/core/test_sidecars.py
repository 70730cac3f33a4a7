"""The small files beside the conversations, in each of their shapes and in none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.sidecars import Account, account, feedback, share_links

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ({"id": "user-7Hq", "email": "sam@example.org"}, Account("user-7Hq", "sam@example.org")),
        ({"id": "user-7Hq", "phone_number": "+1000"}, Account("user-7Hq", "+1000")),
        ({"id": "user-7Hq", "email": None, "birth_year": 1990}, Account("user-7Hq", "")),
        ([{"id": "user-7Hq"}], Account("user-7Hq", "")),
        (None, Account()),
        ([], Account()),
    ],
)
def test_account_is_read(user, expected):
    """The account's id and the address people know it by."""
    assert account(user) == expected


def test_feedback_of_both_generations_is_read():
    """Old rows have message_id and thumbsUp, new ones id and thumbs_down."""
    rows = [
        {"message_id": "m-12", "conversation_id": "c-1", "rating": "thumbsUp"},
        {"id": "m-44", "conversation_id": "c-9", "rating": "thumbs_down", "update_time": "x"},
        {"id": "m-45", "rating": None},
    ]

    assert feedback(rows) == {"m-12": "up", "m-44": "down"}


def test_share_links_are_addresses():
    """Each share becomes its address; one that could not be an id is passed over."""
    rows = [
        {"id": "5b0a-1", "conversation_id": "c-1"},
        {"id": "5b0a-2", "conversation_id": "c-1"},
        {"id": "javascript:alert(1)", "conversation_id": "c-2"},
    ]

    assert share_links(rows) == {
        "c-1": ("https://chatgpt.com/share/5b0a-1", "https://chatgpt.com/share/5b0a-2")
    }


@given(ANY)
def test_anything_is_survived(value):
    """Whatever a file holds, reading it raises nothing."""
    account(value)
    feedback(value)
    share_links(value)
    feedback([value])
    share_links([value])
