"""Names with a meaning of their own, where a resource or a field would be mistaken for it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLUMNS = _words("id user_id version created_at updated_at deleted_at")
"""What resources have without being asked, or have when they are owned or softly deleted."""

QUERY = _words("page limit cursor offset after")
"""What lists are asked for besides the fields."""

FREE = _words("format hash help input license max min object range round sum type")
"""Builtins that the written code never calls, so that a name may hide them."""

ATTRIBUTES = _words("""
    any bool date datetime decimal dict float int json list object set str tuple uuid
    construct copy count fields from_orm index metadata parse_file parse_obj parse_raw registry
    schema schema_json t update_forward_refs validate
    """)
"""What pydantic, SQLAlchemy and its rows call their own, and types that annotations name."""

CODE = _words("""
    admin app asyncio attempt base cached caller cast change client column core data database
    date decimal delete dependencies enum errors exists factories func hers his insert item key
    known limit load made meta missing model models new op other page privacy query reader
    repository request response resource router row rows sa schemas select service session
    sessions statement status string tag tags test text uuid value values work
    """)
"""What the written code calls something else."""

# Reserved in PostgreSQL 18, also as a function or type.
SQL = _words("""
    all analyse analyze and any array as asc asymmetric authorization between binary both case cast
    check collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
    references returning right select session_user similar some symmetric system_user table
    tablesample then to trailing true union unique user using variadic verbose when where window
    with
    """)
