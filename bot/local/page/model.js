// The state of the page: chats, messages, unread counts. Events change it, the views read it.

import { get } from "./api.js";

export const model = { bot: {}, chats: new Map(), current: null, actions: [] };

export const current = () => model.chats.get(model.current);

export async function load() {
  const known = await get("chats");
  const histories = await Promise.all(known.chats.map((chat) => get(`chats/${chat.id}/messages`)));
  model.bot = known.bot;
  model.actions = known.actions;
  known.chats.forEach((chat, n) => {
    const old = model.chats.get(chat.id);
    model.chats.set(chat.id, {
      ...chat,
      messages: new Map(histories[n].messages.map((message) => [message.message_id, message])),
      unread: old?.unread ?? 0,
      speaker: old?.speaker ?? chat.people[0].id,
      draft: old?.draft ?? "",
      typing: 0,
    });
  });
  return known.event;
}

// Reloads only command lists and descriptions, not messages.
export async function reloadChats() {
  const known = await get("chats");
  model.bot = known.bot;
  for (const chat of known.chats) Object.assign(model.chats.get(chat.id), chat);
}

// Stores a message. Returns false if it was already known, for example after a reconnection.
export function receive(message, watching) {
  const chat = model.chats.get(message.chat.id);
  const isNew = !chat.messages.has(message.message_id);
  chat.messages.set(message.message_id, message);
  if (message.from.is_bot) chat.typing = 0;
  if (isNew && message.from.is_bot && !watching) chat.unread += 1;
  return isNew;
}

export const lastOf = (chat) => [...chat.messages.values()].at(-1);

export const commandsOf = (chat) => chat.people.find((person) => person.id === chat.speaker)?.commands ?? [];

export const unreadInAll = () => [...model.chats.values()].reduce((sum, chat) => sum + chat.unread, 0);
