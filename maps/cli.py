"""The command line: `dateline map`, `read`, `where`, `check` and `gazetteer`.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 done, but
``--strict`` found rows left out; 2 bad input or usage, one sentence, nothing written.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gazetteer.errors import DatelineError
from maps import inputs, printing
from maps.records import LIMIT

if TYPE_CHECKING:
    from gazetteer import Gazetteer

app = typer.Typer(
    name="dateline",
    help="Turn what was written into where it happened: articles and CSVs in, an honest offline map out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
gazetteer_app = typer.Typer(help="See and change the local gazetteer.", no_args_is_help=True)
app.add_typer(gazetteer_app, name="gazetteer")


class ReadFormat(StrEnum):
    """How `dateline read` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


class ListFormat(StrEnum):
    """How `dateline where` and `dateline check` print."""

    TABLE = "table"
    JSON = "json"


Published = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="When the articles were published (ISO 8601); dates are read from it."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Read on the workers of this Dask scheduler, such as tcp://host:8786; a folder or .parquet "
        "written then is a folder of GeoParquet.",
    ),
]
Mapping = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="COLUMN=FIELD", help="What a column of the tables means, over what is recognised."
    ),
]


@app.command("map")
def make_map(
    input_: Annotated[list[Path], typer.Argument(metavar="INPUT...", help="Articles, tables or folders.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The HTML file to write.")] = Path(
        "map.html"
    ),
    published: Published = None,
    export: Annotated[
        list[Path] | None,
        typer.Option(help="Also write the incidents: .csv, .acled.csv, .geojson, .gpkg, .kml or .parquet."),
    ] = None,
    basemap: Annotated[
        str | None, typer.Option(metavar="NAME", help="Online basemap to offer, such as OpenStreetMap.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the map.")] = None,
    mapping: Mapping = None,
    language: Annotated[str, typer.Option(metavar="CODE", help="Of the page: en, az, hy or ru.")] = "en",
    limit: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Above so many incidents, count them; they go to a .parquet file beside."
        ),
    ] = LIMIT,
    scheduler: Scheduler = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when rows were left out.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, show the map, and build it again when an input changes.")
    ] = False,
) -> None:
    """Read articles and tables and write one HTML map that works with no network."""
    from maps.job import MapJob

    fields = inputs.parse_mapping(mapping or [])
    job = MapJob(
        input_, output, published, tuple(export or ()), basemap, title, fields, language, limit, scheduler
    )
    places = _gazetteer()
    if watch:
        from maps.watch import watch as keep

        keep(input_, output, lambda: job.run(places), say=printing.note, outputs=job.outputs)
    elif job.run(places) and strict:
        raise typer.Exit(1)


@app.command()
def read(
    article: Annotated[list[Path], typer.Argument(metavar="ARTICLE...", help="Articles (.txt, .md, .html).")],
    published: Published = None,
    format_: Annotated[ReadFormat, typer.Option("--format")] = ReadFormat.TABLE,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write here instead; .jsonl is added to, and goes on after a break."
        ),
    ] = None,
    scheduler: Scheduler = None,
) -> None:
    """Print the places and incidents of articles, to look at or to correct by hand."""
    import geo
    from geo.export import check_destination, csv_text, geojson, write_parts
    from geo.incidents import Reading, as_json

    files = inputs.collect(article, articles_only=True)
    in_parts = scheduler is not None and output is not None and inputs.is_folder(output)
    if output is not None:
        check_destination(output, overwrites=files, parts=in_parts)
        if output.suffix.lower() == ".jsonl":
            _read_many(files, output, published, scheduler)
            return
        if "--format" not in sys.argv:
            format_ = {".json": ReadFormat.JSON, ".geojson": ReadFormat.GEOJSON}.get(
                output.suffix.lower(), ReadFormat.CSV
            )
    places = _gazetteer()
    if scheduler is not None:
        read_there = inputs.read_on(scheduler, files, places, published)
        readings = [reading for reading in read_there if isinstance(reading, Reading)]
    else:
        here = printing.progress(files, "reading", len(files))
        readings = [inputs.read_article(path, places, published) for path in here]
    if output is not None and (in_parts or output.suffix.lower() in (".gpkg", ".kml", ".parquet")):
        write = write_parts if in_parts else geo.write_incidents
        write(geo.combine(*(r.frame() for r in readings)), output)
    elif format_ is ReadFormat.JSON:
        lines = (json.dumps(as_json(r), ensure_ascii=False, allow_nan=False) for r in readings)
        _emit("".join(line + "\n" for line in lines), output)
    elif format_ is ReadFormat.TABLE:
        _emit(printing.incident_table(readings), output)
    else:
        frame = geo.combine(*(r.frame() for r in readings))
        as_csv = format_ is ReadFormat.CSV
        _emit(csv_text(frame) if as_csv else json.dumps(geojson(frame), ensure_ascii=False) + "\n", output)
    if len(readings) < len(files):
        raise typer.Exit(1)


def _read_many(files: list[Path], output: Path, published: str | None, scheduler: str | None) -> None:
    """Read articles into a file of JSON lines; an article that cannot be read is said and left out."""
    from geo.articles import check_date
    from geo.batch import Batch

    batch = Batch.prepare(files, output, check_date(published))
    failed = 0
    if scheduler is None:
        outcomes = batch.run()
    else:
        from geo.cluster import connect

        outcomes = batch.run_on(connect(scheduler), _gazetteer())
    for outcome in printing.progress(outcomes, "reading", len(batch.left)):
        failed += not outcome.written
        if outcome.note:
            printing.note(outcome.note)
    held = f", {batch.kept} were there already" if batch.kept else ""
    left_out = f", {failed} could not be read" if failed else ""
    printing.note(f"{output}: {len(batch.left) - failed} articles read{held}{left_out}.")
    if failed:
        raise typer.Exit(1)


@app.command()
def where(
    name: Annotated[list[str], typer.Argument(metavar="NAME...", help="Names to look up.")],
    within: Annotated[str | None, typer.Option(help="A place it lies in.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CC", help="Country, by code or name.")] = None,
    near: Annotated[str | None, typer.Option(metavar="LAT,LON", help="A point it is near, degrees.")] = None,
    fuzzy: Annotated[bool, typer.Option("--fuzzy", help="Allow misspellings.")] = False,
    format_: Annotated[ListFormat, typer.Option("--format")] = ListFormat.TABLE,
) -> None:
    """List the places a name may mean, with scores and reasons; never a silent guess."""
    point = inputs.parse_point(near) if near is not None else None
    places = _gazetteer()
    found = {n: places.find(n, within=within, country=country, near=point, fuzzy=fuzzy) for n in name}
    if format_ is ListFormat.JSON:
        lines = (json.dumps(printing.candidates_json(n, cs), ensure_ascii=False) for n, cs in found.items())
        _emit("".join(line + "\n" for line in lines), None)
    else:
        _emit(printing.candidate_table(found), None)


@app.command()
def check(
    file: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Tables to check.")],
    mapping: Mapping = None,
    format_: Annotated[ListFormat, typer.Option("--format")] = ListFormat.TABLE,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when rows would be left out.")
    ] = False,
) -> None:
    """Say, row by row, what a table would become, without building anything."""
    from geo.tables import read as tables

    fields = inputs.parse_mapping(mapping or [])
    places = _gazetteer()
    files = printing.progress(file, "checking", len(file))
    reports = [tables.check(path, places, map=fields) for path in files]
    if format_ is ListFormat.JSON:
        lines = (json.dumps(r.as_json(), ensure_ascii=False, allow_nan=False) for r in reports)
        _emit("".join(line + "\n" for line in lines), None)
    else:
        _emit("".join(printing.check_table(r) for r in reports), None)
    if strict and any(report.counts()["rejected"] for report in reports):
        raise typer.Exit(1)


@gazetteer_app.command("info")
def gazetteer_info(format_: Annotated[ListFormat, typer.Option("--format")] = ListFormat.TABLE) -> None:
    """List the layers of the gazetteer with counts, dates and licences."""
    from gazetteer import user

    info = user.info()
    if format_ is ListFormat.JSON:
        _emit(json.dumps(info, ensure_ascii=False) + "\n", None)
    else:
        _emit(printing.layer_table(info), None)


@gazetteer_app.command("add")
def gazetteer_add(
    file: Annotated[list[Path], typer.Argument(metavar="FILE...", help="GeoNames dumps, CSV or GeoJSON.")],
    licence: Annotated[str, typer.Option(help="Licence of the data, shown with it.")] = "",
) -> None:
    """Add places of your own; all of the files, or none when one is unusable."""
    from gazetteer import user

    files = [inputs.existing(path) for path in file]
    for layer in user.add(files, licence=licence, progress=printing.working):
        held = f"{layer.names:,} names" if layer.names else f"{layer.places:,} places"
        printing.note(f"{layer.name}: {held} added from {layer.file}.")


@gazetteer_app.command("remove")
def gazetteer_remove(
    name: Annotated[str, typer.Argument(help="As `dateline gazetteer info` lists it.")],
) -> None:
    """Remove what was added under a name."""
    from gazetteer import user

    layer = user.remove(name)
    printing.note(f"{layer.name}: removed.")


def _gazetteer() -> Gazetteer:
    from gazetteer import Gazetteer

    return Gazetteer.load()


def _emit(text: str, output: Path | None) -> None:
    """Write a result to standard output, or whole and at once to a file."""
    if output is None:
        sys.stdout.write(text)
    else:
        from geo.files import write_text

        write_text(output, text)


def main(arguments: list[str] | None = None) -> None:
    """Run the command; errors raised on purpose become one sentence on standard error and status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        inputs.check_packages()
        app(args=arguments)
    except DatelineError as error:
        sys.stderr.write(f"dateline: {error}\n")
        raise SystemExit(2) from None
    except MemoryError:
        sys.stderr.write("dateline: not enough memory for this input; give it in parts.\n")
        raise SystemExit(2) from None
    except BrokenPipeError:
        # The reader of our output went away (`dateline read ... | head`): nothing is left to say.
        sys.stderr.close()
        raise SystemExit(0) from None
    except KeyboardInterrupt:
        sys.stderr.write("dateline: stopped.\n")
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get("DATELINE_DEBUG"):
            raise
        sys.stderr.write(
            f"dateline: a fault of its own ({type(error).__name__}: {error}); "
            "set DATELINE_DEBUG=1 to see where, and please report it.\n"
        )
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
