// The server's API: requests, and the stream of events with its reconnection.

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

const KINDS = ["message", "edit", "delete", "typing", "commands", "chat", "faults", "reset"];

// Calls back `on.event(kind, data)`, `on.up()` and `on.down()`; the browser itself reconnects with the last event's id.
export function listen(since, on) {
  const source = new EventSource(`/api/events?since=${encodeURIComponent(since)}`);
  let last = since;
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => {
      last = event.lastEventId;
      on.event(kind, JSON.parse(event.data));
    });
  }
  source.addEventListener("open", on.up);
  source.addEventListener("error", () => {
    on.down();
    // A refused connection is retried by the browser, an error answer is not.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(last, on), 2000);
  });
}
