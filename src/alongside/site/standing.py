"""Work in the background: ask a provider whether it still stands for somebody."""

import logging
from datetime import UTC, datetime

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.tasks import task

from alongside.site.actions import let_go, stand_for
from alongside.site.sso import ProviderRefusedError, ProviderSilentError, opened, providers, renewed

logger = logging.getLogger("alongside.work")


@task
def ask_provider(account_id: int) -> None:
    """Ask a provider about one account; end what its groups gave where it says no, and nothing where it says nothing."""
    token = SocialToken.objects.select_related("account__user").filter(account=account_id).first()
    provider = providers().get(token.account.provider) if token else None
    asks_with = opened(token.token_secret) if token else ""
    if token is None or provider is None or not asks_with:
        return
    account: SocialAccount = token.account
    try:
        claims, refresh = renewed(provider, asks_with, account.uid)
    except ProviderRefusedError:
        let_go(account=account, provider=provider, now=datetime.now(tz=UTC))
    except ProviderSilentError as error:
        logger.warning("The provider %s: %s", provider.id, error)
    else:
        stand_for(
            account=account, provider=provider, claims=claims, refresh=refresh, now=datetime.now(tz=UTC)
        )
