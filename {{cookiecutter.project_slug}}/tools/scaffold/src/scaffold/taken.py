"""Names with a meaning of their own, where a resource or a field would be mistaken for it."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLUMNS = _words("id user_id version created_at updated_at deleted_at")
"""What resources have without being asked, or have when they are owned or softly deleted."""

QUERY = _words("page limit cursor offset after")
"""What lists are asked for besides the fields."""

ATTRIBUTES = _words("""
    any bool date datetime decimal dict float int json list object set str tuple uuid
    construct copy count fields from_orm index metadata parse_file parse_obj parse_raw registry
    schema schema_json t update_forward_refs validate
    """)
"""What pydantic, SQLAlchemy and its rows call their own, and types that annotations name."""

CODE = _words(
    """
    a_person ada add admin after answer app app_error application asked asking async_client
    async_iterator async_session asynccontextmanager attempt before bob body cache cached
    callers change changed check_constraint client cluster column_element condition connection
    contributions count cursor database databases date date_time datetime dbapierror decimal
    delete dependencies documented each error etag fields first foreign_key found get headers
    hers his identifier ids index insert integrity_error jsonb kept key known lifespan lists
    load lock look made mailbox mapped mapping me method missing model moment monkeypatch never
    new no_result_found nowhere number numeric openapi other own owner page partial people
    person plan planned protected protection pytest queries query reach read reader request
    requires resource response router row rows same scope seen self sent sequence session shown
    signed_in statements status str_enum string text told tracing unscoped update uuid uuid4
    values work written
    """
)
"""What the written code, the tests and `main.py` call something else, where both would meet."""

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
