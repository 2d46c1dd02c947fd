"""The connected stores: connecting one, signing in anew, renaming and removing."""

import msgspec

from omnicart_plugin.accounts.address import AddressError, normalise
from omnicart_plugin.accounts.connect import climb
from omnicart_plugin.accounts.directory import Account
from omnicart_plugin.demo import DEMO_BASE_URL
from omnicart_plugin.medusa.auth import Credentials, Password, SecretKey
from omnicart_plugin.panels import words
from omnicart_plugin.panels.registry import action, panel
from omnicart_plugin.panels.visit import InvalidError, Visit, refused, whole_table
from omnicart_plugin.webos import (
    Action,
    Column,
    Confirm,
    Done,
    Empty,
    Field,
    Form,
    Link,
    MenuItem,
    Panel,
    Row,
    Status,
    Text,
)

LABEL_MAX = 80
DEMO_LABEL = "Demo store"
SIGN_IN = {"password": "Email and password", "secret_key": "Secret API key", "demo": "Demo"}
STATUS = {
    "ok": Status(code="ok", label="Connected", tone="success"),
    "reauth": Status(code="reauth", label="Must sign in anew", tone="warning"),
    "unreachable": Status(code="unreachable", label="Does not answer", tone="danger"),
    "demo": Status(code="demo", label="Demo", tone="info"),
}
EMAIL = Field(name="email", label="Email", type="email", required=True, help="Ideally a user of OmniCart's own.")
PASSWORD = Field(name="password", label="Password", type="secret", required=True)
KEY = Field(
    name="secret_key",
    label="Secret API key",
    type="secret",
    required=True,
    placeholder="sk_…",
    help="In Medusa: Settings → Secret API Keys.",
)
LABEL = Field(name="label", label="Label", help="Its name here. The store's own, if you leave this empty.")


class _Hidden(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(hidden)"


class SignInInputs(_Hidden, frozen=True):
    email: str = ""
    password: str = ""
    secret_key: str = ""


class ConnectInputs(_Hidden, frozen=True):
    base_url: str = ""
    email: str = ""
    password: str = ""
    secret_key: str = ""
    label: str = ""


class RenameInputs(msgspec.Struct, frozen=True):
    label: str = ""


@panel("connect", of_store=False)
async def connect_panel(visit: Visit) -> Panel:
    address = Field(
        name="base_url",
        label="Store address",
        type="url",
        required=True,
        placeholder="https://api.example.com",
        help="Where your Medusa server answers, without /admin or /app.",
    )
    hint = "Use a dedicated admin user for OmniCart, so that you can see in Medusa what it did and lock it out alone."
    submit = visit.action("account.connect", primary=True)
    demo = [visit.action("account.demo")]
    return visit.panel(
        "Connect a store",
        [
            Form(
                id="password",
                title="Email and password",
                text=hint,
                fields=[address, EMAIL, PASSWORD, LABEL],
                submit=submit,
                secondary=demo,
            ),
            Form(
                id="secret-key",
                title="Secret API key",
                text="A secret API key stays valid until it is revoked, also for users with two-factor sign-in.",
                fields=[address, KEY, LABEL],
                submit=submit,
                secondary=demo,
            ),
        ],
        subtitle="OmniCart keeps the sign-in encrypted and shows it to nobody.",
    )


@panel("accounts", of_store=False)
async def accounts_panel(visit: Visit) -> Panel:
    accounts = await visit.directory.accounts(visit.workspace_id)
    columns = [
        Column(key="label", label="Store"),
        Column(key="address", label="Address"),
        Column(key="sign_in", label="Signs in with"),
        Column(key="since", label="Since"),
        Column(key="status", label="Status"),
    ]
    rows = [
        Row(
            id=account.id,
            link=Link(panel="overview", account_id=account.id),
            cells={
                "label": Text(text=account.label),
                "address": words.text("" if account.kind == "demo" else account.base_url),
                "sign_in": Text(text=SIGN_IN[account.kind]),
                "since": words.time(account.signed_in_at),
                "status": STATUS[visit.stores.status(account)],
            },
            actions=account_actions(visit, account),
        )
        for account in accounts
    ]
    empty = Empty(title="No store is connected", text="Choose “Connect a store” to begin.")
    return visit.panel("Stores", [whole_table("accounts", columns, rows, empty)])


def account_actions(visit: Visit, account: Account) -> list[Action]:
    """What can be done with a connected store."""
    label = msgspec.structs.replace(LABEL, value=account.label, required=True, help="")
    sign_in = [KEY] if account.kind == "secret_key" else [EMAIL, PASSWORD]
    demo = "The demo store needs no sign-in." if account.kind == "demo" else None
    return [
        visit.action("account.rename", of=account, fields=[label]),
        visit.action("account.reconnect", of=account, fields=sign_in, disabled=demo),
        visit.action("account.remove", of=account),
    ]


def menu() -> list[MenuItem]:
    return [
        MenuItem(label="Stores", icon="building", link=Link(panel="accounts")),
        MenuItem(label="Connect a store", icon="plug", link=Link(panel="connect")),
    ]


@action("account.connect", inputs=ConnectInputs)
async def connect(visit: Visit, inputs: ConnectInputs) -> Done:
    errors: dict[str, str] = {}
    base_url = ""
    try:
        base_url = normalise(inputs.base_url)
    except AddressError as error:
        errors["base_url"] = str(error)
    credentials = _credentials(inputs, errors)
    label = _label(inputs.label, errors)
    if errors or credentials is None:
        raise InvalidError(errors)
    account = await _sign_in(visit, base_url, label, credentials)
    return Done(
        message=f"{account.label} is connected.",
        refresh=["accounts", "connect"],
        link=Link(panel="overview", account_id=account.id),
    )


@action("account.demo")
async def connect_demo(visit: Visit, _: msgspec.Struct) -> Done:
    account = await visit.directory.connect_demo(visit.workspace_id, DEMO_BASE_URL, DEMO_LABEL)
    return Done(
        message="The demo store is open. Look around: nothing in it can be changed.",
        refresh=["accounts", "connect"],
        link=Link(panel="overview", account_id=account.id),
    )


@action("account.reconnect", inputs=SignInInputs)
async def reconnect(visit: Visit, inputs: SignInInputs) -> Done:
    account = await _account(visit)
    if account.kind == "demo":
        raise refused("not-allowed", "This is the demo store", "The demo store needs no sign-in.")
    errors: dict[str, str] = {}
    credentials = _credentials(inputs, errors)
    if errors or credentials is None:
        raise InvalidError(errors)
    await _sign_in(visit, account.base_url, account.label, credentials)
    return Done(
        message=f"{account.label} is signed in.", refresh=["accounts", "overview", "orders", "order", "settings"]
    )


@action("account.rename", inputs=RenameInputs)
async def rename(visit: Visit, inputs: RenameInputs) -> Done:
    account = await _account(visit)
    errors: dict[str, str] = {}
    label = _label(inputs.label, errors)
    if not label:
        errors.setdefault("label", "Type a label.")
    if errors:
        raise InvalidError(errors)
    await visit.directory.rename(account, label)
    return Done(message=f"It is called {label} now.", refresh=["accounts", "overview", "settings"])


@action("account.remove")
async def remove(visit: Visit, _: msgspec.Struct) -> Done | Confirm:
    account = await _account(visit)
    if not visit.confirmed:
        return Confirm(
            title=f"Remove {account.label}?",
            text="OmniCart forgets this store and its sign-in. Nothing changes in the store itself.",
            accept="Remove store",
            danger=True,
        )
    await visit.directory.remove(account)
    await visit.stores.close(account.id)
    return Done(message=f"{account.label} was removed.", refresh=["accounts"], link=Link(panel="accounts"))


async def _account(visit: Visit) -> Account:
    return await visit.directory.account(visit.workspace_id, visit.request.account_id or "")


async def _sign_in(visit: Visit, base_url: str, label: str, credentials: Credentials) -> Account:
    """The account, connected; without a label it is called as the store calls itself."""
    way = visit.way
    signed_in = await climb(base_url, credentials, tasks=way.tasks, egress=way.egress, plain_http=way.plain_http)
    try:
        label = label or signed_in.name
        account = await visit.directory.connect(visit.workspace_id, base_url, label, credentials)
        await visit.stores.adopt(account, signed_in)
    except BaseException:
        way.tasks.start_soon(signed_in.client.aclose)
        raise
    return account


def _credentials(inputs: ConnectInputs | SignInInputs, errors: dict[str, str]) -> Credentials | None:
    """One of the two ways to sign in; what is missing is added to `errors`."""
    key, email = inputs.secret_key.strip(), inputs.email.strip()
    if key and (email or inputs.password):
        errors["secret_key"] = "Give either a secret API key or an email and password, not both."  # noqa: S105 - a sentence
        return None
    if key:
        return SecretKey(key)
    if not email:
        errors["email"] = "Type the email of an admin user, or use a secret API key."
    if not inputs.password:
        errors["password"] = "Type the password."  # noqa: S105 - a sentence
    return None if errors else Password(email, inputs.password)


def _label(typed: str, errors: dict[str, str]) -> str:
    label = typed.strip()
    if len(label) > LABEL_MAX:
        errors["label"] = f"A label has {LABEL_MAX} characters at most."
    elif not label.isprintable():
        errors["label"] = "A label is one line of letters, without control characters."
    return label
