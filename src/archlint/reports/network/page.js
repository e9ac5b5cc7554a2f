"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [LABEL, SPACE, KIND, COUNT, NAMES] = [0, 1, 2, 3, 4];
  const make = (name, text, ...classes) => {
    const found = document.createElement(name);
    if (text) found.textContent = text;
    if (classes.length) found.className = classes.join(" ");
    return found;
  };
  const called = (at) => {
    const peer = data.peers[at];
    return peer[SPACE] ? `${peer[SPACE]}/${peer[LABEL]}` : peer[LABEL];
  };
  const sources = [...new Set(data.links.map((link) => link[0]))];
  const targets = [...new Set(data.links.map((link) => link[1]))];
  const inside = data.peers.flatMap((peer, at) => (peer[KIND] === "pods" ? [at] : []));
  const order = (few) => [...new Set([...few, ...inside])].sort((one, other) => one - other);
  const rows = order(sources);
  const columns = order(targets);
  const link = new Map(data.links.map((each) => [each[0] * data.peers.length + each[1], each]));
  const between = (source, target) => link.get(source * data.peers.length + target);

  const details = document.getElementById("details");
  const told = (each) => {
    details.replaceChildren(make("h2", `${called(each[0])} → ${called(each[1])}`));
    const list = make("ul");
    for (const [state, now, before, note, count, examples] of each[4]) {
      const item = make("li");
      const [word, letter, label] = data.states[state];
      const [is, was, why] = [data.texts[now], data.texts[before], data.texts[note]];
      const ports = word === "changed" ? `${was} before, ${is} now` : is || was;
      item.append(make("span", letter, "state", word), ` ${ports}: ${label}`);
      if (why) item.append(` (${why})`);
      if (count > 1) item.append(`; ${count} pairs, such as`);
      for (const pair of examples) {
        const names = pair.map((name) => data.texts[name]);
        const line = make("div");
        if (count > 1) line.append(`${names[0]} → ${names[1]} `);
        if (names.some((name) => name.includes("/"))) line.append(make("code", explaining(names)));
        item.append(line);
      }
      list.append(item);
    }
    details.append(list);
    for (const at of [each[0], each[1]]) {
      const [, , , count, names] = data.peers[at];
      if (count < 2) continue;
      const more = count > names.length ? `, and ${count - names.length} more` : "";
      details.append(make("p", `${called(at)}: ${names.join(", ")}${more}`, "note"));
    }
  };
  const explaining = (names) => {
    const ends = names.map((name) => {
      const end = name === "{ingress-controller}" ? "ingress-controller" : name.includes("/") ? name.replace(/\[\w*\]$/, "") : name.split("-")[0];
      return /^[\w./:-]+$/.test(end) ? end : `'${end.replaceAll("'", "'\\''")}'`;
    });
    return `archlint network explain ${ends.join(" ")}`;
  };

  let pressed = null;
  const cell = (source, target) => {
    const found = make("td");
    const each = between(source, target);
    if (source === target) found.classList.add("self");
    if (!each) return found;
    const [word, letter, label] = data.states[each[2]];
    const pairs = each[4].reduce((sum, said) => sum + said[4], 0);
    const isGroup = data.peers[source][COUNT] > 1 || data.peers[target][COUNT] > 1;
    const button = make("button", isGroup && letter === "●" ? String(pairs) : letter, word);
    const words = `${called(source)} to ${called(target)}: ${data.texts[each[3]]}, ${label}${pairs > 1 ? ` (${pairs} pairs)` : ""}`;
    button.type = "button";
    button.title = words;
    button.setAttribute("aria-label", words);
    button.setAttribute("aria-pressed", "false");
    button.tabIndex = -1;
    button.addEventListener("click", () => {
      if (pressed) pressed.setAttribute("aria-pressed", "false");
      pressed = button;
      button.setAttribute("aria-pressed", "true");
      told(each);
    });
    found.append(button);
    return found;
  };
  const begins = (those, at) => !at || data.peers[those[at]][SPACE] !== data.peers[those[at - 1]][SPACE] || data.peers[those[at]][KIND] !== data.peers[those[at - 1]][KIND];
  const named = (at, scope, inner) => {
    const found = make("th");
    const peer = data.peers[at];
    const box = inner ? make("span") : found;
    if (peer[SPACE]) box.append(make("small", `${peer[SPACE]}/`));
    box.append(peer[LABEL]);
    if (inner) found.append(box);
    found.scope = scope;
    found.title = called(at);
    return found;
  };

  const matrix = document.getElementById("matrix");
  const head = make("tr");
  const corner = make("th", "from ↓ to →");
  corner.scope = "col";
  head.append(corner);
  columns.forEach((target, at) => {
    const found = named(target, "col", true);
    if (begins(columns, at)) found.classList.add("start");
    head.append(found);
  });
  const top = make("thead");
  top.append(head);
  const body = make("tbody");
  rows.forEach((source, at) => {
    const row = make("tr");
    if (begins(rows, at)) row.className = "space";
    row.append(named(source, "row", false));
    columns.forEach((target, place) => {
      const found = cell(source, target);
      if (begins(columns, place)) found.classList.add("start");
      row.append(found);
    });
    body.append(row);
  });
  matrix.append(top, body);
  const first = matrix.querySelector("button");
  if (first) first.tabIndex = 0;

  matrix.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    const here = event.target.closest("td");
    if (!step || !here) return;
    event.preventDefault();
    let [row, column] = [here.parentElement.rowIndex + step[0], here.cellIndex + step[1]];
    while (row > 0 && column > 0 && row < matrix.rows.length && column < matrix.rows[row].cells.length) {
      const next = matrix.rows[row].hidden ? null : matrix.rows[row].cells[column];
      const button = next && !next.hidden && next.querySelector("button:not([hidden])");
      if (button) {
        event.target.tabIndex = -1;
        button.tabIndex = 0;
        button.focus();
        return;
      }
      row += step[0];
      column += step[1];
    }
  });

  const word = document.getElementById("word");
  const states = document.getElementById("states");
  const shown = document.getElementById("shown");
  const off = new Set();
  const present = new Set(data.links.map((each) => each[2]));
  data.states.forEach(([name, letter, label], at) => {
    if (!present.has(at)) return;
    const box = make("label");
    const input = make("input");
    input.type = "checkbox";
    input.checked = true;
    input.addEventListener("change", () => {
      input.checked ? off.delete(at) : off.add(at);
      filter();
    });
    box.append(input, " ", make("span", letter, "state", name), ` ${label}`);
    states.append(box);
  });
  const textOf = (at) => `${called(at)} ${data.peers[at][NAMES].join(" ")}`.toLowerCase();
  const texts = data.peers.map((_, at) => textOf(at));
  const filter = () => {
    const wanted = word.value.trim().toLowerCase();
    const [seenRows, seenColumns] = [new Set(), new Set()];
    const visible = new Set();
    let count = 0;
    for (const each of data.links) {
      const fits = !wanted || texts[each[0]].includes(wanted) || texts[each[1]].includes(wanted) || each[4].some((said) => said.slice(1, 4).some((text) => data.texts[text].toLowerCase().includes(wanted)));
      if (!fits || off.has(each[2])) continue;
      count += 1;
      visible.add(each);
      seenRows.add(each[0]);
      seenColumns.add(each[1]);
    }
    const all = !wanted && !off.size;
    [...matrix.rows].forEach((row, at) => {
      if (at) row.hidden = !all && !seenRows.has(rows[at - 1]);
      [...row.cells].forEach((found, place) => {
        if (!place) return;
        found.hidden = !all && !seenColumns.has(columns[place - 1]);
        const button = found.querySelector("button");
        if (button) button.hidden = !visible.has(between(rows[at - 1], columns[place - 1]));
      });
    });
    shown.textContent = all ? "" : `${count} of ${data.links.length} cells`;
  };
  word.addEventListener("input", filter);
  document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());

  const svg = document.querySelector("svg");
  const lines = [...svg.querySelectorAll("path.line")];
  for (const node of svg.querySelectorAll(".node")) {
    const own = new Set([node.dataset.at, `box${node.dataset.box}`]);
    node.addEventListener("pointerenter", () => {
      svg.classList.add("lit");
      for (const each of lines) each.classList.toggle("near", own.has(each.dataset.from) || own.has(each.dataset.to));
    });
    node.addEventListener("pointerleave", () => svg.classList.remove("lit"));
  }

  if (data.asked) {
    const section = document.getElementById("exposure");
    section.hidden = false;
    section.append(make("h2", "Open to addresses outside, and to pods that no file describes"));
    const table = make("table");
    const line = (name, cells) => {
      const row = make("tr");
      cells.forEach((text, at) => {
        const found = make(name === "td" && !at ? "th" : name, text);
        if (found.tagName === "TH") found.scope = name === "td" ? "row" : "col";
        row.append(found);
      });
      return row;
    };
    const [heading, rest] = [make("thead"), make("tbody")];
    heading.append(line("th", ["Workload", "Direction", "Pods", "Ports"]));
    for (const [way, name, peer, ports] of data.exposure) rest.append(line("td", [name, way, peer, ports]));
    table.append(heading, rest);
    section.append(data.exposure.length ? table : make("p", "None.", "note"));
    section.append(make("h2", "Not selected by any policy"));
    const bare = data.unprotected.map(([way, name]) => `${name} (${way})`).join(", ");
    section.append(make("p", bare || "None.", "note"));
  }
  document.documentElement.dataset.ready = String(body.rows.length);
})();
