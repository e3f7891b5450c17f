// What moves on a lecture's page. The page already shows a picture and a sentence; this shows the controls and
// follows them. No library: a few lines and paths that are already there. The numbers are those of the run above.
(() => {
  const digitsOf = (value, column) =>
    column.significant && value
      ? Math.min(6, Math.max(0, column.digits - 1 - Math.floor(Math.log10(Math.abs(value)))))
      : column.digits;

  const fixed = (value, digits) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  const told = (value, column) => (value === null ? "–" : fixed(value, digitsOf(value, column)));

  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // Lines over x: the chosen option's lines are traced up to the chosen x.
  function curves(figure, piece) {
    const option = figure.querySelector('[data-role="option"]');
    const x = figure.querySelector('[data-role="x"]');
    const drawn = Object.keys(piece.columns).filter((name) => piece.columns[name].drawn);
    const marks = figure.querySelectorAll(".fs-mark");
    const trace = figure.querySelector(".fs-trace");
    const show = () => {
      const chosen = Number(option.value), at = Number(x.value);
      trace.replaceChildren();
      for (const line of figure.querySelectorAll(".fs-line")) {
        const on = Number(line.dataset.option) === chosen;
        line.toggleAttribute("data-on", on);
        if (!on) continue;
        const number = drawn.indexOf(line.dataset.column);
        const steps = line.getAttribute("d").split(/(?=[ML])/);
        const [cx, cy] = steps[at].slice(1).split(" ");
        const there = piece.columns[line.dataset.column].values[chosen][at] !== null;
        marks[number].setAttribute("cx", there ? cx : -9);
        marks[number].setAttribute("cy", there ? cy : -9);
        trace.append(svg("path", { class: `fs-c${number}`, d: steps.slice(0, at + 1).join("") }));
        const cursor = figure.querySelector(".fs-cursor");
        cursor.setAttribute("d", cursor.getAttribute("d").replace(/^M[\d.]+/, `M${cx}`));
      }
      const words = { option: piece.options[chosen], x: fixed(piece.x[at], piece.x_digits) };
      for (const [name, column] of Object.entries(piece.columns)) {
        words[name] = told(column.values[chosen][at], column);
      }
      x.setAttribute("aria-valuetext", words.x);
      if (option.type === "range") option.setAttribute("aria-valuetext", words.option);
      figure.querySelector(".fs-says").textContent = piece.says.replace(/{(\w+)}/g, (_, name) => words[name]);
    };
    option.addEventListener("input", show);
    x.addEventListener("input", show);
    return show;
  }

  // Points: the chosen one and those most like it carry their names.
  function places(figure, piece) {
    const list = figure.querySelector("select");
    const dots = [...figure.querySelectorAll(".fs-dot")];
    const names = figure.querySelector(".fs-names");
    const show = () => {
      const chosen = Number(list.value), place = piece.places[chosen];
      const near = place.near.map(([number]) => number);
      names.replaceChildren();
      for (const [number, dot] of dots.entries()) {
        dot.toggleAttribute("data-on", number === chosen);
        dot.toggleAttribute("data-near", near.includes(number));
        if (number !== chosen && !near.includes(number)) continue;
        const cx = Number(dot.getAttribute("cx"));
        const text = svg("text", {
          x: cx + (cx < 300 ? 6 : -6), y: Number(dot.getAttribute("cy")) + 4, "text-anchor": cx < 300 ? "start" : "end",
        });
        text.textContent = piece.places[number].name.split(" (")[0].slice(0, 30);
        names.append(text);
      }
      const alike = place.near.map(([number, value]) => `${piece.places[number].name} (${fixed(value, 2)})`);
      figure.querySelector(".fs-says").textContent =
        alike.length ? `${place.name}: nearest are ${alike.join(", ")}.` : `${place.name}: none is near.`;
    };
    list.addEventListener("input", show);
    for (const dot of dots) {
      dot.addEventListener("pointerenter", () => { list.value = dot.dataset.place; show(); });
    }
    return show;
  }

  // A bag of words is a sum, so the whole model fits into the page.
  function words(figure, piece) {
    const box = figure.querySelector("textarea");
    const pattern = new RegExp(piece.tokens, "g");
    const scores = new Map(Object.entries(piece.scores));
    const show = () => {
      const tokens = (box.value.toLowerCase().match(pattern) || []).slice(0, piece.longest);
      const values = tokens.map((token) => scores.get(token) ?? piece.unknown);
      if (!values.length) values.push(piece.unknown);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const probability = 1 / (1 + Math.exp(-(mean + piece.bias)));
      const known = [...new Set(tokens)].filter((token) => scores.has(token));
      const largest = Math.max(...known.map((token) => Math.abs(scores.get(token))), 0) || 1;
      figure.querySelector(".fs-text").replaceChildren(...tokens.flatMap((token) => {
        const score = scores.get(token), span = document.createElement("span");
        span.className = score === undefined ? "fs-unknown" : score > 0 ? "fs-for" : "fs-against";
        span.style.setProperty("--fs-weight", (Math.abs(score ?? 0) / largest).toFixed(2));
        span.textContent = token;
        return [span, " "];
      }));
      known.sort((a, b) => Math.abs(scores.get(b)) - Math.abs(scores.get(a)) || (a < b ? -1 : 1));
      const loudest = known.slice(0, 5).map((token) => {
        const score = scores.get(token);
        return `${token} (${score < 0 ? "-" : "+"}${fixed(Math.abs(score), 1)})`;
      });
      const unknown = tokens.filter((token) => !scores.has(token)).length;
      const parts = [`${piece.outcome}: ${fixed(probability, 2)}.`];
      if (loudest.length) parts.push(`Loudest: ${loudest.join(", ")}.`);
      if (unknown) parts.push(`Unknown words: ${unknown}.`);
      figure.querySelector(".fs-says").textContent = parts.join(" ");
      figure.querySelector("meter").value = probability;
    };
    box.addEventListener("input", show);
    return show;
  }

  const kinds = { curves, map: places, words };
  document.addEventListener("DOMContentLoaded", () => {
    for (const figure of document.querySelectorAll(".fs-piece")) {
      const piece = JSON.parse(figure.querySelector("script").textContent);
      const show = kinds[piece.kind](figure, piece);
      figure.querySelector(".fs-controls").hidden = false;
      show();
    }
  });
})();
