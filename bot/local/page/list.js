// The list of chats, and the header of the open chat.

import { hue, initial, plainText } from "./bubble.js";
import { briefTime, find, make } from "./dom.js";
import { current, lastOf, model, unreadInAll } from "./model.js";

const isGroup = (chat) => chat.type !== "private";
const letter = (chat) => initial({ first_name: isGroup(chat) ? chat.name[0] : chat.name });

export function drawList(open) {
  const focused = document.activeElement?.dataset?.chat;
  find("chats").replaceChildren(...[...model.chats.values()].map((chat) => item(chat, open)));
  if (focused) find("chats").querySelector(`[data-chat="${focused}"]`)?.focus();
  const unread = unreadInAll();
  document.title = unread ? `(${unread}) 简报` : "简报";
}

function item(chat, open) {
  const last = lastOf(chat);
  const preview = last ? plainText(last) : "还没有消息";
  const who = isGroup(chat) && last ? `${last.from.first_name}：` : "";
  const button = make(
    "button",
    { type: "button", "data-chat": chat.id, "aria-current": chat.id === model.current ? "true" : null, onclick: () => open(chat.id) },
    make("span", { class: `avatar ${hue(chat.id)}`, "aria-hidden": "true" }, letter(chat)),
    make("span", { class: "name" }, chat.name),
    last ? make("time", { class: "when" }, briefTime(last.date)) : null,
    make("span", { class: "last" }, chat.typing ? "正在输入…" : who + preview.replaceAll("\n", " ").slice(0, 60)),
    chat.unread ? make("span", { class: "unread" }, String(chat.unread), make("span", { class: "unseen" }, " 条未读")) : null,
  );
  return make("li", {}, button);
}

export function drawHead() {
  const chat = current();
  find("chat-name").textContent = isGroup(chat) ? chat.name : model.bot.first_name;
  const avatar = find("chat-avatar");
  avatar.className = `avatar ${isGroup(chat) ? hue(chat.id) : "bot"}`;
  avatar.textContent = isGroup(chat) ? letter(chat) : "简";
  drawState();
  find("speaker-field").hidden = !isGroup(chat);
  const options = chat.people.map((person) => make("option", { value: person.id, selected: person.id === chat.speaker }, person.first_name));
  find("speaker").replaceChildren(...options);
  find("away").hidden = !chat.blocked;
  find("composer").hidden = chat.blocked;
}

export function drawState() {
  const chat = current();
  const quiet = isGroup(chat) ? `${chat.people.length + 1} 位成员` : `机器人 · 以${chat.name}的身份`;
  const state = find("chat-state");
  const text = chat.typing ? "正在输入…" : quiet;
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("typing", Boolean(chat.typing));
}
