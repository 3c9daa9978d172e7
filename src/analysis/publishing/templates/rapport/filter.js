// Finds departments by name: rows that do not hold what is written are hidden, in the same order. Without this all stand.
for (const box of document.querySelectorAll(".filter")) {
  const input = box.querySelector("input"), said = box.querySelector("[role=status]");
  const rows = [...box.parentElement.querySelectorAll("tbody tr")];
  const show = () => {
    const sought = input.value.trim().toLowerCase();
    rows.forEach(row => { row.hidden = sought !== "" && !row.cells[0].textContent.toLowerCase().includes(sought); });
    for (const table of box.parentElement.querySelectorAll("table")) {
      const empty = [...table.tBodies[0].rows].every(row => row.hidden);
      table.hidden = empty; table.previousElementSibling.hidden = empty;
    }
    said.textContent = sought === "" ? "" : said.dataset.said.replace("…", rows.filter(row => !row.hidden).length);
  };
  input.addEventListener("input", show);
  addEventListener("beforeprint", () => { input.value = ""; show(); });
  box.hidden = false;
}
