"""Results as plain text, for a terminal."""

from ambiome_middleware.analysis.evaluate.bench import Results


def summary(results: Results, *, detail: bool = False) -> str:
    """What was measured, part by part."""
    lines: list[str] = []
    if found := results.of("texture"):
        from ambiome_middleware.analysis.evaluate import texture

        lines += [texture.table(result, detail=detail) for result in found.values()]
    if found := results.of("tagger"):
        from ambiome_middleware.analysis.evaluate import tagger

        lines += [tagger.table(result, detail=detail) for result in found.values()]
    return "\n".join(lines)
