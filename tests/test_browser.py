"""The notebooks in JupyterLab and the gallery, in a real browser that can reach this machine
alone."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from hostile import NAME, hostile_report
from PIL import Image
from saved import save

from xiacheng_nlp import notebook
from xiacheng_nlp import resources as bundle
from xiacheng_nlp.figures.style import font_file
from xiacheng_nlp.files import table_bytes
from xiacheng_nlp.publish.gallery import PAGE, gallery
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import Report

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is not installed", exc_type=ImportError
)
CHROMIUM = next(
    (path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path),
    None,
)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

FLAGS = (
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ),
    *(
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ),
)
LAB_SECONDS = 180
RUN_SECONDS = 240
NOTEBOOKS = sorted(path.name for path in bundle.folder("notebooks").glob("*.ipynb"))
CHECKED = {
    "numbers": "sheet = xc.review(report, order='text', n=4, file='numbers.jsonl')",
    "themes": "sheet = xc.themes.review(report, order='text', n=3, file='themes.csv')",
}
"""Notebooks that show a sheet to check by eye."""
IDS = ("fig-report-structure", "fig-keyness", "fig-ranks")


@dataclass
class Watch:
    """What a page did: requests to elsewhere, errors, dialogs."""

    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


def watched(browser: "sync_api.Browser", *, width: int = 1400) -> "tuple[sync_api.Page, Watch]":
    page, seen = browser.new_page(viewport={"width": width, "height": 1000}), Watch()
    page.set_default_timeout(180_000)

    def asked(url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "file") and address.hostname != "127.0.0.1":
            seen.elsewhere.append(url)

    def dialog(shown: "sync_api.Dialog") -> None:
        seen.dialogs.append(shown.message)
        shown.dismiss()

    page.on("request", lambda request: asked(request.url))
    page.on("websocket", lambda stream: asked(stream.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on(
        "console",
        lambda message: seen.errors.append(message.text) if message.type == "error" else None,
    )
    page.on("dialog", dialog)
    return page, seen


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[sync_api.Browser]":
    folder = tmp_path_factory.mktemp("browser")
    fonts = folder / "fonts.conf"
    # The one font that the browser has is the package's: what it lacks would be seen as a box.
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{font_file().parent}</dir><cachedir>{folder / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=list(FLAGS),
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        yield launched
        launched.close()


BOXES = """() => {
  const canvas = document.createElement('canvas'); canvas.width = canvas.height = 40;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.font = '24px sans-serif'; pen.textBaseline = 'top';
  const look = (c) => { pen.clearRect(0, 0, 40, 40); pen.fillText(c, 4, 4);
    return pen.getImageData(0, 0, 40, 40).data.join(); };
  const box = look('\\uF8FE');
  const shown = [...new Set(document.body.innerText)].filter((c) => c.trim());
  return { blind: look('中') === box || look('\\u{20BB7}') !== box, shown: shown.length,
    boxes: shown.filter((c) => look(c) === box) };
}"""


SIGNS = {"✓"}
"""The mark of a claim that holds: every browser's own fonts have it; that of the figures, the only
one here, does not."""


def boxes(page: "sync_api.Page") -> list[str]:
    """The characters of the page that are drawn as the box of a character that no font has."""
    found = page.evaluate(BOXES)
    assert not found["blind"]
    assert found["shown"] > 100
    return sorted(set(found["boxes"]) - SIGNS)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab on a copy of the notebooks, with settings of its own."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(bundle.folder("notebooks"), folder / "notebooks")
    for name, call in CHECKED.items():
        nbformat.write(notebook_of(call), folder / "notebooks" / f"{name}.ipynb")
    (folder / "config" / "labconfig").mkdir(parents=True)
    settings = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
            "doNotDisturbMode": True,
        },
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    }
    (folder / "config" / "labconfig" / "default_setting_overrides.json").write_text(
        json.dumps(settings), encoding="utf-8"
    )
    own = {
        f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")
    }
    own |= {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
    ]
    command += [
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    command += [
        "--LabApp.extension_manager=readonly",
        f"--ServerApp.root_dir={folder / 'notebooks'}",
    ]
    environment = {**os.environ, **own, "IPYTHONDIR": str(folder / "ipython")}
    log = folder / "lab.log"
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            command, env=environment, stdout=stream, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            end = time.monotonic() + LAB_SECONDS
            while not answers(f"{address}/api/status"):
                assert server.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < end, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def notebook_of(call: str) -> nbformat.NotebookNode:
    text = "各位代表：\\n一、2014年工作安排\\n新建小学3所、幼儿园5所。整治河道12公里。"
    text += "地区生产总值增长8%左右。"
    cells = [
        "import xiacheng_nlp as xc",
        f"report = xc.Report.parse('{text}', name='report.txt')",
        f"{call}\nsheet",
    ]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("\n".join(cells))], metadata={"kernelspec": kernel}
    )


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


# The first waits until the kernel has told that it is idle; the second starts every cell and lets
# the page say when they are done.
OPENED = (
    "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status "
    "=== 'idle'"
)
RUN = """() => {
  const app = window.jupyterapp;
  for (const cell of app.shell.currentWidget.content.model.cells)
    if (cell.type === 'code') cell.clearExecution();
  window.ran = null;
  app.commands.execute('notebook:run-all-cells').then(
    (said) => { window.ran = String(said); }, (error) => { window.ran = String(error); });
}"""
DONE = """() => {
  const widget = window.jupyterapp.shell.currentWidget;
  const code = [...widget.content.model.cells].filter(
    (cell) => cell.type === 'code' && cell.sharedModel.getSource().trim());
  return window.ran !== null && widget.sessionContext.session.kernel.status === 'idle'
    && (window.ran !== 'true' || code.every((cell) => cell.executionCount !== null));
}"""
OUTPUTS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells].filter(
  (cell) => cell.type === 'code').flatMap((cell) =>
  Array.from({ length: cell.outputs.length }, (_, place) => cell.outputs.get(place).toJSON()))"""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_in_jupyterlab(name: str, lab: str, browser: "sync_api.Browser") -> None:
    committed = json.loads((bundle.folder("notebooks") / name).read_text(encoding="utf-8"))
    cells = [cell for cell in committed["cells"] if cell["cell_type"] == "code"]
    # Of a figure that is a table JupyterLab shows the table.
    shown = [output.get("data", {}) for cell in cells for output in cell["outputs"]]
    pictures = sum("image/png" in data and "text/html" not in data for data in shown)
    page, seen = watched(browser)
    page.goto(f"{lab}/lab/tree/{name}?reset")
    page.wait_for_function(OPENED, timeout=LAB_SECONDS * 1000)
    page.evaluate(RUN)
    page.wait_for_function(DONE, timeout=RUN_SECONDS * 1000)
    outputs = page.evaluate(OUTPUTS)
    assert page.evaluate("window.ran") == "true"
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    page.wait_for_function(
        "(wanted) => [...document.querySelectorAll('.jp-RenderedImage img')].filter((i) "
        "=> i.naturalWidth > 300).length === wanted",
        arg=pictures,
    )
    assert boxes(page) == []
    for number in range(sum(', id="' in "".join(cell["source"]) for cell in cells)):
        found = page.locator(".dt-container").nth(number)
        found.scroll_into_view_if_needed()
        rows = found.locator("tbody tr").count()
        assert rows > 1
        search = found.locator("input[type=search]")
        if not search.count():
            # What fits on a page is not searched.
            assert rows <= notebook.PAGE
            continue
        search.fill("no such words")
        assert found.locator("tbody tr").count() == 1
        search.fill("")
        assert found.locator("tbody tr").count() == rows
    assert seen.elsewhere == []
    assert seen.dialogs == []
    page.close()


def sheet(name: str, lab: str, browser: "sync_api.Browser") -> "tuple[sync_api.Page, Watch]":
    """A sheet that a notebook shows, ready for keys."""
    page, seen = watched(browser)
    page.goto(f"{lab}/lab/tree/{name}.ipynb?reset")
    page.wait_for_function(OPENED, timeout=LAB_SECONDS * 1000)
    page.evaluate(RUN)
    page.locator(".xc-check").wait_for(timeout=LAB_SECONDS * 1000)
    page.locator(".xc-check").click(position={"x": 5, "y": 5})
    return page, seen


def seen_of(page: "sync_api.Page", code: str) -> str:
    """What the kernel prints."""
    asked = """(code) => new Promise((done) => {
      const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
      const work = kernel.requestExecute({ code });
      let text = '';
      work.onIOPub = (message) => { text += message.content.text ?? ''; };
      work.done.then(() => done(text));
    })"""
    return str(page.evaluate(asked, code)).strip()


def test_numbers_are_checked_by_keys(lab: str, browser: "sync_api.Browser") -> None:
    page, seen = sheet("numbers", lab, browser)
    assert page.locator("mark.xc-number").inner_text() == "3所"
    assert page.locator("mark.xc-name").inner_text() == "新建小学"
    page.keyboard.press("Enter")
    assert page.locator("mark.xc-number").inner_text() == "5所"
    # The name is selected in the sentence with the mouse.
    page.evaluate("""() => {
      const text = document.querySelector('.xc-sentence');
      const range = document.createRange();
      const first = text.firstChild, at = first.textContent.indexOf('小学');
      range.setStart(first, at); range.setEnd(first, at + 2);
      window.getSelection().removeAllRanges(); window.getSelection().addRange(range);
      text.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
    }""")
    # Enter that ends what an input method composes does not save; nor is what is no number saved.
    value = page.locator(".xc-fields input").nth(1)
    value.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    value.fill("5 schools")
    page.keyboard.press("Enter")
    assert "no number" in page.locator(".xc-problem").inner_text()
    value.fill("5")
    page.locator(".xc-fields input").nth(3).fill("2014")
    page.keyboard.press("Enter")
    page.keyboard.press("x")
    page.keyboard.press("u")
    page.locator(".xc-summary").wait_for()
    assert "All are done" in page.locator(".xc-check").inner_text()
    # The sheet sends one answer when the kernel has done with the one before it.
    for _ in range(100):
        said = json.loads(seen_of(page, "import json; print(json.dumps(sheet.answers))"))
        if len(said) == 4:
            break
        page.wait_for_timeout(100)
    assert [one["verdict"] for one in said.values()] == ["right", "wrong", "wrong", "unsure"]
    assert list(said.values())[1]["corrected"]["indicator"] == "小学"
    file = seen_of(page, "print(open('numbers.jsonl', encoding='utf-8').read())")
    rows = [json.loads(line) for line in file.splitlines()]
    assert [row["role"] for row in rows] == ["indicator", "indicator", "qualifier", "indicator"]
    # The cells were left alone: X cuts a cell where JupyterLab gets the key.
    assert page.locator(".jp-CodeCell").count() == 1
    assert seen == Watch()
    page.close()


def test_themes_are_given_by_keys(lab: str, browser: "sync_api.Browser") -> None:
    page, seen = sheet("themes", lab, browser)
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+A")
    page.keyboard.press("3")
    # What is said of one sentence several times reaches the kernel once.
    codes: list[dict[str, list[str]]] = []
    while len(codes) < 2 or codes[1]["instrument"] != "demand":
        said = json.loads(seen_of(page, "import json; print(json.dumps(sheet.answers))"))
        codes = [one["codes"] for one in said.values()]
        page.wait_for_timeout(100)
    assert codes[0]["themes"] == ["education"]
    assert codes[1]["themes"] == ["environment", "growth"]
    assert seen == Watch()
    page.close()


@pytest.fixture(scope="module")
def written(seed: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of three figures, written as a run writes it."""
    folder, study = tmp_path_factory.mktemp("gallery"), Study(seed)
    paths = [path for id in IDS for path in save(id, study, folder / "figures", langs=("zh", "en"))]
    files = {f"figures/{path.name}": path.read_bytes() for path in paths}
    files["claims.csv"] = table_bytes(
        [{"id": "words", "stated": 6076}, {"id": "terms", "stated": 36}],
        ["id", "stated"],
        form="csv",
    )
    (folder / "claims.csv").write_bytes(files["claims.csv"])
    (folder / PAGE).write_bytes(
        gallery(seed, study.observations, files, ids=IDS, langs=("zh", "en"))
    )
    return folder


@pytest.fixture
def page(written: Path, browser: "sync_api.Browser") -> "Iterator[sync_api.Page]":
    shown, seen = watched(browser)
    shown.goto((written / PAGE).as_uri())
    shown.wait_for_selector("#indicators-table.dataTable")
    yield shown
    assert seen == Watch()
    shown.close()


def test_the_search_of_the_gallery_filters_and_a_heading_sorts(page: "sync_api.Page") -> None:
    rows = page.locator("#indicators-table tbody tr")
    page.locator("#indicators-table_wrapper input[type=search]").fill("养老")
    assert all(
        "养老" in text for text in rows.evaluate_all("rows => rows.map((row) => row.textContent)")
    )
    page.locator("#indicators-table_wrapper input[type=search]").fill("")
    page.locator("#indicators-table thead th").nth(1).click()
    page.wait_for_selector("#indicators-table th[aria-sort=ascending]")
    orders = rows.locator("td:nth-child(2)").evaluate_all(
        "cells => cells.map((cell) => Number(cell.dataset.order))"
    )
    assert orders == sorted(orders)
    assert len(orders) > 5


def test_the_table_of_a_figure_opens_searches_and_sorts(page: "sync_api.Page") -> None:
    folded = page.locator("#fig-keyness details.table")
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    heading = folded.locator("thead th", has_text="部署中频次").first
    for direction in ("ascending", "descending"):
        heading.click()
        folded.locator(f"th[aria-sort={direction}]").wait_for()
    column = heading.evaluate("cell => cell.cellIndex") + 1
    counts = [
        int(text) for text in folded.locator(f"tbody td:nth-child({column})").all_text_contents()
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    folded.locator("input[type=search]").fill("同比")
    assert folded.locator("tbody tr").count() == 1


def test_a_row_shows_the_sentence_of_its_number(page: "sync_api.Page") -> None:
    row = page.locator(
        "#indicators-table tbody tr", has=page.get_by_role("link", name="25.56%")
    ).first
    row.locator("td").first.click()
    number = page.locator("mark:target")
    assert number.text_content() == "25.56%"
    page.wait_for_function("""() => {
        const place = document.querySelector('mark:target').getBoundingClientRect();
        return place.top >= 0 && place.bottom <= window.innerHeight; }""")
    shade = "(element) => getComputedStyle(element).backgroundColor"
    sentence = page.locator("span.s:has(mark:target)")
    assert "固定资产投资" in (sentence.text_content() or "")
    assert (
        len(
            {
                number.evaluate(shade),
                sentence.evaluate(shade),
                page.locator("span.s").first.evaluate(shade),
            }
        )
        == 3
    )


def test_the_switch_changes_figures_and_labels(page: "sync_api.Page") -> None:
    pictures = page.locator("figure img")
    assert page.locator("h2#figures").inner_text() == "图"
    before = [picture.get_attribute("alt") for picture in pictures.all() if picture.is_visible()]
    page.get_by_role("button", name="English").click()
    after = [picture.get_attribute("alt") for picture in pictures.all() if picture.is_visible()]
    assert page.locator("h2#figures").inner_text() == "Figures"
    assert page.locator("html").get_attribute("lang") == "en"
    assert len(before) == len(after) == len(IDS)
    assert not set(before) & set(after)
    assert all(
        page.locator("figure img").evaluate_all(
            "all => all.map((i) => i.complete && i.naturalWidth > 300)"
        )
    )


def test_the_downloads_are_there(page: "sync_api.Page", written: Path) -> None:
    links = page.locator(".downloads a").evaluate_all("links => links.map((link) => link.href)")
    paths = {Path(unquote(urlsplit(link).path)) for link in links}
    assert {path.name for path in paths} == {path.name for path in (written / "figures").iterdir()}
    assert all(path.stat().st_size > 100 for path in paths)


def test_no_character_is_a_box_and_the_page_fits_its_window(page: "sync_api.Page") -> None:
    assert boxes(page) == []
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_hostile_report_does_nothing(browser: "sync_api.Browser", tmp_path: Path) -> None:
    report = hostile_report()
    study = Study(report)
    Image.new("RGB", (90, 60), "white").save(tmp_path / "p.png")
    rows = [
        {"term": NAME, "note": report.text},
        {"term": "=1+1", "note": "<script>alert(6)</script>"},
    ]
    files = {"figures/fig-keyness-zh.png": (tmp_path / "p.png").read_bytes()}
    files |= {
        "figures/fig-keyness.csv": table_bytes(rows, ["term", "note"], form="csv"),
        f"report/{NAME}": b"",
    }
    files["claims.csv"] = table_bytes(rows, ["term", "note"], form="csv")
    (tmp_path / PAGE).write_bytes(
        gallery(report, study.observations, files, ids=["fig-keyness"], langs=("zh",))
    )
    shown, seen = watched(browser)
    shown.goto((tmp_path / PAGE).as_uri())
    shown.locator("details.table summary").click()
    for search in shown.locator("input[type=search]").all():
        search.fill("<img src=x onerror=alert(7)>")
        search.fill("alert")
    for heading in shown.locator("table.data thead th").all():
        heading.click()
    shown.wait_for_timeout(300)
    assert shown.locator("img").count() == 1
    assert shown.locator("script").count() == 1
    assert seen == Watch()
    shown.close()
