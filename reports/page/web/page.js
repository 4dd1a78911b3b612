"use strict";
(() => {
  const data = JSON.parse(document.getElementById("fields").textContent);
  const card = document.getElementById("card");
  const form = document.getElementById("filters");
  const output = form.querySelector("output");
  const marks = [...document.querySelectorAll("mark")];
  const entries = [...document.querySelectorAll(".entry")];
  const articles = [...document.querySelectorAll("article")];
  const idsOf = (element) => (element.dataset.figures || "").split(" ").filter(Boolean);
  const counted = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;
  const number = (value) => typeof value === "number" ? value.toLocaleString("en") : value;

  // What was read: a list of fields for each figure of a mark, and the words that decided each.
  const list = (id) => {
    const found = data[id];
    const rows = document.createElement("dl");
    for (const [name, value] of Object.entries(found.fields)) {
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      term.textContent = name;
      words.textContent = number(value) + (name in found.cues ? ` (${found.cues[name]})` : "");
      rows.append(term, words);
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
  const show = (mark) => {
    hide();
    described = mark;
    mark.setAttribute("aria-describedby", "card");
    card.replaceChildren(...idsOf(mark).filter((id) => id in data).map(list));
    card.hidden = false;
    put();
  };
  addEventListener("scroll", put, { passive: true });
  addEventListener("resize", put);

  for (const mark of marks) {
    mark.addEventListener("mouseenter", () => show(mark));
    mark.addEventListener("mouseleave", hide);
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", hide);
  }

  // j and k step through the marks that are shown, Escape closes the card.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (event.target.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const shown = marks.filter((mark) => !mark.classList.contains("off") && mark.offsetParent);
    const next = shown[shown.indexOf(document.activeElement) + step];
    if (next) { next.focus(); next.scrollIntoView({ block: "center" }); }
  });

  // Filters: a figure counts when every chosen field agrees and the words stand in what was read or
  // in the text around it.
  const around = new Map();
  for (const mark of marks) {
    const before = mark.previousSibling ? mark.previousSibling.textContent.slice(-200) : "";
    const after = mark.nextSibling ? mark.nextSibling.textContent.slice(0, 200) : "";
    for (const id of idsOf(mark)) around.set(id, before + mark.textContent + after);
  }
  const agrees = (id, chosen, words) => {
    const found = data[id];
    if (!found) return false;
    for (const [name, value] of chosen) if (String(found.fields[name] ?? "") !== value) return false;
    if (!words) return true;
    const text = Object.values(found.fields).join(" ") + " " + (around.get(id) || "");
    return text.toLowerCase().includes(words);
  };
  const filter = () => {
    const wanted = new FormData(form);
    const words = (wanted.get("words") || "").trim().toLowerCase();
    const chosen = [...wanted].filter(([name, value]) => name !== "words" && value);
    const all = !words && chosen.length === 0;
    const kept = new Set(Object.keys(data).filter((id) => agrees(id, chosen, words)));
    const any = (element) => all || idsOf(element).some((id) => kept.has(id));
    for (const mark of marks) mark.classList.toggle("off", !any(mark));
    for (const entry of entries) entry.hidden = !any(entry);
    for (const article of articles) {
      article.hidden = !all && !article.querySelector("mark:not(.off)");
    }
    const facts = document.querySelectorAll("#facts .entry:not([hidden])[id]").length;
    output.textContent = `${counted(kept.size, "figure")}, ${counted(facts, "fact")}`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());

  // A link leads to something shown, and to the keyboard.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.closest("[hidden]")) { form.reset(); setTimeout(() => target.scrollIntoView()); }
    if (target.matches("mark, .entry")) target.focus();
  });
})();
