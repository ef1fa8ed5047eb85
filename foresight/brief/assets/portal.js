// What all pages share: elements made from text alone, the language, tables that can be sorted.

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A text in both languages; the style shows one of them, or both.
function say(zh, en) {
  if (zh === en) return el("bdi", {}, zh);
  return el(
    "span", {}, el("span", { class: "zh", lang: "zh-CN" }, zh), " ",
    el("span", { class: "en", lang: "en" }, en),
  );
}

function grouped(number) {
  return number.toLocaleString("en");
}

function language() {
  return document.querySelector("input[name=lang]:checked").value;
}

// For what cannot hold two elements: names of options, labels for a screen reader, axes.
function word(zh, en) {
  const chosen = language();
  return chosen === "zh" ? zh : chosen === "en" ? en : zh === en ? zh : `${zh} ${en}`;
}

const speakers = [];

// Do something now and whenever the language changes.
function whenSpoken(action) {
  speakers.push(action);
  action();
}

function speak() {
  document.documentElement.lang = language() === "en" ? "en" : "zh-CN";
  for (const action of speakers) action();
}

function startLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const known = [...document.querySelectorAll("input[name=lang]")];
  const found = known.find((input) => input.value === asked);
  if (found) found.checked = true;
  for (const input of known) input.addEventListener("change", speak);
  whenSpoken(() => {
    for (const option of document.querySelectorAll("option[data-zh]")) {
      option.textContent = word(option.dataset.zh, option.dataset.en);
    }
    for (const link of document.querySelectorAll('a[href*="index.html"]')) {
      const [path, hash = ""] = link.getAttribute("href").split("#");
      const page = path.split("?")[0];
      link.setAttribute("href", `${page}?lang=${language()}${hash && `#${hash}`}`);
    }
  });
  speak();
}

// Sort the rows of a table by a column; rows without a value stay last, whichever way it goes.
function sortRows(table, column, descending) {
  const head = table.tHead.rows[0].cells[column];
  const numeric = head.classList.contains("num") || column === 0 && head.textContent.includes("No.");
  const body = table.tBodies[0];
  const value = (row) => row.cells[column]?.dataset.v;
  const compare = (a, b) => numeric ? Number(a) - Number(b) : a.localeCompare(b, "en");
  const rows = [...body.rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    return descending ? compare(y, x) : compare(x, y);
  });
  body.append(...rows);
  for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

// Turn the heads of a table into buttons. The last column of links has nothing to sort by.
function sortable(table, after = () => {}) {
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const known = [...table.tBodies[0].rows].some((row) => row.cells[column]?.dataset.v !== undefined);
    if (!known) return;
    const button = el("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const first = head.classList.contains("num");
      sortRows(table, column, before ? before === "ascending" : first);
      after();
    });
  });
}
