"""A service to add to, without one: what there is besides the new resource."""

from scaffold.surroundings import Known, Surroundings

AROUND = Surroundings(
    resources={
        "users": Known("users", "User", "app.users.models", factory="tests.people.a_person"),
        "projects": Known(
            "projects",
            "Project",
            "app.projects.models",
            owned=True,
            factory="tests.projects.factories.a_project",
        ),
        "folders": Known(
            "folders",
            "Folder",
            "app.folders.models",
            soft_delete=True,
            factory="tests.folders.factories.a_folder",
        ),
        "api_keys": Known("api_keys", "ApiKey", "app.api_keys.models"),
    },
    folders=frozenset({"users", "projects", "folders", "api_keys", "core"}),
    tables=frozenset({"users", "projects", "folders", "api_keys", "refresh_tokens"}),
    permissions=frozenset({"users:read", "visits:read"}),
    head="0009_join",
    next_number="0010",
)
EVERY_TYPE = (
    *("number:str:40:unique", "text_of:text?", "pages:int:index", "price:decimal", "paid:bool"),
    *("due_on:date?:unique", "at:datetime:index", "token:uuid", "kind:enum:draft,sent:index"),
    *("shape:json?", "customer_id:ref:users", "folder_id:ref:folders?"),
)
