// The messages of the open chat: drawing, edits, scrolling.

import { messageElement } from "./bubble.js";
import { dayOf, find, make } from "./dom.js";
import { current, model } from "./model.js";

const NEAR_END_PX = 140;
const TOP_MARGIN_PX = 8;
const GROUPED_SECONDS = 300;
const ONE_ANSWER_MS = 4000;
const SHOWN_MESSAGES = 200;

const scroller = find("scroll");
const log = find("log");
const pill = find("pill");
let missed = 0;
let following = true;
let top = 0;
// First element of the newest answer. Several messages count as one answer only after a question.
let opening = null;
let asked = false;
let lastCame = 0;

// Scrolling up stops following the end; an animation that scrolls down does not.
function track() {
  // A reader who scrolls down has seen the beginning, so do not return to it.
  if (scroller.scrollTop > top) opening = null;
  if (nearEnd()) following = true;
  else if (scroller.scrollTop < top) following = false;
  top = scroller.scrollTop;
}

export const nearEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;

const elementOf = (id) => log.querySelector(`[data-id="${id}"]`);

function view() {
  const chat = current();
  return { me: chat.speaker, group: chat.type !== "private", bot: model.bot.username };
}

export function drawLog(on, shown = SHOWN_MESSAGES) {
  const chat = current();
  const messages = [...chat.messages.values()];
  const hidden = Math.max(messages.length - shown, 0);
  const parts = hidden ? [earlier(hidden, on)] : [];
  messages.slice(hidden).forEach((message, n) => parts.push(...placed(message, messages[hidden + n - 1], on)));
  log.replaceChildren(...(parts.length ? parts : [blank(chat, on)]));
  opening = null;
  toEnd("instant");
}

function earlier(hidden, on) {
  const show = () => {
    const below = scroller.scrollHeight - scroller.scrollTop;
    drawLog(on, Infinity);
    scroller.scrollTop = scroller.scrollHeight - below;
  };
  return make("button", { type: "button", class: "day earlier", onclick: show }, `更早的 ${hidden} 条`);
}

function placed(message, before, on) {
  const node = messageElement(message, view(), on);
  const newDay = !before || dayOf(before.date) !== dayOf(message.date);
  if (!newDay && before.from.id === message.from.id && message.date - before.date < GROUPED_SECONDS) node.classList.add("together");
  return newDay ? [make("p", { class: "day" }, dayOf(message.date)), node] : [node];
}

function blank(chat, on) {
  return make(
    "div",
    { class: "blank" },
    make("img", { src: "/page/seal.svg", alt: "", width: "72", height: "72" }),
    make("h3", {}, model.bot.first_name),
    make("p", {}, chat.description || "读一份报纸，得一份简报。从这里开始："),
    make("button", { type: "button", class: "solid", onclick: () => on.say("/start") }, "开始 /start"),
  );
}

export function addMessage(message, on) {
  track();
  const follow = following || message.from.id === current().speaker;
  log.querySelector(".blank")?.remove();
  const before = [...current().messages.values()].at(-2);
  const nodes = placed(message, before, on);
  nodes.at(-1).classList.add("fresh");
  log.append(...nodes);
  if (message.from.id === current().speaker) awaitAnswer();
  else noteOpening(nodes[0]);
  if (follow) toNewest();
  else announce(missed + 1);
}

export function awaitAnswer() {
  opening = null;
  asked = true;
}

function noteOpening(node) {
  if (opening && Date.now() - lastCame > ONE_ANSWER_MS) asked = false;
  if (!opening || !asked) opening = node;
  lastCame = Date.now();
}

// Scrolls to the end, but not past the beginning of an answer that is longer than the view.
function toNewest() {
  toEnd("instant");
  // Use offsets, not rectangles: a new message is still animated.
  const begins = opening && opening.offsetTop - scroller.offsetTop - TOP_MARGIN_PX;
  if (opening && begins < scroller.scrollTop) scroller.scrollTop = begins;
  top = scroller.scrollTop;
  following = nearEnd();
}

export function changeMessage(message, on) {
  const old = elementOf(message.message_id);
  if (!old) return;
  track();
  const keys = [...old.querySelectorAll(".key")];
  const focused = keys.indexOf(document.activeElement);
  const node = messageElement(message, view(), on);
  node.classList.toggle("together", old.classList.contains("together"));
  old.replaceWith(node);
  if (opening === old) opening = node;
  // Keep the keyboard focus on the buttons of a message that is replaced.
  if (focused >= 0) (node.querySelectorAll(".key")[focused] ?? node.querySelector(".key") ?? find("input")).focus();
  if (following) toNewest();
}

export function dropMessage(id, on) {
  elementOf(id)?.remove();
  if (!log.querySelector("[data-id]")) drawLog(on);
}

export function jump(id) {
  const node = elementOf(id);
  if (!node) return;
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.classList.add("found");
  setTimeout(() => node.classList.remove("found"), 1600);
}

export function toEnd(behavior) {
  following = true;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  scroller.scrollTo({ top: scroller.scrollHeight, behavior: calm ? "instant" : behavior });
  announce(0);
}

function announce(count) {
  missed = count;
  pill.hidden = count === 0;
  pill.textContent = `↓ ${count} 条新消息`;
}

pill.addEventListener("click", () => toEnd("smooth"));
scroller.addEventListener("scroll", () => {
  track();
  if (missed && following) announce(0);
});
// Keep the end visible when a photo loads or the keyboard of a phone opens.
const watcher = new ResizeObserver(() => {
  if (following) toNewest();
});
watcher.observe(log);
watcher.observe(scroller);
