// A field to sign in with a finger, a pen or a mouse. Without this file the paper is photographed instead.

const WIDTH = 3;
const LARGEST = 900;

const begin = (pad) => {
  const canvas = pad.querySelector("canvas");
  const kept = pad.querySelector("input[type=hidden]");
  const said = pad.querySelector("[data-said]");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let line = null;
  let before = null; // what a form that came back brought along

  pad.hidden = false;
  for (const other of pad.parentElement.querySelectorAll("[data-fallback]")) {
    if (!other.querySelector(".msg")) other.open = false;
  }

  const draw = (on, scale, ink) => {
    if (before) {
      on.drawImage(before, 0, 0, on.canvas.width, on.canvas.height);
      on.globalCompositeOperation = "source-in";
      on.fillStyle = ink;
      on.fillRect(0, 0, on.canvas.width, on.canvas.height);
      on.globalCompositeOperation = "source-over";
    }
    on.lineWidth = WIDTH * scale;
    on.lineCap = on.lineJoin = "round";
    on.strokeStyle = on.fillStyle = ink;
    for (const points of strokes) {
      on.beginPath();
      on.moveTo(points[0][0] * scale, points[0][1] * scale);
      for (const [x, y] of points.slice(1)) on.lineTo(x * scale, y * scale);
      if (points.length === 1) on.arc(points[0][0] * scale, points[0][1] * scale, WIDTH * scale / 2, 0, 7);
      points.length === 1 ? on.fill() : on.stroke();
    }
  };

  const show = () => {
    const box = canvas.getBoundingClientRect();
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(box.width * scale);
    canvas.height = Math.round(box.height * scale);
    draw(pen, scale, getComputedStyle(canvas).color);
    said.textContent = strokes.length || kept.value ? said.dataset.signed : said.dataset.empty;
    canvas.setAttribute("aria-label", said.textContent);
  };

  // What is sent is black on nothing, whatever the page's colours: the server puts it on white.
  const keep = () => {
    const box = canvas.getBoundingClientRect();
    const scale = Math.min(2, LARGEST / box.width);
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(box.width * scale);
    sheet.height = Math.round(box.height * scale);
    draw(sheet.getContext("2d"), scale, "black");
    kept.value = sheet.toDataURL("image/png");
  };

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    line = [at(event)];
    strokes.push(line);
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!line) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) line.push(at(one));
    show();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (!line) return;
      line = null;
      keep();
      show();
    });
  }
  pad.querySelector("button").addEventListener("click", () => {
    strokes = [];
    before = null;
    kept.value = "";
    show();
  });

  const restore = async () => {
    const bytes = Uint8Array.from(atob(kept.value.split(",")[1] ?? ""), (letter) => letter.charCodeAt(0));
    before = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  };
  addEventListener("resize", show);
  show();
  if (kept.value) restore().catch(() => (kept.value = "")).then(show);
};

const all = () => document.querySelectorAll("[data-pad]").forEach(begin);
document.addEventListener("steady:shown", all);
all();
