"""From settings to the payment providers: who can be asked, and who may tell what became of money."""

from fairhold.domain.instants import days
from fairhold.engine.payment_ports import Provider
from fairhold.engine.payment_settings import PaymentSettings
from fairhold.gateways.payments.stripe.client import URL as STRIPE_URL
from fairhold.gateways.payments.stripe.provider import Stripe
from fairhold.gateways.payments.yookassa.calling import URL as YOOKASSA_URL
from fairhold.gateways.payments.yookassa.notifications import NETWORKS
from fairhold.gateways.payments.yookassa.provider import YooKassa


def providers_of(settings: PaymentSettings) -> dict[str, Provider]:
    """By name, whoever takes money for us."""
    found: list[Provider] = []
    if settings.stripe_key:
        url = settings.stripe_url or STRIPE_URL
        found.append(Stripe(settings.stripe_key, settings.stripe_secrets, url=url))
    if settings.yookassa_shop and settings.yookassa_key:
        agent, agent_key = settings.yookassa_agent, settings.yookassa_agent_key
        found.append(
            YooKassa(
                (settings.yookassa_shop, settings.yookassa_key),
                (agent, agent_key) if agent and agent_key else None,
                life=days(settings.yookassa_days),
                url=settings.yookassa_url or YOOKASSA_URL,
                networks=settings.yookassa_networks or NETWORKS,
            )
        )
    return {provider.name: provider for provider in found}
