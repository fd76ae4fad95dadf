"""What WebAuthn Level 3 calls ceremonies: what a browser is asked, and whether its answer holds."""

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from fairhold.engine.ports.accounts import Account, Passkey


def creation(account: Account, handle: bytes, host: str, name: str, challenge: bytes, known: list[Passkey]) -> str:
    """The options by which a browser makes a passkey, as JSON. `handle` is what it keeps of the person."""
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=name,
        user_id=handle,
        user_name=account.email or account.name or account.person,
        user_display_name=account.name or account.person,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return webauthn.options_to_json(options)


def request(host: str, challenge: bytes, known: list[Passkey], *, verified: bool) -> str:
    """The options by which a browser answers with one of `known`, or with any that it has for the host; as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        allow_credentials=_descriptors(known) or None,
        user_verification=UserVerificationRequirement.REQUIRED if verified else UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def made(answer: str, challenge: bytes, host: str, origin: str) -> VerifiedRegistration:
    """The passkey that a browser made. Raises many kinds of errors for what a browser may send."""
    return webauthn.verify_registration_response(
        credential=answer, expected_challenge=challenge, expected_rp_id=host, expected_origin=origin
    )


def answered(
    answer: str, challenge: bytes, host: str, origin: str, passkey: Passkey, *, verified: bool
) -> VerifiedAuthentication:
    """What a browser showed of the passkey. Raises many kinds of errors for what a browser may send."""
    return webauthn.verify_authentication_response(
        credential=answer,
        expected_challenge=challenge,
        expected_rp_id=host,
        expected_origin=origin,
        credential_public_key=passkey.public_key,
        credential_current_sign_count=passkey.uses,
        require_user_verification=verified,
    )


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one.id)) for one in passkeys]
