// The composer: text field, reply preview, and the list of commands or inline results above it.

import { plainText } from "./bubble.js";
import { find, make } from "./dom.js";
import { commandsOf, current, model } from "./model.js";

const input = find("input");
const suggest = find("suggest");
const replying = find("replying");

let actions;
let replyTo = null;
let chosen = -1;
let options = [];
let asked = 0;

export function startComposer(on) {
  actions = on;
  find("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  input.addEventListener("input", () => {
    grow();
    refresh();
  });
  input.addEventListener("keydown", onKey);
  suggest.addEventListener("keydown", suggestKey);
  for (const part of [input, suggest]) part.addEventListener("blur", () => setTimeout(closeIfLeft, 150));
  replying.querySelector("button").addEventListener("click", () => reply(null));
  find("menu").addEventListener("click", () => {
    if (suggest.hidden) offer(commandOptions(""));
    else close();
    input.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) escape();
  });
}

export function reply(message) {
  replyTo = message?.message_id ?? null;
  replying.hidden = !message;
  if (message) replying.querySelector("p").textContent = `回复 ${message.from.first_name}：${plainText(message).slice(0, 60)}`;
  input.focus();
}

export function fillIn(text) {
  input.value = text;
  grow();
  refresh();
}

export function type(text) {
  fillIn(text);
  input.focus();
}

async function send() {
  const text = input.value;
  if (!text.trim()) return;
  const answered = replyTo;
  type("");
  reply(null);
  close();
  // Restore a text that could not be sent.
  if (!(await actions.say(text, answered)) && !input.value) type(text);
}

function escape() {
  if (!suggest.hidden) close();
  else if (replyTo) reply(null);
  else input.focus();
}

function onKey(event) {
  // While an input method is composing, it handles Enter and the arrow keys.
  if (event.isComposing || event.keyCode === 229) return;
  if (!suggest.hidden && options.length && suggestKey(event)) return;
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send();
  }
}

function suggestKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose((chosen + step + options.length) % options.length);
  else if (event.key === "Tab" && !event.shiftKey && options[chosen]?.complete) options[chosen].complete();
  else if (event.key === "Enter" && !event.shiftKey && chosen >= 0) options[chosen].pick();
  else return false;
  event.preventDefault();
  return true;
}

function grow() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
}

function refresh() {
  current().draft = input.value;
  const command = /^\/(\w*)$/.exec(input.value);
  const inline = new RegExp(`^@${model.bot.username}\\s+(.*)$`, "is").exec(input.value);
  if (command) offer(commandOptions(command[1].toLowerCase()));
  else if (inline) askInline(inline[1]);
  else close();
}

function commandOptions(begin) {
  return commandsOf(current())
    .filter((command) => command.command.startsWith(begin))
    .map((command) => ({
      label: `/${command.command}`,
      detail: command.description,
      complete: () => type(`/${command.command} `),
      pick: () => {
        type(`/${command.command}`);
        send();
      },
    }));
}

// Sends an inline query at each pause in typing, and shows only the answer to the last one.
function askInline(query) {
  const mine = (asked += 1);
  setTimeout(async () => {
    if (mine !== asked) return;
    const answer = await actions.ask(query);
    if (mine !== asked || !answer) return;
    offer(
      answer.results.map((result) => ({
        label: result.title ?? result.id,
        detail: result.description ?? "",
        pick: () => {
          type("");
          actions.sendInline(query, result);
        },
      })),
      answer.answered ? "没有结果" : "机器人没有回应",
    );
  }, 300);
}

function offer(list, empty = "没有这样的命令") {
  options = list;
  const nodes = list.map((option, n) =>
    make(
      "div",
      { class: "option", role: "option", id: `option-${n}`, "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: option.pick },
      make("b", {}, option.label),
      make("span", {}, option.detail),
    ),
  );
  suggest.replaceChildren(...(nodes.length ? nodes : [make("p", { class: "none" }, empty)]));
  suggest.hidden = false;
  find("menu").setAttribute("aria-expanded", "true");
  choose(list.length ? 0 : -1);
}

function choose(n) {
  chosen = n;
  [...suggest.querySelectorAll(".option")].forEach((node, at) => {
    node.setAttribute("aria-selected", String(at === n));
    if (at === n) node.scrollIntoView({ block: "nearest" });
  });
  for (const part of [input, suggest]) {
    if (n >= 0) part.setAttribute("aria-activedescendant", `option-${n}`);
    else part.removeAttribute("aria-activedescendant");
  }
}

// Closes the list only if the focus is still elsewhere, not after a press on an option or a quick return.
function closeIfLeft() {
  const focused = document.activeElement;
  if (focused !== input && !suggest.contains(focused)) close();
}

function close() {
  asked += 1;
  suggest.hidden = true;
  find("menu").setAttribute("aria-expanded", "false");
  options = [];
  choose(-1);
}
