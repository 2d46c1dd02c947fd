"""Who may do what: the bundle, the role, the demo."""

from omnicart_plugin.webos import ActionInfo, Context, Manifest, Problem, problem

BUNDLE_NAME = "Marketing & Commerce"
_ROLES = {"owner": "owners", "admin": "admins", "member": "members", "guest": "guests"}


def bundle(ctx: Context, manifest: Manifest) -> Problem | None:
    """The workspace must have the app's bundle for everything but the tile."""
    if manifest.app.bundle in ctx.bundles:
        return None
    return problem(
        "bundle-required",
        f"{manifest.app.name} is part of the {BUNDLE_NAME} bundle",
        "Add the bundle to this workspace under Settings → Billing.",
    )


def role(ctx: Context, info: ActionInfo) -> Problem | None:
    """Whether this person may run the action. Everybody may look at everything."""
    if ctx.role in info.roles:
        return None
    *others, last = (_ROLES[role] for role in info.roles)
    allowed = f"{', '.join(others)} and {last}" if others else last
    return problem("role-forbidden", "Your role does not allow this", f"Only {allowed} of this workspace can do this.")


def read_only(info: ActionInfo, *, demo: bool) -> Problem | None:
    """On the demo store nothing but its own account can be changed."""
    if not demo or info.id.startswith("account."):
        return None
    detail = "The demo store can be looked at, not changed. Connect a store of your own."
    return problem("demo-read-only", "This is the demo store", detail)


def action(ctx: Context, info: ActionInfo, *, demo: bool) -> Problem | None:
    """Why this cannot be done here, to be said before it is tried."""
    return role(ctx, info) or read_only(info, demo=demo)
