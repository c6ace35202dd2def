// Comforts only: every page works without this file.

const aim = (root) => (root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]"))?.focus();

// A form that came back starts at its summary; a part that htmx put in starts where it says.
aim(document.documentElement);
for (const put of ["htmx:afterSettle", "steady:shown"]) document.addEventListener(put, (event) => aim(event.target));

// Pressing twice sends once. A form that answers with a file leaves the page as it is: it says data-again.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  // Later, because a disabled button would not send its own name and value.
  setTimeout(() => buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true")));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    if (!sent.delete(form)) continue;
    buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
});
const buttons = (form) => [...form.elements].filter((control) => control.type === "submit");

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// The menu of a phone closes as a menu does.
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector(".bar details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
