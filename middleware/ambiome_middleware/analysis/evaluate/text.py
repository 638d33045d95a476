"""Results as plain text, for a terminal: what a voice's author reads between two tries."""

from ambiome_middleware.analysis.evaluate.bench import Results
from ambiome_middleware.analysis.evaluate.report import SECTIONS, targets_table
from ambiome_middleware.analysis.evaluate.tagger import table as tagger_table
from ambiome_middleware.analysis.evaluate.targets import targets
from ambiome_middleware.analysis.evaluate.texture import table as texture_table


def summary(results: Results, *, detail: bool = False) -> str:
    """What was measured, part by part, and how it stands to the targets."""
    lines = [texture_table(result, detail=detail) for result in results.of("texture").values()]
    lines += [tagger_table(result, detail=detail) for result in results.of("tagger").values()]
    for part, section in SECTIONS.items():
        found = results.of(part)
        if found and section.table and part not in ("texture", "tagger"):
            lines.append(f"{section.title}\n{section.table(found)}")
    lines.append(targets_table(targets(results)))
    return "\n".join(lines)
