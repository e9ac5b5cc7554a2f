"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const root = document.documentElement;
  const holder = at("graph"), panel = at("panel"), word = at("word");
  const GRAVEST = ["error", "warning", "info"];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* Elements are made here and nowhere else, and text is only ever text. */
  const made = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key === "class") element.className = value;
      else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const folded = (title, items, isOpen) =>
    items.length ? [made("details", isOpen ? { open: "" } : {}, made("summary", {}, `${title} (${items.length})`), made("ul", {}, ...items.map((item) => made("li", {}, item))))] : [];
  const section = (title, items) =>
    items.length ? [made("h3", {}, `${title} (${items.length})`), made("ul", {}, ...items.map((item) => made("li", {}, item)))] : [];
  const text = (number) => data.texts[number];
  const nameOf = (node) => data.nodes[node].label;
  const worst = (findings) => GRAVEST.find((grave) => findings.some((one) => data.findings[one].severity === grave));

  /* Colours come from the style of the page, so that light and dark are told in one place. */
  const variable = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const colours = () => {
    const found = {};
    for (const name of ["ink", "soft", "paper", "box", "rim", "blue", "plain", "side", "tint", "stroke", "on-mark", "added", "removed", "changed", ...GRAVEST]) found[name] = variable(name);
    for (const [kind] of data.edgeKinds) found[`edge-${kind}`] = variable(kind);
    return found;
  };
  let look = colours();
  const isChange = data.changed !== null;
  let colouring = isChange ? "change" : data.owners.length > 1 ? "owner" : "kind";
  const values = { kind: data.nodeKinds.map(([kind]) => kind), namespace: data.namespaces, owner: data.owners, change: data.changes.map(([change]) => change) };
  const signs = Object.fromEntries(data.changes.map(([change, sign]) => [change, sign]));
  const hues = { change: data.changes.map(([, , hue]) => hue) };
  const valueOf = (node, by) => data.nodes[node][by];
  const hueOf = (by, value) => (hues[by] || data.hues)[values[by].indexOf(value)];
  const filled = (by, value) => (value === null ? look.plain : `hsl(${hueOf(by, value)}, ${look.tint.replace(" ", ", ")})`);
  const drawn = (by, value) => (value === null ? look.side : `hsl(${hueOf(by, value)}, ${look.stroke.replace(" ", ", ")})`);

  /* Places are computed by archlint; a line is drawn to points between its ends, which are told by how far they lie
     along the straight way, and beside it. */
  const bent = (points, spots, edge) => {
    const [ax, ay] = points, [bx, by] = points.slice(-2);
    const length = Math.hypot(bx - ax, by - ay) || 1, nx = (bx - ax) / length, ny = (by - ay) / length;
    const weights = [], distances = [];
    for (let number = 2; number < points.length - 2; number += 2) {
      const x = points[number] - ax, y = points[number + 1] - ay;
      weights.push((x * nx + y * ny) / length);
      distances.push(y * nx - x * ny);
    }
    const from = spots[edge.source], to = spots[edge.target];
    return { start: `${ax - from[0]}px ${ay - from[1]}px`, end: `${bx - to[0]}px ${by - to[1]}px`, weights, distances };
  };
  const badgePlace = (node, [x, y]) => ({ x: x + data.nodes[node].width / 2 - 2, y: y - data.nodes[node].height / 2 });
  const painted = (node) => {
    const value = valueOf(node, colouring);
    return { fill: filled(colouring, value), stroke: drawn(colouring, value) };
  };
  const written = (node, grouping) => data.nodes[node].written[grouping];
  /* What a change does to a box or a line is told by a colour, a sign, and the look of its outline. */
  const changeOf = ({ change }) => (isChange ? change || "same" : "");
  const spoken = ({ change, protocol }) => (change ? `${signs[change]} ${protocol}` : protocol);
  const framesOf = ({ frames }) => frames.map(([label, x, y, w, h], number) => ({ group: "nodes", classes: "frame", data: { id: `f${number}`, label, w, h }, position: { x, y }, grabbable: false }));
  /* From afar the names of frames are written large at their upper sides, as those of countries are on maps. */
  const captionsOf = ({ frames }) => frames.map(([label, x, y, w, h], number) => ({ group: "nodes", classes: "caption", data: { id: `c${number}`, label, size: 1, outline: 0, top: y - h / 2, room: Math.min((1.4 * w) / label.length, h / 3) }, position: { x, y }, grabbable: false }));
  const elements = () => {
    const layout = data.layouts[data.grouping], { spots } = layout;
    const boxes = data.nodes.map((node, number) => ({
      group: "nodes", classes: `box ${node.kind} ${node.corners.length ? "cornered" : ""} ${changeOf(node)}`, position: { x: spots[number][0], y: spots[number][1] },
      data: { id: `n${number}`, number, label: written(number, data.grouping), w: node.width, h: node.height, corners: node.corners.join(" "), ...painted(number) },
    }));
    const badges = data.nodes.flatMap((node, number) => {
      if (!node.findings.length) return [];
      const count = String(node.findings.length);
      return [{ group: "nodes", classes: `badge ${worst(node.findings)}`, position: badgePlace(number, spots[number]), data: { id: `b${number}`, of: number, label: count, w: 11 + 7 * count.length } }];
    });
    const lines = data.edges.map((edge, number) => ({
      group: "edges", classes: `line ${edge.kind} sure-${edge.confidence} ${edge.findings.length ? `found ${worst(edge.findings)}` : ""} ${changeOf(edge)}`,
      data: { id: `e${number}`, number, source: `n${edge.source}`, target: `n${edge.target}`, label: spoken(edge), sign: edge.change ? signs[edge.change] : "", ...bent(layout.lines[number], spots, edge) },
    }));
    return [...framesOf(layout), ...captionsOf(layout), ...boxes, ...badges, ...lines];
  };

  const style = () => {
    const font = getComputedStyle(document.body).fontFamily;
    const arrows = { async: "vee", declared: "triangle" };
    return [
      { selector: "node", style: { "font-family": font, "overlay-opacity": 0 } },
      { selector: ".frame", style: { shape: "round-rectangle", "corner-radius": 10, width: "data(w)", height: "data(h)", "background-color": look.box, "background-opacity": 0.7, "border-color": look.rim, "border-width": 1, label: "data(label)", color: look.soft, "font-size": 13, "font-weight": 600, "text-valign": "top", "text-margin-y": 24, "text-max-width": "data(w)", "text-wrap": "ellipsis", "z-compound-depth": "bottom", events: "no" } },
      { selector: ".caption", style: { width: 1, height: 1, "background-opacity": 0, label: "data(label)", color: look.ink, "font-size": "data(size)", "font-weight": 700, "text-valign": "center", "text-outline-color": look.paper, "text-outline-width": "data(outline)", "text-opacity": 0.85, "z-compound-depth": "top", events: "no" } },
      { selector: ".box", style: { shape: "round-rectangle", "corner-radius": 6, width: "data(w)", height: "data(h)", label: "data(label)", color: look.ink, "font-size": 12, "text-valign": "center", "background-color": "data(fill)", "border-color": "data(stroke)", "border-width": 1.3 } },
      { selector: ".datastore", style: { shape: "barrel" } },
      { selector: ".external", style: { "corner-radius": 17, "border-style": "dashed" } },
      { selector: ".cornered", style: { shape: "polygon", "shape-polygon-points": "data(corners)" } },
      { selector: ".badge", style: { shape: "round-rectangle", "corner-radius": 8, width: "data(w)", height: 16, label: "data(label)", "font-size": 10, "font-weight": 700, color: look["on-mark"], "text-valign": "center", "border-width": 0, events: "no", "z-index": 9 } },
      { selector: "edge", style: { "curve-style": "unbundled-bezier", "edge-distances": "endpoints", "source-endpoint": "data(start)", "target-endpoint": "data(end)", "control-point-weights": "data(weights)", "control-point-distances": "data(distances)", width: 1.4, "target-arrow-shape": "triangle", "arrow-scale": 0.8, "overlay-padding": 4, "font-family": font, "font-size": 10, color: look.soft, "text-background-color": look.paper, "text-background-opacity": 0.85, "text-background-padding": 1, "min-zoomed-font-size": 7 } },
      { selector: "edge.moved", style: { "curve-style": "bezier", "source-endpoint": "outside-to-node", "target-endpoint": "outside-to-node", "edge-distances": "intersection" } },
      ...data.edgeKinds.map(([kind]) => ({ selector: `edge.${kind}`, style: { "line-color": look[`edge-${kind}`], "target-arrow-color": look[`edge-${kind}`], "target-arrow-shape": arrows[kind] || "triangle" } })),
      { selector: "edge.data", style: { width: 2.4 } },
      { selector: "edge.declared", style: { "line-style": "dashed", "line-dash-pattern": [8, 5], "target-arrow-fill": "hollow" } },
      { selector: "edge", style: { "line-opacity": data.edges.length > 300 ? 0.45 : 0.9 } },
      { selector: ".sure-medium", style: { "line-opacity": 0.7 } },
      { selector: ".sure-low", style: { "line-style": "dotted", "line-opacity": 0.5 } },
      ...GRAVEST.flatMap((grave) => [
        { selector: `.badge.${grave}`, style: { "background-color": look[grave] } },
        { selector: `edge.found.${grave}`, style: { "underlay-color": look[grave], "underlay-opacity": 0.28, "underlay-padding": 3 } },
      ]),
      { selector: ".box.same", style: { color: look.soft } },
      { selector: "edge.same", style: { "line-opacity": 0.25, "arrow-scale": 0.7 } },
      ...data.changes.flatMap(([change]) => [
        { selector: `.box.${change}`, style: { "border-color": look[change], "border-width": change === "changed" ? 5 : 3, "border-style": { added: "solid", removed: "dashed", changed: "double" }[change] } },
        { selector: `edge.${change}`, style: { "line-color": look[change], "target-arrow-color": look[change], width: 3, "line-opacity": 1, label: "data(sign)", "font-size": 17, "font-weight": 700, color: look[change], "min-zoomed-font-size": 4, "z-index": 4 } },
      ]),
      { selector: "edge.removed", style: { "line-style": "dashed", "line-dash-pattern": [6, 4] } },
      { selector: "edge.near", style: { label: "data(label)", "z-index": 5, "line-opacity": 1, width: 2.6 } },
      { selector: ".dim", style: { opacity: 0.12 } },
      { selector: "node.badge.dim", style: { opacity: 0.05 } },
      { selector: "edge.found.dim", style: { "underlay-opacity": 0.03 } },
      { selector: ".near-by", style: { display: "none" } },
      { selector: ".off", style: { display: "none" } },
      { selector: "node.hover", style: { "border-width": 2.4 } },
      { selector: "edge.hover", style: { width: 3.2, label: "data(label)", "line-opacity": 1 } },
      { selector: "node.on", style: { "border-width": 3, "border-color": look.blue } },
      { selector: "edge.on", style: { width: 4, "z-index": 9, label: "data(label)", "line-opacity": 1 } },
    ];
  };

  const cy = cytoscape({
    container: holder, elements: elements(), layout: { name: "preset", fit: false }, style: style(),
    minZoom: 0.03, maxZoom: 4, boxSelectionEnabled: false, autounselectify: true, hideEdgesOnViewport: data.edges.length > 3000,
  });
  const repainted = () => {
    look = colours();
    cy.batch(() => {
      for (const node of data.nodes.keys()) cy.getElementById(`n${node}`).data(painted(node));
    });
    cy.style().fromJson(style()).update();
  };

  const AFAR = 0.45;
  const captioned = () => cy.batch(() => {
    const zoom = cy.zoom();
    for (const caption of cy.nodes(".caption")) {
      const size = Math.min(18 / zoom, caption.data("room"));
      caption.toggleClass("near-by", zoom > AFAR || size * zoom < 7).data({ size, outline: size / 6 }).position("y", caption.data("top") + 0.6 * size);
    }
  });
  let grouping = data.grouping;
  const placed = (name) => {
    grouping = name;
    const { spots, lines: ways } = data.layouts[name];
    cy.batch(() => {
      cy.remove(".frame, .caption");
      cy.add([...framesOf(data.layouts[name]), ...captionsOf(data.layouts[name])]);
      cy.edges().removeClass("moved");
      spots.forEach(([x, y], node) => cy.getElementById(`n${node}`).data("label", written(node, name)).position({ x, y }));
      for (const badge of cy.nodes(".badge")) badge.position(badgePlace(badge.data("of"), spots[badge.data("of")]));
      data.edges.forEach((edge, number) => cy.getElementById(`e${number}`).data(bent(ways[number], spots, edge)));
    });
    captioned();
  };
  const NEAREST = 1.4;
  const fit = (elements = cy.elements(":visible")) => {
    const { w, h } = elements.boundingBox();
    const zoom = Math.min((holder.clientWidth - 60) / w, (holder.clientHeight - 60) / h, NEAREST);
    if (elements.nonempty()) cy.animate({ zoom, center: { eles: elements }, duration: still ? 0 : 200 });
  };

  /* What is chosen: null, ["node", number] or ["edge", number]. */
  let chosen = null;
  const elementOf = ([kind, number]) => cy.getElementById(`${kind[0]}${number}`);
  const shown = () => {
    cy.batch(() => {
      cy.elements().removeClass("dim on near");
      const words = word.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let bright = null;
      if (chosen) {
        const element = elementOf(chosen);
        element.addClass("on");
        bright = element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes());
        if (element.isNode()) element.connectedEdges().addClass("near");
      } else if (words.length) {
        bright = cy.collection();
        for (const [kind, number] of matches(words)) bright = bright.union(elementOf([kind, number]));
        bright = bright.union(bright.edges().connectedNodes());
      } else if (marked) {
        bright = cy.nodes(".box").filter((box) => valueOf(box.data("number"), marked[0]) === marked[1]);
        const lines = marked[0] === "change" ? cy.edges(`.${marked[1]}`) : bright.connectedEdges();
        bright = bright.union(lines).union(lines.connectedNodes());
      }
      if (bright) {
        const badgesOf = cy.nodes(".badge").filter((badge) => bright.has(cy.getElementById(`n${badge.data("of")}`)));
        cy.elements().not(bright).not(badgesOf).not(".frame, .caption").addClass("dim");
      }
    });
  };
  const choose = (what, { look: isLookedAt = false, focus = false } = {}) => {
    chosen = what;
    if (what) root.dataset.chosen = what.join(" ");
    else delete root.dataset.chosen;
    shown();
    told();
    if (what && isLookedAt) reveal(elementOf(what));
    if (focus) panel.querySelector("h2").focus();
  };
  const reveal = (element) => {
    const box = element.renderedBoundingBox(), inside = holder.getBoundingClientRect();
    const isSeen = box.x1 > 0 && box.y1 > 0 && box.x2 < inside.width && box.y2 < inside.height;
    if (!isSeen || cy.zoom() < 0.5) cy.animate({ center: { eles: element }, zoom: Math.max(cy.zoom(), 0.8), duration: still ? 0 : 180 });
  };

  /* The panel. */
  const copied = (words) => made("button", { type: "button", "aria-label": `copy ${words}`, onclick: async (event) => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(words);
      button.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
      button.textContent = "selected";
    }
  } }, "copy");
  const linked = (path, line, isFormer) => {
    const files = isFormer ? data.formerFiles : data.files;
    if (!files) return null;
    const way = path.split("/").map(encodeURIComponent).join("/");
    return made("a", { href: `${files}${way}#L${line}`, rel: "noreferrer", target: "_blank" }, "open");
  };
  const placeOf = ([path, line, column], origin = undefined, isFormer = false) => {
    const words = `${text(path)}:${line}:${column}`;
    const link = origin === undefined ? linked(text(path), line, isFormer) : null;
    return made("span", { class: "place" }, made("code", {}, words), made("span", {}, link, " ", copied(words)));
  };
  const findingOf = (number) => {
    const found = data.findings[number];
    const page = data.pages[found.code];
    const code = page ? made("a", { href: page, rel: "noreferrer", target: "_blank" }, found.code) : found.code;
    return made("div", { class: `finding ${found.severity}` }, made("b", {}, code), ` ${found.severity} `, made("span", { class: "soft" }, found.rule), made("p", {}, found.message), placeOf(found.place));
  };
  const counted = (findings) => (findings.length ? made("span", { class: `count ${worst(findings)}` }, String(findings.length)) : null);
  const wayTo = (what, ...children) => made("button", { type: "button", class: "way", onclick: () => choose(what, { look: true, focus: true }) }, ...children);
  const signOf = ({ change }) => (change ? made("span", { class: `sign ${change}`, title: change }, signs[change]) : null);
  const nodeWay = (node) => wayTo(["node", node], counted(data.nodes[node].findings), signOf(data.nodes[node]), made("b", {}, nameOf(node)), made("span", { class: "soft" }, ` ${words(node)}`));
  const words = (node) => [kindWords[data.nodes[node].kind], data.nodes[node].namespace, data.nodes[node].owner].filter(Boolean).join(" · ");
  const kindWords = Object.fromEntries(data.nodeKinds), edgeWords = Object.fromEntries(data.edgeKinds);
  const edgeSaid = (edge) => [edge.protocol, edgeWords[edge.kind], edge.confidence === "high" ? "" : `${edge.confidence} confidence`].filter(Boolean).join(" · ");
  const edgeWay = (number, end) => wayTo(["edge", number], counted(data.edges[number].findings), signOf(data.edges[number]), end === "both" ? made("b", {}, `${nameOf(data.edges[number].source)} → ${nameOf(data.edges[number].target)}`) : made("b", {}, nameOf(data.edges[number][end])), made("span", { class: "soft" }, ` ${edgeSaid(data.edges[number])}`));
  const listed = (pairs) => {
    const present = pairs.filter(([, value]) => value !== null && value !== "");
    return made("dl", {}, ...present.flatMap(([name, value]) => [made("dt", {}, name), made("dd", {}, value)]));
  };
  const heading = (...children) => made("h2", { tabindex: "-1" }, ...children);
  const tags = (element, word) => [made("span", { class: "tag" }, word), ...(element.change ? [" ", made("span", { class: `tag ${element.change}` }, signOf(element), ` ${element.change}`)] : [])];
  const proofs = (evidence, isFormer) => evidence.map(([path, line, column, said, origin]) => made("div", { class: "proof" }, placeOf([path, line, column], origin, isFormer), made("code", { class: "said" }, text(said)), origin === undefined ? null : made("span", { class: "soft" }, `of ${text(origin)}`)));
  const toldNode = (number) => {
    const node = data.nodes[number];
    const edges = [...data.edges.keys()];
    return [
      heading(node.name), ...tags(node, kindWords[node.kind]),
      listed([["namespace", node.namespace], ["owner", node.owner], ["public as", node.hosts.join(", ")], ["in graphs", node.sources.join(", ")]]),
      ...section("What it was", node.was || []),
      ...section("Findings", node.findings.map(findingOf)),
      ...section("Calls", edges.filter((edge) => data.edges[edge].source === number).map((edge) => edgeWay(edge, "target"))),
      ...section("Called by", edges.filter((edge) => data.edges[edge].target === number).map((edge) => edgeWay(edge, "source"))),
      ...section("Contracts", node.contracts.map((path) => made("code", {}, text(path)))),
    ];
  };
  const toldEdge = (number) => {
    const edge = data.edges[number];
    return [
      heading(nameOf(edge.source), " → ", nameOf(edge.target)), ...tags(edge, edgeWords[edge.kind]),
      listed([["protocol", edge.protocol], ["confidence", edge.confidence]]),
      ...section("What it was", edge.was || []),
      ...section("Findings", edge.findings.map(findingOf)),
      ...section(edge.change === "removed" ? "Evidence at the base" : "Evidence", proofs(edge.evidence, edge.change === "removed")),
      ...section("Evidence that is gone", proofs(edge.gone || [], true)),
      ...section("Ends", [nodeWay(edge.source), nodeWay(edge.target)]),
    ];
  };
  const toldChange = () => {
    const changed = (all) => [...all.keys()].filter((number) => all[number].change);
    const lines = changed(data.edges).map((number) => {
      const { change, first } = data.edges[number];
      return made("div", { class: "proof" }, edgeWay(number, "both"), first && placeOf(first, first[4], change === "removed"));
    });
    return [...section("Nodes that change", changed(data.nodes).map(nodeWay)), ...section("Connections that change", lines)];
  };
  const toldAll = () => {
    const grave = [...data.findings.keys()].sort((one, other) => GRAVEST.indexOf(data.findings[one].severity) - GRAVEST.indexOf(data.findings[other].severity) || one - other);
    return [
      heading(isChange ? "What changes" : "The system"), made("p", { class: "soft" }, isChange ? `${data.changed} Both sides together: ${data.summary}.` : data.summary),
      made("p", { class: "soft" }, "Choose a box or a line to see what shows it."),
      ...data.remarks.map((remark) => made("p", { class: "soft" }, remark)),
      ...(isChange ? toldChange() : []),
      ...folded("Findings", grave.map(findingOf), false),
      ...folded(isChange ? "All nodes" : "Nodes", [...data.nodes.keys()].map(nodeWay), !isChange),
    ];
  };
  const toldFound = (needed) => {
    const found = matches(needed);
    return [
      heading(`${found.length} found`),
      made("ul", { id: "results" }, ...found.slice(0, 200).map(([kind, number]) => made("li", {}, kind === "node" ? nodeWay(number) : edgeWay(number, "both")))),
    ];
  };
  const told = () => {
    const needed = word.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const back = chosen ? [made("p", {}, made("button", { type: "button", id: "back", onclick: () => { choose(null); holder.focus(); } }, needed.length ? "← what was found" : "← the system"))] : [];
    const content = chosen ? (chosen[0] === "node" ? toldNode(chosen[1]) : toldEdge(chosen[1])) : needed.length ? toldFound(needed) : toldAll();
    panel.replaceChildren(...back, ...content);
    panel.scrollTop = 0;
  };

  /* Search. */
  const hay = [
    ...data.nodes.map((node, number) => [["node", number], [node.name, node.namespace, node.owner, node.kind, ...node.hosts, ...node.contracts.map(text)].join("\n").toLowerCase()]),
    ...data.edges.map((edge, number) => [["edge", number], [edge.protocol, ...edge.evidence.flatMap(([path, line, , said]) => [`${text(path)}:${line}`, text(said)])].join("\n").toLowerCase()]),
  ];
  const matches = (needed) => hay.filter(([, words]) => needed.every((one) => words.includes(one))).map(([what]) => what);
  word.addEventListener("input", () => choose(null));
  word.addEventListener("keydown", (event) => {
    const results = panel.querySelectorAll("#results .way");
    if (event.key === "ArrowDown" && results.length) { event.preventDefault(); results[0].focus(); }
    else if (event.key === "Enter" && results.length) { event.preventDefault(); results[0].click(); }
  });
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.classList.contains("way")) return;
    const ways = [...panel.querySelectorAll(".way")], next = ways[ways.indexOf(event.target) + step];
    event.preventDefault();
    if (next) next.focus();
    else if (step < 0) word.focus();
  });
  at("search").addEventListener("submit", (event) => event.preventDefault());

  /* Legend: kinds of edges are switched on and off, colours are pointed out. */
  let marked = null;
  const off = new Set();
  const switched = (name) => (event) => {
    if (event.target.checked) off.delete(name);
    else off.add(name);
    switchedOff();
  };
  const only = at("only");
  const switchedOff = () => cy.batch(() => {
    cy.nodes().removeClass("off");
    for (const edge of cy.edges()) edge.toggleClass("off", (only.checked && edge.hasClass("same")) || [...off].some((one) => edge.hasClass(one)));
    if (!only.checked) return;
    const kept = new Set();
    data.nodes.forEach(({ change }, number) => change && kept.add(number));
    for (const { change, source, target } of data.edges) if (change) kept.add(source).add(target);
    const frames = new Set([...kept].map((number) => data.nodes[number][grouping]));
    for (const box of cy.nodes(".box")) box.toggleClass("off", !kept.has(box.data("number")));
    for (const badge of cy.nodes(".badge")) badge.toggleClass("off", !kept.has(badge.data("of")));
    for (const frame of cy.nodes(".frame, .caption")) frame.toggleClass("off", !frames.has(frame.data("label")));
  });
  at("only-choice").hidden = !data.changes.length;
  only.addEventListener("change", () => { switchedOff(); fit(); });
  const sample = (kind, low) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({ d: "M0 7H26", fill: "none", stroke: `var(--${kind})`, "stroke-width": kind === "data" ? 3 : 2, "stroke-dasharray": low ? "1.5 4" : kind === "declared" ? "6 4" : "none" })) line.setAttribute(name, value);
    svg.append(line);
    return svg;
  };
  const legend = () => {
    const boxOf = (name, words, drawing) => made("li", {}, made("label", {}, made("input", { type: "checkbox", ...(off.has(name) ? {} : { checked: "" }), onchange: switched(name) }), drawing, words));
    const kinds = data.edgeKinds.filter(([kind]) => data.edges.some((edge) => edge.kind === kind)).map(([kind, words]) => boxOf(kind, words, sample(kind, false)));
    if (data.edges.some((edge) => edge.confidence === "low")) kinds.push(boxOf("sure-low", "low confidence", sample("sync", true)));
    const used = values[colouring].filter((value) => colouring === "change" || data.nodes.some((node) => node[colouring] === value));
    const chips = used.slice(0, 60).map((value) => {
      const chip = made("i");
      chip.style.background = filled(colouring, value);
      chip.style.borderColor = drawn(colouring, value);
      const isMarked = marked !== null && marked[0] === colouring && marked[1] === value;
      return made("li", {}, made("button", { type: "button", "aria-pressed": String(isMarked), onclick: () => { marked = isMarked ? null : [colouring, value]; chosen = null; legend(); choose(null); } }, chip, colouring === "kind" ? kindWords[value] : colouring === "change" ? `${signs[value]} ${value}` : value));
    });
    at("kinds").replaceChildren(...kinds);
    at("chips").replaceChildren(...chips);
  };

  /* Choices at the top. */
  const choices = (select, names, current, changed) => {
    select.replaceChildren(...names.map(([name, words]) => made("option", { value: name, ...(name === current ? { selected: "" } : {}) }, words)));
    select.addEventListener("change", () => changed(select.value));
  };
  at("grouping").parentElement.hidden = data.groupings.length === 1;
  choices(at("grouping"), data.groupings, data.grouping, (name) => { placed(name); switchedOff(); shown(); fit(); });
  choices(at("colouring"), Object.keys(values).filter((by) => values[by].length).map((by) => [by, by]), colouring, (by) => { colouring = by; marked = null; repainted(); legend(); shown(); });
  const themes = ["", "dark", "light"], themeWords = { "": "Auto", dark: "Dark", light: "Light" };
  at("theme").addEventListener("click", () => {
    const theme = themes[(themes.indexOf(root.dataset.theme || "") + 1) % themes.length];
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    at("theme").textContent = themeWords[theme];
    repainted();
    legend();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { repainted(); legend(); });
  at("help").addEventListener("click", () => at("keys").showModal());
  const zoomed = (factor) => cy.animate({ zoom: { level: cy.zoom() * factor, renderedPosition: { x: holder.clientWidth / 2, y: holder.clientHeight / 2 } }, duration: still ? 0 : 120 });
  at("in").addEventListener("click", () => zoomed(1.4));
  at("out").addEventListener("click", () => zoomed(1 / 1.4));
  at("fit").addEventListener("click", () => fit());

  /* The graph under the pointer. */
  cy.on("tap", (event) => {
    if (event.target === cy) choose(null);
    else choose([event.target.isNode() ? "node" : "edge", event.target.data("number")]);
  });
  cy.on("dbltap", "node", (event) => fit(event.target.closedNeighborhood()));
  cy.on("mouseover", ".box, .line", (event) => { event.target.addClass("hover"); holder.style.cursor = "pointer"; });
  cy.on("mouseout", ".box, .line", (event) => { event.target.removeClass("hover"); holder.style.cursor = ""; });
  cy.on("drag", ".box", (event) => {
    const node = event.target, { x, y } = node.position();
    node.connectedEdges().addClass("moved");
    cy.getElementById(`b${node.data("number")}`).position(badgePlace(node.data("number"), [x, y]));
  });

  /* Keys: arrows go to the nearest box in that direction. */
  const AHEAD = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const ahead = ([dx, dy]) => {
    const all = cy.nodes(".box");
    if (!chosen) {
      const { x1, x2, y1, y2 } = cy.extent(), x = (x1 + x2) / 2, y = (y1 + y2) / 2;
      return all.min((box) => Math.hypot(box.position("x") - x, box.position("y") - y)).ele;
    }
    const element = elementOf(chosen), here = (element.isNode() ? element : element.source()).position();
    const cost = (box) => {
      const x = box.position("x") - here.x, y = box.position("y") - here.y;
      const along = x * dx + y * dy, beside = Math.abs(x * dy) + Math.abs(y * dx);
      return along > 1 && beside <= 4 * along ? along + 2 * beside : Infinity;
    };
    const best = all.min(cost);
    return best.value < Infinity ? best.ele : null;
  };
  holder.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (AHEAD[event.key] && event.shiftKey) cy.panBy({ x: -80 * AHEAD[event.key][0], y: -80 * AHEAD[event.key][1] });
    else if (AHEAD[event.key]) {
      const box = data.nodes.length ? ahead(AHEAD[event.key]) : null;
      if (box) choose(["node", box.data("number")], { look: true });
    } else if (event.key === "Enter" && chosen) panel.querySelector("h2").focus();
    else if (event.key === "+" || event.key === "=") zoomed(1.4);
    else if (event.key === "-") zoomed(1 / 1.4);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const isWriting = event.target === word || event.target.tagName === "SELECT";
    if (event.ctrlKey || event.metaKey || event.altKey || at("keys").open) return;
    if (event.key === "/" && !isWriting) { event.preventDefault(); word.focus(); word.select(); }
    else if (event.key === "?" && !isWriting) at("keys").showModal();
    else if (event.key === "c" && !isWriting && !at("only-choice").hidden) only.click();
    else if (event.key === "Escape") {
      if (chosen) choose(null);
      else if (word.value) { word.value = ""; choose(null); }
      else if (marked) { marked = null; legend(); shown(); }
      holder.focus();
    }
  });

  cy.on("zoom", captioned);
  cy.one("render", () => { root.dataset.ready = String(Math.round(performance.now())); });
  legend();
  told();
  cy.resize();
  cy.fit(undefined, 30);
  if (cy.zoom() > NEAREST) cy.zoom({ level: NEAREST, renderedPosition: { x: holder.clientWidth / 2, y: holder.clientHeight / 2 } });
})();
