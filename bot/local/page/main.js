// Connects the parts: user actions go to the server, events of the server go to the views.

import { Refused, listen, post, remove } from "./api.js";
import { fillIn, reply, startComposer, type } from "./composer.js";
import { find } from "./dom.js";
import { drawHead, drawList, drawState } from "./list.js";
import { addMessage, awaitAnswer, changeMessage, drawLog, dropMessage, jump, nearEnd } from "./log.js";
import { current, load, model, receive, reloadChats } from "./model.js";
import { alertBox, copy, showPicture, toast } from "./notices.js";
import { drawFaults, startPanel } from "./panel.js";
import { safeUrl } from "./rich.js";

const TYPING_MS = 5000;

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
    return null;
  }
}

const here = () => `chats/${model.current}`;
const me = () => ({ from: current().speaker });

const on = {
  say: (text, reply_to) => attempt(() => post(`${here()}/messages`, { text, ...me(), ...(reply_to && { reply_to }) })),
  ask: (query) => attempt(() => post(`${here()}/inline`, { query, ...me() })),
  sendInline: (query, result) => attempt(() => post(`${here()}/inline/chosen`, { query, result, ...me() })),
  erase: (message) => attempt(() => remove(`${here()}/messages/${message.message_id}`)),
  inline: (query) => type(`@${model.bot.username} ${query}`),
  show: showPicture,
  press,
  copy,
  reply,
  jump,
};

async function press(message_id, data) {
  awaitAnswer();
  const answer = await attempt(() => post(`${here()}/press`, { message_id, data, ...me() }));
  if (!answer) return;
  if (!answer.answered) toast("机器人没有回应");
  else if (answer.show_alert) alertBox(answer.text);
  else if (answer.text) toast(answer.text);
  if (answer.url && safeUrl(answer.url)) open(answer.url, "_blank", "noopener,noreferrer");
}

function openChat(id) {
  if (current()) current().draft = find("input").value;
  model.current = id;
  current().unread = 0;
  history.replaceState(null, "", `#${id}`);
  reply(null);
  fillIn(current().draft);
  drawHead();
  drawList(openChat);
  drawLog(on);
}

const watching = (chatId) => chatId === model.current && !document.hidden;

const handle = {
  message(message) {
    if (!receive(message, watching(message.chat.id) && nearEnd())) return;
    if (message.chat.id === model.current) addMessage(message, on);
    drawState();
    drawList(openChat);
  },
  edit(message) {
    receive(message, true);
    if (message.chat.id === model.current) changeMessage(message, on);
    drawList(openChat);
  },
  delete({ chat_id, message_id }) {
    model.chats.get(chat_id).messages.delete(message_id);
    if (chat_id === model.current) dropMessage(message_id, on);
    drawList(openChat);
  },
  typing({ chat_id }) {
    const chat = model.chats.get(chat_id);
    const mine = (chat.typing = Date.now());
    setTimeout(() => {
      if (chat.typing === mine) chat.typing = 0;
      drawState();
      drawList(openChat);
    }, TYPING_MS);
    drawState();
    drawList(openChat);
  },
  async commands() {
    await reloadChats();
    if (current().messages.size === 0) drawLog(on);
    drawList(openChat);
  },
  chat({ chat_id, blocked }) {
    model.chats.get(chat_id).blocked = blocked;
    drawHead();
    if (chat_id === model.current && !blocked) find("input").focus();
  },
  faults: drawFaults,
  async reset() {
    await load();
    openChat(model.current);
  },
};

function seen() {
  if (document.hidden || !current()?.unread || !nearEnd()) return;
  current().unread = 0;
  drawList(openChat);
}

// Shows why the page has no connection; an empty problem hides the banner.
function connection(problem) {
  const banner = find("banner");
  banner.hidden = !problem;
  if (banner.textContent !== problem) banner.textContent = problem;
}

// Handles events one after another, so that events during a reload are applied after it.
let handled = Promise.resolve();

function take(kind, data) {
  handled = handled.then(() => handle[kind](data)).catch(console.error);
}

async function start() {
  const since = await attempt(load);
  if (since === null) {
    connection("本机服务没有回应，正在重试…");
    setTimeout(start, 2000);
    return;
  }
  const asked = Number(location.hash.slice(1));
  startComposer(on);
  startPanel(attempt);
  openChat(model.chats.has(asked) ? asked : [...model.chats.keys()][0]);
  listen(since, { event: take, up: () => connection(""), down: connection });
  find("input").disabled = false; // disabled until now, because no chat was open
  find("input").focus();
}

find("speaker").addEventListener("change", (event) => {
  current().speaker = Number(event.target.value);
  drawHead();
  drawLog(on);
});
document.addEventListener("visibilitychange", seen);
find("scroll").addEventListener("scroll", seen);
start();
