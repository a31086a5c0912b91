// The register at the door. Without this file every tap is a form; with it, a tap is kept on the phone first and sent as soon as there is a
// network, so that a lost network or a lost answer loses no mark. Each mark has a nonce, and the server counts it once.
const root = document.querySelector("[data-door]");
const { door: register, me, open, whom } = root.dataset;
const path = location.pathname;
const undoable = 15 * 60 * 1000;
const longestKept = 7 * 24 * 60 * 60 * 1000;
const byId = id => document.getElementById(id);
const status = byId("door-status");
const problems = byId("door-problems");

// A key of its own for each mark: two tabs never write the same one.
const prefix = `cpd-mark:${register}:`;
const notePrefix = `cpd-note:${register}:`;

function stored(start) {
  const found = [];
  for (let i = 0; i < localStorage.length; i++) {
    const key = localStorage.key(i);
    if (key.startsWith(start)) found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
  }
  return found;
}

const waiting = () => stored(prefix).sort((a, b) => a.order - b.order);
const mine = () => waiting().filter(m => m.by === me);

const time = iso => new Date(iso).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" }).replace(/\s/g, "").replace(":00", "");

// What is typed from a mark must not be read as HTML, so all text goes in as text.
function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function complain(text) {
  problems.replaceChildren(...[...problems.children].slice(-4), element("li", text, "app-door__problem"));
}

function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

const row = entry => root.querySelector(`[data-entry="${entry}"]`);

function tell(extra) {
  const count = mine().length;
  const others = waiting().length - count;
  const parts = [extra,
    count > 0 ? `${count} ${count === 1 ? "mark waits" : "marks wait"} on this phone${navigator.onLine ? "." : " for a network."}` : "All marks are sent.",
    others > 0 ? `${others} more were made by somebody else who was signed in here: they are sent when that person signs in.` : ""];
  say(parts.filter(Boolean).join(" "));
}

// The page shows what the server knows; marks that wait are drawn over it in the order in which they were made.
function draw() {
  for (const mark of mine()) {
    const person = mark[whom] && row(mark[whom]);
    if (!person) continue;
    const undone = mark.kind === "Undo";
    person.dataset.place = { Came: "Here", Left: "Left", Absent: "Absent", Undo: mark.before ?? "None" }[mark.kind];
    person.querySelector("[data-state]").textContent = {
      Came: `Here since ${time(mark.madeAt)}`, Left: `Left at ${time(mark.madeAt)}`, Absent: "Did not come", Undo: "Undone",
    }[mark.kind] + ", not sent yet";
    const undo = person.querySelector("[data-tap=Undo]");
    if (undone) delete undo.dataset.undoes;
    else Object.assign(undo.dataset, { undoes: mark.nonce, made: mark.madeAt });
  }
  const people = [...root.querySelectorAll("[data-entry]")];
  // A page that was searched without script shows a part only, and knows the whole number.
  if (byId("door-count") && !new URLSearchParams(location.search).get("find")) byId("door-count").textContent = people.filter(p => p.dataset.place === "Here").length;
  for (const person of people) {
    const place = person.dataset.place;
    const shown = {
      Came: place !== "Here", Left: place === "Here", Absent: place === "None",
    };
    for (const button of person.querySelectorAll("[data-tap]")) {
      const { tap, undoes, made } = button.dataset;
      button.hidden = tap === "Undo" ? !undoes || Date.now() - Date.parse(made) > undoable : !shown[tap];
    }
  }
}

function filter() {
  const words = byId("Find").value.trim().toLowerCase();
  const plain = words.replace(/[^a-z0-9]/g, "");
  for (const person of root.querySelectorAll("[data-entry]")) {
    const text = person.dataset.find.toLowerCase();
    person.hidden = words !== "" && !text.includes(words) && !(plain !== "" && person.dataset.code.toLowerCase().replace("-", "") === plain);
  }
}

let order = Date.now();

function mark(kind, about, more = {}) {
  const nonce = crypto.randomUUID();
  order = Math.max(order + 1, Date.now());
  // Two marks of one phone are never of the same moment: the later one must count as later.
  const made = new Date(order).toISOString();
  localStorage.setItem(prefix + nonce, JSON.stringify({ nonce, kind, ...about, madeAt: made, by: me, order, source: "Door", ...more }));
  draw();
  tell();
  send();
}

function tap(button) {
  const person = button.closest("[data-entry]");
  const kind = button.dataset.tap;
  const was = person.dataset.place;
  mark(kind, { [whom]: person.dataset.entry }, kind === "Undo" ? { undoes: button.dataset.undoes, before: person.dataset.before } : {});
  person.dataset.before = was;
  // The button that was pressed is gone: keep the place of whoever works with the keyboard.
  [...person.querySelectorAll("[data-tap]")].find(b => !b.hidden)?.focus();
}

const token = () => root.querySelector("#door-taps input[name=__RequestVerificationToken]")?.value ?? "";

// The server's page again: new tokens, and what others have marked meanwhile.
async function refresh() {
  const answer = await fetch(path, { headers: { accept: "text/html" } });
  if (answer.redirected || !answer.ok) return answer.redirected ? signedOut() : undefined;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!fresh.getElementById("door-list")) return;
  const focused = document.activeElement?.closest?.("[data-entry]")?.dataset.entry;
  const tapped = document.activeElement?.dataset?.tap;
  for (const part of fresh.querySelectorAll("[data-fresh]")) byId(part.id)?.replaceWith(document.adoptNode(part));
  draw();
  filter();
  if (focused) (row(focused)?.querySelector(`[data-tap="${tapped}"]:not([hidden])`) ?? row(focused)?.querySelector("[data-tap]:not([hidden])"))?.focus({ preventScroll: true });
}

function signedOut() {
  const link = element("a", "Sign in again", "govuk-link");
  link.href = `/sign-in?returnUrl=${encodeURIComponent(path)}`;
  status.replaceChildren(link, ` to send ${mine().length} marks. They are kept on this phone.`);
}

let sending = false;
let again = false;
let later = 0;

async function send() {
  if (sending) { again = true; return; }
  sending = true;
  try {
    do {
      again = false;
      await sendOnce();
    } while (again);
  } catch {
    // No network, or none that works: what waits is tried again later.
    tell("There is no network.");
    clearTimeout(later);
    if (navigator.onLine) later = setTimeout(send, 5000);
  } finally {
    sending = false;
  }
}

async function sendOnce(mayRetry = true) {
  const marks = mine().slice(0, 500);
  if (marks.length === 0) { tell(); return; }
  const answer = await fetch(`${path}?handler=Marks`, {
    method: "POST", redirect: "manual",
    headers: { "content-type": "application/json", requestverificationtoken: token() },
    body: JSON.stringify({ sentAt: new Date().toISOString(), marks: marks.map(({ nonce, kind, [whom]: entry, reference, undoes, madeAt, source }) => ({ nonce, kind, [whom]: entry, reference, undoes, madeAt, source })) }),
  });
  if (answer.type === "opaqueredirect") { signedOut(); return; }
  if (answer.ok) {
    const { marks: answers } = await answer.json();
    for (const { nonce, result, why } of answers) {
      localStorage.removeItem(prefix + nonce);
      if (result === "Refused") complain(why);
    }
    await refresh();
    tell();
    again ||= mine().length > 0;
  } else if (answer.status === 400 && mayRetry) {
    // The page's token may be older than the sign-in.
    await refresh();
    await sendOnce(false);
  } else if (answer.status >= 500) {
    tell("The service cannot take marks at the moment; they are tried again.");
  } else {
    const { why } = await answer.json().catch(() => ({}));
    say(`${why ?? "You may not keep this register as you are signed in now."} The marks are kept on this phone.`);
  }
}

// People without a booking whose names were noted while there was no network.
function drawNotes() {
  byId("door-notes")?.replaceChildren(...stored(notePrefix).sort((a, b) => a.at.localeCompare(b.at)).map(note => {
    const line = element("li", "");
    const find = element("a", `Find ${note.name}`, "govuk-link");
    find.href = `${path}?who=${encodeURIComponent(note.name)}&came=${encodeURIComponent(note.at)}#walk-ins`;
    const done = element("button", "Remove note", "govuk-button govuk-button--secondary");
    done.type = "button";
    done.append(element("span", `: ${note.name}`, "govuk-visually-hidden"));
    done.addEventListener("click", () => { localStorage.removeItem(note.key); drawNotes(); });
    line.append(`${note.name}, ${time(note.at)}. `, find, " ", done);
    return line;
  }));
}

root.addEventListener("submit", event => {
  const form = event.target;
  if (form.id === "door-find") {
    event.preventDefault();
    filter();
  } else if (form.id === "door-who" && !navigator.onLine) {
    event.preventDefault();
    const name = byId("Who").value.trim();
    if (name) localStorage.setItem(notePrefix + crypto.randomUUID(), JSON.stringify({ name, at: new Date().toISOString() }));
    byId("Who").value = "";
    drawNotes();
  } else if (form.id === "door-taps" && event.submitter?.dataset.tap) {
    event.preventDefault();
    tap(event.submitter);
  }
});
byId("Find").addEventListener("input", filter);

// Scanning: the browser's own detector where it has one, else a decoder in script.
async function detector() {
  if ("BarcodeDetector" in window && (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const own = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async video => (await own.detect(video))[0]?.rawValue;
  }
  const { default: decode } = await import("/qr/decode.js");
  const canvas = document.createElement("canvas");
  return async video => {
    const scale = Math.min(1, 640 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try { return decode(context.getImageData(0, 0, canvas.width, canvas.height)); } catch { return undefined; }
  };
}

function scanned(text) {
  // The end of an address, so that any camera leads to the register.
  const [reference] = /(?<![0-9A-Z])[0-9A-Z]{4}-[0-9A-Z]{4}$/.exec(text.trim().toUpperCase()) ?? [];
  const person = reference && root.querySelector(`[data-code="${reference}"]`);
  navigator.vibrate?.(60);
  if (!reference) {
    complain("This is not the code of somebody on the register.");
  } else if (person?.dataset.place === "Here") {
    tell(`${person.dataset.name} is here already.`);
  } else {
    mark("Came", person ? { [whom]: person.dataset.entry } : { reference }, { source: "Scan" });
    tell(person ? `${person.dataset.name} is here.` : `${reference} was read.`);
    person?.scrollIntoView({ block: "center" });
  }
}

let camera = null;

async function scan() {
  const [button, video] = [byId("door-scan-start"), byId("door-video")];
  if (camera) {
    camera.getTracks().forEach(track => track.stop());
    camera = null;
    video.hidden = true;
    button.textContent = "Scan a code";
    return;
  }
  try {
    camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    complain("The camera cannot be used. Allow it in the settings of the browser, or type the reference above.");
    return;
  }
  video.srcObject = camera;
  video.hidden = false;
  button.textContent = "Stop scanning";
  await video.play();
  const detect = await detector();
  let [last, at] = ["", 0];
  while (camera) {
    const text = await detect(video).catch(() => undefined);
    // A code that stays before the camera is one scan.
    if (text && (text !== last || Date.now() - at > 4000)) scanned(text);
    if (text) [last, at] = [text, Date.now()];
    await new Promise(next => setTimeout(next, 150));
  }
}

if (byId("door-scan") && navigator.mediaDevices?.getUserMedia) {
  byId("door-scan").hidden = false;
  byId("door-scan-start").addEventListener("click", scan);
}

// Marks and notes of registers that are long over, of whoever was signed in.
for (const old of [...stored("cpd-mark:"), ...stored("cpd-note:")]) {
  if (Date.now() - Date.parse(old.madeAt ?? old.at) > longestKept) localStorage.removeItem(old.key);
}

// The worker keeps this page and what it needs, so that it opens without a network.
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/register-worker.js", { scope: path.slice(0, path.indexOf(register)) })
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => active.postMessage({
      page: path,
      assets: [...new Set([...performance.getEntriesByType("resource").map(r => r.name), new URL("/qr/decode.js", location).href, new URL("/qr/index.js", location).href])]
        .filter(a => new URL(a).origin === location.origin && /\.(css|js|svg)$/.test(new URL(a).pathname)),
    }))
    .catch(() => tell("This browser keeps no copy of the page: it needs a network to open."));
  navigator.serviceWorker.addEventListener("message", event => {
    if (event.data === "kept") root.dataset.kept = "true";
  });
}

const look = new URLSearchParams(location.search).get("find");
if (look) byId("Find").value = look;
draw();
filter();
drawNotes();
tell();
send();
addEventListener("online", () => { send(); if (open === "true") refresh().catch(() => {}); });
addEventListener("offline", () => tell("There is no network."));
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(() => {
  draw();
  if (mine().length > 0) send();
  else if (!document.hidden && navigator.onLine) refresh().catch(() => {});
}, 30_000);
