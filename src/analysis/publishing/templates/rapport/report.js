// Lets a reader choose a path: the table then shows it beside the reference path. Without this the table shows all.
for (const box of document.querySelectorAll(".chooser")) {
  const rows = [...document.getElementById(box.dataset.table).tBodies[0].rows];
  const select = box.querySelector("select");
  const said = box.querySelector("[role=status]");
  const show = () => {
    rows.forEach((row, place) => { row.hidden = select.value !== "" && place !== 0 && place !== Number(select.value); });
    said.textContent = select.value === "" ? said.dataset.every : said.dataset.one.replace("…", select.selectedOptions[0].text);
  };
  select.addEventListener("change", show);
  addEventListener("beforeprint", () => rows.forEach(row => { row.hidden = false; }));
  addEventListener("afterprint", show);
  box.hidden = false;
}
