"use strict";
(() => {
  const table = document.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
  const counts = new Map(), tools = document.querySelector(".tools"), shown = document.getElementById("shown");
  rows.forEach((row, number) => {
    row.first = number;
    row.status = row.cells[2].textContent;
    counts.set(row.status, (counts.get(row.status) || 0) + 1);
  });
  const boxes = [...counts].map(([status, count]) => {
    const label = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "checkbox", checked: true, value: status });
    label.append(box, `${status} (${count})`);
    tools.append(label);
    return box;
  });
  const search = document.getElementById("search");
  const filter = () => {
    const wanted = new Set(boxes.filter(box => box.checked).map(box => box.value));
    const text = search.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      const words = text && `${row.cells[1].textContent} ${row.cells[3].textContent}`.toLowerCase();
      row.hidden = !wanted.has(row.status) || (text !== "" && !words.includes(text));
      count += !row.hidden;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  };
  boxes.forEach(box => box.addEventListener("change", filter));
  search.addEventListener("input", filter);
  const collator = new Intl.Collator(undefined, { numeric: true });
  const sorted = (column, sign, numbers) => {
    const keys = new Map(rows.map(row => {
      const text = row.cells[column].textContent.trim();
      return [row, text && numbers ? Number(text) : text];
    }));
    const compare = numbers ? (x, y) => x - y : collator.compare;
    const empty = row => keys.get(row) === "";
    return [...rows].sort((a, b) =>
      empty(a) - empty(b) || (!empty(a) && sign * compare(keys.get(a), keys.get(b))) || a.first - b.first);
  };
  const heads = [...table.tHead.rows[0].cells];
  heads.slice(1).forEach((head, index) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = { null: "ascending", ascending: "descending", descending: null }[head.getAttribute("aria-sort")];
      heads.forEach(other => other.removeAttribute("aria-sort"));
      if (order) head.setAttribute("aria-sort", order);
      const sign = order === "descending" ? -1 : 1;
      body.append(...(order ? sorted(index + 1, sign, head.classList.contains("number")) : rows));
    });
  });
  tools.hidden = false;
  document.addEventListener("keydown", event => {
    if (event.key === "/" && event.target !== search) { event.preventDefault(); search.focus(); }
  });
  filter();
})();
