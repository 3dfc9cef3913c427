// The pages work without this file. It only spares a reload, a click and a lost draft.
"use strict";

// A form marked data-swap="id" answers into the element of that id instead of loading a whole page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.asked !== undefined && !window.confirm(form.dataset.asked)) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    // A second click while the first is on its way would only be refused, as made on an old page.
    if (form.dataset.onItsWay !== undefined) event.preventDefault();
    form.dataset.onItsWay = "";
  }
  const place = form.dataset.swap && document.getElementById(form.dataset.swap);
  if (!place || form.method !== "get") return;
  event.preventDefault();
  const url = new URL(form.action);
  const sent = new FormData(form, event.submitter);
  for (const [name, value] of sent) if (value !== "") url.searchParams.append(name, value);
  try {
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(form.dataset.swap);
    if (!fresh) throw new Error("no such part");
    place.replaceWith(fresh);
    history.replaceState(null, "", url);
  } catch {
    form.submit();
  }
});

// A select or box marked data-send sends its form at once.
document.addEventListener("change", (event) => {
  if (event.target.dataset.send !== undefined) event.target.form.requestSubmit();
  if (event.target.dataset.tickAll !== undefined) {
    for (const box of event.target.form.querySelectorAll(`input[name="${event.target.dataset.tickAll}"]`)) {
      box.checked = event.target.checked;
    }
  }
});

// "/" goes to the search, as in most programs people know.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
  const find = document.getElementById("find");
  if (find) {
    event.preventDefault();
    find.focus();
  }
});

// After a refusal the reader starts at the sentences that say why.
document.addEventListener("DOMContentLoaded", () => {
  const mistakes = document.getElementById("mistakes");
  if (mistakes) mistakes.focus();
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});

// Who comes back to a form may send it again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-on-its-way]")) delete form.dataset.onItsWay;
});
