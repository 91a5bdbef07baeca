"""Search in Chinese: everything that contains the words is found, nothing else, and no query can be broken."""

import os
import random
import sqlite3

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keheng.kernel.chinese_text import fts5_query, index_text, tokens, tsquery

# Few characters, so that phrases recur by chance in the wrong order and at the wrong place.
CHARACTERS = "科学技术局项目计划资金评审企业研究"
# What people with bad intentions would type.
HOSTILE = ['"', '" OR 1', "a* NOT b", "NEAR(a b)", "科学 AND", "{x}: a", "^a", "a:b", "'; --", "\0", "\ud800", "-", "'", "\\", "a'b\\"]


def made(seed, count, longest):
    chance = random.Random(seed)  # noqa: S311 -- texts that are the same at every run
    return ["".join(chance.choices(CHARACTERS, k=chance.randint(2, longest))) for _ in range(count)]


@pytest.fixture
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = 'unicode61')")
    yield connection
    connection.close()


def found(index, query):
    return {row[0] for row in index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", [query])}


def fill(index, texts):
    index.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", [(n, index_text(text)) for n, text in enumerate(texts)])


def test_characters_are_single_and_words_whole():
    assert tokens("科技局ＫＨ－２０２６号，v2.0 Ａｂｃ") == ["科", "技", "局", "kh", "2026", "号", "v2", "0", "abc"]
    assert tokens("サイエンス 과학 ㄅㄆ 々〇") == [*"サイエンス", *"과학", *"ㄅㄆ", *"々〇"]
    assert tokens("ｻｲｴﾝｽ㈱①") == [*"サイエンス株", "1"]
    assert tokens("𬭎𠮷\U00031350\ue001") == ["𬭎", "𠮷", "\U00031350", "\ue001"]
    assert tokens("snake_case Ⅳ") == ["snake", "case", "iv"]
    # Marks of Latin letters do not count, as one character or as two; those of other scripts do.
    assert tokens("naïve Nguyễn Đặng Łódź İ") == ["naive", "nguyen", "dang", "lodz", "i"]
    assert tokens("ガ ガ é й 각 ชาย") == ["ガ", "ガ", "e", "й", "각", "ชาย"]
    assert tokens("f" * 500) == ["f" * 64]
    assert index_text("科技 A") == "科 技 a"


def test_queries_are_written_as_promised():
    assert fts5_query("科学 技术KH 20") == '"科 学" AND "技 术" AND "kh" AND "20"*'
    assert tsquery("科学 技术KH 20") == "'科' <-> '学' & '技' <-> '术' & 'kh' & '20':*"
    assert fts5_query("Ab 科") == '"ab"* AND "科"'
    for nothing in ("", " ，。\0\"'*", "\ud800"):
        assert fts5_query(nothing) == tsquery(nothing) == ""


def test_recall_and_precision_are_whole(index):
    texts = made(1, 3000, 40)
    fill(index, texts)
    hits = 0
    for phrase in made(2, 500, 4):
        expected = {n for n, text in enumerate(texts) if phrase in text}
        assert found(index, fts5_query(phrase)) == expected
        hits += len(expected)
    assert hits > 1000


def test_several_runs_and_a_word_being_typed(index):
    fill(index, ["科技项目 KH-2026-00012", "项目与科技 KH-2025", "技科目项 kh2026", "科技", "①期ｋｈ"])
    assert found(index, fts5_query("科技 项目")) == {0, 1}
    assert found(index, fts5_query("科技 kh-202")) == {0, 1}
    assert found(index, fts5_query("Ｋh")) == {0, 1, 2, 4}
    assert found(index, fts5_query("技科")) == {2}


@given(st.text())
@settings(max_examples=400)
def test_no_text_breaks_a_query(text):
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = 'unicode61')")
        connection.execute("INSERT INTO texts (body) VALUES (?)", [index_text(text)])
        if query := fts5_query(text):
            connection.execute("SELECT rowid FROM texts WHERE texts MATCH ?", [query]).fetchall()
    finally:
        connection.close()


def test_a_query_may_be_long(index):
    fill(index, ["科学 ab"])
    assert found(index, fts5_query("科学 ab " * 3000)) == {0}
    assert found(index, fts5_query("科学" * 20000)) == set()


@given(st.text(alphabet=CHARACTERS + "abAB12 ，。", min_size=1))
def test_every_text_finds_itself(text):
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = 'unicode61')")
        fill(connection, [text])
        assert not tokens(text) or found(connection, fts5_query(text)) == {0}
    finally:
        connection.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_words(index, text):
    fill(index, ["无关 zzz", "b"])
    if query := fts5_query(text):
        assert 0 not in found(index, query)


@pytest.mark.skipif("postgres" not in os.environ.get("DATABASE_URL", ""), reason="needs PostgreSQL")
def test_postgresql_finds_the_same():
    texts = [*made(3, 400, 40), "科技项目 KH-2026-00012", "x1e5 naïve v2.0"]
    phrases = [*made(4, 200, 3), "科技 kh-202", "1E5", "x1", "naïve v2"]
    with psycopg.connect(os.environ["DATABASE_URL"]) as session:
        session.execute("CREATE TEMPORARY TABLE texts (n integer, body tsvector)")
        with session.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO texts VALUES (%s, to_tsvector('simple', %s))", [(n, index_text(text)) for n, text in enumerate(texts)]
            )
        for phrase in phrases:
            for call in ("%s::tsquery", "to_tsquery('simple', %s)"):
                rows = session.execute(f"SELECT n FROM texts WHERE body @@ {call}", [tsquery(phrase)]).fetchall()
                if phrase in ("科技 kh-202", "x1", "naïve v2", "1E5"):
                    assert len(rows) == (0 if phrase == "1E5" else 1)
                else:
                    assert {n for (n,) in rows} == {n for n, text in enumerate(texts) if phrase in text}
        for text in HOSTILE:
            session.execute("SELECT %s::tsquery", [tsquery(text)])
        session.rollback()
