// Creates elements. Text becomes text nodes only, so that no message is parsed as HTML. Also formats times.

export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

export const find = (id) => document.getElementById(id);

const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", weekday: "long" });
const shortDay = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric" });

export const timeOf = (seconds) => clock.format(seconds * 1000);
export const isToday = (seconds) => new Date(seconds * 1000).toDateString() === new Date().toDateString();
export const dayOf = (seconds) => (isToday(seconds) ? "今天" : day.format(seconds * 1000));
export const briefTime = (seconds) => (isToday(seconds) ? timeOf(seconds) : shortDay.format(seconds * 1000));
