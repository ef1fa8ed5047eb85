// Topic map: a marker per document, by likeness; near documents are alike, the axes have no unit.

function startMap(host, data, state) {
  const inset = 26;
  const placed = data.docs.map((doc, i) => i).filter((i) => data.docs[i][5] !== null && data.docs[i][6] !== null);
  const topicOf = (i) => data.docs[i][4].find((one) => data.units[one].kind === "topic") ?? null;
  const low = [5, 6].map((axis) => Math.min(...placed.map((i) => data.docs[i][axis])));
  const high = [5, 6].map((axis) => Math.max(...placed.map((i) => data.docs[i][axis])));
  let at = null; // place of the document under the pointer or the keyboard
  let spots = new Map();
  const made = chart(host, {
    zh: "主题图", en: "Topic map",
    hintZh: "每个符号是一件文献，相近者内容相似，坐标没有单位。指向看题名，点击列出所属主题的文献；键盘：方向键移到相邻文献，回车列出，Esc 取消。",
    hintEn: "Each marker is a document; near ones are alike, axes have no unit. Point at one for its title, click to list the documents of its topic. Keyboard: arrows move to the next document, Enter lists, Esc clears.",
    height: (width) => Math.min(560, Math.max(320, width * 0.6)),
  });

  function scale() {
    spots = new Map(placed.map((i) => [i, [5, 6].map((axis, k) => {
      const part = high[k] > low[k] ? (data.docs[i][axis] - low[k]) / (high[k] - low[k]) : 0.5;
      const size = k ? made.height : made.width;
      return inset + (k ? 1 - part : part) * (size - 2 * inset);
    })]));
  }

  function median(values) {
    const sorted = values.sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  }

  // Numbers at the median of each topic, pushed apart where they would cover each other.
  function numbers(svg) {
    const own = data.units.map((unit, u) => placed.filter((i) => unit.kind === "topic" && topicOf(i) === u));
    const discs = data.units.flatMap((unit, u) => (own[u].length
      ? [{ number: unit.number, at: [0, 1].map((k) => median(own[u].map((i) => spots.get(i)[k]))) }] : []));
    for (let round = 0; round < 40; round += 1) {
      discs.forEach((one, i) => discs.slice(0, i).forEach((other) => {
        const [dx, dy] = [one.at[0] - other.at[0], one.at[1] - other.at[1]];
        const gap = Math.hypot(dx, dy);
        if (gap >= 23) return;
        const way = gap > 0.01 ? [dx / gap, dy / gap] : [1, 0];
        [0, 1].forEach((k) => {
          one.at[k] += way[k] * (23 - gap) / 2;
          other.at[k] -= way[k] * (23 - gap) / 2;
        });
      }));
    }
    for (const { number, at: [cx, cy] } of discs) {
      svg.append(draw("circle", { class: "disc", cx, cy, r: 10 }));
      svg.append(draw("text", { class: "number", x: cx, y: cy }, String(number)));
    }
  }

  made.paint = (svg) => {
    scale();
    const r = Math.min(4.2, Math.max(2.2, 90 / Math.sqrt(placed.length)));
    const inside = (i) => state.unit === null || data.docs[i][4].includes(state.unit);
    for (const i of [...placed].sort((a, b) => inside(a) - inside(b))) {
      const topic = topicOf(i);
      const unit = topic === null ? { marker: "o", colour: "#8d97a3" } : data.units[topic];
      const [px, py] = spots.get(i);
      svg.append(draw("path", {
        class: inside(i) ? "point" : "point dim", d: marker(unit.marker, topic === null ? 0.7 * r : r),
        fill: unit.colour, "fill-opacity": 0.75, transform: `translate(${px.toFixed(1)} ${py.toFixed(1)})`,
      }));
    }
    numbers(svg);
    const marked = [state.doc, at].filter((i) => i !== null && spots.has(i));
    for (const i of marked) svg.append(draw("circle", { class: "ring", cx: spots.get(i)[0], cy: spots.get(i)[1], r: r + 4 }));
  };

  function tell() {
    made.box.querySelectorAll(".ring.now").forEach((ring) => ring.remove());
    if (at === null) { made.hide(); made.readout.replaceChildren(); return; }
    const [px, py] = spots.get(at);
    made.box.querySelector("svg").append(draw("circle", { class: "ring now", cx: px, cy: py, r: 8 }));
    const [id, title, date, , , , , address] = data.docs[at];
    const topic = topicOf(at);
    const name = () => (topic === null ? say("未归入主题", "No topic") : say(data.units[topic].zh, data.units[topic].en));
    made.show(px, py, [el("bdi", {}, title), el("br"), `${id} · ${date}`, el("br"), name()]);
    const shown = address ? outside(address, title) : el("bdi", {}, title);
    made.readout.replaceChildren(shown, ` · ${id} · ${date} · `, name());
  }

  function nearest(px, py, most = 26) {
    let best = null;
    let least = most;
    for (const [i, [x, y]] of spots) {
      const gap = Math.hypot(x - px, y - py);
      if (gap < least) { least = gap; best = i; }
    }
    return best;
  }

  // The nearest document that lies more to that side than to any other.
  function step(right, down) {
    const [px, py] = spots.get(at);
    let best = at;
    let least = Infinity;
    for (const [i, [x, y]] of spots) {
      const [dx, dy] = [x - px, y - py];
      const along = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (i === at || along <= 0 || aside > along) continue;
      if (along + aside < least) { least = along + aside; best = i; }
    }
    return best;
  }

  function list(i) {
    const topic = topicOf(i);
    state.choose(state.unit !== null && data.docs[i][4].includes(state.unit) ? state.unit : topic, i);
    document.getElementById("h-docs").scrollIntoView({ block: "nearest" });
  }

  made.box.addEventListener("pointermove", (event) => {
    const found = nearest(...spot(made, event));
    if (found !== at) { at = found; tell(); }
  });
  made.box.addEventListener("pointerleave", () => made.hide());
  made.box.addEventListener("click", (event) => {
    const found = nearest(...spot(made, event));
    if (found !== null) list(found);
  });
  made.box.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "Escape") { at = null; state.choose(null); tell(); return; }
    if (event.key === "Enter" && at !== null) { event.preventDefault(); list(at); return; }
    if (!moves[event.key]) return;
    event.preventDefault();
    const middle = () => nearest(made.width / 2, made.height / 2, Infinity);
    at = at === null ? state.doc ?? middle() : step(...moves[event.key]);
    tell();
  });
  state.listeners.push(() => { at = null; tell(); made.repaint(); });
}
