"use strict";
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const { names, paths } = read("lookup");
  const figures = read("fields");
  const facts = (({ columns, rows }) => rows.map((row) =>
    Object.fromEntries(row.map((value, place) => [columns[place], value]))))(read("fact-rows"));
  const factOf = new Map(facts.map((fact) => [fact.id, fact]));
  const form = $("#filters");
  const ACTORS = ["donor", "recipient", "party"];
  for (const hidden of $$(".script")) hidden.classList.remove("script");

  // Words for numbers: as reports/titles.py and reports/page/shown.py write them.
  const counted = (number, name) => `${number.toLocaleString("en-US")} ${name}${number === 1 ? "" : "s"}`;
  const SCALES = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"], [1, ""]];
  const scaleOf = (number) => SCALES.find(([divisor]) => Math.abs(number) >= divisor) || [1, ""];
  const scaled = (number, divisor) => {
    const value = number / divisor;
    const size = Math.abs(value);
    const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
    // of a text its digits are rounded, halves up; of a number what it holds in binary: 5.595 to 5.59
    return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(String(value));
  };
  const amount = (number, unit) => {
    const [divisor, name] = scaleOf(number);
    const digits = `${scaled(number, divisor)} ${name}`.trim();
    if (unit === "count") return digits;
    return unit === unit.toUpperCase() && unit !== unit.toLowerCase() ? `${unit} ${digits}` : `${digits} ${unit}`;
  };
  const between = (sum) => sum.low === sum.high ? "" : sum.high === null
    ? `${amount(sum.low, sum.unit)} or more` : `${amount(sum.low, sum.unit)} to ${amount(sum.high, sum.unit)}`;
  const named = (column, value) => value === null || value === "" ? "not stated"
    : ACTORS.includes(column) ? names[value] ?? value : value;
  const who = (fact) => [fact.donor, fact.recipient].filter(Boolean).map((code) => named("donor", code)).join(" to ")
    || (fact.party ? named("party", fact.party) : "");

  // An element with its properties and children; text is always a text node.
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value; else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  // What is chosen: a fact is shown when every chosen field agrees. An item stands for all below it,
  // and what was cancelled counts against what was committed.
  const FILTERS = $$("select[name]", form).map((field) => field.name).filter((name) => name !== "by");
  const around = new Map();
  const textOf = (id) => {
    if (around.size === 0) {
      for (const mark of marks) {
        const before = mark.previousSibling ? mark.previousSibling.textContent.slice(-200) : "";
        const after = mark.nextSibling ? mark.nextSibling.textContent.slice(0, 200) : "";
        for (const one of idsOf(mark)) around.set(one, before + mark.textContent + after);
      }
    }
    return Object.values(figures[id]?.fields ?? {}).join(" ") + " " + (around.get(id) || "");
  };
  const asked = () => {
    const wanted = new FormData(form);
    return Object.fromEntries([...wanted].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  };
  const agrees = (held, name, value) => {
    if (name === "item") return held === value || (paths[held] ?? []).includes(value);
    if (name === "status") return held === value || (value === "committed" && held === "cancelled");
    return String(held ?? "") === value;
  };
  const speaks = (ids, words) => !words || ids.some((id) => textOf(id).toLowerCase().includes(words));
  const matching = (wanted) => {
    const words = (wanted.words || "").toLowerCase();
    const chosen = FILTERS.filter((name) => name in wanted);
    return facts.filter((fact) =>
      chosen.every((name) => agrees(fact[name], name, wanted[name]))
      && (!wanted.from || (fact.day !== null && fact.day >= wanted.from))
      && (!wanted.to || (fact.day !== null && fact.day.slice(0, wanted.to.length) <= wanted.to))
      && speaks(fact.figures, words));
  };

  // Sums, as ledger/totals.py adds: one for each item (of money, none), status and unit, and what is
  // asked for besides; a fact whose whole, at any remove, is in the same sum is a part of that. Things
  // under the one that is chosen add up as it.
  const itemOf = (fact, wanted) => fact.dimension === "money" ? null : wanted.item ?? fact.item;
  const booked = (fact, wanted) => {
    const itself = fact.own && wanted.status === "cancelled";
    const [low, best, high] = itself ? fact.own : [fact.low, fact.best, fact.high];
    return { fact, status: fact.own && !itself ? "committed" : fact.status, low, best, high };
  };
  const key = (...values) => JSON.stringify(values);
  const added = (shown, wanted) => {
    const entries = shown.filter((fact) => fact.adds).map((fact) => booked(fact, wanted));
    const home = new Map(entries.map(({ fact, status }) =>
      [fact.id, key(status, fact.unit, itemOf(fact, wanted) ?? "")]));
    const isPart = ({ fact }) => {
      const own = home.get(fact.id);
      let whole = fact.whole;
      for (let step = 0; whole && step < 32; step += 1) {
        if (whole !== fact.id && home.get(whole) === own) return true;
        whole = factOf.get(whole)?.whole;
      }
      return false;
    };
    return entries.filter((entry) => !isPart(entry));
  };
  const groupOf = (fact, by) => by === "month" ? (fact.day ?? "").slice(0, 7) || null : fact[by] ?? null;
  const sumsOf = (shown, wanted) => {
    const sums = new Map();
    for (const entry of added(shown, wanted)) {
      const { fact, status } = entry;
      const item = itemOf(fact, wanted);
      const group = wanted.by ? groupOf(fact, wanted.by) : null;
      const place = key(fact.dimension, item, status, fact.unit, group);
      if (!sums.has(place)) {
        sums.set(place, { place, name: item ?? fact.dimension, status: status ?? "status not stated", known: status !== null,
          group: wanted.by ? named(wanted.by, group) : "", unit: fact.unit, low: 0, best: 0, high: 0, entries: [] });
      }
      const sum = sums.get(place);
      sum.low += entry.low ?? 0;
      sum.best += entry.best ?? 0;
      sum.high = sum.high === null || entry.high === null ? null : sum.high + entry.high;
      sum.entries.push(entry);
    }
    return [...sums.values()].map((sum) => ({ ...sum, count: sum.entries.length }));
  };

  // Tables: a head of buttons that sort, rows that open.
  const order = (column, down) => (one, other) => {
    const [a, b] = [one[column], other[column]];
    if (a === b) return 0;
    if (a === null || a === undefined || a === "") return 1;
    if (b === null || b === undefined || b === "") return -1;
    return (a < b ? -1 : 1) * (down ? -1 : 1);
  };
  const opens = (row, fill) => {
    const button = make("button", { type: "button", className: "open" }, ...$("th", row).childNodes);
    button.setAttribute("aria-expanded", "false");
    $("th", row).replaceChildren(button);
    row.addEventListener("click", (event) => {
      if (event.target.closest("a")) return;
      const open = row.nextElementSibling?.classList.contains("opened");
      button.setAttribute("aria-expanded", String(!open));
      if (open) { row.nextElementSibling.remove(); return; }
      const cell = make("td", { colSpan: row.cells.length });
      row.after(make("tr", { className: "opened" }, cell));
      fill(cell);
    });
  };

  const sentences = (fact) => make("ul", { className: "sentences" }, ...fact.figures.map((id) => {
    const place = document.getElementById(`f-${id}`);
    const title = $("h3", place?.closest("article") ?? document.body)?.textContent ?? "";
    const sentence = figures[id]?.sentence ?? "";
    const link = make("a", { href: `#f-${id}` }, place ? "in its document" : "");
    return make("li", {}, make("q", {}, sentence), " ", make("span", { className: "bounds" }, place ? title : ""), " ", link);
  }));

  const SHOWN = 100;
  const FACT_COLUMNS = [["words", "What"], ["who", "Who"], ["status", "Status"], ["day", "Date"], ["documents", "Documents"]];
  const factTable = (held, more = []) => {
    const columns = [...FACT_COLUMNS, ...more];
    const rows = held.map((fact) => ({ ...fact, fact, who: who(fact) }));
    const body = make("tbody");
    const table = make("table", {}, make("thead", {}, make("tr", {},
      ...columns.map(([name, title]) => make("th", { "data-sort": name }, title)))), body);
    const rest = make("button", { type: "button", hidden: true });
    let shown = 0;
    const show = (number) => {
      for (const row of rows.slice(shown, shown + number)) {
        const [, ...others] = columns;
        const line = make("tr", {}, make("th", { scope: "row" }, row.words), ...others.map(([name]) =>
          make("td", {}, String((name === "day" ? row.date : name === "status" ? [row.status, row.basis].filter(Boolean).join(", ") : row[name]) ?? ""))));
        opens(line, (cell) => cell.append(sentences(row.fact)));
        body.append(line);
      }
      shown = Math.min(shown + number, rows.length);
      rest.hidden = shown === rows.length;
      rest.textContent = `${(rows.length - shown).toLocaleString("en-US")} more`;
    };
    rest.addEventListener("click", () => show(SHOWN * 5));
    sortable(table, (column, down) => {
      rows.sort(order(column === "words" ? "best" : column, down));
      body.replaceChildren();
      shown = 0;
      show(SHOWN);
    });
    show(SHOWN);
    return rows.length ? make("div", { className: "wide" }, table, rest) : make("p", {}, "None.");
  };
  const sortable = (table, sort, start = null) => {
    const heads = $$("th[data-sort]", table);
    const mark = (column, down) => heads.forEach((head) =>
      head.setAttribute("aria-sort", head.dataset.sort !== column ? "none" : down ? "descending" : "ascending"));
    for (const head of heads) {
      const button = make("button", { type: "button" }, head.textContent);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const before = head.getAttribute("aria-sort");
        const down = before === "none" || before === null ? head.dataset.sort !== "name" : before !== "descending";
        mark(head.dataset.sort, down);
        sort(head.dataset.sort, down);
      });
    }
    if (start) mark(...start);
    return mark;
  };

  // The state of the page: what is asked (in the form and in the address), and what that leaves.
  let wanted = {}, shown = facts, sums = [], chosen = null;
  let sorted = null;
  const sumTable = $("#sum-table");
  const markSorted = sortable(sumTable, (column, down) => { sorted = [column, down]; tell(); drawSums(); });

  const drawSums = () => {
    const [column, down] = sorted ?? [null, null];
    sums.sort(column ? order(column, down) : (one, other) => other.known - one.known || other.count - one.count
      || (one.place < other.place ? -1 : 1));
    if (!sums.some((sum) => sum.place === chosen)) chosen = sums[0]?.place ?? null;
    const rows = sums.map((sum) => {
      const name = sum.group ? `${sum.name}, ${sum.group}` : sum.name;
      const row = make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, sum.status),
        make("td", { className: "number" }, amount(sum.best, sum.unit)), make("td", { className: "bounds" }, between(sum)),
        make("td", { className: "number" }, sum.count.toLocaleString("en-US")));
      row.classList.toggle("chosen", sum.place === chosen);
      row.addEventListener("click", () => {
        chosen = sum.place;
        $(".chosen", sumTable)?.classList.remove("chosen");
        row.classList.add("chosen");
        drawChart();
      });
      opens(row, (cell) => cell.append(factTable(sum.entries.map(({ fact }) => fact))));
      return row;
    });
    const none = shown.some((fact) => fact.basis === "total") ? "No events to add up: see Stated totals." : "None.";
    $("tbody", sumTable).replaceChildren(...(rows.length ? rows : [make("tr", {}, make("td", { colSpan: 5 }, none))]));
    drawChart();
  };

  // The chart of the chosen sum, month by month.
  const SVG = "http://www.w3.org/2000/svg";
  const svg = (tag, attributes, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const monthNumber = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const monthName = (number) => `${String(Math.floor(number / 12)).padStart(4, "0")}-${String(number % 12 + 1).padStart(2, "0")}`;
  const monthsOf = (entries) => {
    const found = new Map();
    for (const entry of entries.filter(({ fact }) => fact.day)) {
      const number = monthNumber(entry.fact.day);
      const month = found.get(number) ?? { number, low: 0, best: 0, high: 0, count: 0 };
      month.low += entry.low ?? 0;
      month.best += entry.best ?? 0;
      month.high = month.high === null || entry.high === null ? null : month.high + entry.high;
      month.count += 1;
      found.set(number, month);
    }
    const months = [...found.values()].sort((one, other) => one.number - other.number);
    let low = 0, best = 0, high = 0;
    for (const month of months) {
      low += month.low; best += month.best;
      high = high === null || month.high === null ? null : high + month.high;
      Object.assign(month, { allLow: low, allBest: best, allHigh: high });
    }
    return months;
  };
  // A pledge for 2050 would press two years of war into a stroke: see reports/charts/window.py.
  const inView = (months) => {
    const total = months.reduce((number, month) => number + month.count, 0);
    let passed = 0;
    const middle = months.filter((month) => {
      const before = passed;
      passed += month.count;
      return passed > total * 0.02 && before < total * 0.98;
    });
    const span = (some) => some[some.length - 1].number - some[0].number;
    return middle.length && span(middle) <= span(months) / 2 ? middle : months;
  };
  const ticksTo = (largest) => {
    const rough = largest / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
    return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, place) => place * step);
  };
  const drawChart = () => {
    const sum = sums.find((one) => one.place === chosen);
    const all = sum ? monthsOf(sum.entries) : [];
    const months = all.length ? inView(all) : [];
    const undated = sum ? sum.entries.filter(({ fact }) => !fact.day).length : 0;
    const outside = all.reduce((n, one) => n + one.count, 0) - months.reduce((n, one) => n + one.count, 0);
    const unit = sum && sum.unit !== "count" ? sum.unit : "";
    $("#chart-title").textContent = sum ? [sum.name, sum.group, sum.status, unit].filter(Boolean).join(", ") : "Nothing to draw";
    $("#chart-note").textContent = [undated && `Without a date: ${counted(undated, "fact")}.`,
      outside && `Not drawn: ${counted(outside, "fact")} far before or after.`].filter(Boolean).join(" ");
    $("#chart-reading").textContent = "";
    $("#chart").replaceChildren();
    if (!months.length) return;
    const cumulative = new FormData($("#chart-form")).get("form") === "all";
    const best = (month) => cumulative ? month.allBest : month.best;
    const low = (month) => cumulative ? month.allLow : month.low;
    const high = (month) => (cumulative ? month.allHigh : month.high) ?? best(month);
    const width = Math.max($("#chart").clientWidth, 320), height = 260;
    const left = 70, right = 12, top = 12, bottom = 28;
    const ticks = ticksTo(Math.max(...months.map((month) => Math.max(best(month), high(month))), 0) || 1);
    const least = Math.min(0, ...months.map((month) => Math.min(best(month), low(month))));
    const most = ticks[ticks.length - 1];
    const first = months[0].number, last = months[months.length - 1].number;
    const slot = (width - left - right) / (last - first + 1);
    const x = (number) => left + (number - first + 0.5) * slot;
    const y = (value) => top + (height - top - bottom) * (most - value) / (most - least);
    const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", tabindex: "0",
      "aria-label": `${$("#chart-title").textContent}, ${cumulative ? "cumulative" : "each month"}` });
    for (const tick of ticks) {
      drawn.append(svg("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
        svg("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, amount(tick, "count")));
    }
    const every = Math.ceil((last - first + 1) / Math.max(Math.floor((width - left) / 70), 1));
    for (let number = first; number <= last; number += every) {
      drawn.append(svg("text", { x: x(number), y: height - 8, "text-anchor": "middle" }, monthName(number)));
    }
    if (cumulative) {
      const steps = (value) => months.map((month, place) =>
        `${place ? `H${x(month.number)}V` : `M${x(month.number)} `}${y(value(month))}`).join("") + `H${width - right}`;
      const back = [...months].reverse().map((month, place) => {
        const next = place ? x(months[months.length - place].number) : width - right;
        return `L${next} ${y(low(month))}H${x(month.number)}`;
      }).join("");
      drawn.append(svg("path", { class: "band", d: `${steps(high)}${back}Z` }), svg("path", { class: "line", d: steps(best) }));
    } else {
      for (const month of months) {
        const [from, to] = [y(Math.max(best(month), 0)), y(Math.min(best(month), 0))];
        drawn.append(svg("rect", { class: "column", "data-month": monthName(month.number), x: x(month.number) - slot * 0.4,
          width: Math.max(slot * 0.8, 1), y: from, height: Math.max(to - from, 0.5) }));
        if (high(month) > low(month)) {
          drawn.append(svg("line", { class: "whisker", x1: x(month.number), x2: x(month.number), y1: y(low(month)), y2: y(high(month)) }));
        }
      }
    }
    const cross = svg("line", { class: "cross", y1: top, y2: height - bottom, x1: -9, x2: -9 });
    drawn.append(svg("line", { class: "zero", x1: left, x2: width - right, y1: y(0), y2: y(0) }), cross);
    let pointed = -1;
    const point = (place) => {
      pointed = Math.min(Math.max(place, 0), months.length - 1);
      const month = months[pointed];
      cross.setAttribute("x1", x(month.number));
      cross.setAttribute("x2", x(month.number));
      $("#chart-reading").textContent = `${monthName(month.number)}: ${amount(month.best, sum.unit)} in ${counted(month.count, "fact")}; `
        + `so far ${amount(month.allBest, sum.unit)}${month.allHigh === null ? " or more" : ""}.`;
    };
    const nearest = (event) => {
      const place = (event.clientX - drawn.getBoundingClientRect().left) * width / drawn.getBoundingClientRect().width;
      return months.reduce((near, month, index) =>
        Math.abs(x(month.number) - place) < Math.abs(x(months[near].number) - place) ? index : near, 0);
    };
    drawn.addEventListener("pointermove", (event) => point(nearest(event)));
    drawn.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) { event.preventDefault(); point(pointed + step); }
    });
    // A click leads to the month: only its facts are shown then, and a click on it shows all again.
    drawn.addEventListener("click", (event) => {
      const month = monthName(months[nearest(event)].number);
      const only = form.elements.from.value === month && form.elements.to.value === month;
      form.elements.from.value = form.elements.to.value = only ? "" : month;
      filter();
    });
    $("#chart").append(drawn);
  };
  $("#chart-form").addEventListener("submit", (event) => event.preventDefault());
  for (const choice of $$("#over-time input")) choice.addEventListener("input", drawChart);

  // CSV of what is shown; a text that a spreadsheet would work out opens with a quote, as in
  // reports/risky.py.
  const RISKY = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
  const cell = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const text = RISKY.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const download = (name, head, rows) => {
    const lines = [head, ...rows].map((row) => row.map(cell).join(","));
    const url = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv" }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };
  $("#sums-csv").addEventListener("click", () => download("sums.csv",
    ["what", wanted.by || "group", "status", "unit", "low", "best", "high", "facts"],
    sums.map((sum) => [sum.name, sum.group, sum.status, sum.unit, sum.low, sum.best, sum.high, sum.count])));
  $("#facts-csv").addEventListener("click", () => download("facts.csv",
    ["fact_id", "date", "words", "low", "best", "high", "unit", "item", "donor", "recipient", "party", "aid_type", "status", "basis", "title", "sentence"],
    shown.map((fact) => {
      const [id] = fact.figures;
      const article = document.getElementById(`f-${id}`)?.closest("article");
      const [low, best, high] = fact.own ?? [fact.low, fact.best, fact.high];
      return [fact.id, fact.date, fact.words, low, best, high, fact.unit, fact.item, fact.donor, fact.recipient, fact.party,
        fact.aid_type, fact.status, fact.basis, article ? $("h3", article).textContent : "", figures[id]?.sentence ?? ""];
    })));

  // Filters, and the address that keeps them.
  const idsOf = (element) => (element.dataset.figures || "").split(" ").filter(Boolean);
  const marks = $$("mark");
  const articles = $$("article");
  const inFacts = new Set(facts.flatMap((fact) => fact.figures));
  const tell = () => {
    const state = new URLSearchParams(wanted);
    if (sorted) state.set("sort", (sorted[1] ? "-" : "") + sorted[0]);
    history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
  };
  const show = () => {
    wanted = asked();
    const narrowed = Object.keys(wanted).some((name) => name !== "by");
    shown = narrowed ? matching(wanted) : facts;
    sums = sumsOf(shown, wanted);
    drawSums();
    $("#facts .facts").replaceChildren(factTable(shown));
    $("#stated .facts").replaceChildren(factTable(shown.filter((fact) => fact.verdict), [["verdict", "Checked"]]));
    const kept = new Set(shown.flatMap((fact) => fact.figures));
    const alone = Object.keys(figures).filter((id) => !inFacts.has(id) && (!narrowed
      || (FILTERS.every((name) => !(name in wanted) || agrees(figures[id].fields[name] ?? null, name, wanted[name]))
        && !wanted.from && !wanted.to && speaks([id], (wanted.words || "").toLowerCase()))));
    for (const id of alone) kept.add(id);
    for (const mark of marks) mark.classList.toggle("off", narrowed && !idsOf(mark).some((id) => kept.has(id)));
    for (const article of articles) article.hidden = narrowed && !$("mark:not(.off)", article);
    $("output", form).textContent = `${counted(kept.size, "figure")}, ${counted(shown.length, "fact")}`;
  };
  const filter = () => { wanted = asked(); tell(); show(); };
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(() => { sorted = null; markSorted(null); filter(); }));
  form.addEventListener("submit", (event) => event.preventDefault());

  // A choice by its value or, as people write it, by its words; one that is none here chooses nothing.
  const choose = (field, value) => {
    field.value = value;
    if (field.value === value || !field.options) return;
    const named = [...field.options].find((one) => one.text.toLowerCase() === value.toLowerCase());
    for (const one of [...field.options]) if (one.dataset.unknown) one.remove();
    const chosen = named ?? new Option(`${value} (none here)`, value);
    if (!named) { chosen.dataset.unknown = "true"; field.append(chosen); }
    field.value = chosen.value;
  };

  // The address holds a filter (#donor=USA&recipient=UKR) or a place (#f-...).
  const arrive = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const state = new URLSearchParams(hash);
      for (const field of form.elements) if (field.name) choose(field, state.get(field.name) ?? "");
      const sort = state.get("sort");
      sorted = sort ? [sort.replace(/^-/, ""), sort.startsWith("-")] : null;
      markSorted(...(sorted ?? [null]));
      show();
      return;
    }
    const target = hash && document.getElementById(hash);
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); setTimeout(() => target.scrollIntoView()); }
    const mark = target.matches("a[id]") ? target.parentElement.querySelector(`mark[data-figures~="${hash.slice(2)}"]`) : target;
    if (mark?.matches("mark")) mark.focus();
  };
  addEventListener("hashchange", arrive);

  // What was read: a list of fields for each figure of a mark, and the words that decided each.
  const card = $("#card");
  const number = (value) => typeof value === "number" ? value.toLocaleString("en") : value;
  const list = (id) => {
    const found = figures[id];
    const rows = make("dl");
    for (const [name, value] of Object.entries(found.fields)) {
      rows.append(make("dt", {}, name), make("dd", {}, number(value) + (name in found.cues ? ` (${found.cues[name]})` : "")));
    }
    return rows;
  };
  let described = null;
  const put = () => {
    if (!described) return;
    const place = described.getBoundingClientRect();
    const below = place.bottom + card.offsetHeight + 8 < innerHeight;
    const left = Math.min(place.left, document.documentElement.clientWidth - card.offsetWidth - 8);
    card.style.left = `${Math.max(left, 8)}px`;
    card.style.top = `${below ? place.bottom + 6 : Math.max(place.top - card.offsetHeight - 6, 8)}px`;
  };
  const hide = () => {
    if (described) described.removeAttribute("aria-describedby");
    described = null;
    card.hidden = true;
  };
  const describe = (mark) => {
    hide();
    described = mark;
    mark.setAttribute("aria-describedby", "card");
    card.replaceChildren(...idsOf(mark).filter((id) => id in figures).map(list));
    card.hidden = false;
    put();
  };
  addEventListener("scroll", put, { passive: true });
  addEventListener("resize", put);
  const texts = $("#documents");
  const onMark = (act) => (event) => { const mark = event.target.closest("mark"); if (mark) act(mark); };
  texts.addEventListener("mouseover", onMark(describe));
  texts.addEventListener("mouseout", onMark(hide));
  texts.addEventListener("focusin", onMark(describe));
  texts.addEventListener("focusout", onMark(hide));

  // j and k step through the marks that are shown, Escape closes the card.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const seen = marks.filter((mark) => !mark.classList.contains("off") && mark.offsetParent);
    const next = seen[seen.indexOf(document.activeElement) + step];
    if (next) { next.focus(); next.scrollIntoView({ block: "center" }); }
  });

  if (location.hash.includes("=")) arrive(); else { show(); arrive(); }
})();
