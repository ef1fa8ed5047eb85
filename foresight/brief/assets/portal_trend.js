// Trends: a line per topic or sub-direction; the interval of the one chosen is drawn too.

function startTrend(host, data, state) {
  const inset = { left: 46, right: 22, top: 26, bottom: 28 };
  let at = null; // [place of unit, place of year] under the pointer or the keyboard
  const made = chart(host, {
    zh: "趋势图", en: "Trend chart",
    hintZh: "指向或点按曲线看数值，点击选定；键盘：左右换年份，上下换曲线，回车选定，Esc 取消。",
    hintEn: "Point at a line for its numbers, click to choose it. Keyboard: left and right change the year, up and down the line, Enter chooses, Esc clears.",
    height: (width) => (width < 560 ? 280 : 360),
  });
  const shown = () => data.units.map((unit, i) => i).filter((i) => data.units[i].kind === state.kind);
  const value = (unit, j, key = "share") => {
    if (state.measure === "count") return key === "share" ? unit.n[j] : null;
    return unit[key][j] === null ? null : 1000 * unit[key][j];
  };
  let x;
  let y;

  function scales() {
    const points = shown().flatMap((i) => data.units[i].share.map((_, j) => value(data.units[i], j) ?? 0));
    const band = state.unit === null || state.measure === "count" ? []
      : data.units[state.unit].hi.slice(-10).map((one) => 1000 * (one ?? 0));
    const top = Math.max(...points, ...band) || 1;
    const step = (made.width - inset.left - inset.right) / Math.max(1, data.years.length - 1);
    x = (j) => inset.left + j * step;
    y = (v) => made.height - inset.bottom - (v / top) * (made.height - inset.top - inset.bottom);
    return top;
  }

  function axes(svg, top) {
    for (const tick of ticks(top)) {
      svg.append(draw("line", { class: "axis", x1: inset.left, x2: made.width - inset.right, y1: y(tick), y2: y(tick) }));
      svg.append(draw("text", { x: inset.left - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
    }
    const every = Math.ceil((data.years.length * 44) / (made.width - inset.left));
    data.years.forEach((year, j) => {
      if ((data.years.length - 1 - j) % every) return;
      svg.append(draw("text", { x: x(j), y: made.height - 9, "text-anchor": "middle" }, String(year)));
    });
    const name = state.measure === "count" ? word("件数", "Documents")
      : word("每千件语料文献中的件数", "Per 1,000 documents of the corpus");
    svg.append(draw("text", { x: 6, y: 15 }, name));
  }

  function line(unit, key = "share") {
    let path = "";
    let pen = "M";
    data.years.forEach((_, j) => {
      const v = value(unit, j, key);
      if (v === null) { pen = "M"; return; }
      path += `${pen}${x(j).toFixed(1)} ${y(v).toFixed(1)}`;
      pen = "L";
    });
    return path;
  }

  function band(svg, unit) {
    if (state.measure === "count") return;
    const known = data.years.map((_, j) => j).filter((j) => unit.hi[j] !== null);
    const edge = (j, key) => `${x(j).toFixed(1)} ${Math.max(2, y(1000 * unit[key][j])).toFixed(1)}`;
    const path = [...known.map((j) => edge(j, "hi")), ...known.reverse().map((j) => edge(j, "lo"))];
    svg.append(draw("path", { d: `M${path.join("L")}Z`, fill: unit.colour, opacity: 0.16 }));
    const cut = data.years.some((_, j) => unit.hi[j] !== null && y(1000 * unit.hi[j]) < 2);
    const name = cut ? word("95% 置信区间，上端截断", "95% interval, cut at the top") : word("95% 置信区间", "95% interval");
    svg.append(draw("text", { x: made.width - 8, y: made.width < 560 ? 31 : 15, "text-anchor": "end" }, name));
  }

  made.paint = (svg) => {
    axes(svg, scales());
    const strong = at ? at[0] : state.unit;
    const order = shown().sort((a, b) => (a === strong) - (b === strong));
    if (state.unit !== null && data.units[state.unit].kind === state.kind) band(svg, data.units[state.unit]);
    for (const i of order) {
      const unit = data.units[i];
      const dim = strong !== null && strong !== i && state.unit !== i;
      const group = draw("g", { class: dim ? "dim" : "", "data-unit": unit.id });
      group.append(draw("path", { class: i === strong ? "line strong" : "line", d: line(unit), stroke: unit.colour }));
      data.years.forEach((_, j) => {
        const v = value(unit, j);
        if (v === null || (i !== strong && j % 3 !== i % 3)) return;
        const place = `translate(${x(j).toFixed(1)} ${y(v).toFixed(1)})`;
        group.append(draw("path", { d: marker(unit.marker, 3.2), fill: unit.colour, transform: place }));
      });
      svg.append(group);
    }
    if (at) svg.append(draw("circle", { class: "ring", cx: x(at[1]), cy: y(value(data.units[at[0]], at[1]) ?? 0), r: 7 }));
  };

  function tell() {
    made.repaint();
    if (!at) { made.hide(); made.readout.replaceChildren(); return; }
    const [i, j] = at;
    const unit = data.units[i];
    const share = unit.share[j];
    const per = (one) => (1000 * one).toFixed(2);
    const numbers = share === null ? say("语料无文献", "no document of the corpus") : say(
      `${grouped(unit.n[j])} / ${grouped(data.corpus[j])} 件，每千件 ${per(share)}（95% 置信区间 ${per(unit.lo[j])}–${per(unit.hi[j])}）`,
      `${grouped(unit.n[j])} of ${grouped(data.corpus[j])} documents, ${per(share)} per 1,000 (95% interval ${per(unit.lo[j])}–${per(unit.hi[j])})`,
    );
    const parts = () => [say(unit.zh, unit.en), ` · ${data.years[j]} · `, numbers.cloneNode(true)];
    made.show(x(j), y(value(unit, j) ?? 0), parts());
    made.readout.replaceChildren(...parts());
  }

  function nearest(px, py) {
    let best = null;
    let least = 60;
    for (const i of shown()) {
      data.years.forEach((_, j) => {
        const v = value(data.units[i], j);
        if (v === null) return;
        const gap = Math.hypot(2 * (x(j) - px), y(v) - py);
        if (gap < least) { least = gap; best = [i, j]; }
      });
    }
    return best;
  }

  made.box.addEventListener("pointermove", (event) => {
    const found = nearest(...spot(made, event));
    if (String(found) !== String(at)) { at = found; tell(); }
  });
  made.box.addEventListener("pointerleave", () => { at = null; tell(); });
  made.box.addEventListener("blur", () => { at = null; tell(); });
  made.box.addEventListener("click", (event) => {
    const found = nearest(...spot(made, event));
    if (found) state.choose(found[0]);
  });
  made.box.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const known = shown();
    if (event.key === "Escape") { at = null; state.choose(null); tell(); return; }
    if (event.key === "Enter" && at) { event.preventDefault(); state.choose(at[0]); return; }
    if (!moves[event.key] || !known.length) return;
    event.preventDefault();
    if (at) {
      const [down, right] = moves[event.key];
      const row = Math.min(known.length - 1, Math.max(0, known.indexOf(at[0]) + down));
      at = [known[row], Math.min(data.years.length - 1, Math.max(0, at[1] + right))];
    } else at = [known.includes(state.unit) ? state.unit : known[0], data.years.length - 1];
    tell();
  });
  state.listeners.push(() => { at = null; tell(); });
}
