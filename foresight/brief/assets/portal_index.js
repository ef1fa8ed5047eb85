// The entry page: sort, filter, search. All rows are in the page; this only hides and moves them.

const MOST = 30; // rows of the list of topics before it is opened
const board = document.getElementById("board");
const units = document.getElementById("units");
const tools = document.getElementById("tools");
const query = document.getElementById("query");
let opened = false;

function folded(text) {
  return text.normalize("NFKC").toLowerCase();
}

const texts = new Map();
for (const row of document.querySelectorAll("tr[data-search]")) texts.set(row, folded(row.dataset.search));

function words() {
  return folded(query.value).split(/\s+/).filter(Boolean);
}

function says(row, wanted) {
  return wanted.every((one) => texts.get(row).includes(one));
}

function passes(row) {
  return [...document.querySelectorAll("[data-filter]")].every(({ value, dataset }) =>
    !value || row.dataset[dataset.filter].split(";").includes(value));
}

// A track is shown if it passes the filters and if it, or a topic of it, has the words sought.
function refresh() {
  const wanted = words();
  const tracks = [...board.tBodies[0].rows];
  const listed = units ? [...units.tBodies[0].rows] : [];
  const allowed = new Set(tracks.filter(passes).map((row) => row.dataset.track));
  const hits = listed.filter((row) => allowed.has(row.dataset.track) && says(row, wanted));
  const having = new Set(hits.map((row) => row.dataset.track));
  const shown = new Set();
  for (const row of tracks) {
    const found = allowed.has(row.dataset.track)
      && (says(row, wanted) || having.has(row.dataset.track));
    row.hidden = !found;
    if (found) shown.add(row.dataset.track);
  }
  for (const row of document.querySelectorAll("#movers tbody tr")) row.hidden = !shown.has(row.dataset.track);
  const visible = new Set(hits);
  let left = opened || wanted.length ? Infinity : MOST;
  for (const row of listed) row.hidden = !(visible.has(row) && left-- > 0);
  const counts = [shown.size, tracks.length, hits.length, listed.length];
  document.getElementById("shown").replaceChildren(say(
    `显示赛道 ${counts[0]} / ${counts[1]}；主题与细分方向 ${counts[2]} / ${counts[3]}`,
    `Tracks shown: ${counts[0]} of ${counts[1]}; topics and sub-directions: ${counts[2]} of ${counts[3]}`,
  ));
  const more = document.getElementById("more");
  if (more) more.hidden = left === Infinity || hits.length <= MOST;
}

function startMore() {
  if (!units) return;
  const button = el("button", { type: "button", id: "more" });
  const total = units.tBodies[0].rows.length;
  button.append(say(`显示全部 ${total} 项`, `Show all ${total}`));
  button.addEventListener("click", () => {
    opened = true;
    refresh();
    units.tBodies[0].rows[MOST].querySelector("a")?.focus();
  });
  units.parentElement.after(button);
}

// On a narrow screen the heads are not to be seen; a list stands for them.
function startSort() {
  const select = document.getElementById("sort");
  const heads = [...board.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    if (!head.querySelector("button")) return;
    const [zh, en] = ["zh", "en"].map((code) => head.querySelector(`.${code}`).textContent);
    select.append(el("option", { value: column, "data-zh": zh, "data-en": en }));
  });
  select.addEventListener("change", () => {
    const head = heads[Number(select.value)];
    sortRows(board, Number(select.value), head.classList.contains("num"));
  });
}

sortable(board);
if (units) sortable(units, refresh);
const movers = document.getElementById("movers");
if (movers) sortable(movers);
startMore();
startSort();
startLanguage();
tools.hidden = false;
tools.addEventListener("input", refresh);
tools.addEventListener("submit", (event) => event.preventDefault());
tools.addEventListener("reset", () => setTimeout(refresh));
refresh();
