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


def action(ctx: Context, info: ActionInfo, *, demo: bool) -> Problem | None:
    """Whether this person may run the action; on the demo store nothing but its own account can be changed."""
    if ctx.role not in info.roles:
        *others, last = (_ROLES[role] for role in info.roles)
        allowed = f"{', '.join(others)} and {last}" if others else last
        return problem(
            "role-forbidden", "Your role does not allow this", f"Only {allowed} of this workspace can do this."
        )
    if demo and not info.id.startswith("account."):
        return problem(
            "demo-read-only", "This is the demo store", "It can be looked at, not changed. Connect your own."
        )
    return None
