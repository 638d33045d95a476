"""A user's own profiles: the bank of voices that a folder of biomes makes, and what it adds to the sound."""

import os

from ambiome_middleware.sound import bank
from ambiome_middleware.sound.bank import Bank
from ambiome_middleware.sound.profile import digest_of, load_profiles
from ambiome_middleware.sound.voices import patches

Folder = str | os.PathLike[str]


def bank_of(folder: Folder | None) -> Bank:
    """The voices with the `*.profile.toml` of a folder; the built-in ones where it has none. Raises ProfileError."""
    if folder is None:
        return bank.built_in()
    known = load_profiles(folder)
    return bank.build(patches(known)) if digest_of(known) else bank.built_in()


def profiles_digest(folder: Folder | None) -> str:
    """A digest of a folder's profiles, "" where it has none: where it differs, so does the sound. ProfileError."""
    return "" if folder is None else digest_of(load_profiles(folder))
