// Keeps the register at the door and what it needs, so that it opens without a network. It looks at nothing else: other pages go to the network as
// if it were not there. The copy names people; site.js removes it when nobody is signed in, and this removes it after two days.
const kept = "cpd-door";
const isDoor = /^\/(sessions\/[0-9a-f-]{36}\/door|manage\/meetings\/[0-9a-f-]{36}\/register)$/;
const longest = 2 * 24 * 60 * 60 * 1000;
const patience = 4000;

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", event => event.waitUntil(self.clients.claim()));

addEventListener("message", event => event.waitUntil(keep(event.data).then(() => event.source.postMessage("kept"))));

async function keep({ page, assets }) {
  const cache = await caches.open(kept);
  for (const request of await cache.keys()) {
    const old = await cache.match(request);
    if (isDoor.test(new URL(request.url).pathname) && Date.now() - Date.parse(old.headers.get("date")) > longest) await cache.delete(request);
  }
  await Promise.all([page, ...assets].map(async address => {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await cache.put(address, answer);
  }));
}

addEventListener("fetch", event => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (isDoor.test(address.pathname)) event.respondWith(door(request, address.pathname));
  else if (["style", "script", "image"].includes(request.destination)) event.respondWith(asset(request));
});

async function door(request, path) {
  const cache = await caches.open(kept);
  const copy = await cache.match(path, { ignoreVary: true });
  const live = fetch(request).then(async answer => {
    // A page that was searched shows a part only; the copy is of the whole.
    if (answer.ok && !answer.redirected && new URL(request.url).search === "") await cache.put(path, answer.clone());
    // Signed out, or no longer theirs: then the copy is not theirs either.
    else if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) await cache.delete(path);
    return answer;
  });
  if (!copy) return live;
  // A network that is there and does not answer is none. Only for opening the page: what asks for news wants news.
  const late = new Promise(done => setTimeout(() => done(copy), patience));
  return request.mode === "navigate" ? Promise.race([live.catch(() => copy), late]) : live;
}

async function asset(request) {
  const copy = await caches.match(request, { cacheName: kept, ignoreVary: true });
  if (!copy) return fetch(request);
  const late = new Promise(done => setTimeout(() => done(copy), patience));
  return Promise.race([fetch(request).catch(() => copy), late]);
}
