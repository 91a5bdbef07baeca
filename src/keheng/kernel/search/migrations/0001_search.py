from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The tokens of a title and a body and the marks of an entry; the rowid holds its number and that of its shelf.
_SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5 (title, body, marks, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")",
)
# A long text has several parts.
_POSTGRESQL = (
    "CREATE TABLE search_part (entry bigint NOT NULL, part integer NOT NULL, shelf bigint NOT NULL, divided boolean NOT NULL)",
    "ALTER TABLE search_part ADD COLUMN words tsvector NOT NULL, ADD PRIMARY KEY (entry, part)",
    "CREATE INDEX search_part_words ON search_part USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX search_part_divided ON search_part USING gin (words) WITH (fastupdate = off) WHERE divided",
)


def make_words(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement, params=None)


def drop_words(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute("DROP TABLE search_part" if editor.connection.vendor == "postgresql" else "DROP TABLE search_words")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Shelf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facets", models.TextField()),
                ("digest", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("ref", models.CharField(max_length=120)),
                ("audience", models.CharField(max_length=80)),
                ("unit", models.BigIntegerField(null=True)),
                ("district", models.CharField(max_length=12)),
                ("weight", models.FloatField()),
                ("url", models.CharField(max_length=300)),
                ("title", models.CharField(max_length=250)),
                ("body", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "ref"), name="search_entry_once")],
            },
        ),
        migrations.RunPython(make_words, drop_words),
    ]
