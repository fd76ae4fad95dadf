"""The pages of accounts, by address: getting one, getting in, and what a person sets for themselves."""

from fairhold.web.entering import owned
from fairhold.web.handlers import (
    account,
    account_data,
    account_steps,
    api_keys,
    entrance,
    from_marketplace,
    proofs,
    sign_in,
    sign_up,
    staffing,
)
from fairhold.web.handlers.proofs import proved
from fairhold.web.visits import Handler, Visit

ACCOUNT_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/sign-in", sign_in.sign_in_page),
    ("POST", "/sign-in", entrance.be_somebody),
    ("POST", "/sign-in/password", sign_in.sign_in),
    ("POST", "/sign-in/passkey", sign_in.by_passkey),
    ("GET", "/sign-in/second-step", sign_in.second_step_page),
    ("POST", "/sign-in/second-step", sign_in.second_step),
    ("GET", "/sign-in/marketplace", from_marketplace.leave),
    ("GET", "/sign-in/marketplace/back", from_marketplace.come_back),
    ("GET", "/sign-in/link/{link}", from_marketplace.handed_over),
    ("POST", "/sign-in/link/{link}", from_marketplace.take),
    ("POST", "/sign-out", entrance.sign_out),
    ("GET", "/sign-up", sign_up.sign_up_page),
    ("POST", "/sign-up", sign_up.sign_up),
    ("GET", "/sign-up/confirm", sign_up.welcome_page),
    ("POST", "/sign-up/confirm", sign_up.welcome),
    ("GET", "/forgotten", sign_up.forgotten_page),
    ("POST", "/forgotten", sign_up.forgotten),
    ("GET", "/reset", sign_up.reset_page),
    ("POST", "/reset", sign_up.reset),
    ("GET", "/account/email/confirm", account.confirm_email_page),
    ("POST", "/account/email/confirm", account.confirm_email),
)
_OWN: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/account", account.page),
    ("POST", "/account/name", account.rename),
    ("POST", "/account/selling", account.sell),
    ("GET", "/account/proof", proofs.page),
    ("POST", "/account/proof", proofs.prove),
    ("GET", "/account/email", account.email_page),
    ("POST", "/account/email", account.change_email),
    ("GET", "/account/password", account.password_page),
    ("POST", "/account/password", account.change_password),
    ("POST", "/account/sessions/end", account.end_session),
    ("POST", "/account/sessions/end-all", account.end_all),
    ("GET", "/account/data", account_data.page),
    ("POST", "/account/data/file", account_data.take_out),
    ("POST", "/account/data/forgetting", account_data.forget),
    ("GET", "/account/second-step", account_steps.page),
    ("GET", "/account/second-step/app", account_steps.app_page),
    ("POST", "/account/second-step/app", account_steps.add_app),
    ("POST", "/account/second-step/app/removal", account_steps.remove_app),
    ("POST", "/account/second-step/passkeys", account_steps.add_passkey),
    ("POST", "/account/second-step/passkeys/removal", account_steps.remove_passkey),
    ("POST", "/account/second-step/codes", account_steps.fresh_codes),
)
"""What everybody who is signed in to an account has, in whatever role, or in none yet."""
OWN_TABLE = tuple((method, path, owned(handler)) for method, path, handler in _OWN)


def _keys(visit: Visit) -> str:
    return api_keys.FOLDER


def _staff(visit: Visit) -> str:
    return staffing.FOLDER


STAFF_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/operator/staff", staffing.page),
    ("POST", "/operator/staff", proved(_staff, staffing.typed_page)(staffing.invite)),
    ("GET", "/operator/staff/{person}", staffing.member_page),
    ("POST", "/operator/staff/{person}", proved(_staff, staffing.typed_member)(staffing.change)),
)
"""Who works here, for the operator."""

KEY_TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/operator/keys", api_keys.page),
    ("POST", "/operator/keys", proved(_keys, api_keys.page)(api_keys.make)),
    ("POST", "/operator/keys/{key}/rotation", proved(_keys)(api_keys.rotate)),
    ("POST", "/operator/keys/{key}/revocation", proved(_keys)(api_keys.revoke)),
)
"""The API's keys, for the operator."""
