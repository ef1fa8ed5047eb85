"""`foresight tracks` and `foresight doctor`."""

from __future__ import annotations

import json

import click

from foresight.cli.group import SOME_FAILED


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The whole registry as JSON.")
@click.option("--terms", "as_terms", is_flag=True, help="The search terms as CSV.")
def tracks(as_json: bool, as_terms: bool) -> None:
    """List the 24 tracks of the plan."""
    from dataclasses import asdict

    from foresight.tracks import load_registry

    registry = load_registry()
    if as_terms:
        click.echo(registry.terms().to_csv(index=False, lineterminator="\n"), nl=False)
        return
    if as_json:
        click.echo(json.dumps(asdict(registry), ensure_ascii=False, indent=1))
        return
    for track in registry.tracks:
        subs = len(track.sub_directions)
        click.echo(f"{track.number:>2}  {track.slug:<24} {track.name_zh}  {track.name_en} ({subs})")


@click.command()
def doctor() -> None:
    """Check environment, fonts, data and keys, and say what to do."""
    from foresight.run.doctor import examine

    findings = examine()
    for finding in findings:
        state = "ok  " if finding.ok else "none" if finding.optional else "MISS"
        click.echo(f"{state}  {finding.what}: {finding.found}")
        if not finding.ok:
            click.echo(f"      {finding.advice}")
    if not all(finding.ok or finding.optional for finding in findings):
        raise SystemExit(SOME_FAILED)
