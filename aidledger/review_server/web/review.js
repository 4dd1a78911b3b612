"use strict";
// One key, one decision: the keys press the page's own buttons, so that all works without them too.
(() => {
  const typing = (node) => node.closest("input:not([type=checkbox]), select, textarea");
  const openPicker = () => document.querySelector(".picker[open]");
  let sent = false;

  const press = (button) => {
    if (button && !sent) button.click();
  };

  const correct = () => {
    const first = document.querySelector(".doubtful select, .doubtful input:not([type=hidden])")
      || document.querySelector(".controls select, .controls input:not([type=hidden])");
    if (!first) return;
    first.focus();
    if (first.select) first.select();
  };

  const pick = (action) => {
    const picker = document.getElementById(`pick-${action}`);
    if (!picker) return false;
    const other = openPicker();
    if (other && other !== picker) other.open = false;
    picker.open = !picker.open;
    const first = picker.querySelector("button");
    if (picker.open && first) first.focus();
    return true;
  };

  document.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true; // a key that is held down decides once
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const field = typing(event.target);
    if (field) {
      if (event.key === "Escape") field.blur();
      if (event.key === "Enter" && field.form && field.form.id === "decision") {
        event.preventDefault();
        if (field.name !== "why") press(document.querySelector("button[value=correct]"));
        else field.blur();
      }
      return;
    }
    const key = event.key;
    if (key === "Escape") {
      const picker = openPicker();
      if (picker) picker.open = false;
      return;
    }
    if (/^[1-9]$/.test(key)) {
      const from = openPicker();
      const buttons = from ? from.querySelectorAll("button") : document.querySelectorAll("[data-digit]");
      press(buttons[Number(key) - 1]);
      return;
    }
    const named = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (key === "c" && named) correct();
    else if ((key === "s" && pick("same")) || (key === "p" && pick("part"))) { /* the list is open */ }
    else if (key === "w") {
      const why = document.querySelector("[name=why]");
      if (!why) return;
      why.focus();
    } else if (named) press(named);
    else return;
    event.preventDefault();
  });

  // Whether somebody else decides on this figure while it is looked at.
  const form = document.getElementById("decision");
  const meanwhile = document.getElementById("meanwhile");
  if (!form || !meanwhile) return;
  const ask = async () => {
    if (sent || document.hidden) return;
    const answer = await fetch(`/state/${form.dataset.item}?seen=${form.dataset.seen}`);
    if (!answer.ok) return;
    const { by, action } = await answer.json();
    if (!by) return;
    meanwhile.textContent = `${by} has decided on this meanwhile (${action}). Press n for the next.`;
    meanwhile.hidden = false;
  };
  setInterval(() => ask().catch(() => {}), 4000);
})();
