"""`foresight corpus why`, `compare` and `label`: why documents are in tracks, and how surely."""

from __future__ import annotations

from pathlib import Path

import click

from foresight.cli.group import corpus_option


@click.command("why")
@click.argument("doc_id")
@corpus_option
def why(doc_id: str, corpus_name: str) -> None:
    """Say by which classes and words a document is in its tracks, and which did not suffice."""
    from foresight.corpus.store import open_corpus
    from foresight.run.why import explain
    from foresight.tracks import load_registry

    click.echo(explain(open_corpus(corpus_name), load_registry(), doc_id=doc_id))


@click.command("compare")
@click.argument("name")
@click.option(
    "--before",
    type=click.Path(path_type=Path),
    help="Terms as they were, from `foresight tracks --terms`; default: the research draft.",
)
def compare(name: str, before: Path | None) -> None:
    """Show what a change of the registry did to each track: documents, precision, recall."""
    from foresight.corpus.store import open_corpus
    from foresight.run.labelling import effect_table
    from foresight.tracks import draft_terms, load_registry, read_terms

    terms = draft_terms() if before is None else read_terms(before)
    table = effect_table(open_corpus(name), load_registry(), before=terms)
    click.echo(table.to_string(index=False))


@click.command("label")
@click.argument("track_name", metavar="TRACK")
@corpus_option
@click.option("--count", default=15, show_default=True, type=click.IntRange(1))
@click.option("--by", required=True, help="Who reads: stands in the file.")
@click.option("--second", is_flag=True, help="Read labelled documents a second time.")
@click.option("--fresh", is_flag=True, help="Start a new sample; the old labels are replaced.")
def label(
    track_name: str, corpus_name: str, count: int, by: str, second: bool, fresh: bool
) -> None:
    """Read documents of a TRACK's sample one by one and say whether they belong to it.

    Each answer is kept at once. Precision and recall are shown before and after.
    """
    from foresight.corpus.store import open_corpus
    from foresight.run.labelling import add_labels, quality_table, unlabelled
    from foresight.tracks import load_registry

    registry, opened = load_registry(), open_corpus(corpus_name)
    track = registry.track(track_name)
    before = quality_table(opened, registry)
    todo = unlabelled(opened, registry, track=track.slug, count=count, second=second, fresh=fresh)
    click.echo(f"{track.name_zh} {track.name_en}: " + "、".join(s.zh for s in track.sub_directions))
    answers = {"y": "yes", "n": "no", "u": "unclear"}
    rows = todo[["doc_id", "published", "title", "abstract"]].itertuples(index=False, name=None)
    for place, (doc_id, published, title, abstract) in enumerate(rows, 1):
        click.echo(f"\n[{place}/{len(todo)}] {doc_id} ({published[:4]}) {title}\n{abstract}")
        answer = click.prompt("belongs? yes, no, unclear, quit", type=click.Choice([*answers, "q"]))
        if answer == "q":
            break
        labels = {doc_id: answers[answer]}
        add_labels(
            opened,
            registry,
            track=track.slug,
            labels=labels,
            by=by,
            second=second,
            fresh=fresh and place == 1,
        )
    for when, table in (("before", before), ("now", quality_table(opened, registry))):
        shown = table[table["track"] == track.slug] if len(table) else table
        click.echo(f"\n{when}:\n{shown.to_string(index=False) if len(shown) else 'no labels'}")
