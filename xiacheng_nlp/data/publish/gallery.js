// What the page does: searches and sorts its tables, changes its language, and takes a row to its sentence.
const both = (zh, en) => `<span lang="zh">${zh}</span><span lang="en">${en}</span>`;

const words = {
  search: both("搜索", "Search") + " ",
  lengthMenu: both("每页", "Rows") + " _MENU_",
  info: both("第 _START_–_END_ 行，共 _TOTAL_ 行", "Rows _START_ to _END_ of _TOTAL_"),
  infoEmpty: both("没有行", "No rows"),
  infoFiltered: both("（全表 _MAX_ 行）", "(of _MAX_ in all)"),
  zeroRecords: both("没有找到", "Nothing found"),
  emptyTable: both("空表", "An empty table"),
  paginate: { first: "«", previous: "‹", next: "›", last: "»" },
  aria: {
    orderable: " ⇅", orderableReverse: " ⇅", orderableRemove: " ⇅",
    paginate: { first: "第一页 first page", previous: "上一页 previous page", next: "下一页 next page", last: "末页 last page" },
  },
};

function searchable(table) {
  if (DataTable.isDataTable(table)) return;
  new DataTable(table, {
    order: [],
    autoWidth: false,
    pageLength: 10,
    lengthMenu: [10, 50, { label: "∞", value: -1 }],
    layout: { topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging" },
    language: words,
  });
}

// A folded table is set up when it is opened: fifteen at once would hold up the page.
for (const folded of document.querySelectorAll("details.table")) {
  folded.addEventListener("toggle", () => { if (folded.open) folded.querySelectorAll("table.data").forEach(searchable); });
}
for (const table of document.querySelectorAll("table.data")) {
  if (!table.closest("details")) searchable(table);
}

for (const table of document.querySelectorAll("table.rows")) {
  table.addEventListener("click", (event) => {
    if (event.target.closest("a, th") || !window.getSelection().isCollapsed) return;
    event.target.closest("tr")?.querySelector("a")?.click();
  });
}

// A row on another page of its table is no part of the page: its table turns there first.
const records = document.querySelector("#indicators-table");
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#r-"]');
  if (!link) return;
  const table = new DataTable.Api(records);
  const rows = table.search("").rows({ order: "applied" }).nodes().toArray();
  const place = rows.findIndex((row) => row.id === link.getAttribute("href").slice(1));
  if (place < 0) return;
  event.preventDefault();
  const length = table.page.len();
  table.page(length > 0 ? Math.floor(place / length) : 0).draw("page");
  for (const row of rows) row.classList.toggle("shown", row === rows[place]);
  rows[place].scrollIntoView({ block: "center" });
});

for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", () => {
    // The clipboard of a page that was opened from a file is closed; a selection can be copied.
    window.getSelection().selectAllChildren(button.previousElementSibling);
    document.execCommand("copy");
  });
}

const buttons = [...document.querySelectorAll("button[data-lang]")];
for (const button of buttons) {
  button.addEventListener("click", () => {
    document.documentElement.lang = button.dataset.lang;
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  });
}

// On a narrow screen the contents would come before everything else.
if (window.matchMedia("(max-width: 60rem)").matches) document.querySelector("nav details")?.removeAttribute("open");
window.addEventListener("beforeprint", () => { for (const cite of document.querySelectorAll("details.cite")) cite.open = true; });
