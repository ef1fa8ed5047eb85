// Drawing: SVG elements, the markers of the figures, a tip that stays within its chart.

const SVG = "http://www.w3.org/2000/svg";

function draw(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function polygon(corners, r, turn, inner = 1) {
  const points = [];
  for (let i = 0; i < corners; i += 1) {
    const angle = turn + (2 * Math.PI * i) / corners;
    const size = i % 2 ? r * inner : r;
    points.push(`${(size * Math.sin(angle)).toFixed(2)} ${(-size * Math.cos(angle)).toFixed(2)}`);
  }
  return `M${points.join("L")}Z`;
}

// Path of a marker around the origin, by the letter that the figures use for it.
function marker(kind, r) {
  const up = 1.25 * r;
  const third = r * 0.45;
  const arms = `M${-third} ${-r}H${third}V${-third}H${r}V${third}H${third}V${r}H${-third}V${third}H${-r}V${-third}H${-third}Z`;
  const shapes = {
    o: `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
    s: polygon(4, 1.25 * r, Math.PI / 4),
    D: polygon(4, 1.3 * r, 0),
    "^": polygon(3, up, 0),
    v: polygon(3, up, Math.PI),
    "<": polygon(3, up, -Math.PI / 2),
    ">": polygon(3, up, Math.PI / 2),
    P: arms,
    X: polygon(8, 1.25 * r, Math.PI / 4, 0.45),
    p: polygon(5, up, 0),
    h: polygon(6, up, 0),
    "*": polygon(10, 1.4 * r, 0, 0.42),
  };
  return shapes[kind];
}

function swatch(unit) {
  const box = draw("svg", { width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" });
  box.append(draw("path", { d: marker(unit.marker, 4.6), fill: unit.colour }));
  return box;
}

// A place to draw in, for mouse, touch and keyboard, with a tip and a line that is read aloud.
function chart(host, { zh, en, hintZh, hintEn, height }) {
  const box = el("div", { class: "chart", tabindex: "0", role: "application" });
  const tip = el("div", { class: "tip", hidden: "" });
  const readout = el("p", { class: "readout", "aria-live": "polite" });
  const hint = el("p", { class: "hint" }, say(hintZh, hintEn));
  hint.id = `${host.id}-hint`;
  box.setAttribute("aria-describedby", hint.id);
  host.append(box, readout, hint);
  const made = { box, tip, readout, width: 0, height: 0, paint: () => {} };
  made.repaint = () => {
    made.width = Math.max(260, box.clientWidth);
    made.height = Math.round(height(made.width));
    const size = { viewBox: `0 0 ${made.width} ${made.height}`, height: made.height, "aria-hidden": "true" };
    const svg = draw("svg", size);
    made.paint(svg);
    box.replaceChildren(svg, tip);
  };
  made.show = (x, y, nodes) => {
    tip.replaceChildren(...nodes);
    tip.hidden = false;
    const left = Math.min(Math.max(4, x + 14), Math.max(4, made.width - tip.offsetWidth - 6));
    const above = y - tip.offsetHeight - 12;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 2 ? above : y + 14}px`;
  };
  made.hide = () => { tip.hidden = true; };
  new ResizeObserver(() => { if (box.clientWidth !== made.width) made.repaint(); }).observe(box);
  speakers.push(() => {
    box.setAttribute("aria-label", word(zh, en));
    made.repaint();
  });
  return made;
}

// Where a pointer is, in the coordinates of the drawing.
function spot(made, event) {
  const frame = made.box.getBoundingClientRect();
  return [event.clientX - frame.left - 1, event.clientY - frame.top - 1];
}

// Even steps of an axis from zero that a reader can count with.
function ticks(top, most = 5) {
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const found = [];
  for (let i = 0; i * step <= top * 1.0001; i += 1) found.push(Number((i * step).toPrecision(6)));
  return found;
}
