"""Logs carry neither persons nor tokens."""

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keheng.kernel.personal.log_filter import PersonalFilter, redacted


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(PersonalFilter())
    logger = logging.getLogger("keheng.test_personal_logs")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


@pytest.mark.parametrize(("text", "shown"), [
    ("电话13812345678已通知", "电话138****5678已通知"), ("tel +86 138 1234 5678.", "tel 138****5678."), ("8613812345678", "138****5678"),
    ("138-1234-5678", "138****5678"), ("(010-12345678)", "(010****5678)"),
    ("id=110101199003071234", "id=110***********1234"), ("11010119900307123x 办理", "110***********123x 办理"), ("旧证 110101900307123", "旧证 110********7123"),
    ("card 6222021234567890123", "card ****0123"), ("mail to wang.wu@example.cn!", "mail to w****@example.cn!"),
    ("Authorization: Bearer abc.def-123", "Authorization: Bearer ****"), ("Bearer abcdefgh12", "Bearer ****"), ("GET /x?token=abc123&a=1", "GET /x?token=****&a=1"),
    ("{'password': 'Yunling#2026', 'a': 1}", "{'password': '****', 'a': 1}"), ('"access_token": "xyz"', '"access_token": "****"'),
    ("Cookie: sessionid=0a1b2c", "Cookie: ****"), ("api-key=9f8e7d", "api-key=****"), ("eyJhbGciOi.eyJzdWIi.c2ln", "****"),
    ("job 13812 done in 1381234 ms", "job 13812 done in 1381234 ms"), ("case KH-2026-000138", "case KH-2026-000138"),
    ("code 91110000MA01ABCD1X", "code 91110000MA01ABCD1X"), ("2026-11-21 12:03:24,123", "2026-11-21 12:03:24,123"),
])  # fmt: skip
def test_what_is_masked_and_what_is_left(text, shown):
    assert redacted(text) == shown


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "电话", ",", "'", "=", "+86", "+86 ", "86"]),
    st.sampled_from(["", "，", "'", " "]),
)
def test_no_mobile_number_passes(number, before, after):
    assert number not in redacted(f"x {before}{number}{after} y")


def test_arguments_are_masked(log):
    logger, stream = log
    logger.warning("sent to %s by %s", "13812345678", {"mail": "wang@example.cn"})
    logger.warning("%(phone)s", {"phone": 13812345678})
    assert stream.getvalue() == "sent to 138****5678 by {'mail': 'w****@example.cn'}\n138****5678\n"


def test_tracebacks_are_masked_with_their_causes(log):
    logger, stream = log
    try:
        try:
            int("number 13812345678")
        except ValueError as error:
            raise KeyError("110101199003071234") from error
    except KeyError:
        logger.exception("failed for %s", "13812345678", stack_info=True)
    told = stream.getvalue()
    assert told.startswith("failed for 138****5678\nTraceback")
    assert "ValueError: invalid literal for int() with base 10: 'number 138****5678'" in told
    assert told.count("KeyError: '110***********1234'") == 1
    # The stack shows source lines; the numbers that stand in them are masked as well.
    assert told.count("13812345678") == 0


def test_a_later_handler_cannot_bring_the_values_back():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "%s", ("13812345678",), (ValueError, ValueError("13812345678"), None))
    assert PersonalFilter().filter(record)
    assert (record.getMessage(), record.args, record.exc_info) == ("138****5678", (), None)
    assert record.exc_text == "ValueError: 138****5678"


def test_arguments_that_do_not_fit_do_not_pass_either(log):
    logger, stream = log
    logger.warning(*["%d %s", "13812345678"])
    assert stream.getvalue() == "%d %s (arguments do not fit the message)\n"
