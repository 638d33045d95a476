"""The mix: gains as told; a solo mutes all that are not soloed, and a mute stays mute."""

from math import inf

from ambiome_protocol.lists import VOICES

from ambiome_middleware.scene.map.sheet import Sheet
from ambiome_middleware.scene.world import Held, VoiceGain

_PLAIN = VoiceGain()


def mixing(held: Held, sheet: Sheet) -> None:
    sheet.rule = "mix"
    sheet.put("master_db", held.master_db, f"master {held.master_db:+g} dB")
    sheet.put("dynamics", held.dynamics, f"dynamics {held.dynamics:g}")
    has_solo = any(voice.solo for voice in held.voices.values())
    for name in VOICES:
        voice = held.voices.get(name, _PLAIN)
        if voice.mute:
            sheet.put(f"gain_{name}_db", -inf, f"{name} is muted")
        elif has_solo and not voice.solo:
            sheet.put(f"gain_{name}_db", -inf, "another voice plays solo")
        else:
            sheet.put(f"gain_{name}_db", voice.gain_db, f"gain {voice.gain_db:+g} dB{', solo' if voice.solo else ''}")
