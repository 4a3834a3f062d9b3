// The element of a message: sender, quoted message, photo or file, text, time, buttons.

import { make, timeOf } from "./dom.js";
import { link, richText, safeUrl } from "./rich.js";

export const plainText = (message) =>
  message.text ?? message.caption ?? (message.photo ? "［图片］" : message.document ? `［文件］${message.document.file_name}` : "");

export const hue = (id) => `hue-${Math.abs(id) % 5}`;

// `on` holds the actions: say, press, show, copy, inline, reply, erase. `view` is {me, group, bot}.
export function messageElement(message, view, on) {
  const mine = message.from.id === view.me;
  const bot = message.from.is_bot;
  const node = make("article", {
    class: `message ${mine ? "mine" : "theirs"}`,
    "data-id": message.message_id,
    "data-from": message.from.id,
    "aria-label": `${mine ? "我" : message.from.first_name}，${timeOf(message.date)}`,
  });
  const bubble = make("div", { class: "bubble" });
  if (view.group && !mine) bubble.append(make("p", { class: `sender ${bot ? "bot" : hue(message.from.id)}` }, message.from.first_name));
  if (message.forward_origin) bubble.append(make("p", { class: "via" }, `转发自${originOf(message.forward_origin)}`));
  if (message.via_bot) bubble.append(make("p", { class: "via" }, `经 @${message.via_bot.username}`));
  if (message.reply_to_message) bubble.append(quoted(message.reply_to_message, on));
  bubble.append(...media(message, on));
  const text = message.text ?? message.caption;
  if (text) {
    const body = make("div", { class: "text", id: message.photo ? captionOf(message) : null });
    body.append(richText(text, message.entities ?? message.caption_entities, { ...on, bot: view.bot }));
    bubble.append(body);
  }
  bubble.append(stamp(message));
  const column = make("div", { class: "column" }, bubble, keyboard(message, view, on));
  if (view.group && !mine) node.append(make("span", { class: `avatar small ${bot ? "bot" : hue(message.from.id)}`, "aria-hidden": "true" }, initial(message.from)));
  node.append(column, messageActions(message, on));
  return node;
}

const originOf = ({ sender_user, chat }) => sender_user?.first_name ?? chat.title;

// The letter of an avatar: the last character of a Chinese name, the first of any other.
export function initial({ is_bot, first_name }) {
  if (is_bot) return "简";
  const letters = [...first_name];
  return /\p{Script=Han}/u.test(first_name) ? letters.at(-1) : letters[0].toUpperCase();
}

function stamp(message) {
  const when = new Date(message.date * 1000);
  return make(
    "p",
    { class: "stamp" },
    message.edit_date ? "已编辑 " : "",
    make("time", { datetime: when.toISOString(), title: when.toLocaleString("zh-CN") }, timeOf(message.date)),
  );
}

function quoted(message, on) {
  return make(
    "button",
    { type: "button", class: "quoted", onclick: () => on.jump(message.message_id) },
    make("b", {}, message.from.first_name),
    make("span", {}, plainText(message).slice(0, 80)),
  );
}

// The caption of a photo is its alternative text.
const captionOf = (message) => `caption-${message.message_id}`;

function media(message, on) {
  if (message.photo) {
    const photo = message.photo.at(-1);
    const source = `/api/files/${encodeURIComponent(photo.file_id)}`;
    const alt = message.caption?.split("\n")[0] || "图片";
    const image = make("img", { src: source, alt: message.caption || "图片", width: photo.width, height: photo.height, decoding: "async" });
    const labels = { "aria-label": `放大图片：${alt}`, "aria-describedby": message.caption ? captionOf(message) : null };
    return [make("button", { type: "button", class: "photo", ...labels, onclick: () => on.show(source, message.caption || alt) }, image)];
  }
  if (message.document) {
    const { file_id, file_name, file_size } = message.document;
    const size = file_size > 99_999 ? `${(file_size / 1_048_576).toFixed(1)} MB` : `${Math.ceil(file_size / 1024)} KB`;
    const source = `/api/files/${encodeURIComponent(file_id)}`;
    return [make("a", { class: "document", href: source, download: file_name }, make("b", {}, file_name), make("span", {}, size))];
  }
  return [];
}

function keyboard(message, view, on) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const area = make("div", { class: "keyboard", role: "group", "aria-label": "按钮" });
  for (const row of rows) area.append(make("div", { class: "row" }, ...row.map((button) => key(message, button, view, on))));
  return area;
}

function key(message, button, view, on) {
  if (button.url && safeUrl(button.url)) {
    const node = link(button.url, { ...on, bot: view.bot });
    node.classList.remove("inline-link");
    node.classList.add("key", "out");
    node.append(button.text);
    return node;
  }
  const act = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    await pressed(message, button, on);
    node.removeAttribute("aria-busy");
  };
  return make("button", { type: "button", class: "key", onclick: act }, button.text);
}

function pressed(message, button, on) {
  if (button.callback_data != null) return on.press(message.message_id, button.callback_data);
  if (button.copy_text) return on.copy(button.copy_text.text);
  const query = button.switch_inline_query_current_chat ?? button.switch_inline_query ?? button.switch_inline_query_chosen_chat?.query;
  return on.inline(query ?? "");
}

function messageActions(message, on) {
  return make(
    "div",
    { class: "message-actions" },
    make("button", { type: "button", class: "icon reply", "aria-label": "回复这条", title: "回复", onclick: () => on.reply(message) }),
    make("button", { type: "button", class: "icon erase", "aria-label": "删除这条", title: "删除", onclick: () => on.erase(message) }),
  );
}
