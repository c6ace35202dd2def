// A form marked data-steady keeps what was typed when the line breaks: it is sent from the page, which goes on only when
// the server has answered. Sending again is safe, for the server knows a form that it has. Without this file a form is sent
// as any other.

const LARGE = 1_000_000; // bytes of a photo that is made smaller before it is sent
const SIDE = 2000; // pixels, as the server keeps
const STALLED = 60_000; // milliseconds without a byte
const PAUSE = 1_500; // milliseconds without a key, after which what was typed is kept
const AGAIN = 15_000; // milliseconds until what could not be kept is tried again
const words = document.querySelector("[data-steady-words]").dataset;
const busy = new WeakSet();
const unsaved = new Map(); // forms with words that the server does not have, each with its timer
const keeping = new WeakMap(); // forms whose words are under way
let waiting = null; // the form that a broken line holds up, with its button

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !("steady" in form.dataset)) return;
  event.preventDefault();
  if (!busy.has(form)) send(form, event.submitter);
});
// A form marked data-autosave is kept while it is typed into, too.
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-autosave]");
  if (form) keepSoon(form, PAUSE);
});
addEventListener("online", () => {
  if (waiting) send(...waiting);
  else for (const form of unsaved.keys()) keepSoon(form, 0);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) busy.delete(form) && pressed(form, false);
});
addEventListener("beforeunload", (event) => (waiting || unsaved.size) && event.preventDefault());

const send = async (form, button) => {
  waiting = null;
  busy.add(form);
  const state = said(form);
  state.className = "st";
  state.textContent = words.sending;
  pressed(form, true);
  try {
    clearTimeout(unsaved.get(form));
    await keeping.get(form);
    const answer = await posted(form, () => filled(form, button), state);
    unsaved.delete(form);
    await follow(answer, form);
    state.remove();
  } catch (problem) {
    waiting = problem.sentence ? null : [form, button];
    told(state, problem.sentence ?? (navigator.onLine ? words.broken : words.offline), problem.link);
  } finally {
    busy.delete(form);
    pressed(form, false);
  }
};

const keepSoon = (form, pause) => {
  clearTimeout(unsaved.get(form));
  unsaved.set(form, setTimeout(() => busy.has(form) || keeping.set(form, keep(form)), pause));
};

const keep = async (form) => {
  await keeping.get(form);
  const said = form.querySelector("[data-saved]");
  const timer = unsaved.get(form);
  try {
    const answer = await posted(form, () => ownWords(form), {});
    if (answer.status === 401) throw { sentence: words.signedOut, link: answer.getResponseHeader("X-To").split("?")[0] };
    if (answer.status >= 500 || !answer.getResponseHeader("Content-Type")?.includes("json")) throw { sentence: words.failed };
    const { saved, versions = {}, problem } = JSON.parse(answer.responseText);
    for (const [name, version] of Object.entries(versions)) if (form.elements[name]) form.elements[name].value = version;
    if (!problem && unsaved.get(form) === timer) unsaved.delete(form); // nothing was typed meanwhile
    said.className = problem ? "note soon" : "";
    said.textContent = problem || `${words.saved} ${saved}`;
  } catch (problem) {
    told(said, problem.sentence ?? (navigator.onLine ? words.broken : words.offline), problem.link);
    keepSoon(form, AGAIN);
  }
};

const ownWords = (form) => {
  const data = new FormData(form);
  data.append("tu-luu", "1");
  return data;
};

const posted = async (form, filledIn, state) => {
  const answer = await post(form, await filledIn(), state);
  // Who signed in anew, in another window, has a new token; the page has the old one.
  return answer.status === 403 && (await renewed(form)) ? post(form, await filledIn(), state) : answer;
};

const pressed = (form, yes) => {
  for (const one of form.elements) {
    if (one.type === "submit") yes ? one.setAttribute("aria-disabled", "true") : one.removeAttribute("aria-disabled");
  }
};

const said = (form) => {
  const there = form.querySelector("[data-sent]");
  if (there?.matches(".st")) return there;
  there?.remove();
  const state = document.createElement("p");
  state.dataset.sent = "";
  state.setAttribute("role", "status");
  form.append(state);
  return state;
};

const told = (state, sentence, link) => {
  state.className = "note soon";
  state.setAttribute("role", "alert");
  state.textContent = sentence;
  if (!link) return;
  const way = document.createElement("a");
  Object.assign(way, { href: link, target: "_blank", textContent: words.signIn });
  state.append(" ", way);
};

const filled = async (form, button) => {
  const data = new FormData();
  for (const [name, value] of new FormData(form)) data.append(name, value instanceof File ? await lighter(value) : value);
  if (button?.name) data.append(button.name, button.value);
  return data;
};

// What the server would scale down need not pass a slow line first. A picture that this browser cannot read goes as it is.
const lighter = async (file) => {
  if (file.size < LARGE || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const photo = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(photo.width, photo.height));
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(photo.width * scale);
    sheet.height = Math.round(photo.height * scale);
    const pen = sheet.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(photo, 0, 0, sheet.width, sheet.height);
    const small = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.9));
    return small.size < file.size ? new File([small], file.name, { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
};

const post = (form, data, state) =>
  new Promise((done, broken) => {
    const request = new XMLHttpRequest();
    let stalled;
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALLED);
    };
    request.open("POST", new URL(form.getAttribute("action") || "", location.href));
    request.setRequestHeader("X-Steady", "1");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      alive();
      if (loaded < total) state.textContent = `${words.sending} ${Math.floor((loaded / total) * 100)}%`;
    });
    request.addEventListener("progress", alive);
    request.addEventListener("loadend", () => {
      clearTimeout(stalled);
      request.status ? done(request) : broken(new Error("line"));
    });
    alive();
    request.send(data);
  });

const renewed = async (form) => {
  const fresh = parsed(await (await fetch(location.href)).text()).querySelector("[name=csrfmiddlewaretoken]");
  const mine = form.elements.csrfmiddlewaretoken;
  if (!fresh || !mine || fresh.value === mine.value) return false;
  mine.value = fresh.value;
  return true;
};

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

const follow = async (answer, form) => {
  const to = answer.getResponseHeader("X-To");
  if (to) {
    const there = new URL(to, location.href);
    if (answer.status === 401) throw { sentence: words.signedOut, link: there.pathname };
    // To the very page: an anchor alone would not load it anew.
    const here = there.href.split("#")[0] === location.href.split("#")[0];
    location.assign(there);
    if (here) location.reload();
    return new Promise(() => {}); // nothing can be pressed until the next page is there
  }
  const page = parsed(answer.responseText);
  if (answer.status < 500 && page.querySelector("form[data-steady]")) return show(page);
  const sentence = [...page.querySelectorAll("main h1, main p")].map((one) => one.textContent.trim().replace(/\.$/, "")).join(". ");
  throw { sentence: answer.status < 500 && sentence ? `${sentence}.` : words.failed };
};

// The page with what was wrong, in the place of this one.
const show = (page) => {
  const main = document.querySelector("main");
  document.title = page.title;
  main.replaceChildren(...page.querySelector("main").childNodes);
  globalThis.htmx?.process(main);
  main.dispatchEvent(new CustomEvent("steady:shown", { bubbles: true }));
};
