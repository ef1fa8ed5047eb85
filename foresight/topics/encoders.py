"""The encoders that the setting `encoder` can name."""

from __future__ import annotations

from foresight.topics.embedding import Encoder, MultilingualEncoder
from foresight.topics.static import StaticEncoder

CLASSES: dict[str, type[MultilingualEncoder] | type[StaticEncoder]] = {
    StaticEncoder.name: StaticEncoder,
    MultilingualEncoder.name: MultilingualEncoder,
}


def encoder_named(name: str) -> Encoder:
    """The encoder of a name in `foresight.settings.ENCODERS`.

    Raises
    ------
    KeyError
        If there is none: `Settings.from_mapping` refuses such a name with a message.
    """
    return CLASSES[name]()
