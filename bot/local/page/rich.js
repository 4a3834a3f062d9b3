// Turns a text with entities into DOM nodes. JavaScript strings are in UTF-16 units, like Telegram's offsets.

import { make } from "./dom.js";

const SAFE = new Set(["http:", "https:", "tg:"]);
const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function safeUrl(text) {
  try {
    const url = new URL(text);
    return SAFE.has(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

// `on.say(text)` sends a clicked command; `on.bot` is the bot's user name.
export function richText(text, entities, on) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const out = document.createDocumentFragment();
  fill(out, text, 0, text.length, sorted, on);
  return out;
}

// Blocks start new lines, so the line break after a block is left out.
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const LONG_QUOTE = 100;

function fill(parent, text, start, end, entities, on) {
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    parent.append(text.slice(at, from));
    const node = element(entity, text.slice(from, to), on);
    fill(node, text, from, to, entities, on);
    if (entity.type === "expandable_blockquote" && to - from > LONG_QUOTE) foldable(node);
    parent.append(node);
    at = BLOCKS.has(entity.type) && text[to] === "\n" && to < end ? to + 1 : to;
  }
  parent.append(text.slice(at, end));
}

function element(entity, text, on) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, on);
    case "url":
      return link(text.includes("://") ? text : `http://${text}`, on);
    case "bot_command":
      return make("button", { type: "button", class: "inline-link", onclick: () => on.say(text) });
    case "spoiler":
      return spoiler();
    case "mention":
    case "hashtag":
      return make("span", { class: "tag" });
    default:
      return make(TAGS[entity.type] ?? "span");
  }
}

export function link(address, on) {
  const url = safeUrl(address);
  if (!url) return make("span");
  const start = url.hostname === "t.me" && url.pathname === `/${on.bot}` && url.searchParams.get("start");
  if (start) return make("button", { type: "button", class: "inline-link", onclick: () => on.say(`/start ${start}`) });
  return make("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" });
}

function spoiler() {
  // All at once, as in Telegram: one spoiler can consist of several pieces.
  const show = () => {
    for (const piece of node.closest(".text").querySelectorAll(".spoiler")) {
      piece.classList.add("shown");
      for (const name of ["role", "tabindex", "aria-label"]) piece.removeAttribute(name);
    }
  };
  const node = make("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "显示遮住的文字", onclick: show });
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show();
    }
  });
  return node;
}

function foldable(quote) {
  const button = make("button", { type: "button", class: "fold", "aria-expanded": "false" }, "展开");
  button.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    button.textContent = folded ? "展开" : "收起";
    button.setAttribute("aria-expanded", String(!folded));
  });
  quote.classList.add("foldable", "folded");
  quote.append(button);
}
