// Requests to the page's API, and the stream of server-sent events.

export class Refused extends Error {}

async function call(method, path, body) {
  const options = { method, headers: { "content-type": "application/json" } };
  if (method !== "GET") options.body = JSON.stringify(body ?? {});
  let response;
  try {
    response = await fetch(`/api/${path}`, options);
  } catch {
    throw new Refused("本机服务没有回应");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? `服务回答 ${response.status}`);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);

const EVENT_KINDS = ["message", "edit", "delete", "typing", "commands", "chat", "faults", "reset"];

// Calls `on.event(kind, data)`, `on.up()` and `on.down(reason)`. The browser reconnects by itself with the last event's id.
export function listen(since, on) {
  const source = new EventSource(`/api/events?since=${encodeURIComponent(since)}`);
  let last = since;
  for (const kind of EVENT_KINDS) {
    source.addEventListener(kind, (event) => {
      last = event.lastEventId;
      on.event(kind, JSON.parse(event.data));
    });
  }
  source.addEventListener("open", on.up);
  source.addEventListener("error", () => {
    // The browser retries a refused connection, but not after an error status, which means too many streams.
    const refused = source.readyState === EventSource.CLOSED;
    on.down(refused ? "打开的页面太多，请关掉一个" : "与本机服务的连接断开了，正在重连…");
    if (refused) setTimeout(() => listen(last, on), 2000);
  });
}
