"""Nothing entered is lost: a form in which people write keeps what was typed, or says here why it does not."""

import re
from pathlib import Path

import keheng

FORM = re.compile(r'<form method="post"([^>]*)>(.*?)</form>', re.DOTALL)
WRITTEN = re.compile(r'<textarea|parts/field\.html|question\.html|<input class="k-input')
# Why a form keeps no draft.
KEPT_OTHERWISE = {
    "access/account.html": "one line of an administrator, for one account",
    "access/clients.html": "a name and an address",
    "access/members.html": "an address to invite",
    "access/register.html": "nobody is signed in yet",
    "access/sign_in.html": "nobody is signed in yet",
    "access/tokens.html": "a name",
    "desk/message_settings.html": "boxes and hours that stand as they were saved",
    "directory/import_faults.html": "the columns of one file",
    "matters/case.html": "a date beside a file, which no draft can hold",
    "matters/windows/serve.html": "a number on a paper at the window, for whoever stands there now",
    "matters/work/batch.html": "an opinion on the rows chosen now; another choice must not inherit it",
    "matters/archive/disposal_new.html": "a reason for the archives chosen now; another choice must not inherit it",
    "matters/work/import.html": "the columns of one file",
    "personal/reveal_part.html": "a reason for one look",
    "portal/activities/checkin.html": "a number that is scanned",
    "portal/feedback/query.html": "a number to look up",
    "portal/feedback/subscribe.html": "an address to subscribe",
    "portal/studio/redirects.html": "two addresses",
    "portal/surveys/answer.html": "an answer must not be joined to an account",
    "tables/table.html": "a name for the conditions of this moment",
}


def test_forms_in_which_people_write_keep_what_was_typed():
    bare = set()
    for path in sorted(Path(keheng.__file__).parent.rglob("templates/**/*.html")):
        for head, body in FORM.findall(path.read_text(encoding="utf-8")):
            if "data-draft" not in head and "data-autosave" not in head and WRITTEN.search(body):
                bare.add(str(path).split("/templates/", 1)[1])
    assert bare == set(KEPT_OTHERWISE)
