"use strict";
(() => {
  const list = document.getElementById("gears");
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  if (!list) return;
  const gears = [...list.children];
  const filter = document.getElementById("filter");
  const sort = document.getElementById("sort");
  const shown = document.getElementById("shown");
  const chips = [...document.querySelectorAll(".chip")];
  const texts = new Map(gears.map((gear) => [gear, gear.textContent.toLowerCase()]));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const count = (gear, kind) => Number(gear.dataset[kind]);
  const has = {
    all: () => true,
    error: (gear) => count(gear, "error") > 0,
    warning: (gear) => count(gear, "warning") > 0,
    info: (gear) => count(gear, "info") > 0,
    sound: (gear) => !["error", "warning", "info"].some((kind) => count(gear, kind)),
  };
  let kind = "all";
  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const gear of gears) {
      const fits = has[kind](gear) && words.every((word) => texts.get(gear).includes(word));
      gear.hidden = !fits;
      number += fits;
    }
    shown.value = `${number} of ${gears.length}`;
    document.getElementById("none").hidden = number > 0;
  };
  const order = () => {
    const key = sort.value;
    const by = {
      findings: (a, b) =>
        ["error", "warning", "info"].map((each) => count(b, each) - count(a, each)).find(Boolean),
      version: (a, b) => collator.compare(b.dataset.version, a.dataset.version),
    }[key] || ((a, b) => collator.compare(a.dataset[key], b.dataset[key]));
    // What is not known comes last.
    const empty = (gear) => Number(key !== "findings" && !gear.dataset[key]);
    gears.sort((a, b) => empty(a) - empty(b) || by(a, b) || collator.compare(a.dataset.name, b.dataset.name));
    list.append(...gears);
  };
  filter.addEventListener("input", show);
  sort.addEventListener("change", order);
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      kind = chip.dataset.kind;
      for (const each of chips) each.setAttribute("aria-pressed", String(each === chip));
      show();
    });
  }
  for (const pick of document.querySelectorAll(".pick")) {
    pick.addEventListener("click", () => {
      filter.value = pick.dataset.code;
      show();
    });
  }
  order();
  show();
})();
