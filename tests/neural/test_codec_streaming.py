"""A stream that comes in pieces is the recording as a whole, however it is cut and whatever its company does."""

import pytest
import torch
from ambiome_middleware.neural.codec import FRAME, Codec
from ambiome_middleware.neural.streaming import OLD
from neural.codecs import SMALL, small

FRAMES = 50
CUTS = (1, 3, 7, 40)


@pytest.fixture(scope="module")
def codec() -> Codec:
    return small()


@pytest.fixture(scope="module")
def exact() -> Codec:
    return small(double=True)


def codes(slots: int, frames: int, seed: int = 3) -> torch.Tensor:
    return torch.randint(0, 1_024, (slots, SMALL.levels, frames), generator=torch.Generator().manual_seed(seed))


def noise(slots: int, frames: int, seed: int = 4) -> torch.Tensor:
    return torch.randn(slots, frames * FRAME, generator=torch.Generator().manual_seed(seed)) * 0.3


def pieces(frames: int, sizes: tuple[int, ...]) -> list[slice]:
    """Slices of `frames` frames in these sizes by turns, the last one cut short."""
    found: list[slice] = []
    while not found or found[-1].stop < frames:
        at = found[-1].stop if found else 0
        found.append(slice(at, min(at + sizes[len(found) % len(sizes)], frames)))
    return found


def decoded(codec: Codec, whole: torch.Tensor, cuts: tuple[int, ...]) -> torch.Tensor:
    stream = codec.decoding(len(whole))
    parts = pieces(whole.shape[-1], cuts)
    found = [stream(whole[..., part], is_last=part == parts[-1]) for part in parts]
    return torch.cat(found, dim=-1)[:, stream.latency :]


def latents(codec: Codec, samples: torch.Tensor, cuts: tuple[int, ...]) -> torch.Tensor:
    """Before the quantiser: of two codes that are equally near, rounding may choose either."""
    network = codec.encoding(len(samples))._network
    parts = pieces(samples.shape[-1] // FRAME, cuts)
    found = [
        network(samples[:, None, part.start * FRAME : part.stop * FRAME], is_last=part == parts[-1]) for part in parts
    ]
    return torch.cat(found, dim=-1)[..., network.latency :]


@pytest.mark.parametrize("slots", [1, 9])
@pytest.mark.parametrize("cuts", [(1,), (3,), (7,), (40,), (1, 40, 3)])
def test_decoding_in_pieces_is_decoding_at_once(codec: Codec, exact: Codec, cuts: tuple[int, ...], slots: int) -> None:
    whole = codes(slots, FRAMES)
    for one, limit in ((codec, 1e-5), (exact, 1e-12)):
        wanted = one.decode(whole)
        assert wanted.std() > 1e-3, "there is something to compare"
        assert decoded(one, whole, cuts).shape == wanted.shape
        assert (decoded(one, whole, cuts) - wanted).abs().max() < limit * max(1.0, float(wanted.abs().max()))


@pytest.mark.parametrize("slots", [1, 9])
@pytest.mark.parametrize("cuts", [(1,), (3,), (7,), (40,), (1, 40, 3)])
def test_encoding_in_pieces_is_encoding_at_once(codec: Codec, exact: Codec, cuts: tuple[int, ...], slots: int) -> None:
    whole = noise(slots, FRAMES)
    for one, limit in ((codec, 1e-5), (exact, 1e-12)):
        samples = whole.to(next(iter(one._model.parameters())).dtype)
        wanted = one._model.encoder(samples[:, None, :])
        assert wanted.std() > 1e-3
        assert (latents(one, samples, cuts) - wanted).abs().max() < limit * max(1.0, float(wanted.abs().max()))


def test_codes_in_pieces_are_codes_at_once(exact: Codec) -> None:
    samples = noise(2, 30).double()
    stream = exact.encoding(2)
    parts = pieces(30, (7,))
    found = [stream(samples[:, part.start * FRAME : part.stop * FRAME], is_last=part == parts[-1]) for part in parts]
    assert torch.equal(torch.cat(found, dim=-1)[..., stream.latency :], exact.encode(samples))


@pytest.mark.parametrize("frames", [1, 2, 6, 7, 8])
def test_a_stream_shorter_than_what_is_mirrored(exact: Codec, frames: int) -> None:
    whole = codes(1, frames)
    assert (decoded(exact, whole, (1,)) - exact.decode(whole)).abs().max() < 1e-12
    samples = noise(1, frames).double()
    wanted = exact._model.encoder(samples[:, None, :])
    assert (latents(exact, samples, (1,)) - wanted).abs().max() < 1e-12


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("slots", [1, 9])
def test_streams_begin_anew_at_times_of_their_own(exact: Codec, cut: int, slots: int) -> None:
    """Each slot is reset once, at a piece of its own; from there on it is a stream of its own, before it another."""
    whole = codes(slots, 2 * FRAMES)
    parts = pieces(2 * FRAMES, (cut,))
    begins = [parts[(3 * slot + 1) % max(len(parts) // 2, 1)].start for slot in range(slots)]
    stream = exact.decoding(slots)
    found = []
    for part in parts:
        stream.reset([slot for slot in range(slots) if begins[slot] == part.start])
        found.append(stream(whole[..., part]))
    samples = torch.cat(found, dim=-1)
    for slot, begin in enumerate(begins):
        for first, last in ((0, begin), (begin, 2 * FRAMES)):
            if (last - first) * FRAME <= stream.latency:
                continue
            wanted = exact.decode(whole[slot : slot + 1, :, first:last])[0]
            heard = samples[slot, first * FRAME + stream.latency : last * FRAME]
            assert (heard - wanted[: len(heard)]).abs().max() < 1e-12


def test_a_stream_that_stays_is_as_if_it_had_not_been_asked(exact: Codec) -> None:
    whole = codes(3, 40)
    stream, at, found = exact.decoding(3), [0, 0, 0], [[], [], []]  # type: ignore[var-annotated]
    for turn in range(30):
        moving = torch.tensor([(turn + slot) % (slot + 2) == 0 and at[slot] + 3 <= 40 for slot in range(3)])
        piece = torch.stack([whole[slot, :, min(at[slot], 37) : min(at[slot], 37) + 3] for slot in range(3)])
        made = stream(piece, moving)
        for slot in range(3):
            if moving[slot]:
                found[slot].append(made[slot])
                at[slot] += 3
    assert min(at) > 18
    for slot in range(3):
        heard = torch.cat(found[slot])[stream.latency :]
        assert (heard - exact.decode(whole[slot : slot + 1])[0, : len(heard)]).abs().max() < 1e-12


def test_an_old_stream_goes_on(exact: Codec) -> None:
    stream = exact.decoding(1)
    stream(codes(1, 20))
    stream._network._ages[:] = OLD
    assert torch.isfinite(stream(codes(1, 3))).all()
    assert int(stream._network._ages[0]) == OLD


def test_memory_does_not_grow(codec: Codec) -> None:
    def held(stream: object) -> int:
        layers = [part.layer for part in stream._network.parts if hasattr(part, "layer")]  # type: ignore[attr-defined]
        past = [layer._past for layer in layers if hasattr(layer, "_past")]
        return sum(tensor.untyped_storage().nbytes() for tensor in past)

    stream = codec.decoding(2)
    stream(codes(2, 3))
    before = held(stream)
    for _ in range(50):
        stream(codes(2, 3))
    assert held(stream) == before > 0


def test_a_piece_that_does_not_fit_is_refused(codec: Codec) -> None:
    with pytest.raises(ValueError, match=r"piece: \(3, 32, 2\)"):
        codec.decoding(2)(codes(3, 2))
    with pytest.raises(ValueError, match="multiple of 320"):
        codec.encoding(1)(torch.zeros(1, 319))
    with pytest.raises(ValueError, match="slots: 0"):
        codec.decoding(0)
