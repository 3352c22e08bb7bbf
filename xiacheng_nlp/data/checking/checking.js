// Items are shown one by one; what is said of each goes to Python at once, which saves it.

const FIELDS = ["indicator", "value", "unit", "bound", "measure", "sign", "status", "period"];
const LABELS = {
  indicator: "indicator 指标", value: "value 数值", unit: "unit 单位", bound: "bound 界限",
  measure: "measure 量度", sign: "sign 正负", status: "status 性质", period: "period 时期",
  record: "all fields 整条", main: "main theme 主要主题", themes: "all themes 全部主题",
  instrument: "instrument 政策工具",
};
const NAMES = {
  bound: {
    "=": "exactly 确数", ">": "more than 超过", ">=": "at least 不少于", "<": "less than 不足",
    "<=": "at most 不超过", "~": "about 约",
  },
  measure: {
    level: "amount 数量", growth: "growth 增长", share: "share of a whole 占比",
    difference: "difference 差", multiple: "multiple 倍数", rank: "rank 位次",
  },
  sign: { 1: "+ 正", "-1": "− (a fall) 负（下降）" },
  status: { actual: "done 实绩", target: "target 目标", definition: "explained 释义" },
};
// What most numbers are, which the eye may pass over.
const PLAIN = { bound: "=", measure: "level", sign: "1" };
const named = (field, code) => NAMES[field]?.[code] ?? (code || "–");

const HELP = {
  records: "Is the table right about the yellow number, in every field? "
    + "If so: Enter. If not: W, correct the field, Enter; a name can be selected in the sentence "
    + "with the mouse. Each answer is saved at once. "
    + "表中各项对黄色数字的说法是否都对？都对按 Enter；有误按 W，改正后按 Enter，"
    + "名称可用鼠标在句中选取。每答一条即存盘。",
  themes: "What is the sentence about? Press the letter of its main theme. Shift and a letter add "
    + "another theme or take it away; a digit gives the instrument; Enter accepts what is shown "
    + "(dark blue: main theme and instrument; pale: other themes). "
    + "Each answer is saved at once. 这句话讲什么？按主要主题的字母；Shift 加字母增减其他主题；"
    + "数字选政策工具；Enter 接受所示（深蓝：主要主题与工具；浅蓝：其他主题）。每答一句即存盘。",
};
const NUMBER = /^-?\d+(\.\d+)?(\s*~\s*-?\d+(\.\d+)?)?$/;

function make(tag, className, text, children = []) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  node.append(...children);
  return node;
}

// The text with spans marked; spans are [start, end, class], in order and apart.
function marked(text, spans) {
  const line = make("p", "xc-sentence");
  const letters = Array.from(text);
  let at = 0;
  for (const [start, end, kind] of spans) {
    line.append(letters.slice(at, start).join(""));
    line.append(make("mark", kind, letters.slice(start, end).join("")));
    at = end;
  }
  line.append(letters.slice(at).join(""));
  return line;
}

// Where the name stands: the place nearest before the number, else behind it.
function nameSpan(letters, name, start, end) {
  const wanted = Array.from(name);
  const places = [];
  for (let at = 0; wanted.length && at + wanted.length <= letters.length; at++) {
    const here = wanted.every((letter, k) => letters[at + k] === letter);
    if (here && (at + wanted.length <= start || at >= end)) places.push(at);
  }
  const before = places.filter((at) => at < start);
  const at = before.length ? before[before.length - 1] : places[0];
  return at === undefined ? [] : [[at, at + wanted.length, "xc-name"]];
}

function summary(model) {
  const head = make("tr", "", undefined, ["", "right 正确", "of 共", "share 占比", "95 %"].map(
    (text) => make("th", "", text)));
  const percent = (share) => (100 * share).toFixed(1) + " %";
  const rows = model.get("summary").map((row) => make("tr", "", undefined, [
    LABELS[row.field] ?? row.field, row.right, row.n, percent(row.share), `${percent(row.low)} – ${percent(row.high)}`,
  ].map((text) => make("td", "", String(text)))));
  return make("table", "xc-summary", undefined, [head, ...rows]);
}

function button(label, key, act) {
  const node = make("button", "", undefined, [make("kbd", "", key), " " + label]);
  node.addEventListener("click", act);
  return node;
}

function choice(options, value, act) {
  const node = make("select");
  for (const [code, label] of options) {
    const option = make("option", "", label);
    option.value = code;
    option.selected = code === value;
    node.append(option);
  }
  node.addEventListener("change", () => act(node.value));
  return node;
}

// What the two kinds of sheet have in common: the place, the answers, the frame around an item.
function sheet(model, el) {
  const items = model.get("items");
  const first = items.findIndex((item) => !(item.id in model.get("answers")));
  const view = { model, items, at: first < 0 ? items.length : first, box: make("div", "xc-check") };
  view.box.tabIndex = 0;
  // JupyterLab would take the keys for its own commands, such as x: cut the cell.
  view.box.dataset.lmSuppressShortcuts = "true";
  view.item = () => items[view.at];
  view.answer = () => model.get("answers")[view.item()?.id];
  view.say = (answer) => {
    model.set("answers", { ...model.get("answers"), [view.item().id]: answer });
    model.save_changes();
  };
  view.go = (step) => {
    view.at = Math.max(0, Math.min(items.length, view.at + step));
    view.opened = false;
    view.draw();
  };
  view.frame = (...inside) => {
    const said = items.filter((item) => item.id in model.get("answers")).length;
    const place = view.at < items.length ? `${view.at + 1} of ${items.length}` : "the end";
    const bar = make("progress");
    bar.max = items.length || 1;
    bar.value = said;
    const head = make("div", "xc-head", undefined, [
      make("strong", "", model.get("title")), make("span", "", place), bar,
      make("span", "", `${said} done`),
    ]);
    const problem = make("div", "xc-problem", model.get("problem"));
    const help = make("p", "xc-part xc-help", HELP[model.get("mode")]);
    view.box.replaceChildren(head, problem, help, ...inside);
  };
  view.end = () => {
    const left = items.filter((item) => !(item.id in model.get("answers"))).length;
    const text = left ? `${left} have no answer yet; ← leads back. 还有 ${left} 条未答，按 ← 返回。`
      : "All are done. Thank you. 全部完成，谢谢。";
    const mended = items.flatMap((item) =>
      Object.entries(model.get("answers")[item.id]?.corrected ?? {}).map(([field, value]) =>
        make("li", "", `${item.text} ${LABELS[field]}: `
          + `${named(field, item.said[field])} → ${named(field, value)}`)));
    const list = mended.length ? [make("p", "", "Corrected 改正"), make("ul", "", undefined, mended)] : [];
    view.frame(
      make("p", "", text), summary(model), ...list, button("back 返回", "←", () => view.go(-1)),
    );
  };
  const told = () => (view.at < items.length ? view.tell?.() : view.draw());
  model.on("change:summary", told);
  model.on("change:problem", () => {
    view.box.querySelector(".xc-problem").textContent = model.get("problem");
  });
  view.box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    // Enter ends what an input method composes.
    if (event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (view.key(event)) event.preventDefault();
  });
  el.append(view.box);
  return view;
}

function records(model, el) {
  const view = sheet(model, el);
  const choices = model.get("choices");

  const decide = (verdict, corrected = {}) => {
    view.say({ verdict, corrected });
    view.go(1);
  };
  const changed = () => {
    const said = view.item().said;
    return Object.fromEntries(FIELDS.map((name) => [name, view.fields[name].value.trim()])
      .filter(([name, value]) => value !== said[name]));
  };
  const save = () => {
    const corrected = changed();
    if (corrected.value !== undefined && !NUMBER.test(corrected.value)) {
      view.box.querySelector(".xc-problem").textContent =
        `${corrected.value}: no number 不是数字: 7.8, 2~3`;
      return view.fields.value.focus();
    }
    decide(Object.keys(corrected).length ? "wrong" : "right", corrected);
  };
  const open = () => {
    view.opened = true;
    view.field = "indicator";
    view.draw();
    view.fields.indicator.focus();
  };

  view.draw = () => {
    if (view.at >= view.items.length) return view.end();
    const item = view.item();
    const now = { ...item.said, ...(view.answer()?.corrected ?? {}) };
    const letters = Array.from(item.sentence);
    const start = item.place;
    const end = start + Array.from(item.text).length;
    const spans = [...nameSpan(letters, now.indicator, start, end), [start, end, "xc-number"]];
    spans.sort((a, b) => a[0] - b[0]);
    const line = marked(item.sentence, spans);
    line.addEventListener("mouseup", () => {
      const chosen = String(window.getSelection()).trim();
      if (!chosen) return;
      if (!view.opened) open();
      // What is selected goes where the last word was typed.
      view.fields[view.field].value = chosen;
      view.fields[view.field].focus();
    });
    view.fields = {};
    const rows = FIELDS.map((name) => {
      const edit = choices[name]
        ? choice(choices[name].map((code) => [code, named(name, code)]), now[name], () => {})
        : make("input");
      if (!choices[name]) {
        edit.value = now[name];
        edit.addEventListener("focus", () => { view.field = name; });
      }
      view.fields[name] = edit;
      const shown = view.opened ? edit : make("span", "", named(name, now[name]));
      const plain = PLAIN[name] === now[name] ? "xc-plain" : "";
      const kind = view.answer()?.corrected?.[name] === undefined ? plain : "xc-corrected";
      return make("tr", kind, undefined, [
        make("th", "", LABELS[name]), make("td", "", undefined, [shown]),
      ]);
    });
    const verdict = view.answer() ? `your answer 已答: ${view.answer().verdict}` : "";
    const buttons = view.opened
      ? [button("save 保存", "Enter", save), button("cancel 取消", "Esc", () => view.go(0))]
      : [
        button("right 对", "Enter", () => decide("right")), button("wrong 错", "W", open),
        button("no indicator 非指标", "X", () => decide("wrong", { indicator: "" })),
        button("undecidable 不能判定", "U", () => decide("unsure")),
        button("back 返回", "←", () => view.go(-1)), button("next 下一条", "→", () => view.go(1)),
      ];
    view.frame(
      make("div", "xc-part", item.part), line, make("table", "xc-fields", undefined, rows),
      make("div", "xc-buttons", undefined, [...buttons, make("em", "", verdict)]),
    );
    if (!view.opened) view.box.focus({ preventScroll: true });
  };

  view.key = (event) => {
    if (view.opened) {
      if (event.key === "Enter") save();
      else if (event.key === "Escape") view.go(0);
      else return false;
      return true;
    }
    const acts = { ArrowLeft: () => view.go(-1), ArrowRight: () => view.go(1) };
    if (view.at < view.items.length) {
      Object.assign(acts, {
        Enter: () => decide("right"), r: () => decide("right"), w: open,
        x: () => decide("wrong", { indicator: "" }), u: () => decide("unsure"),
      });
    }
    const act = acts[event.key] ?? acts[event.key.toLowerCase()];
    act?.();
    return act !== undefined;
  };
  view.draw();
}

function themes(model, el) {
  const view = sheet(model, el);
  const { themes: codes, instruments } = model.get("choices");
  const letter = (place) => String.fromCharCode(97 + place);
  const given = () => view.answer()?.codes ?? { themes: [], instrument: "" };
  const said = () => view.item().said;
  const shown = () => (given().themes.length ? given() : { themes: [], instrument: "", ...said() });

  const take = (chosen, step) => {
    view.say({ codes: { instrument: shown().instrument, ...chosen } });
    view.go(step);
  };
  const main = (code) => take({ themes: [code] }, 1);
  const second = (code) => {
    const now = shown().themes;
    const next = now.includes(code) ? now.filter((one) => one !== code) : [...now, code];
    if (next.length && next.length <= 3) take({ themes: next }, 0);
  };
  const instrument = (code) => {
    if (shown().themes.length) take({ themes: shown().themes, instrument: code }, 0);
  };
  const agree = () => {
    if (shown().themes.length) take({ themes: shown().themes }, 1);
  };

  view.draw = () => {
    if (view.at >= view.items.length) return view.end();
    const item = view.item();
    const now = shown();
    const keys = codes.map(([code, zh, en], place) => {
      const node = button(`${zh} ${en}`, letter(place), (event) =>
        event.shiftKey ? second(code) : main(code));
      if (now.themes.includes(code)) node.className = now.themes[0] === code ? "xc-on" : "xc-also";
      return node;
    });
    const tools = instruments.map(([code, zh, en], place) => {
      const node = button(`${zh} ${en}`, String(place + 1), () => instrument(code));
      if (now.instrument === code) node.className = "xc-on";
      return node;
    });
    view.frame(
      make("div", "xc-part", item.section_title), make("p", "xc-before", item.context_before),
      marked(item.text, []), make("div", "xc-codes", undefined, keys),
      make("div", "xc-buttons", undefined, [
        ...tools, button("as shown 照此", "Enter", agree),
        button("back 返回", "←", () => view.go(-1)), button("next 下一条", "→", () => view.go(1)),
      ]),
    );
    view.box.focus({ preventScroll: true });
  };

  view.key = (event) => {
    if (event.key === "ArrowLeft") return view.go(-1), true;
    if (event.key === "ArrowRight") return view.go(1), true;
    if (view.at >= view.items.length) return false;
    if (event.key === "Enter") return agree(), true;
    const theme = codes[event.key.toLowerCase().charCodeAt(0) - 97];
    const tool = instruments[Number(event.key) - 1];
    if (event.key.length === 1 && theme) (event.shiftKey ? second : main)(theme[0]);
    else if (tool) instrument(tool[0]);
    else return false;
    return true;
  };
  view.draw();
}

export default {
  render({ model, el }) {
    (model.get("mode") === "themes" ? themes : records)(model, el);
  },
};
