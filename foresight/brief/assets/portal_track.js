// A track's page: one choice of topic or sub-direction, shown by lines, map, list and tables alike.

const FIRST = 40; // documents of the whole track that are listed before something is chosen

function outside(address, text) {
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, el("bdi", {}, text));
}

function radios(name, legend, options, state, key) {
  const box = el("fieldset", {}, el("legend", {}, say(...legend)));
  for (const [value, zh, en] of options) {
    const input = el("input", { type: "radio", name, value });
    input.checked = state[key] === value;
    input.addEventListener("change", () => { state[key] = value; state.tell(); });
    box.append(el("label", {}, input, say(zh, en)));
  }
  return box;
}

function startChips(host, data, state) {
  const choices = el("div", { class: "choices" });
  const kinds = [["topic", "技术主题", "Topics"], ["sub_direction", "细分方向", "Sub-directions"]]
    .filter(([kind]) => data.units.some((unit) => unit.kind === kind));
  if (kinds.length > 1) choices.append(radios("kind", ["显示", "Show"], kinds, state, "kind"));
  const measures = [["share", "每千件中的件数", "per 1,000"], ["count", "件数", "documents"]];
  choices.append(radios("measure", ["单位", "Unit"], measures, state, "measure"));
  const list = el("ul", { class: "chips" });
  const buttons = data.units.map((unit, i) => {
    const number = unit.number ? `${unit.number} ` : "";
    const button = el("button", { type: "button", "aria-pressed": "false" }, swatch(unit),
      el("span", {}, number, say(unit.zh, unit.en), ` (${grouped(unit.total)})`));
    button.addEventListener("click", () => state.choose(state.unit === i ? null : i));
    list.append(el("li", {}, button));
    return button;
  });
  host.append(choices, list);
  const rows = [...document.querySelectorAll("tr[data-unit]")];
  for (const row of rows) {
    const place = data.units.findIndex((unit) => unit.id === row.dataset.unit);
    if (place < 0) continue;
    const head = row.cells[0];
    const button = el("button", { type: "button", class: "plain" }, ...head.childNodes);
    button.addEventListener("click", () => {
      state.choose(place);
      document.getElementById("explore").scrollIntoView();
    });
    head.append(button);
  }
  state.listeners.push(() => {
    buttons.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(state.unit === i));
      button.parentElement.hidden = data.units[i].kind !== state.kind;
    });
    for (const input of choices.querySelectorAll("input[name=kind]")) input.checked = input.value === state.kind;
    for (const row of rows) {
      row.classList.toggle("chosen", state.unit !== null && row.dataset.unit === data.units[state.unit].id);
    }
  });
}

function startDocuments(host, data, state) {
  const status = el("p", { role: "status", id: "listed" });
  const label = el("label", { for: "titles" }, say("在题名中筛选", "Filter by title"));
  const box = el("input", { type: "search", id: "titles", autocomplete: "off" });
  const list = el("ol");
  host.append(status, el("div", { class: "filter" }, label, box), list);

  function item(i, typical) {
    const [id, title, date, kind, , , , address] = data.docs[i];
    const name = address ? outside(address, title || id) : el("bdi", {}, title || id);
    const sort = kind === "patent" ? say("专利", "patent") : say("论文", "paper");
    const note = el("span", { class: "note" }, `${id} · ${date} · `, sort);
    if (typical) note.append(" ", el("span", { class: "badge" }, say("代表", "typical")));
    const row = el("li", { dir: "auto" }, name, note);
    if (state.doc === i) row.setAttribute("aria-current", "true");
    return row;
  }

  function refresh() {
    const unit = state.unit === null ? null : data.units[state.unit];
    const near = new Map((unit?.typical ?? []).map((id, place) => [id, place - 1e6]));
    const rank = (i) => (i === state.doc ? -1e7 : near.get(data.docs[i][0]) ?? i);
    let own = data.docs.map((_, i) => i).filter((i) => unit === null || data.docs[i][4].includes(state.unit));
    own.sort((a, b) => rank(a) - rank(b));
    const wanted = box.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const all = own.length;
    own = own.filter((i) => wanted.every((one) => data.docs[i][1].normalize("NFKC").toLowerCase().includes(one)));
    if (unit === null && !wanted.length) own = own.slice(0, FIRST);
    list.replaceChildren(...own.map((i) => item(i, near.has(data.docs[i][0]))));
    const total = unit === null ? data.total : unit.total;
    const [zh, en] = unit === null ? ["全赛道", "Whole track"] : [unit.zh, unit.en];
    const counts = [own.length, total].map(grouped);
    const fewer = wanted.length && total > all
      ? [`（在本页的 ${grouped(all)} 件中）`, ` (among the ${grouped(all)} on this page)`] : ["", ""];
    const first = near.size ? ["代表文献在前，其余由新到旧", "typical ones first, then the latest"]
      : ["由新到旧", "the latest first"];
    const rest = total > own.length ? ["；全部见 ", "; all in "] : ["；另见 ", "; also in "];
    const file = el("a", { href: "documents.csv", download: "" }, "documents.csv");
    status.replaceChildren(say(
      `${zh}：列出 ${counts[0]} / ${counts[1]} 件${fewer[0]}，${first[0]}${rest[0]}`,
      `${en}: ${counts[0]} of ${counts[1]} documents listed${fewer[1]}, ${first[1]}${rest[1]}`,
    ), file);
  }
  box.addEventListener("input", refresh);
  state.listeners.push(refresh);
}

function startTrack() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = document.getElementById("explore");
  if (place) {
    const state = {
      unit: null, doc: null, kind: data.units[0].kind, measure: "share", listeners: [],
      tell() { for (const listener of state.listeners) listener(); },
      choose(unit, doc = null) {
        state.unit = unit;
        state.doc = doc;
        if (unit !== null) state.kind = data.units[unit].kind;
        state.tell();
      },
    };
    place.hidden = false;
    startChips(document.getElementById("chips"), data, state);
    startTrend(document.getElementById("trend"), data, state);
    const map = document.getElementById("map");
    if (map) startMap(map, data, state);
    startDocuments(document.getElementById("docs"), data, state);
    const asked = decodeURIComponent(location.hash).replace(/^#u-/, "");
    const found = data.units.findIndex((unit) => unit.id === asked);
    startLanguage();
    state.choose(found < 0 ? null : found);
    // After the browser has gone to the row of the same name.
    if (found >= 0) addEventListener("load", () => requestAnimationFrame(() => place.scrollIntoView()));
  } else startLanguage();
  for (const table of document.querySelectorAll("main table")) sortable(table);
}

startTrack();
