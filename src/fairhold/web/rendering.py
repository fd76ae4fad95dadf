"""Templates: one Jinja environment per language, every text escaped unless it is markup of our own."""

from functools import cache
from types import CodeType

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from fairhold.web.assets import Assets
from fairhold.words.catalog import Language, words_of

_PICTURES = "lamp mug pouch buds plaid book lens chair lights kettle shirt boots phone watch tea toy drill bag box"


class _Compiled(BytecodeCache):
    """What the process has compiled: every language and every application runs the same code."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None, "it was just compiled"
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Templates:
    """The pages' templates in every language."""

    def __init__(self, assets: Assets) -> None:
        self._environments = {language: _environment(language, assets) for language in Language}

    def render(self, language: Language, name: str, context: dict[str, object]) -> str:
        """The template's text."""
        return self._environments[language].get_template(name).render(context)


def _environment(language: Language, assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader("fairhold.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=_COMPILED,
    )
    words = words_of(language)
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        words.gettext, words.ngettext_plain, newstyle=True, pgettext=words.pgettext
    )
    environment.globals["static"] = assets.url
    return environment


@cache
def picture_names() -> frozenset[str]:
    """The goods that there is a stand-in picture for."""
    return frozenset(_PICTURES.split())


def picture(assets: Assets, image: str) -> str:
    """The address of an item's picture: a stand-in, since a seller's own would be a request to another site."""
    name = image.removeprefix("goods:")
    return assets.url(f"goods.svg#{name if name in picture_names() else 'box'}")
