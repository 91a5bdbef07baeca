#!/bin/sh
# Renews the catalogues of the public pages from their sources, and compiles them. Needs GNU gettext (Debian: gettext).
# What comes out depends on the sources alone: no dates, no places in files. Untranslated entries are counted, fuzzy ones too.
set -eu

cd "$(dirname "$0")/../src/keheng"
python=${PYTHON:-../../.venv/bin/python}
DJANGO_SETTINGS_MODULE=keheng.site.settings PYTHONPATH=.. "$python" -m django makemessages \
    --locale en --locale ja --locale ko --extension html,py --no-location --no-wrap --no-obsolete --verbosity 0
# Chinese is the language of the sources; its catalogue holds only what the framework would say otherwise.
for language in zh_Hans en ja ko; do
    catalogue=site/locale/$language/LC_MESSAGES/django
    sed -i -e '/^"POT-Creation-Date:/d' -e '/^"PO-Revision-Date:/d' "$catalogue.po"
    msgfmt --check-format --check-domain --statistics --output-file "$catalogue.mo" "$catalogue.po"
done
