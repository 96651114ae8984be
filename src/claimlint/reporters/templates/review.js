"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const said = (text) => { $("said").textContent = text; };
  const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

  const make = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  /* Storage: localStorage may be missing, full or forbidden; then memory has to do. */

  const memory = new Map();
  let lasting = true;

  const load = (key) => {
    if (memory.has(key)) return memory.get(key);
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };

  const save = (key, value) => {
    memory.set(key, value);
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      lasting = false;
    }
  };

  const probe = () => {
    try {
      localStorage.setItem("claimlint.probe", "1");
      localStorage.removeItem("claimlint.probe");
    } catch {
      lasting = false;
    }
  };

  /* The model: documents and findings of the page, and what was decided about them. */

  let data;
  let documents = [];
  let cards = [];
  let current = null;

  const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  const storedDecisions = (key) => {
    const stored = load(key);
    const kept = new Map();
    if (!isRecord(stored)) return kept;
    for (const [name, one] of Object.entries(stored)) {
      const known = isRecord(one) && ["accept", "waive", "false_alarm"].includes(one.decision);
      if (known && ["reason", "by", "date", "sentence"].every((part) => typeof one[part] === "string")) kept.set(name, one);
    }
    return kept;
  };

  const readModel = () => {
    data = JSON.parse($("data").textContent);
    const withTwins = new Map();
    for (const about of data.documents) withTwins.set(about.sha256, (withTwins.get(about.sha256) ?? 0) + 1);
    documents = data.documents.map((about) => {
      const twin = withTwins.get(about.sha256) > 1;
      const key = `claimlint.decisions.${about.sha256}${twin ? `:${about.path}` : ""}`;
      return { ...about, key, decisions: storedDecisions(key), cards: [], order: undefined, equipped: false, near: false, stale: false, article: $(`d${about.number}`) };
    });
    for (const about of documents) readFindings(about);
  };

  const readFindings = (about) => {
    about.findings.forEach(([rule, fingerprint, sentence, suppressed], at) => {
      const [id, category, markets] = data.rules[rule];
      const finding = {
        about, number: at + 1, rule: id, category, markets: markets ? markets.split(" ") : [],
        fingerprint, sentence: about.sentences[sentence], name: `${id} ${fingerprint}`, suppressed: suppressed === 1,
      };
      const element = about.article && $(`d${about.number}-f${at + 1}`);
      if (element) {
        const has = (name) => element.classList.contains(name);
        finding.element = element;
        finding.severity = has("e") ? "error" : has("w") ? "warning" : "note";
        finding.state = ["new", "unchanged"].find(has) ?? "";
        finding.shown = true;
        cards.push(finding);
      }
      about.cards.push(finding);
    });
    about.order = about.drawnOrder = about.cards;
  };

  const decisionOf = (finding) => finding.about.decisions.get(finding.name);

  const keep = (about) => {
    save(about.key, about.decisions.size ? Object.fromEntries(about.decisions) : null);
  };

  /* Filters, search, sorting. */

  const value = (id) => $(id)?.value ?? "";

  const textOf = (finding) => {
    finding.text ??= finding.element.textContent.toLowerCase();
    return finding.text;
  };

  const inState = (finding, state) => {
    if (!state) return true;
    if (state === "suppressed") return finding.suppressed;
    if (state === "decided") return decisionOf(finding) !== undefined;
    if (state === "open") return !finding.suppressed && decisionOf(finding) === undefined;
    return finding.state === state;
  };

  const wanted = () => {
    const search = value("search").trim().toLowerCase();
    const category = value("f-category");
    const rule = value("f-rule");
    const market = value("f-market");
    const state = value("f-state");
    const levels = new Set(["error", "warning", "note"].filter((name) => $(`show-${name}`).checked));
    return (finding) =>
      levels.has(finding.severity) &&
      (!category || finding.category === category) &&
      (!rule || finding.rule === rule) &&
      (!market || finding.markets.length === 0 || finding.markets.includes(market)) &&
      inState(finding, state) &&
      (!search || textOf(finding).includes(search));
  };

  /* Only documents near the screen are drawn anew; the others wait until they come near. */
  const draw = (about) => {
    about.stale = false;
    if (!about.article || !about.cards.length) return;
    for (const finding of about.cards) finding.element.classList.toggle("hide", !finding.shown);
    drawMarks(about);
    drawOrder(about);
    tellEmpty(about);
  };

  const drawMarks = (about) => {
    const partly = about.cards.some((finding) => !finding.shown);
    if (!partly && !about.dimmed) return;
    about.dimmed = partly;
    for (const mark of all("[data-f]", about.article)) {
      const seen = mark.dataset.f.split(" ").some((number) => about.cards[number - 1].shown);
      mark.classList.toggle(mark.tagName === "SUP" ? "hide" : "dim", !seen);
    }
  };

  const drawOrder = (about) => {
    if (about.order === about.drawnOrder) return;
    about.drawnOrder = about.order;
    about.article.querySelector(".pane .cards").append(...about.order.map((finding) => finding.element));
  };

  const redraw = () => {
    for (const about of documents) {
      about.stale = true;
      if (about.near) draw(about);
    }
  };

  const wake = (about) => {
    equip(about);
    if (about.stale) draw(about);
  };

  const filter = () => {
    const fits = wanted();
    let number = 0;
    for (const finding of cards) {
      finding.shown = fits(finding);
      number += finding.shown;
    }
    redraw();
    if (current && !current.shown) {
      current = null;
      lightOnly([]);
    }
    $("filtered").textContent = number === cards.length ? "" : `Filters leave out ${cards.length - number} of ${counted(cards.length, "finding")}.`;
    $("shown").textContent = number === cards.length ? counted(number, "finding") : `${number} of ${cards.length} findings`;
    $("reset").hidden = !isFiltered();
    for (const chip of all("button.chip")) chip.setAttribute("aria-pressed", String(isPressed(chip)));
  };

  const tellEmpty = (about) => {
    const list = about.article?.querySelector(".cards");
    if (!list) return;
    const none = !about.cards.some((finding) => finding.shown);
    if (none && !about.empty) {
      const reset = make("button", { type: "button", className: "quiet", textContent: "Show all" });
      reset.addEventListener("click", resetFilters);
      about.empty = make("p", { className: "empty" }, "No finding here fits the filters. ", reset);
      list.after(about.empty);
    }
    if (about.empty) about.empty.hidden = !none;
  };

  const SELECTS = ["f-category", "f-rule", "f-market", "f-state"];
  const LEVELS = ["error", "warning", "note"];

  const isFiltered = () =>
    value("search").trim() !== "" || SELECTS.some((id) => value(id)) || LEVELS.some((name) => !$(`show-${name}`).checked);

  const resetFilters = () => {
    $("search").value = "";
    for (const id of SELECTS) $(id).value = "";
    for (const name of LEVELS) $(`show-${name}`).checked = true;
    filter();
  };

  const isPressed = ({ dataset }) => {
    if (dataset.filter !== "severity") return value(`f-${dataset.filter}`) === dataset.value;
    return LEVELS.every((name) => $(`show-${name}`).checked === (name === dataset.value));
  };

  const press = (chip) => {
    const on = !isPressed(chip);
    if (chip.dataset.filter === "severity") {
      for (const name of LEVELS) $(`show-${name}`).checked = !on || name === chip.dataset.value;
    } else {
      $(`f-${chip.dataset.filter}`).value = on ? chip.dataset.value : "";
    }
    filter();
  };

  const makeChips = (about) => {
    for (const chip of all("span.chip", about.article)) {
      const button = make("button", { type: "button", className: "chip" }, ...chip.childNodes);
      Object.assign(button.dataset, chip.dataset);
      button.setAttribute("aria-pressed", String(isPressed(button)));
      chip.replaceWith(button);
    }
  };

  const sort = () => {
    const rank = (finding) => (finding.suppressed ? 3 : LEVELS.indexOf(finding.severity));
    const bySeverity = value("f-sort") === "severity";
    for (const about of documents) {
      about.order = [...about.cards];
      if (bySeverity) about.order.sort((one, other) => rank(one) - rank(other) || one.number - other.number);
    }
    redraw();
  };

  const fillSelects = () => {
    const fill = (id, names) => {
      const counts = new Map();
      for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
      for (const name of [...counts.keys()].sort()) {
        $(id).append(make("option", { value: name, textContent: `${name} (${counts.get(name)})` }));
      }
      return counts.size;
    };
    fill("f-category", cards.map((finding) => finding.category));
    fill("f-rule", cards.map((finding) => finding.rule));
    const markets = fill("f-market", cards.flatMap((finding) => finding.markets));
    $("f-market").hidden = markets < 2;
  };

  /* Marks and cards. */

  const isNarrow = () => matchMedia("(max-width: 56rem)").matches;
  const isSource = () => $("view-source").checked;
  const behavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

  const marksOf = (finding) => {
    const view = finding.about.article.querySelector(isSource() ? ".source" : ".rendered");
    return all(`a[data-f~="${finding.number}"]`, view);
  };

  const light = (finding, on) => {
    finding.element.classList.toggle("lit", on);
    for (const mark of marksOf(finding)) mark.classList.toggle("lit", on);
  };

  let lit = [];
  const lightOnly = (findings) => {
    for (const finding of lit) light(finding, false);
    lit = findings;
    for (const finding of lit) light(finding, true);
  };

  const findingOf = (element) => {
    const found = /^d(\d+)-f(\d+)$/.exec(element?.closest(".card")?.id ?? "");
    return found && documentNumbered(found[1]).cards[found[2] - 1];
  };

  const documentNumbered = (number) => documents[number - documents[0].number];
  const documentOf = (element) => documentNumbered(element.closest("article").id.slice(1));

  const marked = (mark) => {
    const about = documentOf(mark);
    return mark.dataset.f.split(" ").map((number) => about.cards[number - 1]);
  };

  const toCard = (finding) => {
    const pane = finding.element.closest(".pane");
    if (!pane || getComputedStyle(pane).position !== "sticky") return finding.element.scrollIntoView({ block: "start", behavior: behavior() });
    const top = finding.element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + top - 8, behavior: behavior() });
  };

  const toMark = (finding) => {
    const mark = marksOf(finding)[0];
    if (!mark) return finding.element.scrollIntoView({ block: "nearest", behavior: behavior() });
    for (let at = mark.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    const box = mark.getBoundingClientRect();
    const bar = $("bar").getBoundingClientRect().bottom;
    if (box.top < bar + 20 || box.bottom > innerHeight - 120) mark.scrollIntoView({ block: "center", behavior: behavior() });
  };

  const choose = (finding, { focus = false, scroll = true } = {}) => {
    current?.element.classList.remove("current");
    current = finding;
    wake(finding.about);
    finding.element.classList.add("current");
    if (focus) {
      finding.element.tabIndex = -1;
      finding.element.focus({ preventScroll: true });
    }
    if (scroll) {
      toMark(finding);
      toCard(finding);
    }
    lightOnly([finding]);
  };

  const openSheet = (finding) => {
    closeSheet();
    wake(finding.about);
    current = finding;
    $("sheet").querySelector(".cards").append(finding.element);
    $("sheet").showModal();
    lightOnly([finding]);
  };

  const closeSheet = () => {
    const element = $("sheet").querySelector(".card");
    if ($("sheet").open) $("sheet").close();
    if (element) {
      const finding = findingOf(element);
      const list = finding.about.article.querySelector(".pane .cards");
      const order = finding.about.order ?? finding.about.cards;
      list.insertBefore(element, order[order.indexOf(finding) + 1]?.element ?? null);
    }
  };

  const step = (by) => {
    const shown = documents.flatMap((about) => about.order).filter((finding) => finding.element && finding.shown);
    if (!shown.length) return said("No finding fits the filters");
    const at = shown.indexOf(current);
    const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : (at + by + shown.length) % shown.length;
    choose(shown[next], { focus: true });
  };

  /* As the draft is read, the cards beside it follow. */

  let following = true;
  const follow = () => {
    if (!following || isNarrow() || value("f-sort")) return;
    const line = $("bar").getBoundingClientRect().bottom + 24;
    const about = documents.find(({ article, near }) => {
      const box = near && article?.getBoundingClientRect();
      return box && box.top <= line && box.bottom > line;
    });
    const pane = about?.article.querySelector(".pane");
    if (!pane || !about.cards.length) return;
    const marks = (about.marks ??= { draft: all(".rendered a[data-f]", about.article), source: all(".source a[data-f]", about.article) });
    const here = isSource() ? marks.source : marks.draft;
    let low = 0;
    let high = here.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (here[middle].getBoundingClientRect().bottom < line) low = middle + 1;
      else high = middle;
    }
    const finding = here[low] && marked(here[low]).find((one) => one.shown);
    if (!finding) return;
    const top = finding.element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + top - 8, behavior: "instant" });
  };

  /* What is added to cards when their document comes near the screen. */

  const copyText = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, className: "visually-hidden" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  const addCopy = (suggestion) => {
    const text = suggestion.lastChild.textContent.trim();
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.setAttribute("aria-label", "Copy the suggested wording");
    button.addEventListener("click", async () => {
      await copyText(text);
      button.textContent = "Copied";
      said("Copied");
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    });
    suggestion.append(button);
  };

  /* Folded here and not in the page: an element that folds costs a browser ten others when it opens the page. */
  const fold = (rule) => {
    const summary = make("summary", { textContent: rule.querySelector(".law, .law-of") ? "Law and rule" : "Rule" });
    rule.replaceWith(make("details", { className: "rule" }, summary, ...rule.childNodes));
  };

  const equip = (about) => {
    if (about.equipped || !about.article) return;
    about.equipped = true;
    makeChips(about);
    for (const suggestion of all(".suggestion", about.article)) addCopy(suggestion);
    for (const rule of all(".rule", about.article)) fold(rule);
    for (const finding of about.cards) {
      if (finding.suppressed) continue;
      finding.element.append($("t-actions").content.cloneNode(true));
      showDecision(finding);
    }
  };

  const wakeWhenNear = () => {
    if (documents.length < 4 || !("IntersectionObserver" in window)) {
      for (const about of documents) about.near = true;
      return documents.forEach(wake);
    }
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const about = documentOf(target);
        about.near = isIntersecting;
        if (isIntersecting) wake(about);
      }
    }, { rootMargin: "100% 0px" });
    for (const about of documents) if (about.article) observer.observe(about.article);
  };

  const fillLaw = (details) => {
    const pointer = details.querySelector(".law-of");
    const first = pointer && document.querySelector(pointer.getAttribute("href"));
    const law = (first?.tagName === "DT" ? first.nextElementSibling : first)?.querySelector(".law");
    if (law) pointer.replaceWith(law.cloneNode(true));
  };

  /* Decisions. */

  const TOLD = { accept: "Accepted: will fix", waive: "Waived", false_alarm: "False alarm" };

  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const showDecision = (finding) => {
    const actions = finding.element?.querySelector(".actions");
    if (!actions) return;
    const decision = decisionOf(finding);
    const text = actions.querySelector(".verdict-text");
    finding.element.classList.toggle("decided", decision !== undefined);
    text.hidden = decision === undefined;
    text.textContent = decision ? describe(decision) : "";
    actions.querySelector('[data-do="clear"]').hidden = decision === undefined;
    actions.querySelector('[data-do="accept"]').hidden = decision !== undefined;
    actions.querySelector('[data-do="decide"]').textContent = decision ? "Change" : "Waive or false alarm";
  };

  const describe = (decision) => {
    const until = decision.expires ? `, until ${decision.expires}` : "";
    const who = decision.by ? ` by ${decision.by}` : "";
    return `${TOLD[decision.decision]}${who}${until}${decision.reason ? `: ${decision.reason}` : ""}`;
  };

  const decide = (finding, decision) => {
    const { about, name } = finding;
    if (decision) about.decisions.set(name, { ...decision, sentence: finding.sentence, exported: false });
    else about.decisions.delete(name);
    keep(about);
    finding.text = undefined;
    for (const twin of about.cards) if (twin.name === name) showDecision(twin);
    tellDecided();
    said(decision ? TOLD[decision.decision] : "Decision cleared");
    if (value("f-state")) filter();
  };

  const accept = (finding) => {
    if (finding.suppressed) return said("This finding is suppressed already");
    if (decisionOf(finding)) return said("This finding is decided already: press d to change the decision, x to clear it");
    decide(finding, { decision: "accept", reason: "", by: load("claimlint.name") ?? "", date: today() });
  };

  const closeForm = () => document.querySelector("form.decide")?.remove();

  const cancelForm = () => {
    const card = document.querySelector("form.decide").closest(".card");
    closeForm();
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  };

  const openForm = (finding) => {
    if (finding.suppressed) return said("This finding is suppressed already");
    closeForm();
    finding.element.append($("t-form").content.cloneNode(true));
    const form = finding.element.querySelector("form");
    const old = decisionOf(finding);
    form.elements.by.value = old?.by || (load("claimlint.name") ?? "");
    form.elements.expires.min = today();
    if (old && old.decision !== "accept") {
      form.elements.kind.value = old.decision;
      form.elements.reason.value = old.reason;
      form.elements.expires.value = old.expires ?? "";
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form, finding);
    });
    form.elements.reason.focus();
  };

  const submit = (form, finding) => {
    const { kind, reason, by, expires } = form.elements;
    const fault = !reason.value.trim() ? [reason, "Give a reason."]
      : !by.value.trim() ? [by, "Give your name."]
      : expires.validity.badInput ? [expires, "Give the date in full or leave it empty."]
      : expires.value && expires.value < today() ? [expires, "The date has passed."] : null;
    for (const field of [reason, by, expires]) field.removeAttribute("aria-invalid");
    if (fault) {
      form.querySelector(".form-error").textContent = fault[1];
      fault[0].setAttribute("aria-invalid", "true");
      return fault[0].focus();
    }
    const decision = { decision: kind.value, reason: reason.value.trim(), by: by.value.trim(), date: today() };
    if (expires.value) decision.expires = expires.value;
    save("claimlint.name", decision.by);
    form.remove();
    decide(finding, decision);
    finding.element.tabIndex = -1;
    finding.element.focus({ preventScroll: true });
  };

  /* Only what is on this page leaves it: a decision about a sentence that has changed stays behind. */
  const exportable = (about) => {
    const found = new Map();
    for (const finding of about.cards) {
      const decision = decisionOf(finding);
      if (decision && !finding.suppressed) found.set(finding.name, { finding, decision });
    }
    return [...found.values()];
  };

  const tellDecided = () => {
    const made = documents.flatMap(exportable);
    const open = made.filter(({ decision }) => !decision.exported).length;
    const where = lasting ? "" : " This browser keeps nothing: export before you close the page.";
    $("decided").hidden = made.length === 0;
    $("decided-text").textContent = made.length === 0 ? "" : `${made.length} decided, ${open ? `${open} not yet exported` : "all exported"}.${where}`;
    root.style.setProperty("--tray", made.length ? "3.6rem" : "0rem");
  };

  const UNSAFE = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]/gu;
  const hex = (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const quoted = (text) => JSON.stringify(text).replace(UNSAFE, hex);

  const yaml = () => {
    const lines = [
      "# Decisions made in a claimlint review page. Apply them with: claimlint decide apply claimlint-decisions.yaml",
      "claimlint_decisions: 1", `tool: ${quoted(data.tool.version)}`, `ruleset: ${quoted(data.tool.ruleset)}`, "documents:",
    ];
    for (const about of documents) {
      const made = exportable(about);
      if (!made.length) continue;
      lines.push(`  - path: ${quoted(about.path)}`, `    sha256: ${quoted(about.sha256)}`, "    decisions:");
      for (const { finding, decision } of made) {
        lines.push(
          `      - decision: ${quoted(decision.decision)}`, `        rule: ${quoted(finding.rule)}`,
          `        fingerprint: ${quoted(finding.fingerprint)}`, `        sentence: ${quoted(finding.sentence || decision.sentence)}`,
          `        reason: ${quoted(decision.reason)}`, `        by: ${quoted(decision.by)}`, `        date: ${quoted(decision.date)}`,
        );
        if (decision.expires) lines.push(`        expires: ${quoted(decision.expires)}`);
      }
    }
    return `${lines.join("\n")}\n`;
  };

  const markExported = () => {
    for (const about of documents) {
      for (const { decision } of exportable(about)) decision.exported = true;
      if (about.decisions.size) keep(about);
    }
    tellDecided();
  };

  const download = () => {
    const address = URL.createObjectURL(new Blob([yaml()], { type: "application/yaml" }));
    const link = make("a", { href: address, download: "claimlint-decisions.yaml" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    markExported();
  };

  const preview = () => {
    $("yaml-text").value = yaml();
    $("yaml").showModal();
    $("yaml-text").setSelectionRange(0, 0);
    $("yaml-text").scrollTop = 0;
  };

  const askToForget = () => {
    const made = documents.flatMap(exportable);
    const open = made.filter(({ decision }) => !decision.exported).length;
    $("sure-text").textContent = `${counted(made.length, "decision")} about the drafts of this page will be deleted from this browser${open ? `; ${open} of them ${open === 1 ? "was" : "were"} never exported` : ""}.`;
    $("sure").showModal();
  };

  const forget = () => {
    for (const about of documents) {
      about.decisions.clear();
      save(about.key, null);
      about.cards.forEach(showDecision);
    }
    $("sure").close();
    tellDecided();
    if (cards.length) filter();
  };

  /* The table of drafts. */

  const sortTable = (header) => {
    const table = $("drafts");
    const column = header.cellIndex;
    const ascending = header.getAttribute("aria-sort") === "none" ? column < 2 : header.getAttribute("aria-sort") === "descending";
    const read = (row) => row.cells[column].textContent.trim();
    const key = column < 2 ? read : (row) => Number.parseFloat(read(row)) || 0;
    const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
    const compare = column < 2 ? (one, other) => one[0].localeCompare(other[0]) : (one, other) => one[0] - other[0];
    rows.sort((one, other) => (ascending ? 1 : -1) * compare(one, other));
    for (const other of all("thead th", table)) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };

  const filterTable = () => {
    const text = value("find-draft").trim().toLowerCase();
    const verdict = value("find-verdict");
    let number = 0;
    const rows = [...$("drafts").tBodies[0].rows];
    for (const row of rows) {
      const fits = (!verdict || row.dataset.verdict === verdict) && row.cells[0].textContent.toLowerCase().includes(text);
      number += fits;
      row.hidden = !fits;
      const address = row.cells[0].firstElementChild.getAttribute("href");
      if (address.startsWith("#")) $(address.slice(1)).classList.toggle("hide", !fits);
    }
    $("drafts-shown").textContent = number === rows.length ? "" : `${number} of ${rows.length}`;
    $("no-drafts").hidden = number > 0;
  };

  const startTable = () => {
    if (!$("drafts")) return;
    for (const header of all("#drafts thead th")) {
      header.setAttribute("aria-sort", "none");
      const button = make("button", { type: "button" }, ...header.childNodes);
      button.addEventListener("click", () => sortTable(header));
      header.append(button);
    }
    $("find-draft").addEventListener("input", filterTable);
    $("find-verdict").addEventListener("change", filterTable);
    $("all-drafts").addEventListener("click", () => {
      $("find-draft").value = "";
      $("find-verdict").value = "";
      filterTable();
    });
  };

  /* Events. */

  const isTyping = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;

  const withCurrent = (act) => (current ? act(current) : said("Choose a finding first: press j"));

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => { $("search").focus(); $("search").select(); },
    "?": () => $("help").showModal(),
    a: () => withCurrent(accept),
    d: () => withCurrent(openForm),
    x: () => withCurrent((finding) => decisionOf(finding) && decide(finding, null)),
  };

  const onKey = (event) => {
    if (event.key === "Escape" && event.target.closest?.("form.decide")) return cancelForm();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]:not(#sheet)") || !cards.length) return;
    const action = KEYS[event.key];
    if (!action || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    action();
  };

  const onAction = (button) => {
    const finding = findingOf(button);
    const what = button.dataset.do;
    if (what === "cancel") return cancelForm();
    current?.element.classList.remove("current");
    current = finding;
    finding.element.classList.add("current");
    if (what === "accept") accept(finding);
    if (what === "decide") openForm(finding);
    if (what === "clear") decide(finding, null);
  };

  const onClick = (event) => {
    const mark = event.target.closest("a.mark, sup a");
    if (mark && !event.ctrlKey && !event.metaKey) {
      const finding = mark.matches(".mark") ? marked(mark)[0] : marked(mark.closest("sup"))[0];
      const lead = mark.matches(".mark") ? documentOf(mark).cards[mark.hash.split("-f")[1] - 1] : finding;
      event.preventDefault();
      return isNarrow() ? openSheet(lead) : choose(lead.shown ? lead : finding, { focus: true });
    }
    const button = event.target.closest("[data-do]");
    if (button) return onAction(button);
    const chip = event.target.closest("button.chip");
    if (chip) return press(chip);
    const at = event.target.closest("a.at");
    const finding = at && findingOf(at);
    if (finding) {
      event.preventDefault();
      closeSheet();
      choose(finding, { scroll: false });
      toMark(finding);
      return marksOf(finding)[0]?.focus({ preventScroll: true });
    }
    if (event.target.closest("dialog .close")) event.target.closest("dialog").close();
    const card = findingOf(event.target);
    if (card && !event.target.closest("a, button, summary, input, textarea, select, label") && !getSelection().toString()) choose(card, { scroll: false }) ?? toMark(card);
  };

  const onHover = (event) => {
    if (!event.target.closest) return;
    const mark = event.target.closest("a.mark");
    const card = findingOf(event.target);
    if (mark) lightOnly(marked(mark));
    else if (card) lightOnly([card]);
    else lightOnly(current ? [current] : []);
  };

  const onFocus = (event) => {
    const mark = event.target.closest?.("a.mark");
    const card = findingOf(event.target);
    const findings = mark ? marked(mark) : card ? [card] : [];
    if (!findings.length) return;
    current?.element.classList.remove("current");
    current = findings.includes(current) ? current : findings[0];
    current.element.classList.add("current");
    lightOnly(findings);
  };

  const listen = () => {
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    document.addEventListener("focusin", onFocus);
    $("export").addEventListener("click", download);
    $("preview").addEventListener("click", preview);
    $("forget").addEventListener("click", askToForget);
    $("sure-yes").addEventListener("click", forget);
    $("yaml-save").addEventListener("click", download);
    $("yaml-copy").addEventListener("click", async () => {
      await copyText($("yaml-text").value);
      markExported();
      $("yaml-copy").textContent = "Copied";
    });
    $("sheet").addEventListener("close", closeSheet);
    if (cards.length) listenToFindings();
    addEventListener("beforeprint", openAll);
    addEventListener("afterprint", closeOpened);
  };

  const listenToFindings = () => {
    document.addEventListener("mouseover", onHover);
    document.addEventListener("toggle", (event) => fillLaw(event.target), true);
    let typed;
    $("search").addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(filter, 80);
    });
    $("search").addEventListener("keydown", (event) => {
      if (event.key === "Escape") { $("search").value = ""; filter(); $("search").blur(); }
    });
    for (const id of [...SELECTS, ...LEVELS.map((name) => `show-${name}`)]) $(id).addEventListener("change", filter);
    $("f-sort").addEventListener("change", sort);
    $("reset").addEventListener("click", resetFilters);
    $("help-open").addEventListener("click", () => $("help").showModal());
    let asked = false;
    addEventListener("scroll", () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; follow(); });
    }, { passive: true });
    for (const name of ["wheel", "touchmove", "keydown"]) {
      addEventListener(name, (event) => { following = !event.target.closest?.(".pane, dialog"); }, { passive: true });
    }
    addEventListener("pointerdown", (event) => { following = !event.target.closest?.("a, .pane"); });
  };

  let opened = [];
  const openAll = () => {
    opened = all("details:not([open])").filter((details) => documents.length < 20 || !details.closest(".card"));
    for (const details of opened) details.open = true;
  };
  const closeOpened = () => {
    for (const details of opened) details.open = false;
  };

  const measureBar = () => {
    const wide = matchMedia("(min-width: 80rem)");
    const fit = () => {
      if ($("filters")) $("filters").open = wide.matches;
    };
    wide.addEventListener("change", fit);
    fit();
    let height = 0;
    new ResizeObserver(() => {
      if ($("bar").offsetHeight === height) return;
      height = $("bar").offsetHeight;
      root.style.setProperty("--bar", `${height}px`);
    }).observe($("bar"));
  };

  const start = () => {
    readModel();
    probe();
    startTable();
    if (cards.length) {
      fillSelects();
      filter();
      wakeWhenNear();
    } else {
      for (const idle of all(".bar .js-only, .levels")) idle.hidden = true;
    }
    if ($("filters")) measureBar();
    listen();
    tellDecided();
  };

  document.addEventListener("DOMContentLoaded", start);
})();
