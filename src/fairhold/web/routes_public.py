"""The addresses of what everybody may see of reputation, and of those who watch over it."""

from fairhold.domain.actors import Role
from fairhold.web.handlers import moderation, public, public_report
from fairhold.web.views.moderation_desk import REVIEW_FOLDERS
from fairhold.web.visits import Handler, Roles

_ANYBODY: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sellers/{seller}", public.seller),
    # A SKU may hold slashes; it is the rest of the path.
    ("GET", "/sellers/{seller}/products/{sku:path}", public.product),
)
_REPORTERS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/reviews/{review}/report", public_report.page),
    ("POST", "/reviews/{review}/report", public_report.report),
)


def _moderating(folder: str) -> tuple[tuple[str, str, Handler], ...]:
    """The queue of reviews and what is done with one, under one role's folder."""
    return (
        ("GET", folder, moderation.queue),
        ("GET", f"{folder}/{{review}}", moderation.case),
        ("POST", f"{folder}/{{review}}", moderation.decide),
        ("POST", f"{folder}/{{review}}/edit", moderation.edit),
    )


PUBLIC_TABLE: tuple[tuple[Roles, tuple[tuple[str, str, Handler], ...]], ...] = (
    ((), _ANYBODY),
    ((Role.BUYER, Role.SELLER), _REPORTERS),
    *(((role,), _moderating(folder)) for role, folder in REVIEW_FOLDERS.items()),
)
"""Pages by whom they are for."""
