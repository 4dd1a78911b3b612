"""A language model asked on loopback: what is sent, what goes wrong, what is kept and paid once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

import aidledger as al
from aidledger.consulting import ahead
from aidledger.engines.intake import Intake
from command import ok, records, run
from extractors.llm.endpoint import IN_A_ROW, RETRIES
from extractors.readers.problem import Problem
from ledger.errors import LedgerError
from model_server import Body, Reply, marks, model_server, plainly, said

TEXT = "Oslo will send Kyiv 40 trucks and 12 boats."
GIVEN = ("donor", "recipient", "status")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIDLEDGER_API_KEY", "secret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def documents(folder: Path, number: int) -> Path:
    """Documents of which no two are alike."""
    folder.mkdir()
    for k in range(number):
        text = f"Oslo will send Kyiv {k + 10} trucks, {k + 100} boats. Russia lost {k + 3} men."
        (folder / f"2023-05-{k % 28 + 1:02}-{k}.txt").write_text(text)
    return folder


def read(tmp_path: Path, reply: Callable[[Body, int], Reply], **known: Any) -> list[al.Figure]:
    """The figures of a text as the model answers on loopback."""
    with model_server(reply) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"), **known)
        return al.extract(TEXT, published="2023-05-12", reader=reader)


def test_what_is_sent(tmp_path: Path) -> None:
    with model_server(plainly) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"))
        found = al.extract(TEXT, published="2023-05-12", title="News", reader=reader)
        [body] = server.bodies
        assert server.keys == ["Bearer secret"]
    assert [figure.item for figure in found] == ["thing", "thing"]
    assert body["model"] == "m"
    assert not body.get("stream")
    assert body["temperature"] == 0
    assert body["response_format"]["json_schema"]["strict"] is True
    first, own = body["messages"]
    assert first["role"] == "system"
    assert own["content"] == (
        "Title: News\nPublished: 2023-05-12\nText:\n"
        "Oslo will send Kyiv {1}40 trucks and {2}12 boats.\nFigures:\n1: 40 = 40 count\n"
        "2: 12 = 12 count"
    )


def test_a_server_that_refuses_a_form_is_asked_for_less(tmp_path: Path) -> None:
    def reply(body: Body, number: int) -> Reply:
        form = body.get("response_format", {}).get("type")
        if "temperature" in body:
            return 400, {"error": {"message": "temperature is not supported with this model"}}
        if form is not None:
            return 422, {"error": {"message": f"response_format {form} is not supported"}}
        return plainly(body)

    with model_server(reply) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"), at_once=1)
        assert al.extract(TEXT, reader=reader)[0].item == "thing"
        assert len(server.bodies) == 4


def test_what_is_busy_or_broken_is_asked_again(tmp_path: Path) -> None:
    statuses = iter((429, 500, 503, 429))

    def reply(body: Body, number: int) -> Reply:
        status = next(statuses, None)
        return plainly(body) if status is None else (status, {"error": {"message": "busy"}})

    assert read(tmp_path, reply)[0].item == "thing"


@pytest.mark.parametrize("status", [429, 500])
def test_what_stays_so_falls_back(tmp_path: Path, status: int) -> None:
    alone = al.extract(TEXT, published="2023-05-12")
    with model_server(lambda body, number: (status, {"error": {"message": "busy"}})) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"))
        assert al.extract(TEXT, published="2023-05-12", reader=reader) == alone
        assert len(server.bodies) == 1 + RETRIES


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_no_other_request_would_do_better_ends_the_run(tmp_path: Path, status: int) -> None:
    with pytest.raises(al.ModelError, match="no such luck"):
        read(tmp_path, lambda body, number: (status, {"error": {"message": "no such luck"}}))


def test_nobody_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.llm.endpoint.RETRIES", 0)
    reader = al.LLMReader("m", "http://127.0.0.1:9/v1", cache=str(tmp_path / "a.db"))
    with pytest.raises(al.ModelError, match=r"http://127\.0\.0\.1:9/v1: "):
        al.extract(TEXT, reader=reader)


def test_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AIDLEDGER_API_KEY")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(al.ModelError, match="no key: set AIDLEDGER_API_KEY"):
        al.extract(TEXT, reader=al.LLMReader("m", cache=str(tmp_path / "a.db")))


def test_a_slow_answer_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.llm.endpoint.RETRIES", 0)

    def reply(body: Body, number: int) -> Reply:
        time.sleep(1)
        return plainly(body)

    assert read(tmp_path, reply, timeout=0.2) == al.extract(TEXT, published="2023-05-12")


BROKEN: list[Reply] = [
    "Sorry, I cannot.", "{}", '{"figures": [{"n": 1, "fig', "[" * 5000, '{"figures": 7}',
    {"figures": [said(99, status="killed", words={"status": "send"})]},
    {"figures": [said(1, status="killed", words={"status": "were killed"})]},
    {"figures": [said(1, same_as=2, part_of=2), said(2, same_as=1, part_of=1)]},
    {"figures": [said(1, donor="NOR", party="NOR"), said(2, donor="XXX")]},
]  # fmt: skip


@pytest.mark.parametrize("answer", BROKEN)
def test_what_is_wrong_leaves_what_is_right(tmp_path: Path, answer: Reply) -> None:
    inbox = tmp_path / "2023-05-12-a.txt"
    inbox.write_text(TEXT)
    alone = al.extract(TEXT, published="2023-05-12")
    told: list[Problem] = []
    with model_server(lambda body, number: answer) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"))
        [(_, found)] = al.extract_all([inbox], reader=reader, tell=told.append)
    assert [(f.text, f.value, f.low, f.high) for f in found] == [
        (f.text, f.value, f.low, f.high) for f in alone
    ]
    assert "killed" not in {figure.status for figure in found}
    assert told
    assert not any("\n" in str(problem) or problem.lost for problem in told)


# asked ahead, once


def answers_by_text(body: Body, number: int = 0) -> Body:
    """An answer that hangs on the request alone, after a while of its own."""
    chance = Random(body["messages"][1]["content"])
    time.sleep(chance.random() / 50)
    return {
        "figures": [
            said(
                n, item=chance.choice(["truck", "boat"]), donor="NOR", recipient="UKR",
                status="committed", basis=chance.choice(["delta", "total"]), date=None,
                words={"status": "send"},
            )
            for n in marks(body)
        ]
    }  # fmt: skip


def test_answers_give_the_same_figures_in_any_order_and_are_asked_once(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 30)
    paths = sorted(inbox.iterdir())
    with model_server(answers_by_text) as server:

        def lines(name: str, at_once: int, jobs: int, paths: list[Path]) -> list[str]:
            cache = str(tmp_path / f"{name}.db")
            reader = al.LLMReader("m", server.url, cache=cache, at_once=at_once)
            out = tmp_path / "out.jsonl"
            al.extract_files(paths, out, reader=reader, jobs=jobs)
            return sorted(out.read_text().splitlines())

        first = lines("one", 1, 1, paths)
        assert len(server.bodies) == 30
        assert lines("one", 8, 2, paths[::-1]) == first
        assert len(server.bodies) == 30  # nothing is asked again
        assert lines("two", 8, 1, paths[::-1]) == first
        assert len(server.bodies) == 60
    assert json.loads(first[0])["reader"] == "llm m"


def test_a_run_that_was_killed_asks_only_what_lacks(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 30)
    cache, out = tmp_path / "a.db", tmp_path / "out.jsonl"
    with model_server(answers_by_text) as server:
        command = [
            sys.executable, "-m", "aidledger", "extract", str(inbox), "-o", str(out), "--reader",
            "llm", "--model", "m", "--base-url", server.url, "--cache", str(cache),
            "--at-once", "1",
        ]  # fmt: skip
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while len(server.bodies) < 8 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(server.bodies) < 30
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        asked = Counter(body["messages"][1]["content"] for body in server.bodies)
        assert len(asked) == 30
        assert len(server.bodies) <= 31  # the one that was under way
        whole = tmp_path / "whole.jsonl"
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "b.db"))
        al.extract_files([inbox], whole, reader=reader)
    assert out.read_bytes() == whole.read_bytes()


def test_no_more_is_sent_than_may_be_or_than_is_agreed(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 3)
    with model_server(plainly) as server:
        cache = str(tmp_path / "a.db")
        reader = al.LLMReader("m", server.url, cache=cache, max_requests=2)
        with pytest.raises(LedgerError, match=r"3 requests for 9 figures .* more than the 2"):
            list(al.extract_all([inbox], reader=reader))
        intake = Intake(reader=al.LLMReader("m", server.url, cache=cache))
        with pytest.raises(LedgerError, match="nothing was asked"):
            ahead([inbox], intake, agrees=lambda estimate: estimate.requests < 3)
        for k in range(2):
            al.extract(f"Oslo sent {k + 20} trucks.", reader=reader)
        with pytest.raises(al.ModelError, match="more than 2 requests"):
            al.extract("Oslo sent 30 trucks.", reader=reader)
        assert len(server.bodies) == 2


def test_a_server_that_answers_nothing_is_soon_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractors.llm.endpoint.RETRIES", 0)
    inbox = documents(tmp_path / "inbox", 30)
    with model_server(lambda body, number: (500, {})) as server:
        reader = al.LLMReader("m", server.url, cache=str(tmp_path / "a.db"), at_once=1)
        with pytest.raises(LedgerError, match=f"{IN_A_ROW} requests in a row"):
            list(al.extract_all([inbox], reader=reader))
        assert len(server.bodies) <= IN_A_ROW + 1


# the command


def test_the_command_reads_by_a_model_into_a_ledger_and_reads_anew(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 3)
    ledger = tmp_path / "aid.db"
    with model_server(answers_by_text) as server:
        how = ("--reader", "llm", "--model", "m", "--base-url", server.url)
        cache = ("--cache", str(tmp_path / "a.db"))
        ok("add", inbox, "--ledger", ledger)
        ok("reread", "--ledger", ledger, *how, *cache)
        rows = records(ok("figures", "--ledger", ledger, "--format", "jsonl"))
        assert {row["reader"] for row in rows} == {"llm m"}
        assert {row["donor"] for row in rows} == {"NOR"}
        assert len(server.bodies) == 3
        assert "(3 unchanged)" in ok("add", inbox, "--ledger", ledger, *how, *cache)
        report = tmp_path / "aid.xlsx"
        ok("report", inbox, "-o", report, *how, *cache)
        assert report.exists()
        told = ok("explain", TEXT, "--published", "2023-05-12", *how, *cache)
        assert len(server.bodies) == 4
    assert "language model" in told
    book = al.Ledger(ledger)
    other = json.loads(book.figures()["other"].iloc[0])
    assert other["reader"] == al.extract(TEXT)[0].reader


def test_the_command_asks_before_it_sends_much(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 101)
    with model_server(plainly) as server:
        how = ("--reader", "llm", "--model", "m", "--base-url", server.url)
        cache = ("--cache", str(tmp_path / "a.db"))
        out = tmp_path / "out.jsonl"
        done = run("extract", inbox, "-o", out, *how, *cache)
        assert done.returncode == 2
        assert "101 requests for 303 figures" in done.stderr
        assert "say --yes" in done.stderr
        assert not server.bodies
        done = run("extract", inbox, "-o", out, *how, *cache, "--yes")
        assert done.returncode == 0
        assert len(server.bodies) == 101


def test_a_model_is_watched_for_only_within_a_bound(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 2)
    ledger = ("--ledger", tmp_path / "a.db", "--once", "--cache", tmp_path / "a")
    with model_server(plainly) as server:
        how = ("--reader", "llm", "--model", "m", "--base-url", server.url)
        done = run("watch", inbox, *ledger, *how)
        assert done.returncode == 2
        assert "say --max-requests N" in " ".join(done.stderr.replace("│", " ").split())
        assert not server.bodies
        assert run("watch", inbox, *ledger, *how, "--max-requests", "9").returncode == 0
        assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--reader", "llm"), "--reader llm needs --model NAME"),
        (("--model", "m"), "go with --reader llm"),
        (("--reader", "llm", "--model", "m", "--engine", "dask", "-o", "x"), "ask write"),
    ],
)
def test_options_that_do_not_go_together(
    options: tuple[str, ...], line: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    done = run("extract", tmp_path / "a.txt", *options)
    assert done.returncode == 2
    assert line in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("write", "a.txt", "-o", "r.jsonl", "--model", ""), "name the model"),
        (("write", "--ledger", "x.db", "-o", "r.jsonl", "--model", "m", "--published", "2022"),
         "--published and --columns go with documents"),
        (("read", "a.txt", "--ledger", "x.db", "--columns", "text=body"),
         "--published and --columns go with documents"),
    ],
)  # fmt: skip
def test_what_to_ask_by_files_that_is_no_question(arguments: tuple[str, ...], line: str) -> None:
    done = run("ask", *arguments)
    assert done.returncode == 2
    assert line in " ".join(done.stderr.split())


# by files


def batch(requests: Path, answers: Path, reply: Callable[[Body], Any]) -> list[Body]:
    """Answer a file of requests as a batch does; the bodies that were asked."""
    bodies = []
    with answers.open("w") as out:
        for line in requests.read_text().splitlines():
            request = json.loads(line)
            bodies.append(request["body"])
            content = json.dumps(reply(request["body"]))
            body = {"model": "m", "choices": [{"message": {"content": content}}]}
            out.write(json.dumps({
                "id": "x", "custom_id": request["custom_id"], "error": None,
                "response": {"status_code": 200, "body": body},
            }) + "\n")  # fmt: skip
    return bodies


def test_requests_go_out_and_answers_come_in(tmp_path: Path) -> None:
    inbox = documents(tmp_path / "inbox", 5)
    (inbox / "again.txt").write_text((inbox / "2023-05-01-0.txt").read_text())
    requests, answers = tmp_path / "requests.jsonl", tmp_path / "answers.jsonl"
    cache = ("--cache", str(tmp_path / "a.db"))
    ledger, out = tmp_path / "aid.db", tmp_path / "figures.jsonl"
    told = ok("ask", "write", inbox, "-o", requests, "--model", "m", *cache)
    assert told.startswith("6 requests for 18 figures (0 more are answered already)")
    lines = [json.loads(line) for line in requests.read_text().splitlines()]
    assert {(line["method"], line["url"]) for line in lines} == {("POST", "/v1/chat/completions")}
    assert len({line["custom_id"] for line in lines}) == 6  # of another day, as no date is named
    bodies = batch(requests, answers, answers_by_text)
    assert "schema" in json.dumps(bodies[0]["response_format"])
    assert "6 answers of m" in ok("ask", "read", answers, inbox, "--ledger", ledger, *cache)
    rows = records(ok("figures", "--ledger", ledger, "--format", "jsonl"))
    assert {row["reader"] for row in rows} == {"llm m"}
    ok("ask", "read", answers, inbox, "-o", out, *cache)
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert {row["figure_id"] for row in written} == {row["figure_id"] for row in rows}
    assert len(written) == 18
    again = ok("ask", "write", inbox, "-o", requests, "--model", "m", *cache)
    assert again.startswith("0 requests for 0 figures (6 more are answered already)")
    assert requests.read_text() == ""


def test_the_texts_of_a_ledger_are_asked_about(tmp_path: Path) -> None:
    inbox, ledger = documents(tmp_path / "inbox", 3), tmp_path / "aid.db"
    requests, answers = tmp_path / "requests.jsonl", tmp_path / "answers.jsonl"
    cache = ("--cache", str(tmp_path / "a.db"))
    ok("add", inbox, "--ledger", ledger)
    ok("ask", "write", "--ledger", ledger, "-o", requests, "--model", "m", "--no-schema", *cache)
    bodies = batch(requests, answers, answers_by_text)
    assert "response_format" not in bodies[0]
    answers.write_text("\n".join(answers.read_text().splitlines()[:2]))  # one does not come back
    done = run("ask", "read", answers, "--ledger", ledger, *cache)
    assert "not answered by llm m: read by" in done.stderr
    rows = records(ok("figures", "--ledger", ledger, "--format", "jsonl"))
    assert Counter(row["reader"] for row in rows)["llm m"] == 6
    assert len(rows) == 9


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("", "no answer in it"),
        ("not JSON\n", "line 1: no answer in the batch format"),
        ('{"custom_id": "a", "response": null}\n', "line 1: no answer in the batch format"),
        ('{"custom_id": "a", "answer": {"figures": []}}\n', "name it by --model"),
        (
            '{"custom_id": "a", "answer": "x", "model": "m"}\n'
            '{"custom_id": "b", "answer": "x", "model": "n"}\n',
            "answers of m and of n",
        ),
    ],
)
def test_a_file_of_no_answers_is_one_line(tmp_path: Path, lines: str, told: str) -> None:
    answers = tmp_path / "answers.jsonl"
    answers.write_text(lines)
    done = run("ask", "read", answers, "--ledger", tmp_path / "a.db", "--cache", tmp_path / "c.db")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


# nothing unless it is asked for


def test_without_the_reader_nothing_is_imported_asked_or_looked_up(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    code = (
        "import os, sys\n"
        "seen = []\n"
        "class Watched(type(os.environ)):\n"
        "    def __getitem__(self, key):\n"
        "        seen.append(key)\n"
        "        return super().__getitem__(key)\n"
        "os.environ.__class__ = Watched\n"
        "from aidledger.cli import main\n"
        f"sys.argv = ['aidledger', 'extract', {str(tmp_path / 'a.txt')!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert not {'openai', 'extractors.llm.endpoint'} & set(sys.modules)\n"
        "assert not [key for key in seen if 'API_KEY' in key or key.startswith('OPENAI')]\n"
    )
    env = {**os.environ, "OPENAI_API_KEY": "x"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    reader = al.LLMReader("m", "http://127.0.0.1:9/v1", cache=str(tmp_path / "a.db"))
    with pytest.raises(al.ModelError, match=r"install aidledger with its extra, aidledger\[llm\]"):
        al.extract(TEXT, reader=reader)
